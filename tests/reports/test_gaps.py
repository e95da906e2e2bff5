"""What was not measured: gaps that the book holds, and holes that nothing explains."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.gap import Excuse, Gap
from monitor.domain.observation import Observation
from monitor.domain.policy import Policy
from monitor.reports.gaps import EXPECTED_FOR, Hole, holes, missed
from monitor.store import Reader, Store, open_reader, open_store
from tests.prepared import prepared

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PROBE = Probe("ent-x/login", "ent-x", ProbeKind.HTTP, Policy(every=MINUTE, timeout=timedelta(seconds=10)))
HERE = (PROBE.id, "local")
slots = st.sets(st.integers(1, 58))


def every_minute(_: Probe, __: datetime) -> timedelta:
    return MINUTE


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


def gap(since: float, until: float, probe: str = PROBE.id, vantage: str = "local") -> Gap:
    return Gap(probe, vantage, at(since), at(until), round(until - since), Excuse.COURTESY)


def hour(missing: set[int]) -> dict[tuple[str, str], list[datetime]]:
    """An hour of answers, one a minute; the first and the last are always there."""
    return {HERE: [at(minute) for minute in range(60) if minute not in missing]}


def found(
    asked, gaps=(), since: float = 0, until: float = 60, probe: Probe = PROBE, interval=every_minute
) -> list[Hole]:
    return list(holes(probe, asked, gaps, (at(since), at(until)), interval))


def test_no_hole_where_every_slot_was_asked() -> None:
    assert found(hour(set())) == []


@given(slots)
def test_every_run_of_missing_slots_is_one_hole_and_nothing_else_is(missing: set[int]) -> None:
    told = found(hour(missing))
    assert sum(hole.slots for hole in told) == len(missing)
    assert {minute for hole in told for minute in range(60) if hole.since < at(minute) < hole.until} == missing
    for hole in told:
        assert hole.since in hour(missing)[HERE]
        assert hole.until in hour(missing)[HERE]


@given(slots, st.permutations(range(1, 59)), st.booleans())
def test_a_gap_for_every_missing_slot_leaves_no_hole(missing: set[int], order: list[int], everybody: bool) -> None:
    gaps = [gap(minute, minute + 1, "" if everybody else PROBE.id) for minute in order if minute in missing]
    assert found(hour(missing), gaps) == []


@given(slots, slots, st.sampled_from([("other/x", "local"), (PROBE.id, "lyon")]))
def test_gaps_only_take_away_and_only_what_they_cover(missing: set[int], told: set[int], elsewhere) -> None:
    gaps = [gap(minute, minute + 1) for minute in told]
    left = found(hour(missing), gaps)
    # One slot right after a gap may have been due at any moment of the interval that follows: it is not held against us.
    lone = {m for m in missing - told if m - 1 in told and m + 1 not in missing - told}
    assert {m for hole in left for m in missing - told if hole.since <= at(m) < hole.until} == missing - told - lone
    assert all(hole.until <= one.since or one.until <= hole.since for hole in left for one in gaps)
    # What happened to another probe, or was missed from elsewhere, explains nothing here.
    others = [gap(minute, minute + 1, *elsewhere) for minute in told]
    assert found(hour(missing), others) == found(hour(missing))


@pytest.mark.parametrize(
    ("every", "apart", "is_hole"), [(60, 99, False), (60, 101, True), (300, 609, False), (300, 611, True)]
)
def test_how_far_apart_two_questions_may_lie(every: int, apart: int, is_hole: bool) -> None:
    probe = replace(PROBE, policy=replace(PROBE.policy, every=timedelta(seconds=every)))
    asked = {HERE: [NOON, NOON + timedelta(seconds=apart)]}
    until = (timedelta(seconds=apart) + MINUTE) / MINUTE
    told = found(asked, probe=probe, until=until, interval=lambda *_: timedelta(seconds=every))
    assert bool(told) == is_hole


def test_where_the_pace_changes_the_slower_of_both_was_right() -> None:
    probe = replace(PROBE, policy=replace(PROBE.policy, every_rest=15 * MINUTE))
    asked = {HERE: [at(0), at(15), at(30), at(31), at(33)]}

    def school_begins(_: Probe, when: datetime) -> timedelta:
        return MINUTE if when >= at(30) else 15 * MINUTE

    (hole,) = found(asked, probe=probe, until=34, interval=school_begins)
    assert (hole.since, hole.until, hole.slots) == (at(31), at(33), 1)


def test_the_edges_of_a_window() -> None:
    asked = {HERE: [at(0), at(1), at(20), at(21)]}
    assert [(one.since, one.until) for one in found(asked, until=30)] == [(at(1), at(20)), (at(21), at(30))]
    assert [(one.since, one.until) for one in found(asked, since=10, until=22)] == [(at(1), at(20))]
    assert found(asked, since=20, until=22) == []


def test_a_new_probe_was_not_expected_before_its_first_answer() -> None:
    assert found({HERE: [at(50), at(51)], ("other/x", "local"): [at(0)]}, until=52) == []


def test_a_probe_that_nobody_ever_asked_while_others_were() -> None:
    others = {("other/x", "local"): [at(5), at(6)]}
    assert found(others, until=10) == [Hole(PROBE.id, "", at(5), at(10), 4)]
    assert found(others, [gap(5, 9)], until=10) == []
    assert found({}, until=10) == []


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    prepared(database_url, "real", NOON)
    opened = open_store(database_url, kind="real")
    yield opened
    opened.close()


@pytest.fixture
def reader(store: Store, database_url: str) -> Iterator[Reader]:
    opened = open_reader(database_url)
    yield opened
    opened.close()


def test_gaps_and_holes_of_a_book(store: Store, reader: Reader) -> None:
    asked = [minute for minute in range(60) if minute not in {10, 11, 12, 30, 31}]
    store.append([Observation(PROBE.id, "local", at(minute), timedelta(0)) for minute in asked])
    everybody, gone, before = gap(10, 13, ""), gap(20, 21, "gone/x"), gap(-50, -40)
    store.note([everybody, gone, before])
    told = missed(reader, [PROBE], at(0), at(60), every_minute, others=True)
    assert told.gaps == (everybody, gone)
    assert told.holes == (Hole(PROBE.id, "local", at(29), at(32), 2),)
    chosen = missed(reader, [PROBE], at(0), at(60), every_minute, others=False)
    assert (chosen.gaps, chosen.holes) == ((everybody,), told.holes)


def test_a_silence_from_before_the_window_is_seen(store: Store, reader: Reader) -> None:
    store.append([Observation(PROBE.id, "local", at(0), timedelta(0))])
    later = at(0) + EXPECTED_FOR - MINUTE
    (hole,) = missed(reader, [PROBE], later, later + MINUTE, every_minute, others=True).holes
    assert (hole.since, hole.until) == (at(0), later + MINUTE)


def test_an_empty_book_has_no_holes(reader: Reader) -> None:
    told = missed(reader, [PROBE], at(0), at(60), every_minute, others=True)
    assert (told.gaps, told.holes) == ((), ())
