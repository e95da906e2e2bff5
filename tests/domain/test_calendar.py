"""The school clock, on a calendar of the test's own (the real one: tests/config/test_calendar.py)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.domain.calendar import ALWAYS_CLASS, Closed, Period, SchoolCalendar, SchoolClock, SchoolPlace
from monitor.domain.catalog import Catalog, Level, Probe, ProbeKind, Territory
from monitor.domain.policy import Policy, Rhythm
from monitor.domain.timetable import Timetable
from tests.domain.small import service

PARIS, REUNION, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion"), ZoneInfo("Pacific/Noumea")
OPENING, CLASS, OUTSIDE, REST = Rhythm

NATIONAL = {date(2026, 11, 11): "Armistice", date(2027, 3, 29): "Lundi de Pâques"}
CALENDAR = SchoolCalendar(
    holidays={
        "A": (Period(date(2027, 2, 13), date(2027, 2, 28), "Vacances d’hiver"),),
        "B": (
            Period(date(2026, 10, 17), date(2026, 11, 1), "Vacances de la Toussaint"),
            Period(date(2027, 2, 20), date(2027, 3, 7), "Vacances d’hiver"),
        ),
        "C": (Period(date(2027, 2, 6), date(2027, 2, 21), "Vacances d’hiver"),),
    },
    coverage={
        "A": (Period(date(2026, 9, 1), date(2027, 8, 31), "arrêté"),),
        "B": (
            Period(date(2026, 9, 1), date(2026, 12, 31), "arrêté"),
            Period(date(2027, 2, 1), date(2027, 3, 31), "arrêté"),
        ),
        "C": (Period(date(2026, 9, 1), date(2027, 8, 31), "arrêté"),),
    },
    public={
        "N": NATIONAL,
        "A:strasbourg": NATIONAL | {date(2027, 3, 26): "Vendredi saint"},
        "D:57": NATIONAL | {date(2027, 3, 26): "Vendredi saint"},
        "A:la-reunion": NATIONAL | {date(2026, 12, 21): "lendemain inventé"},
    },
    timezones={zone.key: zone for zone in (PARIS, REUNION, NOUMEA)},
)
LEVELS = {"N": Level.PAYS, "R": Level.REGION, "A": Level.ACADEMIE, "D": Level.DEPARTEMENT, "C": Level.COLLECTIVITE}
PLACES = [
    ("N", None, PARIS, None),
    ("R:84", "N", PARIS, "A"),
    ("A:lyon", "R:84", PARIS, "A"),
    ("A:grenoble", "R:84", PARIS, "A"),
    ("R:44", "N", PARIS, "B"),
    ("A:strasbourg", "R:44", PARIS, "B"),
    ("A:nancy-metz", "R:44", PARIS, "B"),
    ("D:57", "A:nancy-metz", PARIS, "B"),
    ("D:54", "A:nancy-metz", PARIS, "B"),
    ("U:0570001X", "D:57", PARIS, "B"),
    ("R:11", "N", PARIS, "C"),
    ("A:paris", "R:11", PARIS, "C"),
    ("R:04", "N", REUNION, "Réunion"),
    ("A:la-reunion", "R:04", REUNION, "Réunion"),
    ("C:988", "N", NOUMEA, None),
]
TERRITORIES = {
    code: Territory(code, code, LEVELS.get(code[0], Level.SCHOOL), parent, zone.key, holidays)
    for code, parent, zone, holidays in PLACES
}
TIMETABLE = Timetable(Catalog(TERRITORIES, {}, {}, ()), CALENDAR)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def rhythm(at: str, *codes: str) -> Rhythm:
    return TIMETABLE.clock_of(codes).rhythm(paris(at))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-16T05:59:59", REST), ("2026-11-16T06:00", OUTSIDE), ("2026-11-16T07:29:59", OUTSIDE),
        ("2026-11-16T07:30", OPENING), ("2026-11-16T08:59:59", OPENING), ("2026-11-16T09:00", CLASS),
        ("2026-11-16T17:59:59", CLASS), ("2026-11-16T18:00", OUTSIDE), ("2026-11-16T21:59:59", OUTSIDE),
        ("2026-11-16T22:00", REST), ("2026-11-17T00:00", REST),
        ("2026-11-18T08:00", OPENING), ("2026-11-18T12:59:59", CLASS), ("2026-11-18T13:00", OUTSIDE),  # Wednesday
        ("2026-11-21T08:00", OUTSIDE), ("2026-11-22T15:00", OUTSIDE), ("2026-11-22T23:00", REST),  # weekend of term
        ("2026-11-11T08:00", REST), ("2026-11-11T15:00", REST),  # public holiday
        ("2026-10-20T08:00", REST), ("2026-10-24T12:00", REST), ("2026-11-02T08:00", OPENING),  # holidays and after
    ],
)  # fmt: skip
def test_the_day_of_an_academie(at: str, expected: Rhythm) -> None:
    assert rhythm(at, "A:nancy-metz") is expected
    assert TIMETABLE.clock_of(["A:nancy-metz"]).in_school_hours(paris(at)) is (expected in (OPENING, CLASS))


def test_the_densest_of_several_places_decides() -> None:
    assert rhythm("2027-02-15T08:00", "A:lyon") is REST
    assert rhythm("2027-02-15T08:00", "A:paris") is REST
    assert rhythm("2027-02-15T08:00", "A:lyon", "A:paris", "A:strasbourg") is OPENING
    assert rhythm("2027-02-20T08:00", "A:strasbourg", "A:paris", "A:lyon") is REST
    assert rhythm("2027-02-13T08:00", "A:strasbourg", "A:paris", "A:lyon") is OUTSIDE


def test_why_a_day_has_no_class_is_told_for_all_of_its_places_together() -> None:
    def why(day: str, *codes: str) -> Closed | None:
        return TIMETABLE.clock_of(codes).closed(date.fromisoformat(day))

    assert why("2026-11-16", "A:lyon") is None
    assert why("2026-11-21", "A:lyon") is Closed.WEEKEND
    assert why("2026-11-11", "A:lyon") is Closed.PUBLIC
    assert why("2027-02-20", "A:lyon") is Closed.HOLIDAYS
    assert why("2027-02-15", "A:lyon", "A:strasbourg") is None
    assert why("2027-02-13", "A:lyon", "A:strasbourg") is Closed.WEEKEND
    assert why("2026-11-21") is None


def test_the_country_is_its_mainland_zones() -> None:
    clock = TIMETABLE.clock_of(["N"])
    assert {place.zone for place in clock.places} == {"A", "B", "C"}
    assert {place.timezone for place in clock.places} == {PARIS}
    assert clock.rhythm(paris("2027-02-15T08:00")) is OPENING
    assert clock.rhythm(paris("2026-11-11T08:00")) is REST


def test_at_eight_in_reunion_paris_still_sleeps() -> None:
    winter, summer = datetime(2026, 11, 16, 4, tzinfo=UTC), datetime(2026, 9, 14, 4, tzinfo=UTC)
    clock = TIMETABLE.clock_of(["A:la-reunion"])
    for eight in (winter, summer):
        assert eight.astimezone(REUNION).hour == 8
        assert clock.rhythm(eight) is OPENING
    assert TIMETABLE.clock_of(["A:paris"]).rhythm(winter) is REST  # 5:00
    assert TIMETABLE.clock_of(["A:paris"]).rhythm(summer) is OUTSIDE  # 6:00
    assert clock.rhythm(datetime(2026, 11, 16, 19, tzinfo=UTC)) is REST  # 23:00 there, 20:00 in Paris
    assert clock.rhythm(datetime(2026, 12, 21, 4, tzinfo=UTC)) is REST  # a public holiday of its own
    assert TIMETABLE.clock_of(["R:04", "A:paris"]).rhythm(winter) is OPENING


@pytest.mark.parametrize(
    ("code", "expected"),
    [("A:strasbourg", REST), ("D:57", REST), ("U:0570001X", REST), ("D:54", OPENING), ("A:nancy-metz", OPENING), ("R:44", OPENING)],
)  # fmt: skip
def test_public_holidays_of_their_own(code: str, expected: Rhythm) -> None:
    assert rhythm("2027-03-26T08:00", code) is expected
    assert rhythm("2027-03-29T08:00", code) is REST


def test_what_nobody_knows_counts_as_term_and_is_told_apart() -> None:
    assert rhythm("2027-01-04T08:00", "A:strasbourg") is OPENING  # between two stretches that are known
    assert CALENDAR.known("B", date(2026, 12, 31))
    assert not CALENDAR.known("B", date(2027, 1, 4))
    assert CALENDAR.known("B", date(2027, 2, 1))
    assert not CALENDAR.known("Réunion", date(2026, 12, 25))
    assert not CALENDAR.known(None, date(2026, 12, 25))
    assert TIMETABLE.clock_of(["A:strasbourg"]).known(date(2026, 12, 31))
    assert not TIMETABLE.clock_of(["A:strasbourg"]).known(date(2027, 1, 4))
    assert not TIMETABLE.clock_of(["N"]).known(date(2027, 1, 4))
    assert CALENDAR.known_until("B") == date(2027, 3, 31)
    assert CALENDAR.known_until("Corse") is None
    noumea = TIMETABLE.clock_of(["C:988"])
    assert noumea.rhythm(datetime(2026, 12, 27, 21, tzinfo=UTC)) is OPENING  # Monday 8:00 there, of a zone without name
    assert not noumea.known(date(2026, 12, 28))


def test_why_there_is_no_class() -> None:
    place = SchoolPlace(PARIS, "B", "A:strasbourg")
    assert CALENDAR.closed(place, date(2026, 10, 17)) == (Closed.HOLIDAYS, "Vacances de la Toussaint")
    assert CALENDAR.closed(place, date(2027, 3, 26)) == (Closed.PUBLIC, "Vendredi saint")
    assert CALENDAR.closed(place, date(2026, 11, 21)) == (Closed.WEEKEND, "")
    assert CALENDAR.closed(place, date(2026, 11, 20)) is None
    assert CALENDAR.closed(SchoolPlace(PARIS, None, None), date(2026, 11, 11)) is None


def test_a_public_holiday_is_one_in_all_of_the_places() -> None:
    assert date(2027, 3, 26) in TIMETABLE.public_holidays(["A:strasbourg"])  # Good Friday
    assert date(2027, 3, 26) not in TIMETABLE.public_holidays(["A:strasbourg", "A:paris"])
    assert date(2026, 11, 11) in TIMETABLE.public_holidays(["A:strasbourg", "A:paris"])
    assert TIMETABLE.public_holidays([]) == Timetable.constant().public_holidays(["N"]) == frozenset()


def test_a_school_day_is_one_in_any_place() -> None:
    country = TIMETABLE.clock_of(["N"])
    assert country.school_day(date(2027, 2, 15))
    assert not country.school_day(date(2027, 2, 20))
    assert not country.school_day(date(2026, 11, 11))
    assert ALWAYS_CLASS.school_day(date(2026, 11, 11))
    assert ALWAYS_CLASS.known(date(2026, 11, 11))


@pytest.mark.parametrize(
    ("at", "change"),
    [
        ("2026-11-16T07:30", "2026-11-16T09:00"), ("2026-11-16T08:59:59.999999", "2026-11-16T09:00"),
        ("2026-11-16T22:00", "2026-11-17T06:00"), ("2026-11-17T00:00", "2026-11-17T06:00"),
        ("2026-10-24T23:00", "2026-10-25T06:00"), ("2026-10-25T02:30", "2026-10-25T06:00"),  # winter time: 7 h and 4.5 h later
        ("2027-03-27T22:30", "2027-03-28T06:00"), ("2027-03-28T01:59", "2027-03-28T06:00"),  # summer time
    ],
)  # fmt: skip
def test_the_next_change_by_the_clock_on_the_wall(at: str, change: str) -> None:
    assert TIMETABLE.clock_of(["A:paris"]).next_change(paris(at)) == paris(change)


def test_the_nights_of_the_change_of_time_have_their_true_length() -> None:
    clock = TIMETABLE.clock_of(["A:paris"])
    autumn, spring = paris("2026-10-24T22:00"), paris("2027-03-27T22:00")
    assert clock.next_change(autumn) - autumn == timedelta(hours=9)
    assert clock.next_change(spring) - spring == timedelta(hours=7)


SEPTEMBER, YEAR = datetime(2026, 9, 1, tzinfo=UTC), timedelta(days=364)
INSTANTS = st.timedeltas(timedelta(), YEAR).map(lambda since: SEPTEMBER + since)
CODES = st.lists(st.sampled_from([code for code, *_ in PLACES]), min_size=1, max_size=4)


@given(INSTANTS, CODES, st.lists(st.floats(0, 1, exclude_max=True), max_size=5))
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ["N"], [0.0, 0.5, 0.99])
@example(datetime(2027, 3, 28, 0, 59, tzinfo=UTC), ["N"], [0.0, 0.5, 0.99])
def test_the_rhythm_holds_until_the_next_change(at: datetime, codes: list[str], between: list[float]) -> None:
    clock = TIMETABLE.clock_of(codes)
    change = clock.next_change(at)
    assert at < change <= at + timedelta(hours=11)
    for share in between:
        later = min(at + (change - at) * share, change - datetime.resolution)
        fresh = SchoolClock(CALENDAR, clock.places)
        assert fresh.rhythm(later) is clock.rhythm(at)
        assert fresh.next_change(later) == change
        assert clock.in_school_hours(later) is (clock.rhythm(at) in (OPENING, CLASS))


@given(st.lists(INSTANTS, min_size=1, max_size=12), CODES)
def test_what_is_remembered_changes_no_answer(instants: list[datetime], codes: list[str]) -> None:
    clock = SchoolClock(CALENDAR, TIMETABLE.clock_of(codes).places)
    near = [at + timedelta(minutes=minutes) for at in instants for minutes in (0, -90, 45, -1)]
    for at in near:
        assert clock.rhythm(at) is SchoolClock(CALENDAR, clock.places).rhythm(at)


@given(INSTANTS, CODES, CODES)
def test_more_places_are_never_asked_less_often(at: datetime, some: list[str], others: list[str]) -> None:
    order = list(Rhythm)
    together = TIMETABLE.clock_of([*some, *others]).rhythm(at)
    alone = [TIMETABLE.clock_of(codes).rhythm(at) for codes in (some, others)]
    assert order.index(together) == min(map(order.index, alone))


POLICY = Policy(
    every=timedelta(seconds=60),
    every_opening=timedelta(seconds=30),
    every_outside=timedelta(minutes=5),
    every_rest=timedelta(minutes=15),
)


def watched() -> tuple[Catalog, Probe, Probe]:
    probe = Probe("a/login", "a", ProbeKind.HTTP, POLICY, url="https://a.example/")
    canary = Probe("canary/1", None, ProbeKind.HTTP, POLICY, url="https://b.example/")
    watched = service("a", probes=(probe,), territories=("R:84",))
    return Catalog(TERRITORIES, {"a": watched, "n": service("n", territories=("N",))}, {}, (canary,)), probe, canary


@pytest.mark.parametrize(
    ("at", "interval", "stale"),
    [("08:00", 30, 190), ("10:00", 60, 190), ("19:00", 300, 910), ("23:00", 900, 2710)],
)
def test_a_timetable_paces_each_probe_by_its_service(at: str, interval: int, stale: int) -> None:
    catalog, probe, canary = watched()
    timetable, instant = Timetable(catalog, CALENDAR), paris(f"2026-11-16T{at}")
    assert timetable.interval(probe, instant) == timedelta(seconds=interval)
    assert timetable.stale_after(probe, instant) == timedelta(seconds=stale)
    assert timetable.interval(canary, instant) == timedelta(seconds=60)


def test_services_of_the_same_places_share_a_clock() -> None:
    timetable = Timetable(watched()[0], CALENDAR)
    assert len(timetable.clock("a").places) == 1  # two académies, one zone, one set of public holidays
    assert timetable.clock("a") is timetable.clock_of(["A:lyon"])
    assert timetable.clock("a") is not timetable.clock("n")
    assert timetable.clock(None) is ALWAYS_CLASS
    assert timetable.clock("left the catalogue") is ALWAYS_CLASS
    with pytest.raises(KeyError):
        timetable.clock_of(["D:99"])


@pytest.mark.parametrize("timetable", [Timetable.constant(), Timetable(watched()[0], None)], ids=["constant", "none"])
def test_without_a_calendar_it_is_always_class(timetable: Timetable) -> None:
    _, probe, _ = watched()
    midnight = paris("2026-12-25T00:00")
    assert timetable.interval(probe, midnight) == POLICY.every
    assert timetable.stale_after(probe, midnight) == POLICY.stale_after(CLASS)
    clock = timetable.clock("a")
    assert clock.rhythm(midnight) is CLASS
    assert clock.in_school_hours(midnight)
    assert clock.next_change(midnight) > paris("2999-01-01T00:00")
    assert timetable.clock_of(["A:lyon"]) is clock


def local(day: str, hour: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "hour", "over", "at"),
    [
        ("2026-11-24", "07:59", "2026-11-24", "08:30"),  # a Tuesday
        ("2026-11-24", "08:00", "2026-11-24", "14:00"),  # what recovers within a peak waits for the next one
        ("2026-11-24", "12:15", "2026-11-24", "14:00"),
        ("2026-11-24", "17:00", "2026-11-25", "08:30"),
        ("2026-11-25", "09:00", "2026-11-26", "08:30"),  # no class on a Wednesday afternoon
        ("2026-11-27", "17:00", "2026-11-30", "08:30"),  # over the weekend
        ("2026-11-10", "17:00", "2026-11-12", "08:30"),  # over a public holiday
    ],
)
def test_the_next_peak_is_the_start_of_class_or_of_the_afternoon(day: str, hour: str, over: str, at: str) -> None:
    clock = SchoolClock(CALENDAR, [SchoolPlace(PARIS, "A", "N")])
    assert clock.peak_over(local(day, hour)) == local(over, at)


def test_nobody_waits_for_the_end_of_the_holidays() -> None:
    clock = SchoolClock(CALENDAR, [SchoolPlace(PARIS, "A", "N")])
    assert clock.peak_over(local("2027-02-12", "17:00")) is None
    assert ALWAYS_CLASS.peak_over(local("2026-11-24", "07:00")) is None
    assert SchoolClock(CALENDAR, ()).rhythm(local("2026-11-24", "03:00")) is CLASS


def test_of_several_places_the_first_to_have_a_peak_decides() -> None:
    clock = SchoolClock(CALENDAR, [SchoolPlace(PARIS, "A", "N"), SchoolPlace(REUNION, None, None)])
    assert clock.peak_over(local("2026-11-24", "03:00")) == local("2026-11-24", "08:30", REUNION)


def test_a_day_at_one_pace_still_knows_when_users_crowd() -> None:
    steady = Timetable(Catalog(TERRITORIES, {}, {}, ()), CALENDAR, paced=False)
    assert steady.peak_over(("A:lyon", "D:nowhere"), local("2026-11-24", "12:15")) == local("2026-11-24", "14:00")
    assert Timetable.constant().peak_over(("A:lyon",), local("2026-11-24", "12:15")) is None
