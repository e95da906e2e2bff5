"""History from stored answers: the same for every order of arrival, and the same as what was found live."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.arrival import in_order, late_answers
from monitor.domain.catalog import Catalog
from monitor.domain.evaluation import Change, Country, evaluate
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.policy import Policy
from monitor.domain.replay import TICK, history, replay, scheduled
from monitor.domain.service_verdict import Span
from tests.domain.small import T0, at, catalog, said, service

BAD = Failure.EXCHANGE_SERVER_ERROR
ONE = catalog(service("a", confirmed=T0.date()))
# 10,000 histories are judged with this one.
SOON = replace(service("a").probes[0], policy=Policy(fail_for=timedelta(seconds=10)))
QUICK = replace(catalog(service("a", confirmed=T0.date(), probes=(SOON,))), canaries=ONE.canaries[:1])


def told(answers: Iterable[Observation], until: float, where: Catalog = ONE) -> tuple[Span, ...]:
    return history(replay(where, answers, until=at(until), vantage="local"), since=T0, until=at(until))


def of_service(spans: Iterable[Span]) -> list[tuple[Health, object, object]]:
    return [(one.health, one.since, one.until) for one in spans if one.probe is None]


def day(bad: set[int], until: int, *, canaries: int = 4, dead: range = range(0)) -> list[Observation]:
    """An answer every 20 s, bad at the seconds given; canaries every 10 s, silent during `dead`."""
    answers = [said("a/login", s, BAD if s in bad else None) for s in range(0, until, 20)]
    for s in range(1, until, 10):
        cut = Failure.CONNECT_TIMEOUT if s in dead else None
        answers += [said(f"canary/{n}", s, cut) for n in range(canaries)]
    return answers


def test_an_outage_is_found_in_what_was_stored() -> None:
    spans = told(day({100, 120, 140, 160}, 300), 300)
    assert of_service(spans) == [
        (Health.UP, at(0), at(100)),
        (Health.DOWN, at(100), at(180)),
        (Health.UP, at(180), at(300)),
    ]
    assert {one.vantage for one in spans if one.probe is None} == {""}
    assert [one.health for one in spans if one.probe == "a/login"] == [Health.UP, Health.DOWN, Health.UP]
    assert not [one for one in spans if one.service == "canary"]


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
def test_ten_thousand_orders_of_arrival_give_one_history() -> None:
    """Duplicates included: an outage, confirmed by its last answer. One in twenty is judged to the end, for time's sake:

    what a replay judges is what `scheduled` hands it, and that is the same for all of them.
    """
    answers = [said("a/login", s, BAD if s >= 5 else None) for s in (0, 5, 10, 15)]
    answers += [said("canary/0", s) for s in (1, 17)] + [said("a/login", 10, BAD)]
    plan, expected = scheduled(answers, until=at(20), vantage="local"), told(answers, 20, QUICK)
    assert of_service(expected) == [(Health.UP, at(0), at(5)), (Health.DOWN, at(5), at(20))]
    dice = random.Random(2021)
    for turn in range(10_000):
        dice.shuffle(answers)
        assert scheduled(answers, until=at(20), vantage="local") == plan
        assert turn % 20 or told(answers, 20, QUICK) == expected


WALKS = st.lists(
    st.tuples(st.sampled_from([5, 10, 30, 60, 300]), st.sampled_from([None, None, BAD, BAD, Failure.OURS_BLOCKED])),
    min_size=1,
    max_size=40,
)
CUTS = st.tuples(st.integers(0, 1500), st.integers(0, 200)).map(lambda cut: range(cut[0], cut[0] + cut[1]))


def walked(steps: list[tuple[int, Failure | None]], dead: range) -> tuple[list[Observation], int]:
    clock, answers = 0, []
    for gap, failure in steps:
        clock += gap
        answers.append(said("a/login", clock, BAD if clock in dead else failure))
    for s in range(1, clock + 30, 10):
        cut = Failure.CONNECT_TIMEOUT if s in dead else None
        answers += [said(f"canary/{n}", s, cut) for n in range(4)]
    return answers, clock + 60


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
@settings(max_examples=25, deadline=None)
@given(WALKS, CUTS, st.data())
def test_any_order_any_duplicates_any_cut_of_our_line(
    steps: list[tuple[int, Failure | None]], dead: range, data: st.DataObject
) -> None:
    answers, until = walked(steps, dead)
    expected = told(answers, until)
    again = data.draw(st.lists(st.sampled_from(answers), max_size=5))
    assert told(data.draw(st.permutations([*answers, *again])), until) == expected


def live(answers: Sequence[Observation], until: int, where: Catalog = ONE) -> tuple[list[Change], Country]:
    """Evaluated every 5 s with what had arrived by then, as the monitor does."""
    arrived = defaultdict[int, defaultdict[str, list[Observation]]](lambda: defaultdict(list))
    for one in answers:
        arrived[-((T0 - one.at - one.took) // TICK)][one.probe].append(one)
    changes, country = list[Change](), Country()
    for tick in range(until // 5 + 1):
        changes.append(evaluate(country, arrived.get(tick, {}), where, now=T0 + tick * TICK, vantage="local"))
        country = changes[-1].country
    return changes, country


@pytest.mark.no_cover
@settings(max_examples=25, deadline=None)
@given(WALKS, CUTS)
def test_what_is_told_afterwards_is_what_was_found_live(steps: list[tuple[int, Failure | None]], dead: range) -> None:
    answers, until = walked(steps, dead)
    changes, _ = live(answers, until)
    assert told(answers, until) == history(changes, since=T0, until=at(until))


def test_answers_come_in_one_order_and_once() -> None:
    here, there = said("a/login", 5), replace(said("a/login", 5), vantage="lyon")
    other = said("b/login", 5, BAD)
    for arrived in ([here, there, other, here], [other, here, here, there]):
        assert in_order(arrived) == [here, there, other]
    # Two that claim one start: whatever came first, the same one stands.
    worse = said("a/login", 5, BAD)
    assert in_order([worse, here]) == in_order([here, worse]) == [here]


def test_other_vantages_make_no_difference() -> None:
    answers = day({100, 120, 140, 160}, 300)
    elsewhere = [replace(one, vantage="lyon", failure=BAD, at=one.at + timedelta(seconds=1)) for one in answers]
    assert told([*answers, *elsewhere], 300) == told(answers, 300)


def test_an_answer_that_ended_before_an_earlier_one_waits_for_it() -> None:
    slow = said("a/login", 100, BAD, took=30)
    answers = [*day(set(), 200), slow, said("a/login", 105, BAD)]
    heard = [one for change in replay(ONE, answers, until=at(200), vantage="local") for one in change.late]
    assert heard == []


def test_what_ends_after_the_end_is_not_heard() -> None:
    answers = [said("a/login", 0), said("a/login", 8, BAD)]
    (last,) = list(replay(ONE, answers, until=at(9), vantage="local"))[-1:]
    assert last.country.verdicts["a/login"].last_at == at(0)


@pytest.mark.parametrize(("seconds", "late"), [(30, True), (60, False), (70, False)])
def test_an_answer_is_late_when_its_verdict_has_judged_beyond(seconds: float, late: bool) -> None:
    country = live([said("a/login", 0), said("a/login", 60)], 65)[1]
    fresh = {"a/login": [said("a/login", seconds, BAD)], "never/heard": [said("never/heard", 1)]}
    assert bool(late_answers(country.verdicts, fresh, at(80))) is late
    lyon = {"a/login": [replace(said("a/login", 30), vantage="lyon")]}
    assert late_answers(country.verdicts, lyon, at(80)) == ()


def test_a_clock_set_back_makes_no_answer_late() -> None:
    country = live([said("a/login", 3600)], 3605)[1]
    assert late_answers(country.verdicts, {"a/login": [said("a/login", 10)]}, at(11)) == ()


def test_late_answers_change_no_verdict_and_open_nothing() -> None:
    answers = day(set(), 300)
    changes, country = live(answers, 300)
    late = [said("a/login", s, BAD) for s in (101, 125, 145, 165)]
    change = evaluate(country, {"a/login": late}, ONE, now=at(301), vantage="local")
    assert change.late == tuple(late)
    assert (change.verdicts, change.services, change.incidents, change.spans) == ((), (), (), ())
    assert changes
