"""Judging stored answers again: the same as sitting through every tick, whatever was leapt over."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.catalog import Catalog
from monitor.domain.corroboration import about_to_confirm
from monitor.domain.evaluation import Country, evaluate
from monitor.domain.incident import Incident
from monitor.domain.networks import Networks
from monitor.domain.notice import Reason, Subscription
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.policy import Policy, Rhythm
from monitor.domain.retrial import Court, ended, heard_at, retry
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import Span
from tests.domain.small import T0, at, catalog, said, service

BAD, SLOW, GONE, REFUSED = (
    Failure.EXCHANGE_SERVER_ERROR,
    Failure.CONTENT_SLOW,
    Failure.RESOLVE_NXDOMAIN,
    Failure.OURS_BLOCKED,
)
LYON = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",), settle=timedelta(minutes=1), min_share=0)
FIVE = timedelta(seconds=5)


def village() -> Catalog:
    seen = T0.date()
    return catalog(service("a", confirmed=seen), service("b", territories=("D:69",)), service("z", dormant=True))


def court(where: Catalog | None = None, **facts: object) -> Court:
    where = where or village()
    given: dict[str, object] = {
        "catalog": where,
        "ground": survey(where),
        "subscriptions": (LYON,),
        "vantage": "local",
        "rhythms": lambda _: lambda _: Rhythm.CLASS,
        "pace": FIVE,
        "hurry": FIVE,
    }
    return Court(**{**given, **facts})  # type: ignore[arg-type]


def morning(*bad: tuple[str, int, int, Failure | None], minutes: int = 40, cut: range = range(0)) -> list[Observation]:
    """Everybody asked every 20 s, canaries too; `bad` are (service, from, until, failure) in seconds."""
    heard = []
    for second in range(0, minutes * 60, 20):
        dead = Failure.CONNECT_UNREACHABLE if second in cut else None
        heard += [said(f"canary/{n}", second + n, dead) for n in range(4)]
        for name, first in (("a", None), ("b", None), ("z", GONE)):
            failure = next((one for who, since, until, one in bad if who == name and since <= second < until), first)
            heard.append(said(f"{name}/login", second + 5, dead or failure, took=0.4))
    return sorted(heard, key=ended)


Seen = tuple[list[Span], dict[str, Incident], list[tuple[str, str, Reason]]]


def replayed(answers: Sequence[Observation], minutes: int, by: Court | None = None) -> Seen:
    spans, incidents, told = list[Span](), dict[str, Incident](), list[tuple[str, str, Reason]]()
    for moment in retry(by or court(), answers, since=T0, until=T0 + timedelta(minutes=minutes)):
        spans += moment.change.spans
        incidents |= {one.id: one for one in moment.change.incidents}
        told += [(one.subscription.id, one.incident.id, one.reason) for one in moment.news]
    return spans, incidents, told


def sat_through(answers: Sequence[Observation], minutes: int) -> tuple[list[Span], dict[str, Incident]]:
    """Every tick, none leapt over."""
    spans, incidents, country, heard = list[Span](), dict[str, Incident](), Country(), 0
    for tick in range(5, minutes * 60 + 1, 5):
        fresh: dict[str, list[Observation]] = {}
        while heard < len(answers) and ended(answers[heard]) <= at(tick):
            fresh.setdefault(answers[heard].probe, []).append(answers[heard])
            heard += 1
        change = evaluate(country, fresh, village(), now=at(tick), vantage="local")
        country = change.country
        spans += change.spans
        incidents |= {one.id: one for one in change.incidents}
    return spans, incidents


def test_an_outage_is_opened_told_and_closed_as_it_was() -> None:
    _, incidents, told = replayed(morning(("a", 300, 600, BAD)), 40)
    (one,) = incidents.values()
    assert (one.culprit, one.opened_at, one.closed_at) == ("service:a", at(305), at(605))
    assert one.confirmed_at - one.opened_at < timedelta(seconds=90)
    assert told == [("lyon", one.id, Reason.OPENED), ("lyon", one.id, Reason.CLOSED)]


def test_a_stricter_policy_opens_nothing() -> None:
    where = village()
    strict = {
        name: replace(one, probes=(replace(one.probes[0], policy=Policy(fail_after=30)),))
        for name, one in where.services.items()
    }
    assert replayed(morning(("a", 300, 600, BAD)), 40, court(replace(where, services=strict)))[1:] == ({}, [])


def test_nothing_happens_on_a_calm_day_and_few_evaluations_are_needed() -> None:
    counted = Counting(morning(minutes=200))
    assert list(retry(court(), counted, since=at(0), until=at(60))) != []  # each service is heard for the first time
    assert list(retry(court(), morning(minutes=200), since=T0, until=at(12_000)))[-1].at <= at(60)


class Counting:
    """Answers that know how many of them were taken."""

    def __init__(self, answers: Sequence[Observation]) -> None:
        self._answers, self.taken = answers, 0

    def __iter__(self) -> Iterator[Observation]:
        for one in self._answers:
            self.taken += 1
            yield one


def test_answers_are_taken_as_they_are_needed_and_those_after_the_end_are_not_heard() -> None:
    counted = Counting(morning(("a", 300, 600, BAD)))
    moments = list(retry(court(), counted, since=T0, until=at(330)))
    assert all(moment.at <= at(330) for moment in moments)
    assert not any(one.culprit == "service:a" for moment in moments for one in moment.change.incidents)
    assert counted.taken < 150


@pytest.mark.parametrize(
    "answers",
    [
        morning(("a", 300, 600, BAD), ("b", 320, 700, SLOW)),
        morning(("a", 300, 1200, BAD), ("a", 1200, 1220, None), cut=range(600, 780)),
        morning(("a", 300, 1200, REFUSED), ("b", 0, 2400, BAD)),
        morning(("z", 300, 600, None), ("z", 900, 1100, BAD)),
        [one for one in morning(("a", 300, 320, BAD)) if not at(700) < one.at < at(1100)],
        [one for one in morning() if one.probe != "canary/3" or one.at < at(200)],
        [*morning(minutes=5), said("gone/login", 301, BAD)],
        [replace(one, failure=BAD) if one.probe == "canary/2" else one for one in morning()],
        [replace(one, failure=REFUSED) if one.probe == "canary/2" else one for one in morning()],
    ],
    ids=["two", "cut", "refused", "dormant", "silence", "canary stops", "foreign", "canary dead", "canary refused"],
)
def test_what_is_leapt_over_changes_nothing(answers: list[Observation]) -> None:
    spans, incidents, _ = replayed(answers, 40)
    plain = sat_through(answers, 40)
    assert incidents == plain[1]
    assert sorted(spans, key=repr) == sorted(plain[0], key=repr)


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "z"]),
            st.integers(0, 1700),
            st.integers(20, 600),
            st.sampled_from([BAD, SLOW, GONE, REFUSED, None]),
        ),
        max_size=5,
    ),
    st.integers(0, 1500),
    st.integers(0, 300),
)
def test_any_morning_is_the_same_leapt_through_or_sat_through(
    troubles: list[tuple[str, int, int, Failure | None]], since: int, silent: int
) -> None:
    whole = morning(*((name, begin, begin + lasts, what) for name, begin, lasts, what in troubles), minutes=30)
    answers = [one for one in whole if not at(since) < one.at < at(since + silent)]
    spans, incidents, _ = replayed(answers, 30)
    plain = sat_through(answers, 30)
    assert incidents == plain[1]
    assert sorted(spans, key=repr) == sorted(plain[0], key=repr)


def test_another_threshold_of_slowness_reads_durations_again_and_nothing_else() -> None:
    quick, slow, down = said("a/login", 0, took=1), said("a/login", 0, SLOW, took=5), said("a/login", 0, BAD, took=9)
    second, ten = timedelta(seconds=1), timedelta(seconds=10)
    assert heard_at(quick, second) is quick
    assert heard_at(quick, second / 2).failure is SLOW
    assert heard_at(slow, second) is slow
    assert heard_at(slow, ten).failure is None
    assert heard_at(down, second) is down


def test_enough_bad_answers_in_a_row_are_about_to_confirm() -> None:
    where, country = village(), Country()
    assert not about_to_confirm(where, country.verdicts)
    for number in range(3):
        assert not about_to_confirm(where, country.verdicts)
        heard = {"a/login": [said("a/login", 10 * number, BAD)]}
        country = evaluate(country, heard, where, now=at(10 * number + 1), vantage="local").country
    assert about_to_confirm(where, country.verdicts)
    assert country.verdicts["a/login"].health is Health.UNKNOWN


def test_it_hurries_while_something_is_about_to_be_confirmed() -> None:
    answers = morning(("a", 300, 600, BAD))
    hurried = replayed(answers, 40, court(pace=timedelta(seconds=30), hurry=timedelta(seconds=1)))[1]
    unhurried = replayed(answers, 40, court(pace=timedelta(seconds=30), hurry=timedelta(seconds=30)))[1]
    (soon,), (late,) = hurried.values(), unhurried.values()
    assert soon.confirmed_at < late.confirmed_at


def test_what_good_answers_showed_is_heard_in_its_turn() -> None:
    """Six services of nobody in particular stand in one network, and fall with it; the others stay up."""
    fallen, standing = [f"p{n}" for n in range(6)], [f"q{n}" for n in range(12)]
    where = catalog(
        *(service(name, operator=None, platform=None, confirmed=T0.date()) for name in (*fallen, *standing))
    )
    heard = []
    for second in range(0, 600, 20):
        heard += [said(f"canary/{n}", second + n) for n in range(4)]
        for name in (*fallen, *standing):
            down = name in fallen and second >= 200
            one = said(f"{name}/login", second + 5, Failure.CONNECT_TIMEOUT if down else None)
            heard.append(one if down else replace(one, address="192.0.2.1" if name in fallen else "198.51.100.1"))
    table = Networks([(ip_network("192.0.2.0/24"), "Nuage"), (ip_network("198.51.100.0/24"), "Campus")])
    _, incidents, _ = replayed(sorted(heard, key=ended), 10, court(where, networks=table))
    assert [one.culprit for one in incidents.values()] == ["network:Nuage"]
    _, incidents, _ = replayed(sorted(heard, key=ended), 10, court(where))
    assert sorted(one.culprit for one in incidents.values()) == [f"service:{name}" for name in fallen]
