"""What was not measured: one row for one reason, however often and in whatever order it is told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.gap import Excuse, Gap
from monitor.store import DatabaseNewer, Store, open_reader

MINUTE = timedelta(minutes=1)


def gap(now: datetime, since: float = 0, until: float = 1, probe: str = "a/x", **fields) -> Gap:
    """A gap between two minutes after `now`."""
    fields = {"vantage": "local", "slots": 1, "excuse": Excuse.BACK_OFF, **fields}
    return Gap(probe=probe, since=now + since * MINUTE, until=now + until * MINUTE, **fields)


def read(database_url: str, now: datetime, since: float = -1000, until: float = 1000, **chosen) -> list[Gap]:
    reader = open_reader(database_url)
    found = reader.gaps(now + since * MINUTE, now + until * MINUTE, **chosen)
    reader.close()
    return found


def test_a_host_held_back_for_hours_is_one_row(store: Store, database_url: str, now) -> None:
    for minute in range(1, 181):
        store.note([gap(now, until=minute, slots=minute)])
    assert read(database_url, now) == [gap(now, until=180, slots=180)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(1, 8)), st.lists(st.integers(1, 7), max_size=4), st.integers(1, 4))
def test_the_order_and_the_number_of_tellings_are_nothing(
    store: Store, database_url: str, now, order: list[int], again: list[int], batch: int
) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM gaps")
    told = [gap(now, until=minute, slots=minute) for minute in [*order, *again]]
    for n in range(0, len(told), batch):
        store.append([], told[n : n + batch])
    assert read(database_url, now) == [gap(now, until=7, slots=7)]


def test_another_probe_vantage_beginning_or_excuse_is_another_gap(store: Store, database_url: str, now) -> None:
    given = [
        gap(now, probe=""),
        gap(now),
        gap(now, excuse=Excuse.COURTESY),
        gap(now, vantage="lyon"),
        gap(now, 1, 2),
    ]
    store.note(given)
    store.note(given)
    assert sorted(read(database_url, now), key=repr) == sorted(given, key=repr)


def test_windows_are_half_open_and_what_concerns_every_probe_is_never_left_out(
    store: Store, database_url: str, now
) -> None:
    everybody = gap(now, 2, 5, probe="", slots=0, excuse=Excuse.STOPPED)
    store.note([gap(now, 0, 1), gap(now, 3, 9), gap(now, 4, 5, probe="b/x"), everybody])
    assert read(database_url, now, 1, 4) == [everybody, gap(now, 3, 9)]
    assert read(database_url, now, 0.5, 2) == [gap(now, 0, 1)]
    assert read(database_url, now, probes=["b/x"]) == [everybody, gap(now, 4, 5, probe="b/x")]
    assert read(database_url, now, probes=[]) == [everybody]


def test_a_gap_of_a_newer_vigie_is_not_read_as_something_else(store: Store, database_url: str, now) -> None:
    store.note([gap(now)])
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gaps SET excuse = 99")
    with pytest.raises(DatabaseNewer, match="motif n° 99"):
        read(database_url, now)


def test_an_instant_without_time_zone_is_refused_whole(store: Store, database_url: str, now, answer) -> None:
    with pytest.raises(TypeError):
        store.append([answer()], [gap(now), replace(gap(now), until=now.replace(tzinfo=None))])
    assert read(database_url, now) == []
    assert store.newest() is None
