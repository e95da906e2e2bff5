from monitor.domain.line import Canary, own_line
from tests.domain.small import at


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
