from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.evaluation import Country, evaluate
from monitor.domain.line import Canary, own_line
from monitor.domain.observation import Failure, Observation
from monitor.domain.policy import Policy
from tests.domain.small import at, catalog, said


def canary(good: float | None, last: float | None) -> Canary:
    return Canary(None if good is None else at(good), None if last is None else at(last))


def test_a_majority_silent_is_blind() -> None:
    two_of_four = [canary(0, 10), canary(0, 10), canary(10, 10), canary(10, 10)]
    three_of_four = [canary(0, 10), canary(0, 10), canary(5, 10), canary(10, 10)]
    assert not own_line(two_of_four).blind
    assert own_line(three_of_four).blind


def test_seen_at_is_the_last_moment_that_a_majority_answered() -> None:
    line = own_line([canary(30, 30), canary(20, 30), canary(10, 30), canary(None, 30)])
    assert line.seen_at == at(10)
    assert line.seen_after(at(9))
    assert not line.seen_after(at(10))


def test_never_asked_is_not_silent_and_never_seen() -> None:
    line = own_line([canary(None, None)] * 4)
    assert not line.blind
    assert line.seen_at is None
    assert not line.seen_after(at(0))


def test_silent_from_the_first_answer() -> None:
    assert own_line([canary(None, 5)] * 4).blind


def test_without_canaries_nothing_is_ever_seen() -> None:
    line = own_line([])
    assert not line.blind
    assert line.seen_at is None


def test_what_came_shortly_before_the_loss_is_suspect() -> None:
    line = own_line([canary(100, 110)] * 4, timedelta(seconds=10))
    assert line.blind
    assert line.suspects(at(81))
    assert line.suspects(at(300))
    assert not line.suspects(at(80))
    assert own_line([canary(None, 110)] * 4).suspects(at(0)), "never seen: nothing before it is vouched for"
    assert not own_line([canary(110, 110)] * 4).suspects(at(109))


@pytest.mark.parametrize("witnesses", [4, 5, 7])
def test_our_own_loss_is_recognised_within_thirty_seconds(witnesses: int) -> None:
    """Told in ticks: canaries every 10 s with a limit of 3 s, each in its own phase; the line is cut at any moment."""
    for cut in range(60, 80):
        country, blind = Country(), None
        for now in range(0, 140, 5):
            fresh = {}
            for n in range(witnesses):
                started = [s for s in range(n * 10 // witnesses, 140, 10) if now - 5 < _known(s, cut) <= now]
                fresh[f"canary/{n}"] = [_asked(n, s, cut) for s in started]
            where = replace(catalog(), canaries=tuple(_canary(n) for n in range(witnesses)))
            country = evaluate(country, fresh, where, now=at(now), vantage="local").country
            if country.line.blind and blind is None:
                blind = now
            assert not (blind is None and now > cut + 30)
        assert blind is not None
        assert cut <= blind <= cut + 18
        assert country.line.seen_at is not None
        assert at(cut - 10) <= country.line.seen_at < at(cut)


def _known(started: float, cut: float) -> float:
    """When the answer to a question is there: at once, or after the limit of 3 s on a line that is cut."""
    return started + (3 if started >= cut else 0.1)


def _asked(n: int, started: float, cut: float) -> Observation:
    lost = started >= cut
    return said(f"canary/{n}", started, Failure.CONNECT_TIMEOUT if lost else None, took=3 if lost else 0.1)


def _canary(n: int) -> Probe:
    quick = Policy(every=timedelta(seconds=10), timeout=timedelta(seconds=3))
    return Probe(f"canary/{n}", None, ProbeKind.HTTP, quick, url="http://canary.example/")
