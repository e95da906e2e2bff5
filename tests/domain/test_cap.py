"""However an incident turns, a head of school hears at most that it began, began again once, and that it is over."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.cap import within_cap
from monitor.domain.catalog import Role
from monitor.domain.incident import Incident
from monitor.domain.news import news
from monitor.domain.notice import Silence, Subscription, Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.rollup import survey
from monitor.domain.scope import SchoolScope
from tests.domain.small import at, small_france

FRANCE = small_france()
GROUND = survey(FRANCE)
BASE = Incident("i", "service:a", at(0), at(60), Health.DOWN, Health.WAITING, ("a",), ("D:01",))
HEAD = Subscription("head:r1", "", role=Role.HEAD, schools=(SchoolScope("0010001A", "D:01"),), from_health=Health.SLOW,
                    settle=timedelta(0), repeat=timedelta(minutes=1))  # fmt: skip
RECTORAT = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",), min_share=0, repeat=timedelta(minutes=1))
WIDER = replace(BASE, id="wider", culprit="operator:edifice", services=("a", "b"), territories=("D:01", "D:69"))


def told(reason: Reason) -> Told:
    return Told("head:r1", "i", reason, Health.DOWN, at(100))


@pytest.mark.parametrize("reason", Reason)
def test_others_than_heads_are_told_whatever_the_rules_say(reason: Reason) -> None:
    assert within_cap(Role.RECTORAT, told(Reason.RELAPSED), reason) is reason
    assert within_cap(Role.HEAD, told(Reason.OPENED), Silence.RECOVERING) is Silence.RECOVERING


@pytest.mark.parametrize(
    ("last", "may"),
    [
        (None, {Reason.OPENED}),
        (Reason.OPENED, {Reason.EASED, Reason.CLOSED}),
        (Reason.WORSENED, {Reason.EASED, Reason.CLOSED}),  # told to them before they were a head
        (Reason.EASED, {Reason.RELAPSED}),
        (Reason.RELAPSED, {Reason.CLOSED}),
        (Reason.CLOSED, set()),
        (Reason.MERGED, set()),
    ],
)
def test_what_a_head_may_still_be_told(last: Reason | None, may: set[Reason]) -> None:
    before = None if last is None else told(last)
    assert {one for one in Reason if within_cap(Role.HEAD, before, one) is one} == may


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[Incident, ...]]:
    """An incident turn by turn in any order, also such as never happen; now and then it joins a wider one."""
    healths = st.sampled_from([Health.DOWN, Health.WAITING, Health.SLOW, Health.UNKNOWN, Health.UP])
    turns = []
    for _ in range(draw(st.integers(1, 12))):
        one = replace(
            BASE, health=draw(healths), worst=draw(st.sampled_from([Health.SLOW, Health.WAITING, Health.DOWN]))
        )
        match draw(st.sampled_from(["lasts", "recovers", "eases", "closes", "joins", "narrows"])):
            case "recovers":
                one = replace(one, recovered_at=at(200))
            case "eases":
                one = replace(one, recovered_at=at(200), eased_at=at(300))
            case "closes":
                one = replace(one, recovered_at=at(200), closed_at=at(300))
            case "joins":
                one = replace(one, closed_at=at(300), absorbed_into="wider")
            case "narrows":
                one = replace(one, services=("gone",), territories=("D:nowhere",))
        turns.append((one, WIDER) if draw(st.booleans()) else (one,))
    return turns


@pytest.mark.no_cover  # the same lines very often: the others here trace them
@given(lives())
def test_no_life_of_an_incident_says_more_than_the_cap(life: list[tuple[Incident, ...]]) -> None:
    heard: dict[tuple[str, str], Told] = {}
    said = Counter[tuple[str, str, Reason]]()
    order: list[Reason] = []
    for tick, incidents in enumerate(life):
        now = at(1000 + 120 * tick)
        for one in list(news([HEAD, RECTORAT], incidents, heard, FRANCE, GROUND, now=now, blind=False)):
            who, what = one.subscription.id, one.incident.id
            said[who, what, one.reason] += 1
            heard[who, what] = Told(who, what, one.reason, one.incident.worst, now)
            if (who, what) == (HEAD.id, "i"):
                order.append(one.reason)
    assert all(number == 1 for (who, _, reason), number in said.items() if who == HEAD.id or reason is Reason.OPENED)
    assert set(order) <= {Reason.OPENED, Reason.EASED, Reason.RELAPSED, Reason.CLOSED}
    assert order in (
        *([], [Reason.OPENED], [Reason.OPENED, Reason.CLOSED]),
        *([Reason.OPENED, Reason.EASED, Reason.RELAPSED, Reason.CLOSED][:length] for length in (2, 3, 4)),
    )
