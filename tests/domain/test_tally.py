"""What one probe said around an incident, counted."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.account import FailureCount, Latency, Period, Question, Where
from monitor.domain.catalog import ProbeKind
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.tally import latency, tally
from tests.domain.small import at, said

PROBE = Question("a/login", "a", ProbeKind.HTTP, "https://a.example/")
CANARY = Question("canary/0", None, ProbeKind.HTTP, "http://canary.example/")
PERIOD = Period(at(-3600), at(0), at(600), at(900))
DOWN, SLOW, OURS = Failure.CONNECT_TIMEOUT, Failure.CONTENT_SLOW, Failure.OURS_STALLED
S = timedelta(seconds=1)

answers = st.lists(
    st.builds(
        lambda second, failure, took: said("a/login", second, failure, took),
        st.integers(-4000, 1000),
        st.sampled_from([None, DOWN, SLOW, OURS]),
        st.floats(0, 10),
    ),
    unique_by=lambda one: one.at,
)


def test_a_small_outage() -> None:
    heard = [
        said("a/login", -60, took=0.2),
        said("a/login", 0, DOWN, 10),
        said("a/login", 60, DOWN, 10),
        said("a/login", 120, SLOW, 6),
        said("a/login", 180, OURS, 0),
        said("a/login", 240, took=0.4),
        said("a/login", 660, took=0.3),
    ]
    account = tally(PROBE, heard, PERIOD).account
    assert (account.during.asked, account.during.good, account.during.bad, account.during.ours) == (5, 1, 3, 1)
    assert (account.before.asked, account.before.good, account.before.bad) == (1, 1, 0)
    assert account.during.failures == (FailureCount(DOWN, 2), FailureCount(SLOW, 1), FailureCount(OURS, 1))
    assert (account.during.cadence, account.before.cadence) == (60 * S, None)
    assert account.before.latency == Latency(1, 0.2 * S, 0.2 * S)
    assert account.during.latency == Latency(2, 0.4 * S, 6 * S)
    marks = account.marks
    dated = (marks.good_before, marks.first_bad, marks.last_bad, marks.first_good, marks.last_good, marks.good_after)
    assert [one and one.at for one in dated] == [at(-60), at(0), at(120), at(240), at(660), at(240)]
    assert marks.last_bad is not None
    assert (marks.last_bad.failure, marks.last_bad.health, marks.last_bad.took) == (SLOW, Health.SLOW, 6 * S)


def test_a_canary_speaks_of_our_line_even_where_it_failed_on_our_side() -> None:
    heard = [
        Observation("canary/0", "local", at(n), S, failure) for n, failure in ((1, Failure.OURS_OFFLINE), (2, OURS))
    ]
    ours, theirs = tally(CANARY, heard, PERIOD).account, tally(PROBE, heard, PERIOD).account
    assert (ours.during.bad, ours.during.ours) == (1, 1)
    assert (theirs.during.bad, theirs.during.ours) == (0, 2)


def test_nothing_was_heard() -> None:
    account = tally(PROBE, [], PERIOD, never_seen=True).account
    assert account.during.latency is account.marks.first_bad is account.unread_since is None
    assert account.never_seen


def test_where_answers_came_from_while_it_lasted() -> None:
    def one(second: float, failure: Failure | None, **fields: object) -> Observation:
        return Observation("a/login", "local", at(second), S, failure, catalogue="c", **fields)  # type: ignore[arg-type]

    heard = [
        one(-60, None, address="192.0.2.9"),
        one(0, DOWN),
        one(60, None, address="192.0.2.1", final_host="cas.example", http_status=200),
        one(120, Failure.EXCHANGE_SERVER_ERROR, address="192.0.2.1", http_status=503),
    ]
    assert set(tally(PROBE, heard, PERIOD).seen) == {
        (Where.VANTAGE, "local", 3, 2),
        (Where.CATALOGUE, "c", 3, 2),
        (Where.ADDRESS, "192.0.2.1", 2, 1),
        (Where.FINAL_HOST, "cas.example", 1, 0),
        (Where.STATUS, "200", 1, 0),
        (Where.STATUS, "503", 1, 1),
    }


def test_what_was_not_read_is_no_pace() -> None:
    heard = [said("a/login", second) for second in (0, 10, 400)]
    assert tally(PROBE, heard, PERIOD).account.during.cadence == 10 * S
    cut = tally(PROBE, heard[1:], PERIOD, unread=(at(10), at(400))).account
    assert (cut.during.cadence, cut.unread_since, cut.unread_until) == (None, at(10), at(400))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=300))
def test_percentiles_are_answers_by_nearest_rank(took: list[int]) -> None:
    found = latency(n * S for n in took)
    assert found is not None
    for value, percent in ((found.median, 50), (found.p95, 95)):
        assert value / S in took
        assert sum(n * S <= value for n in took) * 100 >= percent * len(took)
        assert sum(n * S < value for n in took) * 100 < percent * len(took)


@given(answers, st.randoms())
def test_the_order_of_arrival_changes_nothing_and_no_answer_is_lost(heard: list[Observation], chance) -> None:
    shuffled = list(heard)
    chance.shuffle(shuffled)
    found = tally(PROBE, heard, PERIOD)
    assert tally(PROBE, shuffled, PERIOD) == found
    for side, since, until in (
        (found.account.before, -3600, 0),
        (found.account.during, 0, 601),
    ):
        inside = [one for one in heard if at(since) <= one.at < at(until)]
        assert side.asked == len(inside) == side.good + side.bad + side.ours
        assert sum(one.answers for one in side.failures) == side.bad + side.ours
