"""What keeps news back at an instant, by name; and what a course of silences can never make of a story."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.calendar import Period, SchoolCalendar
from monitor.domain.catalog import Catalog, Level, Territory
from monitor.domain.hush import Declared, Hush, hush
from monitor.domain.incident import Incident
from monitor.domain.news import news
from monitor.domain.notice import Silence, Subscription, Told
from monitor.domain.observation import Health
from monitor.domain.quiet import QuietHours
from monitor.domain.reason import Reason
from monitor.domain.rollup import survey
from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced
from monitor.domain.timetable import Timetable
from monitor.domain.window import Once, Scope, ScopeKind, Window
from tests.domain.small import at, service, small_france
from tests.domain.small import catalog as small_catalog

FRANCE = small_france()
INCIDENT = Incident("i", "service:a", at(0), at(60), Health.DOWN, Health.DOWN, ("a",), ("D:01",))
GROUP = replace(INCIDENT, id="g", culprit="operator:edifice", services=("a", "b"), territories=("D:01", "D:69"))
LYON = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",))
NIGHT = QuietHours(time(22), time(6, 30))
ALL_DAY = Once(datetime(2021, 4, 6), datetime(2021, 4, 7))  # noqa: DTZ001 - by the clock on the wall


def silenced(what: Silenced, name: str = "", **more: object) -> DeclaredSilence:
    given: dict[str, object] = {"since": at(0), "until": at(3600), "reason": "r", "author": "x", "declared_at": at(0)}
    return DeclaredSilence("s", what, name, **{**given, **more})  # type: ignore[arg-type]


def window(scope: str, name: str) -> Window:
    return Window("w", Scope(ScopeKind(scope), name), ALL_DAY, UTC, at(-9999))


def why(
    declared: Declared, reason: Reason = Reason.OPENED, *, incident: Incident = INCIDENT, now: float = 300
) -> Silence | None:
    return hush(declared, [incident], FRANCE, at(now)).silence(reason, LYON, incident)


def test_a_silence_in_force_keeps_everything_from_everybody_or_from_one() -> None:
    for reason in Reason:
        assert why(Declared((silenced(Silenced.SERVICE, "a"),)), reason) is Silence.SILENCED
    assert why(Declared((silenced(Silenced.SERVICE, "a"),)), now=3600) is None
    assert why(Declared((silenced(Silenced.SERVICE, "b"),))) is None
    assert why(Declared((silenced(Silenced.EVERYTHING, subscription="lyon"),))) is Silence.SILENCED
    assert why(Declared((silenced(Silenced.EVERYTHING, subscription="lille"),))) is None


def test_maintenance_of_all_its_services_masks_a_beginning_and_nothing_else() -> None:
    of_a, of_b = window("service", "a"), window("service", "b")
    masked = {reason for reason in Reason if why(Declared(windows=(of_a,)), reason) is Silence.MASKED}
    assert masked == {Reason.OPENED, Reason.RELAPSED}
    assert why(Declared(windows=(of_a,)), incident=GROUP) is None
    assert why(Declared(windows=(of_a, of_b)), incident=GROUP) is Silence.MASKED
    assert why(Declared(windows=(window("operator", "edifice"),)), incident=GROUP) is Silence.MASKED
    assert why(Declared(windows=(of_a,)), now=24 * 3600) is None  # over
    assert why(Declared(windows=(of_a,)), incident=replace(INCIDENT, services=("a", "gone"))) is None
    ours = replace(INCIDENT, culprit="vantage:local", services=(), territories=())
    assert why(Declared(windows=(of_a,)), incident=ours) is None


def test_whoever_works_on_it_is_not_reminded_but_hears_everything_else() -> None:
    taken = Declared(acknowledgements=(Acknowledgement("1", "i", "Paul", "", at(100)),))
    kept_back = {reason for reason in Reason if why(taken, reason) is Silence.ACKNOWLEDGED}
    assert kept_back == {Reason.STILL_OPEN}


@pytest.mark.parametrize(
    ("hours", "wall", "quiet"),
    [
        (NIGHT, time(21, 59, 59), False), (NIGHT, time(22), True), (NIGHT, time(0), True),
        (NIGHT, time(6, 29, 59), True), (NIGHT, time(6, 30), False),
        (QuietHours(time(12), time(14)), time(11, 59), False), (QuietHours(time(12), time(14)), time(12), True),
        (QuietHours(time(12), time(14)), time(14), False),
    ],
)  # fmt: skip
def test_quiet_hours_on_the_wall(hours: QuietHours, wall: time, quiet: bool) -> None:
    assert hours.hold(wall) is quiet


ZONES = {name: ZoneInfo(name) for name in ("Europe/Paris", "Pacific/Noumea", "Indian/Reunion")}


def overseas() -> Catalog:
    small = small_catalog(service("a"), service("nc", territories=("C:988",)))
    places = {
        **small.territories,
        "C:988": Territory("C:988", "Nouvelle-Calédonie", Level.COLLECTIVITE, "N", timezone="Pacific/Noumea"),
        "A:lyon": Territory("A:lyon", "Lyon", Level.ACADEMIE, "R:84", zone="A"),
    }
    return replace(small, territories=places)


def resting(subscription: Subscription, instant: str, timetable: Timetable | None = None) -> Silence | None:
    now = datetime.fromisoformat(instant)
    return Hush(overseas(), now, timetable, ZONES).rest(subscription)


@pytest.mark.parametrize(
    ("who", "instant", "quiet"),
    [
        # Paris in summer, in winter, and on both nights of a change.
        (LYON, "2026-07-01T19:59:00Z", False), (LYON, "2026-07-01T20:00:00Z", True),
        (LYON, "2026-12-01T20:59:00Z", False), (LYON, "2026-12-01T21:00:00Z", True),
        (LYON, "2026-03-29T04:29:00Z", True), (LYON, "2026-03-29T04:30:00Z", False),
        (LYON, "2026-10-25T05:29:00Z", True), (LYON, "2026-10-25T05:30:00Z", False),
        # Nouméa: 22:00 there is 11:00 UTC; by its own territory, or by that of the service it named.
        (replace(LYON, territories=("C:988",)), "2026-12-01T10:59:00Z", False),
        (replace(LYON, territories=("C:988",)), "2026-12-01T11:00:00Z", True),
        (replace(LYON, territories=("C:988",)), "2026-12-01T21:00:00Z", False),
        (replace(LYON, territories=(), services=("nc", "gone")), "2026-12-01T11:00:00Z", True),
        # None of its own, or unknown ones: Paris.
        (replace(LYON, territories=()), "2026-12-01T21:00:00Z", True),
        (replace(LYON, territories=("D:unknown",)), "2026-12-01T11:00:00Z", False),
        (replace(LYON, territories=("D:unknown", "C:988")), "2026-12-01T11:00:00Z", True),
    ],
)  # fmt: skip
def test_quiet_hours_are_those_of_their_place(who: Subscription, instant: str, quiet: bool) -> None:
    assert resting(replace(who, quiet=NIGHT), instant) is (Silence.QUIET_HOURS if quiet else None)
    assert resting(who, instant) is None


def test_an_hour_that_is_skipped_is_never_quiet_and_one_that_is_repeated_is_twice() -> None:
    two_to_three = replace(LYON, quiet=QuietHours(time(2), time(3)))
    spring = [f"2026-03-29T{hour:02d}:{minute:02d}:00Z" for hour in range(4) for minute in (0, 30)]
    assert [resting(two_to_three, instant) for instant in spring] == [None] * 8
    autumn = [f"2026-10-25T{hour:02d}:30:00Z" for hour in range(4)]
    assert [resting(two_to_three, instant) is not None for instant in autumn] == [True, True, False, False]


def test_without_any_time_zone_hours_are_those_of_utc() -> None:
    who = replace(LYON, territories=(), quiet=NIGHT)
    nowhere = replace(overseas(), territories={}, services={})
    assert Hush(nowhere, datetime(2026, 12, 1, 22, tzinfo=UTC)).rest(who) is Silence.QUIET_HOURS
    assert Hush(nowhere, datetime(2026, 12, 1, 21, tzinfo=UTC)).rest(who) is None


CALENDAR = SchoolCalendar(
    holidays={"A": (Period(date(2026, 12, 19), date(2027, 1, 3), "Noël"),)},
    coverage={"A": (Period(date(2026, 9, 1), date(2027, 8, 31), "arrêté"),)},
    public={"N": {date(2026, 11, 11): "Armistice"}},
    timezones={**ZONES, "UTC": ZoneInfo("UTC")},
)


@pytest.mark.parametrize(
    ("who", "instant", "at_rest"),
    [
        (LYON, "2026-11-24T06:29:00Z", True),  # a Tuesday, 7:29 in Lyon
        (LYON, "2026-11-24T06:30:00Z", False),
        (LYON, "2026-11-24T17:00:00Z", True),
        (LYON, "2026-11-25T11:59:00Z", False),  # a Wednesday: until 13:00
        (LYON, "2026-11-25T12:00:00Z", True),
        (LYON, "2026-11-11T10:00:00Z", True),
        (LYON, "2026-12-22T10:00:00Z", True),
        (replace(LYON, territories=("C:988",)), "2026-11-23T20:30:00Z", False),  # Tuesday 7:30 in Nouméa
        (replace(LYON, territories=("C:988",)), "2026-11-24T10:00:00Z", True),
        (replace(LYON, territories=("A:lyon", "C:988")), "2026-11-23T20:30:00Z", False),  # in any of its places
        (replace(LYON, territories=()), "2026-12-22T10:00:00Z", False),  # the country: zones B and C have class
    ],
)
def test_school_hours_are_those_of_their_place(who: Subscription, instant: str, at_rest: bool) -> None:
    timetable = Timetable(overseas(), CALENDAR)
    expected = Silence.OUT_OF_SCHOOL if at_rest else None
    assert resting(replace(who, school_hours=True), instant, timetable) is expected
    assert resting(who, instant, timetable) is None


def test_both_hold_and_without_a_school_clock_it_is_always_class() -> None:
    who = replace(LYON, school_hours=True, quiet=QuietHours(time(12), time(14)))
    timetable = Timetable(overseas(), CALENDAR)
    assert resting(who, "2026-11-24T12:00:00Z", timetable) is Silence.QUIET_HOURS
    assert resting(who, "2026-11-24T10:00:00Z", timetable) is None
    assert resting(who, "2026-11-24T20:00:00Z", timetable) is Silence.OUT_OF_SCHOOL
    assert resting(who, "2026-11-24T20:00:00Z") is None


# A course: at each step of ten minutes the incident is in one of these stages, in an order that life allows.
STEP = 600


def course(stages: list[str]) -> list[Incident]:
    """The incident at each step. It eases, relapses, worsens, and ends where the stages say so."""
    found, one = (
        [],
        replace(INCIDENT, confirmed_at=at(0), health=Health.WAITING, worst=Health.WAITING).turned(at(0), Reason.OPENED),
    )
    for number, stage in enumerate(stages):
        now = at(number * STEP)
        if one.closed_at is not None:
            found.append(one)
            continue
        if stage == "bad" and one.recovered_at is not None:
            again = one.eased_at is not None
            one = replace(one, recovered_at=None, eased_at=None, health=Health.WAITING)
            one = one.turned(now, Reason.RELAPSED) if again else one
        elif stage == "worse":
            one = replace(one, recovered_at=None, eased_at=None, health=Health.DOWN, worst=Health.DOWN)
        elif stage == "well":
            one = replace(one, recovered_at=one.recovered_at or now, health=Health.UP)
        elif stage == "eased":
            one = replace(one, recovered_at=one.recovered_at or now, eased_at=one.eased_at or now, health=Health.UP)
        elif stage == "over":
            one = replace(
                one, recovered_at=one.recovered_at or now, closed_at=one.recovered_at or now, health=Health.UP
            )
        elif stage == "merged":
            one = replace(one, absorbed_into="wider", closed_at=now)
        found.append(one)
    return found


def told_along(stages: list[str], declared: Declared, who: Subscription) -> list[Reason]:
    """Everything one subscription hears along a course under these declarations."""
    heard: dict[tuple[str, str], Told] = {}
    said = []
    for number, one in enumerate(course(stages)):
        now = at(number * STEP)
        kept = hush(declared, [one], FRANCE, now, zones=ZONES)
        for new in news([who], [one], heard, FRANCE, GROUND, now=now, blind=False, hush=kept):
            said.append(new.reason)
            heard[who.id, one.id] = Told(who.id, one.id, new.reason, one.worst, now)
    return said


GROUND = survey(FRANCE)
STAGES = st.lists(st.sampled_from(["bad", "bad", "worse", "well", "eased", "over", "merged"]), min_size=1, max_size=30)
PERIODS = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda two: (at(two[0] * STEP), at(sum(two) * STEP)))
WHAT = st.sampled_from(
    [(Silenced.SERVICE, "a"), (Silenced.INCIDENT, "i"), (Silenced.EVERYTHING, ""), (Silenced.SERVICE, "b")]
)
SILENCES = st.lists(
    st.builds(
        lambda what, period, whom: silenced(*what, since=period[0], until=period[1], subscription=whom),
        WHAT, PERIODS, st.sampled_from([None, "lyon", "lille"]),
    ), max_size=4,
).map(tuple)  # fmt: skip
WINDOWS = st.lists(
    st.builds(
        lambda period: Window(
            "w", Scope(ScopeKind.SERVICE, "a"), Once(*(one.replace(tzinfo=None) for one in period)), UTC, at(-1)
        ),
        PERIODS,
    ), max_size=2,
).map(tuple)  # fmt: skip
TAKEN = st.lists(st.integers(0, 30).map(lambda n: Acknowledgement(str(n), "i", "x", "", at(n * STEP))), max_size=2)
QUIET = st.sampled_from([None, NIGHT, QuietHours(time(8), time(9)), QuietHours(time(8), time(8, 30))])
REPEAT = st.sampled_from([None, timedelta(minutes=10), timedelta(hours=1)])


@pytest.mark.no_cover  # the same lines very often: the others here trace them
@settings(max_examples=300, deadline=None)
@given(STAGES, SILENCES, WINDOWS, TAKEN, QUIET, REPEAT)
def test_never_an_end_without_its_beginning_never_a_beginning_twice(
    stages: list[str],
    silences: tuple[DeclaredSilence, ...],
    windows: tuple[Window, ...],
    taken: list[Acknowledgement],
    quiet: QuietHours | None,
    repeat: timedelta | None,
) -> None:
    who = replace(LYON, from_health=Health.WAITING, settle=timedelta(), min_share=0, quiet=quiet, repeat=repeat)
    said = told_along(stages, Declared(silences, tuple(taken), windows), who)
    assert said[:1] in ([], [Reason.OPENED])
    assert said.count(Reason.OPENED) <= 1
    assert all(one not in {Reason.CLOSED, Reason.MERGED} for one in said[:-1])  # nothing follows an end
    for before, after in pairwise(said):
        assert (after is Reason.RELAPSED) <= (before is Reason.EASED)
        assert (before is after is Reason.EASED) is False
    if said and course(stages)[-1].closed_at is not None:
        # Long after, when nothing keeps it back any more, the end has been heard as well.
        waited = told_along([*stages, *["over"] * 200], Declared(silences, tuple(taken), windows), who)
        assert waited[-1] in {Reason.CLOSED, Reason.MERGED}
        assert waited[: len(said)] == said


def heard(stages: Iterable[str], *silences: DeclaredSilence) -> list[Reason]:
    who = replace(LYON, from_health=Health.WAITING, settle=timedelta(), min_share=0)
    return told_along(list(stages), Declared(silences), who)


def test_at_the_end_of_a_silence_what_is_true_then_is_heard() -> None:
    first_hour = silenced(Silenced.INCIDENT, "i")
    assert heard(["bad"] * 6, first_hour) == []
    assert heard(["bad"] * 7, first_hour) == [Reason.OPENED]
    assert heard([*["bad"] * 3, *["over"] * 6], first_hour) == []  # began and ended inside
    later = replace(first_hour, since=at(STEP), until=at(5 * STEP))
    assert heard(["bad", "bad", *["over"] * 6], later) == [Reason.OPENED, Reason.CLOSED]
    assert heard(["bad", "eased", "bad", *["eased"] * 6], later) == [Reason.OPENED, Reason.EASED]
    assert heard(["bad", "worse", *["bad"] * 6], later) == [Reason.OPENED, Reason.WORSENED]
