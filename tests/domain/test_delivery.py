"""The rules by which messages leave, from their ends: pauses, the breaker, turns of two destinations, rates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.delivery import (
    DOUBTFUL,
    ENOUGH,
    GIVE_UP,
    PATIENCE,
    PER_GATEWAY,
    PROBE_MOST,
    RETRY_FIRST,
    RETRY_MOST,
    Bucket,
    Gateway,
    Waiting,
    again_at,
    head,
    order,
    pause,
    together,
    way,
)
from monitor.domain.reason import Reason

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SOUND = Gateway(last_ok=NOW - HOUR)


def row(name: str = "a", incident: str = "i", reason: Reason = Reason.OPENED, **fields: object) -> Waiting:
    fields = {"created_at": NOW, "since": NOW, **fields}
    return Waiting(name, "lille", incident, reason, **fields)  # type: ignore[arg-type]


def failed(gateway: Gateway, count: int, at: datetime = NOW) -> Gateway:
    """Refused once by each of so many subscriptions."""
    for number in range(count):
        gateway = gateway.after(f"s{number}", at, delivered=False)
    return gateway


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (7, 640), (8, 900), (9_999, 900)])
def test_pauses_double_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert pause(attempts, RETRY_MOST) == seconds * SECOND


@given(st.integers(1, 10_000))
def test_a_pause_is_never_shorter_than_the_first_nor_than_the_one_before(attempts: int) -> None:
    assert RETRY_FIRST <= pause(attempts, PROBE_MOST) <= PROBE_MOST
    assert pause(attempts, RETRY_MOST) <= pause(attempts + 1, RETRY_MOST)


@pytest.mark.parametrize(
    ("next_try", "due"),
    [(None, True), (-SECOND, True), (timedelta(), True), (SECOND, False), (RETRY_MOST, False), (HOUR, True)],
)
def test_due_and_a_clock_that_was_set_back_holds_nothing_up(next_try: timedelta | None, due: bool) -> None:
    assert row(next_try_at=None if next_try is None else NOW + next_try).due(NOW) is due


def test_given_up_after_a_day() -> None:
    assert not row().given_up(NOW + GIVE_UP)
    assert row().given_up(NOW + GIVE_UP + SECOND)


def test_what_was_never_tried_is_not_late() -> None:
    assert not row().late(NOW + HOUR)
    assert not row(attempts=1).late(NOW + PATIENCE - SECOND)
    assert row(attempts=1).late(NOW + PATIENCE)


def test_one_refused_mailbox_does_not_close_the_gateway_to_the_others() -> None:
    refused = failed(SOUND, 1).after("s0", NOW, delivered=False)
    assert not refused.lets("s0", NOW)
    assert refused.lets("another", NOW)
    assert refused.room(0, 0)
    assert not refused.room(1, 1)
    assert refused.after("another", NOW, delivered=True) == Gateway(last_ok=NOW)


def test_enough_refused_in_a_row_and_nothing_leaves_but_a_probe() -> None:
    dead = failed(SOUND, ENOUGH)
    assert not dead.lets("another", NOW + PROBE_MOST - SECOND)
    assert dead.lets("another", NOW + PROBE_MOST)
    probed = dead.asked(NOW + PROBE_MOST)
    assert not probed.lets("another", NOW + PROBE_MOST + SECOND)
    assert probed.lets("another", NOW + 2 * PROBE_MOST)  # a probe that nobody heard of again
    assert dead.lets("another", NOW - HOUR)  # the clock was set back
    assert dead.since == NOW
    assert SOUND.asked(NOW) == SOUND


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 120)), max_size=40))
def test_whatever_happened_it_is_probed_within_a_minute_and_one_delivery_opens_it(
    events: list[tuple[int, bool, int]],
) -> None:
    gateway, at = Gateway(), NOW
    for number, delivered, seconds in events:
        at += seconds * SECOND
        gateway = gateway.asked(at).after(f"s{number}", at, delivered=delivered)
        assert gateway.sound is delivered
        assert (gateway.since is None) is delivered
        assert gateway.lets("anybody", at + PROBE_MOST)
        assert gateway.room(0, 0)
    assert gateway.after("s0", at, delivered=True).lets("s0", at)


def test_black_holes_cannot_take_all_the_places() -> None:
    unproven = Gateway()
    assert unproven.room(0, 0)
    assert not unproven.room(1, 1)
    assert not unproven.room(0, DOUBTFUL)
    assert SOUND.room(PER_GATEWAY - 1, DOUBTFUL)
    assert not SOUND.room(PER_GATEWAY, 0)


def test_failing_is_failing_for_a_quarter_of_an_hour() -> None:
    assert not SOUND.failing(NOW)
    dead = failed(SOUND, 1)
    assert not dead.failing(NOW + PATIENCE - SECOND)
    assert dead.failing(NOW + PATIENCE)


def test_a_destination_that_serves_others_is_not_to_blame() -> None:
    tried = row(attempts=8, tried_at=NOW)
    assert not Gateway(last_ok=NOW + SECOND).blames(row())
    assert not Gateway().blames(tried)
    assert not SOUND.blames(tried)
    serves = Gateway(last_ok=NOW + SECOND)
    assert serves.blames(tried)
    assert SOUND.blames(replace(tried, refused=True))
    assert again_at(tried, SOUND, "first", NOW, has_second=False) == NOW + PROBE_MOST
    assert again_at(tried, serves, "first", NOW, has_second=False) == NOW + RETRY_MOST


LATE = NOW + PATIENCE
DEAD = replace(failed(SOUND, ENOUGH), probe_at=LATE + SECOND)


@pytest.mark.parametrize(
    ("waiting", "first", "via"),
    [
        (row(), SOUND, "first"),
        (row(), DEAD, "second"),
        (row(), replace(DEAD, probe_at=LATE), "first"),  # it serves as the probe
        (row(), replace(DEAD, since=LATE), "first"),  # it may come back at any moment
        (row(attempts=1, via="first"), SOUND, "second"),
        (row(attempts=2, via="second"), SOUND, "first"),
        (row(attempts=2, via="second"), DEAD, "second"),
    ],
)
def test_the_second_destination(waiting: Waiting, first: Gateway, via: str) -> None:
    assert way(waiting, first, LATE, has_second=True) == via
    assert way(waiting, first, LATE, has_second=False) == "first"


def test_after_a_late_failure_the_other_destination_has_its_turn_at_once() -> None:
    tried = row(attempts=9)
    assert again_at(tried, DEAD, "first", LATE, has_second=True) == LATE
    assert again_at(row(), DEAD, "first", LATE, has_second=True) == LATE
    assert again_at(row(), failed(SOUND, 1, LATE), "first", LATE - SECOND, has_second=True) > LATE
    for via, has_second in (("first", False), ("second", True)):
        assert again_at(tried, DEAD, via, LATE, has_second=has_second) == LATE + PROBE_MOST  # type: ignore[arg-type]


def test_the_oldest_first_and_one_that_waits_is_passed_by_other_incidents_only() -> None:
    waits = row("a", next_try_at=NOW + SECOND)
    rows = [waits, row("b"), row("c", incident="other")]
    assert head(rows, NOW) == rows[2]
    assert head(rows, NOW + SECOND) == waits
    assert head(rows, NOW + SECOND, busy={"a"}) == rows[2]
    assert head([waits], NOW) is None
    assert head([replace(waits, lost=True, next_try_at=None), rows[1]], NOW) == rows[1]


DOWN, UP = row("down"), row("up", reason=Reason.CLOSED)
EASED, WORSE, AGAIN = (row(one.value, reason=one) for one in (Reason.EASED, Reason.WORSENED, Reason.RELAPSED))
GIVEN_UP = replace(DOWN, lost=True)


@pytest.mark.parametrize(
    ("rows", "chosen", "said"),
    [
        ([DOWN, UP], DOWN, [DOWN, UP]),
        ([DOWN, WORSE, EASED, UP], DOWN, [DOWN, WORSE, EASED, UP]),
        ([DOWN, EASED, AGAIN], DOWN, [DOWN, EASED]),
        ([GIVEN_UP, UP], UP, [GIVEN_UP, UP]),  # never an end without its beginning
        ([DOWN], DOWN, []),
        ([DOWN, WORSE], DOWN, []),
        ([UP], UP, []),
        ([EASED, UP], EASED, []),  # the beginning arrived
        ([DOWN, row("other", incident="j", reason=Reason.CLOSED)], DOWN, []),
        ([GIVEN_UP, replace(UP, lost=True), AGAIN], AGAIN, []),
    ],
)
def test_a_beginning_and_its_end_both_missed_are_told_together(
    rows: list[Waiting], chosen: Waiting, said: list[Waiting]
) -> None:
    assert list(together(rows, chosen)) == said


@given(st.lists(st.tuples(st.sampled_from(list(Reason)), st.booleans()), min_size=1, max_size=8))
def test_no_end_leaves_alone_while_its_beginning_waits(chain: list[tuple[Reason, bool]]) -> None:
    rows = [row(f"{n}", reason=reason, lost=lost) for n, (reason, lost) in enumerate(chain)]
    if (chosen := head(rows, NOW)) is None:
        return
    parts = together(rows, chosen)
    leaves = parts[-1] if parts else chosen
    assert not leaves.lost
    if leaves.reason is Reason.CLOSED and rows[0].reason is Reason.OPENED:
        assert rows[0] in parts or leaves is rows[0]


def test_a_letter_of_several_incidents_is_not_passed_by_their_ends_nor_told_with_one_of_them() -> None:
    letter = row("letter", "i", next_try_at=NOW + MINUTE, attempts=1, also=frozenset({"j"}))
    end, other = row("end", "j", Reason.CLOSED), row("other", "k")
    assert head([letter, end, other], NOW) == other
    assert head([letter, end], NOW) is None
    own_end = row("own", "i", Reason.CLOSED)
    assert together([letter, own_end], own_end) == ()
    assert together([replace(letter, also=frozenset()), own_end], own_end) != ()


def test_what_was_never_tried_goes_before_what_was() -> None:
    tried = row("a", tried_at=NOW - HOUR, created_at=NOW - 2 * HOUR)
    later = row("b", tried_at=NOW)
    new, newer = row("d"), row("c", created_at=NOW + SECOND)
    assert sorted([later, tried, newer, new], key=order) == [new, newer, tried, later]


def test_thousands_of_a_register_do_not_overtake_a_rectorat_nor_the_public_a_head() -> None:
    first = row("a", created_at=NOW - HOUR)
    asked = replace(first, subscription="public:9", incident="abonnement/9")
    public, head, rectorat = replace(first, subscription="public:8"), replace(first, subscription="head:7"), row("b")
    assert sorted([asked, public, head, rectorat], key=order) == [rectorat, head, public, asked]


def test_addresses_that_anybody_may_have_typed_close_no_gateway() -> None:
    assert SOUND.blames(row("a", "abonnement/7"))
    assert not SOUND.blames(row("a", tried_at=NOW))


@given(st.floats(0.01, 500), st.lists(st.integers(0, 5_000), max_size=200))
def test_a_rate_is_kept_over_any_time(rate: float, steps: list[int]) -> None:
    bucket, at, taken = Bucket.full(rate, NOW), NOW, 0
    for ms in steps:
        at += timedelta(milliseconds=ms)
        bucket = bucket.filled(at)
        while (left := bucket.taken()) is not None:
            bucket, taken = left, taken + 1
        assert timedelta() <= bucket.next_in <= timedelta(seconds=1 / rate + 1e-6)
    assert taken <= max(rate, 1) + (at - NOW).total_seconds() * rate + 1e-6


def test_a_clock_that_was_set_back_gives_nothing() -> None:
    empty = replace(Bucket.full(1, NOW), tokens=0.0)
    assert empty.filled(NOW - HOUR).taken() is None
    assert Bucket.full(5, NOW).next_in == timedelta()
