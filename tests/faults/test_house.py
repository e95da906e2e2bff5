"""`vigie check` names every fault of the house for what it is, down to the stage, and the house would notice if not."""

from dataclasses import replace

import pytest

from monitor.domain.observation import Failure, Stage
from tests.faults import matrix, ours
from tests.faults.house import open_house
from tests.faults.registry import BEHAVIOURS

# A RST that arrives between the connection and its first use: real, rare, and no server can make it happen on purpose.
# An ICMP of no route from afar: loopback has none; our own lack of a route is `no-route`.
NOT_ON_LOOPBACK = {Failure.CONNECT_RESET, Failure.CONNECT_UNREACHABLE}

FAMILIES = {"connect", "head", "body", "encoding", "redirect", "tls", "content", "status", "pattern", "dns"}


async def test_every_behaviour_is_named_for_what_it_is() -> None:
    outcome = await matrix.run()
    # A machine that is busy elsewhere is late with many answers at once, and Vigie says so (ours/stalled): those are asked
    # again, by themselves. What bears a wrong name bears it twice.
    late = {cell.behaviour.name for cell in outcome.wrong if cell.observed == Failure.OURS_STALLED}
    again = (await matrix.run({name: BEHAVIOURS[name] for name in late})).wrong if late else []
    wrong = [cell for cell in outcome.wrong if cell.behaviour.name not in late] + again
    assert [line for cell in wrong for line in matrix.disagreement(cell)] == []
    assert outcome.tripped == ()
    assert len(outcome.cells) == sum(len(one.expected) for one in BEHAVIOURS.values())


def test_the_house_holds_every_failure_that_a_target_can_have() -> None:
    expected = {word for one in BEHAVIOURS.values() for word in one.expected if word}
    theirs = {failure.value for failure in Failure if failure.stage is not Stage.OURS}
    assert theirs - expected == {failure.value for failure in NOT_ON_LOOPBACK}
    assert expected - theirs == {"ours/blocked", "ours/offline"}
    assert {one.family for one in BEHAVIOURS.values()} == FAMILIES
    assert len(BEHAVIOURS) >= 200


async def test_a_wrong_name_would_be_noticed() -> None:
    well = BEHAVIOURS["well"]
    outcome = await matrix.run({"well": replace(well, expected=("connect/refused",))})
    assert [(cell.expected, cell.observed) for cell in outcome.wrong] == [("connect/refused", "up")]
    assert not outcome.fine


@pytest.mark.parametrize("name", ["dns-private", "to-literal", "rebinding"])
async def test_a_forbidden_address_that_is_asked_would_be_noticed(name: str) -> None:
    async with open_house([BEHAVIOURS[name]]) as house:
        (seen,) = await house.check(VIGIE_ALLOW_NETWORKS="127.0.0.0/8")
        assert seen["failure"] is None
        assert house.zone.tripped == [name]


async def test_nobody_is_accused_of_our_own_faults() -> None:
    told = await ours.suffer_all()
    assert {one.name for one in told} == set(ours.FAULTS)
    assert all(one.fine for one in told), "\n".join(ours.lines(told))
