"""Gaps are gathered: one row for what goes on, none lost, none twice."""

from datetime import UTC, datetime, timedelta

from monitor.domain.gap import Excuse, Gap, Skip
from monitor.domain.observation import Observation
from monitor.ledger import EVERY_PROBE, Ledger

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def skip(minute: int, excuse: Excuse = Excuse.BACK_OFF) -> Skip:
    return Skip("ent/login", NOON + minute * MINUTE, excuse)


def gap(first: int, last: int, slots: int, excuse: Excuse, probe: str = "ent/login") -> Gap:
    return Gap(probe, "local", NOON + first * MINUTE, NOON + last * MINUTE, slots, excuse)


def test_a_host_left_alone_for_an_hour_is_one_gap() -> None:
    ledger = Ledger("local")
    for minute in range(60):
        ledger.skipped(skip(minute), MINUTE)
    assert ledger.unwritten == (gap(0, 60, 60, Excuse.BACK_OFF),)


def test_what_is_written_is_not_written_again_and_what_goes_on_keeps_its_beginning() -> None:
    ledger = Ledger("local")
    ledger.skipped(skip(0), MINUTE)
    first = ledger.unwritten
    ledger.skipped(skip(1), MINUTE)
    ledger.written(first)  # it went on while the store was at it
    assert ledger.unwritten == (gap(0, 2, 2, Excuse.BACK_OFF),)
    ledger.written(ledger.unwritten)
    assert ledger.unwritten == ()
    ledger.skipped(skip(2), MINUTE)
    assert ledger.unwritten == (gap(0, 3, 3, Excuse.BACK_OFF),)


def test_an_answer_ends_a_gap_and_another_excuse_begins_another() -> None:
    ledger = Ledger("local")
    ledger.skipped(skip(0), MINUTE)
    ledger.answered("ent/login")
    ledger.skipped(skip(5), MINUTE)
    ledger.skipped(skip(6, Excuse.COURTESY), MINUTE)
    assert ledger.unwritten == (
        gap(0, 1, 1, Excuse.BACK_OFF), gap(5, 6, 1, Excuse.BACK_OFF), gap(6, 7, 1, Excuse.COURTESY),
    )  # fmt: skip


def test_slots_lost_while_we_were_not_there_are_not_the_fault_of_a_long_question() -> None:
    ledger = Ledger("local")
    ledger.absent(Excuse.ASLEEP, NOON, NOON + 10 * MINUTE)
    ledger.passed_over("ent/login", 9, NOON + MINUTE, NOON + 10 * MINUTE)
    ledger.passed_over("ent/login", 3, NOON + 20 * MINUTE, NOON + 23 * MINUTE)
    assert ledger.unwritten == (gap(0, 10, 0, Excuse.ASLEEP, EVERY_PROBE), gap(20, 23, 3, Excuse.BUSY))


def test_it_may_be_known_only_a_moment_later_that_we_were_not_there() -> None:
    ledger = Ledger("local")
    ledger.passed_over("ent/login", 9, NOON + MINUTE, NOON + 10 * MINUTE)
    ledger.passed_over("b/login", 2, NOON - 5 * MINUTE, NOON - 3 * MINUTE)
    ledger.absent(Excuse.ASLEEP, NOON, NOON + 10 * MINUTE)
    assert set(ledger.unwritten) == {gap(0, 10, 0, Excuse.ASLEEP, EVERY_PROBE), gap(-5, -3, 2, Excuse.BUSY, "b/login")}


def test_answers_given_up_are_a_gap_of_each_probe() -> None:
    ledger = Ledger("local")
    ledger.given_up(
        [Observation(probe, "local", NOON + n * MINUTE, MINUTE) for n in range(3) for probe in ("a/b", "c/d")]
    )
    assert ledger.unwritten == (gap(0, 3, 3, Excuse.STORAGE, "a/b"), gap(0, 3, 3, Excuse.STORAGE, "c/d"))


def test_a_question_that_was_under_way_while_we_slept_is_known() -> None:
    ledger = Ledger("local")
    assert not ledger.away_during(NOON)
    ledger.absent(Excuse.ASLEEP, NOON, NOON + 10 * MINUTE)
    assert ledger.away_during(NOON - MINUTE)
    assert ledger.away_during(NOON + MINUTE)
    assert not ledger.away_during(NOON + 10 * MINUTE)
    ledger.absent(Excuse.CLOCK, NOON + 20 * MINUTE, NOON + 80 * MINUTE)
    assert not ledger.away_during(NOON + 19 * MINUTE)


def test_what_is_given_up_while_the_store_refuses_is_one_gap_that_grows() -> None:
    ledger = Ledger("local")

    def lose(minute: int) -> None:
        ledger.given_up([Observation("a/b", "local", NOON + minute * MINUTE, MINUTE)])

    for minute in range(1000):
        lose(minute)
    assert ledger.unwritten == (gap(0, 1000, 1000, Excuse.STORAGE, "a/b"),)
    ledger.written(ledger.unwritten)
    lose(2000)
    assert ledger.unwritten == (gap(2000, 2001, 1, Excuse.STORAGE, "a/b"),)


def test_a_clock_that_was_set_does_not_hide_that_we_slept() -> None:
    ledger = Ledger("local")
    ledger.absent(Excuse.ASLEEP, NOON, NOON + 10 * MINUTE)
    ledger.absent(Excuse.CLOCK, NOON + 10 * MINUTE, NOON + 70 * MINUTE)
    assert ledger.away_during(NOON + 9 * MINUTE)
