"""Hour by hour: shares and durations of each hour, on the clock of the place, holidays apart, and how much was measured."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.calendar import Closed, SchoolCalendar
from monitor.domain.catalog import Catalog, Service
from monitor.domain.observation import Failure, Health
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.timetable import Timetable
from monitor.reports.figures import Basis
from monitor.reports.hours import MOST, REST_ROW, Cell, Hourly, Measure, Question, hourly
from monitor.reports.sources import close_all
from monitor.store import Evaluation, Store, open_store
from tests.domain.small import catalog, service
from tests.prepared import prepared
from tests.rolled import every_hour, roll_up, tally

NOW = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)
MONDAY, DAY, HOUR = date(2026, 11, 16), timedelta(days=1), timedelta(hours=1)
ENT, OTHER, FAR = service("ent"), service("other"), service("far", territories=("C:988",))
FRANCE: Catalog = catalog(ENT, OTHER, FAR)
NOUMEA = "Pacific/Noumea"
PLACES = {"Europe/Paris": ZoneInfo("Europe/Paris")}
CALENDAR = SchoolCalendar({}, {}, {"N": {date(2026, 11, 11): "Armistice"}}, PLACES)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    prepared(url(tmp_path), "real", NOW)
    opened = open_store(url(tmp_path), kind="real")
    yield opened
    opened.close()
    close_all()


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/vigie.db"


def asked(folder: Path, measure: Measure, *services: tuple[Service, float], zone: str = "Europe/Paris", **days: date) -> Hourly:  # fmt: skip
    timetable = Timetable(FRANCE, CALENDAR, paced=False)
    basis = Basis(url(folder), url(folder), FRANCE, timetable, survey(FRANCE), NOW)
    clock = timetable.clock_of(["D:01"])
    first, last = days.get("first", MONDAY), days.get("last", MONDAY + 6 * DAY)
    return hourly(basis, Question(measure, services or ((ENT, 1.0),), clock, zone, first, last, NOW))


def was(store: Store, name: str, *spans: tuple[int, Health]) -> None:
    """What a service was, from hours after the Monday on (Paris), and up to now."""
    begin = datetime(2026, 11, 15, 23, tzinfo=UTC)
    edges = [*(begin + hours * HOUR for hours, _ in spans), NOW]
    written = [Span(name, None, "", health, since, until) for (_, health), since, until in zip(spans, edges, edges[1:], strict=False)]  # fmt: skip
    store.save(Evaluation((), (ServiceVerdict(name, Health.UP, NOW),), tuple(written), (), None, NOW))


def test_shares_of_time_by_hour(store: Store, tmp_path: Path) -> None:
    was(store, "ent", (0, Health.UP), (8, Health.WAITING), (9, Health.UP), (10, Health.DOWN), (11, Health.UP))
    available = asked(tmp_path, Measure.AVAILABILITY).cells
    assert [available[MONDAY, hour].value(Measure.AVAILABILITY) for hour in (7, 8, 9, 10)] == [1.0, 0.0, 1.0, 0.0]
    waiting = asked(tmp_path, Measure.WAITING).cells
    assert [waiting[MONDAY, hour].value(Measure.WAITING) for hour in (8, 10)] == [1.0, 0.0]
    assert len(available) == 7 * 24


def test_users_of_several_services_by_weight(store: Store, tmp_path: Path) -> None:
    was(store, "ent", (0, Health.UP), (8, Health.DOWN), (9, Health.UP))
    was(store, "other", (0, Health.UP))
    cell = asked(tmp_path, Measure.AVAILABILITY, (ENT, 1.0), (OTHER, 3.0)).cells[MONDAY, 8]
    assert cell.value(Measure.AVAILABILITY) == 0.75


def test_failures_are_a_share_of_answers_and_few_answers_say_nothing(store: Store, tmp_path: Path) -> None:
    def given(at: datetime):
        if at.hour == 7:
            return tally(6, 200, {Failure.CONNECT_REFUSED: 2, Failure.OURS_OFFLINE: 40})
        return tally(2, 900) if at.hour == 2 else tally(8, 200)

    roll_up(store, {"ent/login": ((at, False, given(at)) for at in every_hour(MONDAY, NOW))}, slots_since=NOW)
    found = asked(tmp_path, Measure.FAILURES).cells
    assert [found[MONDAY, hour].value(Measure.FAILURES) for hour in (7, 8, 3)] == [0.0, 0.25, None]
    took = asked(tmp_path, Measure.DURATION).cells[MONDAY, 8].value(Measure.DURATION)
    assert took is not None
    assert abs(took / 400 - 1) <= 0.02


def test_what_is_not_over_or_not_measured_is_not_said(store: Store, tmp_path: Path) -> None:
    roll_up(store, {"ent/login": ((at, False, tally(8, 200)) for at in every_hour(date(2026, 11, 18), NOW.replace(minute=0)))}, slots_since=NOW)  # fmt: skip
    found = asked(tmp_path, Measure.FAILURES, last=date(2026, 11, 23))
    assert max(found.cells) == (date(2026, 11, 23), 10)
    assert found.cells[MONDAY, 8].value(Measure.FAILURES) is None
    assert found.week()[0, 8].value(Measure.FAILURES) == 0.0  # one Monday of two: half is enough
    assert found.week()[1, 8].value(Measure.FAILURES) is None


def test_the_hour_that_runs_is_not_told_of_states_either(store: Store, tmp_path: Path) -> None:
    was(store, "ent", (0, Health.UP), (179, Health.DOWN))  # for 20 minutes
    found = asked(tmp_path, Measure.AVAILABILITY, first=MONDAY + 7 * DAY, last=MONDAY + 7 * DAY)
    assert max(found.cells) == (MONDAY + 7 * DAY, 10)
    assert {cell.value(Measure.AVAILABILITY) for cell in found.cells.values()} == {1.0}


def test_days_without_class_are_told_and_holidays_have_a_row_of_their_own(tmp_path: Path) -> None:
    found = asked(tmp_path, Measure.AVAILABILITY, first=MONDAY - 7 * DAY)
    assert {row for row, _ in found.week()} == {*range(7), REST_ROW}
    assert found.closed[date(2026, 11, 11)] is Closed.PUBLIC
    assert date(2026, 11, 11) not in found.school
    assert found.closed[date(2026, 11, 21)] is Closed.WEEKEND
    assert found.school[MONDAY] == ((7.5, 18.0),)
    assert found.school[MONDAY + 2 * DAY] == ((7.5, 13.0),)


def test_hours_are_those_of_the_place(store: Store, tmp_path: Path) -> None:
    was(store, "ent", (0, Health.UP), (22, Health.DOWN), (23, Health.UP))  # 22:00 in Paris is 8:00 the day after there
    found = asked(tmp_path, Measure.AVAILABILITY, zone=NOUMEA).cells
    assert found[MONDAY + DAY, 8].value(Measure.AVAILABILITY) == 0.0
    assert {day for day, _ in found} == {MONDAY + n * DAY for n in range(7)}
    assert len(found) == 7 * 24


def test_without_a_database_nothing_is_known(tmp_path: Path) -> None:
    for measure in Measure:
        assert {cell.value(measure) for cell in asked(tmp_path, measure).cells.values()} == {None}


def test_a_question_has_its_measure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too many"):
        asked(tmp_path, Measure.AVAILABILITY, first=MONDAY - MOST * DAY)


def test_cells_add_up_in_any_grouping() -> None:
    one, other = Cell(1, 2, 4), Cell(3, 3, 3)
    assert Cell.together([one, other]) == Cell.together([Cell.together([other]), one]) == Cell(4, 5, 7)
    assert Cell().value(Measure.FAILURES) is None
    assert Cell(0, 1, 1).value(Measure.DURATION) is None
