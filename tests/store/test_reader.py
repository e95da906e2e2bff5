"""Reading beside a monitor that writes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import Span
from monitor.store import DatabaseMissing, Store, open_reader
from tests.prepared import prepared


def test_many_threads_share_one_reader_while_the_monitor_writes(
    store: Store, database_url: str, answer, evaluation, now
) -> None:
    reader = open_reader(database_url)
    day = now + timedelta(days=1)

    def read(_: int) -> bool:
        # A batch is ten observations and one snapshot tells how many there are: never less than it says.
        said = reader.snapshot()
        seen = len(reader.observations(["ent-x/login"], now, day))
        return seen % 10 == 0 and seen >= int(said[0] if said else 0)

    with ThreadPoolExecutor(6) as threads:
        reads = [threads.submit(read, n) for n in range(60)]
        for batch in range(20):
            store.append([answer(batch * 10 + n) for n in range(10)])
            store.save(evaluation(snapshot=str((batch + 1) * 10).encode()))
        assert all(one.result() for one in reads)
    assert len(reader.observations(["ent-x/login"], now, day)) == 200
    reader.close()


def test_windows_are_half_open_and_probes_are_chosen(store: Store, database_url: str, answer, now) -> None:
    hour = 3600
    store.append([answer(n * hour, probe) for n in range(4) for probe in ("a/x", "b/x")])
    reader = open_reader(database_url)
    found = reader.observations(["b/x"], now + timedelta(hours=1), now + timedelta(hours=3))
    assert found == [answer(hour, "b/x"), answer(2 * hour, "b/x")]
    assert reader.observations([], now, now + timedelta(hours=3)) == []
    reader.close()


def test_spans_are_chosen_by_service_and_window(store: Store, database_url: str, evaluation, now) -> None:
    def span(service: str, since: int, until: int, probe: str | None = None) -> Span:
        return Span(service, probe, "local", Health.UP, now + timedelta(hours=since), now + timedelta(hours=until))

    before, inside, across, after = span("a", 0, 1), span("a", 2, 3), span("b", 0, 9), span("a", 5, 6)
    of_probe = span("a", 2, 3, "a/x")
    store.save(evaluation(spans=(before, inside, across, after, of_probe)))
    reader = open_reader(database_url)
    window = now + timedelta(hours=1), now + timedelta(hours=5)
    assert reader.spans(*window) == [across, inside, of_probe]
    assert reader.spans(*window, of_services=True) == [across, inside]
    assert reader.spans(*window, ["a"]) == [inside, of_probe]
    reader.close()


def test_a_file_that_goes_away_is_missing_and_not_an_old_copy(tmp_path, now) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", now)
    reader = open_reader(url)
    (tmp_path / "vigie.db").unlink()
    with pytest.raises(DatabaseMissing):
        reader.snapshot()
    assert not (tmp_path / "vigie.db").exists()
    reader.close()


def test_a_window_of_eighty_years_is_as_good_as_one_of_a_day(store: Store, database_url: str, answer, now) -> None:
    store.append([answer(0)])
    reader = open_reader(database_url)
    decades = timedelta(days=365 * 40)
    assert len(reader.observations(["ent-x/login"], now - decades, now + decades)) == 1
    reader.close()


def test_what_was_heard_is_lean_and_of_one_vantage(store: Store, database_url: str, answer, now) -> None:
    failure = Failure.CONTENT_SLOW
    store.append([answer(n * 60, probe, failure=failure, detail="…") for n in range(3) for probe in ("a/x", "b/x")])
    store.append([answer(60, "a/x", "elsewhere")])
    reader = open_reader(database_url)
    found = reader.heard({"a/x"}, "local", now + timedelta(seconds=60), now + timedelta(seconds=120))
    assert found == [answer(60, "a/x", failure=failure)]
    assert reader.heard({"c/x"}, "local", now, now + timedelta(hours=3)) == []
    reader.close()


def test_incidents_are_chosen_by_the_time_in_which_they_were_open(
    store: Store, database_url: str, evaluation, now
) -> None:
    def incident(name: str, since: int, until: int | None) -> Incident:
        opened, closed = (None if hour is None else now + timedelta(hours=hour) for hour in (since, until))
        assert opened is not None
        return Incident(name, "service:a", opened, opened, Health.UP, Health.DOWN, ("a",), ("N",), closed_at=closed)

    before, across, still, after = incident("1", 0, 1), incident("2", 1, 3), incident("3", 0, None), incident("4", 5, 6)
    store.save(evaluation(incidents=(before, across, still, after)))
    reader = open_reader(database_url)
    assert reader.incidents_touching(now + timedelta(hours=2), now + timedelta(hours=5)) == [still, across]
    reader.close()
