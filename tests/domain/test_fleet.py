"""What is remembered of a fleet: answers as of their instant, nothing of those who did not agree."""

from datetime import timedelta
from functools import cache

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.fleet import WINDOW, Fleet, Memory, School
from monitor.domain.fleet_rotation import take
from monitor.domain.fleet_share import SchoolState, school_state
from monitor.domain.observation import Failure, Health
from tests.domain.small import at, said

DOWN, OURS = Failure.EXCHANGE_SERVER_ERROR, Failure.OURS_BLOCKED


@cache
def school(number: int, stratum: str = "A:lille", *, agreed: bool = True, pupils: int | None = None) -> School:
    uai = f"{number:07}X"
    probe = Probe(f"f/{uai}", "f", ProbeKind.HTTP, url=f"https://{uai}.example/")
    return School(uai, f"École {number}", f"https://{uai}.example", "D:59", stratum, pupils, probe if agreed else None)


def memory(*schools: School, budget: float = 1.0) -> Memory:
    return Memory(Fleet("f", "Flotte", "editeur", schools, budget))


def told(held: Memory, one: School, seconds: float, failure: Failure | None = None) -> None:
    """The school asked and heard at that moment."""
    take(held, one, at(seconds))
    held.heard(one, said(f"f/{one.uai}", seconds, failure))


def test_a_school_whose_head_did_not_agree_is_no_part_of_it() -> None:
    silent, open_one = school(1, agreed=False), school(2)
    held = memory(silent, open_one)
    assert (silent.agreed, open_one.agreed, held.agreed) == (False, True, 1)
    assert held.strata["A:lille"].schools == (open_one,)
    assert school_state(held, silent.uai) is None


def test_the_state_of_a_school_is_that_of_its_last_answer_and_carries_its_instant() -> None:
    held = memory(school(1))
    one = school(1)
    assert school_state(held, one.uai) is None
    told(held, one, 0, DOWN)
    told(held, one, 600, OURS)  # no evidence: what was heard before stays, with its own instant
    assert school_state(held, one.uai) == SchoolState(Health.DOWN, DOWN, at(0))
    told(held, one, 1200)
    assert school_state(held, one.uai) == SchoolState(Health.UP, None, at(1200))


def test_an_order_that_has_nothing_to_do_with_the_list() -> None:
    schools = [school(number) for number in range(200)]
    order = [one.uai for one in memory(*schools).strata["A:lille"].schools]
    assert order == [one.uai for one in memory(*reversed(schools)).strata["A:lille"].schools]
    assert sorted(order) == [one.uai for one in schools]
    assert order != sorted(order)
    elsewhere = Memory(Fleet("g", "Autre", "editeur", tuple(schools))).strata["A:lille"].schools
    assert order != [one.uai for one in elsewhere]


def test_two_bad_answers_of_the_last_ten_raise_suspicion_and_good_ones_end_it() -> None:
    schools = [school(number) for number in range(40)]
    held = memory(*schools)
    stratum = held.strata["A:lille"]
    moments = iter(range(0, 4000, 10))

    def next_says(failure: Failure | None) -> bool:
        told(held, stratum.next, next(moments), failure)
        return stratum.suspected

    assert [next_says(None) for _ in range(10)] == [False] * 10
    assert not next_says(DOWN)
    assert next_says(DOWN)
    assert [next_says(None) for _ in range(9)] == [True] * 8 + [False]
    assert not next_says(Failure.CONTENT_SLOW)
    assert not next_says(Failure.CONTENT_SLOW)


def test_those_asked_after_a_question_still_under_way_wait_with_it() -> None:
    schools = [school(number) for number in range(10)]
    held = memory(*schools)
    stratum = held.strata["A:lille"]
    order = stratum.schools
    for number in range(4):
        told(held, order[number], number)
    take(held, order[4], at(4))
    told(held, order[5], 5)

    def counted() -> list[str]:
        return [answer.school.uai for answer in stratum.sample(at(-100), at(100), 60)]

    assert counted() == [one.uai for one in reversed(order[:4])]
    held.heard(order[4], said("x", 4, DOWN))
    assert counted() == [one.uai for one in reversed(order[:6])]
    take(held, order[6], at(6))
    held.unheard(order[6])
    assert counted() == [one.uai for one in reversed(order[:6])]


def test_a_sample_ends_where_the_window_or_the_number_does() -> None:
    schools = [school(number) for number in range(10)]
    held = memory(*schools)
    stratum = held.strata["A:lille"]
    for number in range(8):
        told(held, stratum.next, number * 60)
    assert len(stratum.sample(at(0), at(1000), 60)) == 8
    assert len(stratum.sample(at(0), at(1000), 3)) == 3
    assert [answer.at for answer in stratum.sample(at(61), at(181), 60)] == [at(180), at(120)]
    assert stratum.sample(at(421), at(1000), 60) == []


def test_what_was_heard_while_our_own_line_was_not_seen_is_struck_out() -> None:
    schools = [school(number) for number in range(10)]
    held = memory(*schools)
    stratum = held.strata["A:lille"]
    for number in range(6):
        told(held, stratum.next, number * 10, DOWN if number >= 3 else None)
    assert stratum.suspected
    held.strike(at(30), at(60))
    assert not stratum.suspected
    assert [answer.at for answer in stratum.sample(at(0), at(60), 60)] == [at(20), at(10), at(0)]


def test_suspicion_speaks_of_the_window_alone() -> None:
    held = memory(*(school(number) for number in range(10)))
    stratum = held.strata["A:lille"]
    told(held, stratum.next, 0, DOWN)
    told(held, stratum.next, (WINDOW + timedelta(seconds=1)).total_seconds(), DOWN)
    assert not stratum.suspected
