"""Durations in steps: what is kept, what is not closed yet, phases that add up, states, and no database at all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from monitor.domain.calendar import SchoolCalendar
from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.timetable import Timetable
from monitor.domain.uptime import Hours
from monitor.reports.durations import Durations, Question, durations_of, failures_in, quantiles_of
from monitor.reports.lookback import Over
from monitor.reports.sources import close_all
from monitor.store import Evaluation, Store, open_store
from monitor.store.derived_tables import probe_hours
from tests.domain.small import catalog, service
from tests.prepared import prepared
from tests.rolled import every_hour, roll_up, tally

NOW = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)  # a Monday, 11:20 in Paris
DAY, MINUTE, MS = timedelta(days=1), timedelta(minutes=1), timedelta(milliseconds=1)
PROBES = tuple(Probe(f"ent/{name}", "ent", ProbeKind.HTTP, url="https://ent.example/") for name in ("login", "page"))
ENT = service("ent", probes=PROBES)
CLOCK = Timetable(catalog(ENT), SchoolCalendar({}, {}, {}, {"Europe/Paris": ZoneInfo("Europe/Paris")})).clock_of(
    ["D:01"]
)
QUEUE = Failure.CONTENT_WAITING_ROOM


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    prepared(url(tmp_path), "real", NOW)
    opened = open_store(url(tmp_path), kind="real")
    yield opened
    opened.close()
    close_all()


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/vigie.db"


def hours(days: int, slow_at: int | None = None):
    """Ten answers an hour until ten o'clock (UTC), all in school hours or none; a queue at one hour of the day."""
    for at in every_hour((NOW - days * DAY).date(), NOW.replace(minute=0)):
        queue = {QUEUE: 5} if at.hour == slow_at else {}
        yield at, CLOCK.in_school_hours(at), tally(10, 200, queue)


def asked(folder: Path, over: Over, probes=("ent/login", "ent/page"), which=Hours.ALL, until=NOW) -> Durations:
    return durations_of(url(folder), Question(ENT, probes, over, which, CLOCK, until, until))


def answers(found: Durations) -> list[int]:
    return [sum(times for _, times in one.tally.kinds) for one in found.steps]


@pytest.mark.parametrize(("over", "expected"), [(Over.WEEK, {20}), (Over.MONTH, {40}), (Over.QUARTER, {120}), (Over.YEAR, {480})])  # fmt: skip
def test_every_answer_of_every_probe_is_in_its_step(
    store: Store, tmp_path: Path, over: Over, expected: set[int]
) -> None:
    roll_up(store, {"ent/login": hours(20), "ent/page": hours(20)}, slots_since=NOW)
    found = answers(asked(tmp_path, over))
    inside = [times for times in found if times][1:-1]  # the first and the last step may hold a part
    assert set(inside) == expected
    assert set(answers(asked(tmp_path, over, ("ent/page",)))) - {0} <= {times // 2 for times in found}


def test_quantiles_are_those_of_the_answers_within_2_percent(store: Store, tmp_path: Path) -> None:
    roll_up(store, {"ent/login": hours(10)}, slots_since=NOW)
    exact = sorted(200 * (50 + 150 * n // 9) / 100 for n in range(10))  # ms, ten an hour alike
    for one in asked(tmp_path, Over.WEEK, ("ent/login",)).steps[1:-2]:
        assert one.quantiles is not None
        for read, rank in zip(one.quantiles, (5, 8, 10, 10), strict=True):
            assert abs(read / MS / exact[rank - 1] - 1) <= 0.02


def test_the_means_of_the_phases_add_up_to_the_mean_answer(store: Store, tmp_path: Path) -> None:
    roll_up(store, {"ent/login": hours(10)}, slots_since=NOW)
    one = asked(tmp_path, Over.WEEK, ("ent/login",)).steps[50]
    mean = sum(200 * (50 + 150 * n // 9) / 100 for n in range(10)) / 10
    assert one.phases is not None
    assert abs(sum(one.phases, timedelta()) / MS - mean) < 0.01


def test_school_hours_alone(store: Store, tmp_path: Path) -> None:
    roll_up(store, {"ent/login": hours(10)}, slots_since=NOW)
    some = asked(tmp_path, Over.WEEK, ("ent/login",), Hours.SCHOOL)
    assert all(CLOCK.in_school_hours(one.since) for one, times in zip(some.steps, answers(some), strict=True) if times)
    assert 0 < sum(answers(some)) < sum(answers(asked(tmp_path, Over.WEEK, ("ent/login",))))


def test_what_is_not_closed_yet_comes_from_the_answers_once(store: Store, tmp_path: Path) -> None:
    given = list(hours(2))
    roll_up(store, {"ent/login": given, "ent/page": given[:-1]}, slots_since=NOW - 2 * DAY)
    # Of the last closed hour too: one probe's is counted already, the other's is not.
    for probe in ("ent/login", "ent/page"):
        store.append(
            [Observation(probe, "local", NOW.replace(hour=9, minute=0) + n * MINUTE, 90 * MS) for n in range(80)]
        )
    found = asked(tmp_path, Over.DAY)
    by_step = {one.since: times for one, times in zip(found.steps, answers(found), strict=True)}
    assert by_step[NOW.replace(hour=10, minute=10)] == 10
    assert by_step[NOW.replace(hour=9, minute=30)] == 10 + 5
    assert by_step[NOW.replace(hour=8, minute=30)] == 20
    assert sum(answers(asked(tmp_path, Over.YEAR))) == 10 * (2 * len(given) - 1) + 20 + 80


def test_failures_and_states_of_each_step(store: Store, tmp_path: Path) -> None:
    roll_up(store, {"ent/login": hours(10, slow_at=7)}, slots_since=NOW)
    eight = NOW.replace(hour=7, minute=0)
    spans = (Span("ent", None, "", Health.UP, NOW - 30 * DAY, eight), Span("ent", None, "", Health.WAITING, eight, eight + 20 * MINUTE))  # fmt: skip
    store.save(Evaluation((), (ServiceVerdict("ent", Health.UP, eight + 20 * MINUTE),), spans, (), None, NOW))
    found = asked(tmp_path, Over.WEEK, ("ent/login",))
    [one] = [one for one in found.steps if one.since == eight]
    assert failures_in(one.tally) == {QUEUE: 5}
    assert one.states == {Health.WAITING: 20 * MINUTE, Health.UP: 40 * MINUTE}
    assert one.worst is Health.WAITING
    assert found.steps[-1].states == {Health.UP: 20 * MINUTE}
    assert failures_in(found.whole) == {QUEUE: 5 * 7}


def test_without_a_database_there_are_steps_and_nothing_in_them(tmp_path: Path) -> None:
    found = asked(tmp_path, Over.YEAR)
    assert len(found.steps) == 366
    assert {(one.quantiles, one.phases, one.worst) for one in found.steps} == {(None, None, None)}
    assert quantiles_of(found.whole) is None


def test_a_year_is_read_from_its_days_and_not_from_their_hours(store: Store, tmp_path: Path) -> None:
    roll_up(store, {"ent/login": hours(60)}, slots_since=NOW)
    before = answers(asked(tmp_path, Over.YEAR, ("ent/login",)))
    with store._engine.begin() as connection:
        connection.execute(delete(probe_hours).where(probe_hours.c.hour < (NOW - 2 * DAY).timestamp() // 3600))
    assert answers(asked(tmp_path, Over.YEAR, ("ent/login",))) == before
    assert before.count(240) == 59
