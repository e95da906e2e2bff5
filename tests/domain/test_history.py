"""Corrections over spans: what stands, and what has to be corrected."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.history import Correction, corrected, corrections_of
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from tests.domain.small import at

UP, DOWN, UNKNOWN = Health.UP, Health.DOWN, Health.UNKNOWN


def span(health: Health, since: float, until: float, probe: str | None = "a/login", vantage: str = "local") -> Span:
    return Span("a", probe, vantage, health, at(since), at(until))


def told(*spans: Span, since: float, until: float) -> Correction:
    return Correction("a", "a/login", "local", at(since), at(until), at(1000), spans)


def test_without_corrections_nothing_changes() -> None:
    spans = [span(UP, 0, 50), span(DOWN, 50, 90)]
    assert corrected(spans, ()) == spans


def test_a_correction_stands_over_what_was_written() -> None:
    spans = [span(UP, 0, 50), span(DOWN, 50, 90), span(UP, 90, 200)]
    later = told(span(UP, 40, 60), span(DOWN, 60, 70), span(UP, 70, 100), since=40, until=100)
    assert corrected(spans, [later]) == [span(UP, 0, 60), span(DOWN, 60, 70), span(UP, 70, 200)]


def test_the_last_correction_counts() -> None:
    first = told(span(DOWN, 10, 90), since=10, until=90)
    second = told(span(UP, 20, 80), since=20, until=80)
    assert corrected([span(UP, 0, 100)], [first, second]) == [
        span(UP, 0, 10),
        span(DOWN, 10, 20),
        span(UP, 20, 80),
        span(DOWN, 80, 90),
        span(UP, 90, 100),
    ]


def test_it_concerns_one_history_only() -> None:
    others = [span(UP, 0, 100, "a/context"), span(UP, 0, 100, None), span(UP, 0, 100, "a/login", "lyon")]
    assert sorted(corrected([*others, span(UP, 0, 100)], [told(since=0, until=100)]), key=repr) == sorted(
        others, key=repr
    )


def test_a_history_of_which_nothing_was_known_is_told_all_the_same() -> None:
    assert corrected([], [told(span(UP, 0, 5), since=0, until=5)]) == [span(UP, 0, 5)]


def test_a_service_is_of_all_vantages() -> None:
    whole = Correction("a", None, "", at(0), at(10), at(1000), (span(DOWN, 0, 10, None, ""),))
    assert corrected([span(UP, 0, 20, None)], [whole]) == [span(DOWN, 0, 10, None, ""), span(UP, 10, 20, None)]


def test_what_does_not_differ_is_not_corrected() -> None:
    known = [span(UP, 0, 40), span(DOWN, 40, 100)]
    same = [span(UP, 10, 30), span(UP, 30, 40), span(DOWN, 40, 90)]
    assert corrections_of(known, same, since=at(10), until=at(90), made_at=at(500)) == ()


def test_nothing_written_and_unknown_are_the_same() -> None:
    derived = [span(UNKNOWN, 0, 40), span(UP, 40, 100)]
    assert corrections_of([span(UP, 40, 100)], derived, since=at(0), until=at(100), made_at=at(500)) == ()


def test_a_correction_goes_from_the_first_difference_to_the_last() -> None:
    known, derived = [span(UP, 0, 100)], [span(UP, 0, 30), span(DOWN, 30, 60), span(UP, 60, 100)]
    (found,) = corrections_of(known, derived, since=at(0), until=at(100), made_at=at(500))
    assert (found.since, found.until, found.spans) == (at(30), at(60), (span(DOWN, 30, 60),))
    assert (found.service, found.probe, found.vantage, found.made_at) == ("a", "a/login", "local", at(500))


histories = st.lists(st.tuples(st.sampled_from([UP, DOWN, UNKNOWN]), st.integers(1, 30)), min_size=1, max_size=8)


def laid(parts: list[tuple[Health, int]], end: int = 300) -> list[Span]:
    spans, clock = [], 0
    for health, lasts in parts:
        spans.append(span(health, clock, clock + lasts))
        clock += lasts
    return [*spans, span(UP, clock, end)]


@given(histories, st.lists(histories, min_size=1, max_size=4))
def test_after_its_correction_history_says_what_was_derived(
    first: list[tuple[Health, int]], later: list[list[tuple[Health, int]]]
) -> None:
    known, made = laid(first), list[Correction]()
    for parts in later:
        derived = laid(parts)
        standing = corrected(known, made)
        made += corrections_of(standing, derived, since=at(0), until=at(300), made_at=at(500))
        now = corrected(known, made)
        assert corrections_of(now, derived, since=at(0), until=at(300), made_at=at(500)) == ()
        assert all(one.until <= two.since for one, two in pairwise(now))
        assert sum((one.until - one.since for one in now), timedelta()) == timedelta(seconds=300)
