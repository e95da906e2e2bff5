"""Roll-ups: what is kept for ever is what the answers say, by five minutes, hour and day; late ones included."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.domain.answer_tally import AnswerTally, Grain
from monitor.domain.observation import Failure, Observation, Phases
from monitor.store import (
    DatabaseDamaged,
    DatabaseNewer,
    Reader,
    Store,
    check,
    closing,
    open_reader,
    open_store,
    upgrade,
)
from monitor.store.derived_tables import late_hours, probe_days, probe_hours, probe_slots
from monitor.store.place import Book
from monitor.store.schema import migrate
from tests.store.test_evidence_migration import inside

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR, MINUTE, MS, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(milliseconds=1), timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
STEPS = {Grain.FIVE_MINUTES: 5 * MINUTE, Grain.HOUR: HOUR}


def morning(_: str, at: datetime) -> bool:
    """School from half past eight to ten (UTC), for whatever probe."""
    return timedelta(hours=8.5) <= timedelta(hours=at.hour, minutes=at.minute) < timedelta(hours=10)


def said(probe: str, at: datetime, number: int = 0) -> Observation:
    failure = (None, None, Failure.CONTENT_SLOW, Failure.CONNECT_TIMEOUT, None)[number % 5]
    phases = Phases(number * MS, (number + 1) * MS, None if number % 2 else 7 * MS, 90 * MS, None)
    return Observation(probe, "local", at, (100 + 13 * number) * MS, failure, phases)


def asked(probe: str, since: datetime, until: datetime, every: timedelta = 7 * MINUTE) -> list[Observation]:
    """An answer every seven minutes."""
    count = -(-(until - since) // every)
    return [said(probe, since + n * every, n) for n in range(count)]


def close_hours(store: Store, in_school: Callable[[str, datetime], bool] = morning) -> None:
    while (hour := store.open_hour()) is not None:
        after: int | None = 0
        while after is not None:
            after = store.close_part(hour, after, in_school)


def close(store: Store, in_school: Callable[[str, datetime], bool] = morning) -> None:
    close_hours(store, in_school)
    while (day := store.open_day()) is not None:
        after: int | None = 0
        while after is not None:
            after = store.close_day_part(day, after)
    while store.close_late(in_school):
        pass


def beginning(at: datetime, grain: Grain) -> datetime:
    if grain is Grain.DAY:
        return at.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // STEPS[grain] * STEPS[grain]


def us(took: timedelta | None) -> int | None:
    return None if took is None else took // timedelta(microseconds=1)


def by_hand(given: Iterable[Observation], grain: Grain) -> dict[tuple[str, datetime, bool], AnswerTally]:
    """What the answers themselves say."""
    found = defaultdict(list)
    for one in given:
        phases = one.phases
        columns = (phases.resolve, phases.connect, phases.tls, phases.first_byte, phases.transfer)
        answer = (None if one.failure is None else one.failure.code, us(one.took), *map(us, columns))
        found[one.probe, beginning(one.at, grain), morning(one.probe, one.at)].append(answer)
    return {key: AnswerTally.of(answers) for key, answers in found.items()}


@contextmanager
def reading(url: str) -> Iterator[Reader]:
    reader = open_reader(url)
    try:
        yield reader
    finally:
        reader.close()


def kept(url: str, grain: Grain, *probes: str, since=EIGHT - 4 * DAY, until=EIGHT + 4 * DAY) -> dict:
    with reading(url) as reader:
        found = reader.answers_by(grain, probes, since, until)
    assert [(one.probe, one.since) for one in found] == sorted((one.probe, one.since) for one in found)
    keyed = {(one.probe, one.since, one.in_school): one.tally for one in found}
    assert len(keyed) == len(found)
    return keyed


def test_what_is_kept_is_what_the_answers_say(store: Store, database_url: str) -> None:
    given = [one for probe in ("a/x", "b/x") for one in asked(probe, EIGHT - 11 * HOUR, EIGHT + 18 * HOUR)]
    store.append(given)
    assert kept(database_url, Grain.HOUR, "a/x", "b/x") == {}
    close(store)
    of_b = [one for one in given if one.probe == "b/x"]
    for grain in Grain:
        assert kept(database_url, grain, "a/x", "b/x") == by_hand(given, grain)
        assert kept(database_url, grain, "b/x", "c/x") == by_hand(of_b, grain)
        whole = AnswerTally.merged(kept(database_url, grain, "b/x").values())
        assert whole == AnswerTally.merged(by_hand(of_b, Grain.FIVE_MINUTES).values())
    assert check(database_url) == ()
    with inside(database_url) as connection:  # of the three days of Paris two are over
        closed = [closing.number_of(day) for day in (EIGHT.date() - DAY, EIGHT.date())]
        assert sorted(set(connection.scalars(select(probe_days.c.day)))) == closed


def test_a_period_holds_what_begins_in_it(store: Store, database_url: str) -> None:
    given = asked("a/x", EIGHT - DAY, EIGHT + 2 * DAY)
    store.append(given)
    close(store)
    since, until = EIGHT - HOUR + MINUTE, EIGHT + DAY + MINUTE
    for grain in Grain:
        expected = {key: tally for key, tally in by_hand(given, grain).items() if since <= key[1] < until}
        assert kept(database_url, grain, "a/x", since=since, until=until) == expected


@pytest.mark.parametrize("began", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_days_on_which_the_clocks_change_have_all_their_hours(store: Store, database_url: str, began: date) -> None:
    midnight = datetime(began.year, began.month, began.day, tzinfo=PARIS).astimezone(UTC)
    given = asked("a/x", midnight - HOUR, midnight + 27 * HOUR)
    store.append(given)
    close(store)
    period = {"since": midnight - 2 * DAY, "until": midnight + 3 * DAY}
    assert kept(database_url, Grain.DAY, "a/x", **period) == by_hand(given, Grain.DAY)


def test_what_comes_late_is_counted_once_in_its_hour_and_its_day(store: Store, database_url: str) -> None:
    given = asked("a/x", EIGHT - DAY, EIGHT + DAY)
    store.append(given)
    close(store)
    late = [said("a/x", EIGHT - 3 * HOUR + MINUTE, 1), said("new/x", EIGHT - 3 * HOUR, 2)]
    store.append(late)
    store.append([*late, *given[:5]])
    store.close()
    again = open_store(database_url, kind="real")
    close(again)
    for grain in Grain:
        assert kept(database_url, grain, "a/x", "new/x") == by_hand([*given, *late], grain)
    assert not again.close_late(morning)
    again.close()


def test_what_comes_while_its_hour_is_closed_is_not_lost(store: Store, database_url: str, monkeypatch) -> None:
    monkeypatch.setattr(closing, "SERIES_A_PART", 1)
    given = [said("a/x", EIGHT), said("b/x", EIGHT)]
    store.append(given)
    assert store.close_part(EIGHT, 0, morning) == 1
    late = said("a/x", EIGHT + MINUTE)
    store.append([late])
    assert not store.close_late(morning)  # its hour is not closed
    close(store)
    assert kept(database_url, Grain.HOUR, "a/x", "b/x") == by_hand([*given, late], Grain.HOUR)


def test_an_hour_that_is_not_closed_yet_is_nobody_s_late_hour(store: Store, database_url: str) -> None:
    store.append([said("a/x", EIGHT)])
    close(store)
    store.append([said("a/x", EIGHT + HOUR)])
    with inside(database_url) as connection:
        assert connection.execute(select(late_hours)).all() == []


def test_a_crash_between_two_parts_of_a_day_counts_nothing_twice(store: Store, database_url: str, monkeypatch) -> None:
    monkeypatch.setattr(closing, "SERIES_A_DAY_PART", 2)
    given = [one for name in ("a/x", "b/x", "c/x") for one in asked(name, EIGHT - DAY, EIGHT + DAY)]
    store.append(given)
    close_hours(store)
    day = store.open_day()
    assert day == (EIGHT - DAY).date()
    assert store.close_day_part(day, 0) == 2
    store.close()
    again = open_store(database_url, kind="real")
    assert again.open_day() == day
    close(again)
    assert again.open_day() is None
    again.close()
    assert kept(database_url, Grain.DAY, "a/x", "b/x", "c/x") == by_hand(given, Grain.DAY)


def test_every_vantage_has_its_own(store: Store, database_url: str) -> None:
    given = asked("a/x", EIGHT, EIGHT + HOUR)
    store.append([*given, *(replace(one, vantage="lyon") for one in given[:2])])
    close(store)
    with reading(database_url) as reader:
        found = reader.answers_by(Grain.HOUR, ["a/x"], EIGHT, EIGHT + HOUR)
    assert {one.vantage: sum(o.tally.answers for o in found if o.vantage == one.vantage) for one in found} == {
        "local": 9,
        "lyon": 2,
    }


def test_what_cannot_be_read_is_said(store: Store, database_url: str) -> None:
    store.append(asked("a/x", EIGHT - DAY, EIGHT + DAY))
    close(store)
    for error, counts, packed in (
        (DatabaseDamaged, b"\x07", b"\x07"),
        (DatabaseNewer, b"\x01\x01\x63\x01", b"\x01\x00\x01\x63\x01"),
    ):
        with inside(database_url) as connection:
            for table, column in ((probe_slots, "slots"), (probe_hours, "counts"), (probe_days, "counts")):
                connection.execute(table.update().values({column: packed if table is probe_slots else counts}))
        for grain in Grain:
            with pytest.raises(error):
                kept(database_url, grain, "a/x")


def test_an_answer_of_a_newer_program_is_not_rolled_up(store: Store) -> None:
    store.append([said("a/x", EIGHT)])
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE observations SET failure = 99")
    with pytest.raises(DatabaseNewer, match="99"):
        store.close_part(EIGHT, 0, morning)
    assert store.open_hour() == EIGHT


def test_an_older_book_keeps_its_sketches_and_is_completed(store: Store, database_url: str, now) -> None:
    given = asked("a/x", EIGHT - DAY, EIGHT + DAY)
    store.append([*given, said("b/x", EIGHT, 3)])  # of b no good answer: an older program kept no row
    close(store)
    with reading(database_url) as reader:
        latencies = reader.latencies(["a/x", "b/x"], EIGHT - DAY, EIGHT + DAY)
    store.close()
    with inside(database_url) as connection:
        migrate(connection, Book.MEASURES, down_to="0009")
        rows = connection.exec_driver_sql("SELECT count(*) FROM latencies").scalar()
        assert rows == len(latencies)
    upgrade(database_url, "real", now)
    with reading(database_url) as reader:
        assert reader.latencies(["a/x", "b/x"], EIGHT - DAY, EIGHT + DAY) == latencies
    assert kept(database_url, Grain.HOUR, "a/x") == {}
    again = open_store(database_url, kind="real")
    assert again.open_hour() is None
    close(again)
    again.close()
    for grain in Grain:
        assert kept(database_url, grain, "a/x", "b/x") == by_hand([*given, said("b/x", EIGHT, 3)], grain)
    assert check(database_url) == ()
