from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.attribution import Attribution
from monitor.domain.catalog import Role
from monitor.domain.incident import Incident
from monitor.domain.notice import Silence, Subscription, Told, concerns, to_tell
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from tests.domain.small import at, small_france

INCIDENT = Incident("i", "service:a", at(0), at(60), Health.DOWN, Health.DOWN, ("a",), ("D:01",))
OURS = Incident("v", "vantage:local", at(0), at(10), Health.UNKNOWN, Health.UNKNOWN, (), ())
LYON = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",))
OPERATOR = Subscription("us", "VIGIE_US", role=Role.OPERATOR)


def told(reason: Reason = Reason.OPENED, health: Health = Health.DOWN, seconds: float = 300) -> Told:
    return Told("lyon", "i", reason, health, at(seconds))


def say(
    incident: Incident = INCIDENT,
    before: Told | None = None,
    *,
    who: Subscription = LYON,
    share: float = 0.5,
    now: float = 300,
    blind: bool = False,
) -> Reason | Silence:
    return to_tell(who, incident, before, share, at(now), blind=blind)


@pytest.mark.parametrize(
    ("wanted", "hit", "theirs"),
    [
        ("A:lyon", "D:01", True),
        ("D:01", "A:lyon", True),
        ("A:lyon", "A:lyon", True),
        ("D:69", "D:01", False),
        ("N", "D:01", True),
        ("N", "N", True),
        ("A:lyon", "N", False),
        ("A:lyon", "D:nowhere", False),
    ],
)
def test_territories_above_and_below_are_theirs_national_services_only_if_asked_for(
    wanted: str, hit: str, theirs: bool
) -> None:
    subscription = replace(LYON, territories=(wanted,))
    assert concerns(subscription, replace(INCIDENT, territories=(hit,)), small_france()) is theirs


def test_a_service_can_be_asked_for_by_name() -> None:
    by_name = replace(LYON, territories=(), services=("a",))
    assert concerns(by_name, replace(INCIDENT, territories=("N",)), small_france())
    assert not concerns(replace(by_name, services=("b",)), INCIDENT, small_france())


def test_our_blindness_is_for_the_operator_alone_and_nothing_else_is() -> None:
    assert concerns(OPERATOR, OURS, small_france())
    assert not concerns(LYON, OURS, small_france())
    assert not concerns(replace(OPERATOR, territories=("N",)), INCIDENT, small_france())


def test_the_first_word_waits_for_settling() -> None:
    assert say(now=239) is Silence.SETTLING
    assert say(now=240) is Reason.OPENED


@pytest.mark.parametrize(
    ("incident", "share", "silence"),
    [
        (replace(INCIDENT, worst=Health.SLOW), 0.5, Silence.TOO_MILD),
        (INCIDENT, 0.09, Silence.TOO_FEW),
        (replace(INCIDENT, recovered_at=at(200)), 0.5, Silence.RECOVERING),
        (replace(INCIDENT, recovered_at=at(100), closed_at=at(100)), 0.5, Silence.NEVER_OPENED),
    ],
)
def test_a_first_word_that_is_not_said_has_a_reason(incident: Incident, share: float, silence: Silence) -> None:
    assert say(incident, share=share) is silence


def test_nothing_new_is_nothing_said() -> None:
    assert say(before=told()) is Silence.NOTHING_NEW


def test_worsened_is_said_once() -> None:
    waiting = told(health=Health.WAITING)
    assert say(before=waiting, now=899) is Silence.JUST_TOLD
    assert say(before=waiting, now=900) is Reason.WORSENED
    assert say(before=waiting, now=200) is Reason.WORSENED  # the clock was set back
    assert say(before=told(Reason.WORSENED), now=900) is Silence.NOTHING_NEW


def heard(share: float | None = 0.25, reach: int | None = 1, *, explained: bool | None = False) -> Told:
    return replace(told(), share=share, reach=reach, explained=explained)


@pytest.mark.parametrize(
    ("before", "share", "reach", "said"),
    [
        (heard(), 0.25, 1, Silence.NOTHING_NEW),
        (heard(), 0.25, 2, Reason.SPREAD),
        (heard(), 0.49, 1, Silence.NOTHING_NEW),
        (heard(), 0.5, 1, Reason.SPREAD),
        (heard(0.1 + 0.2), 0.55, 1, Reason.SPREAD),
        (heard(None, None, explained=None), 1.0, 9, Silence.NOTHING_NEW),
    ],
)
def test_it_has_spread_where_a_place_of_theirs_is_added_or_a_quarter_of_their_users(
    before: Told, share: float, reach: int, said: Reason | Silence
) -> None:
    assert to_tell(LYON, INCIDENT, before, share, at(900), blind=False, reach=reach) is said
    early = to_tell(LYON, INCIDENT, before, share, at(899), blind=False, reach=reach)
    assert early is (Silence.JUST_TOLD if said is Reason.SPREAD else said)
    head = replace(LYON, role=Role.HEAD)
    assert to_tell(head, INCIDENT, before, share, at(900), blind=False, reach=reach) is Silence.NOTHING_NEW


def test_an_explanation_is_told_before_a_spreading_and_a_worsening_before_both() -> None:
    cause = Attribution("operator:edifice", ("a", "b", "c"), explained=True)
    explained = replace(INCIDENT, cause=cause)

    def said(before: Told) -> Reason | Silence:
        return to_tell(LYON, explained, before, 1.0, at(900), blind=False, reach=2)

    assert said(heard()) is Reason.EXPLAINED
    assert said(heard(explained=True)) is Reason.SPREAD
    assert said(heard(explained=None)) is Reason.SPREAD
    assert said(replace(heard(), health=Health.WAITING)) is Reason.WORSENED
    assert said(replace(heard(), reason=Reason.EASED)) is Reason.RELAPSED


def test_reminders_come_as_often_as_asked_for() -> None:
    who = replace(LYON, repeat=timedelta(hours=4))
    assert say(before=told(), who=who, now=300 + 4 * 3600 - 1) is Silence.NOTHING_NEW
    assert say(before=told(), who=who, now=300 + 4 * 3600) is Reason.STILL_OPEN


def test_what_is_not_measured_any_more_is_not_repeated() -> None:
    who = replace(LYON, repeat=timedelta(hours=4))
    unseen = replace(INCIDENT, health=Health.UNKNOWN)
    assert say(unseen, told(), who=who, now=300 + 9 * 3600) is Silence.NOT_MEASURED


def test_recovery_is_watched_then_closed_and_said_once() -> None:
    watched = replace(INCIDENT, recovered_at=at(600))
    closed = replace(watched, closed_at=at(600))
    assert say(watched, told()) is Silence.RECOVERING
    assert say(closed, told()) is Reason.CLOSED
    assert say(closed, told(Reason.CLOSED)) is Silence.NOTHING_NEW


def test_easing_is_said_then_a_relapse_then_the_end_each_once() -> None:
    eased = replace(INCIDENT, recovered_at=at(600), eased_at=at(1500))
    assert say(eased, told()) is Reason.EASED
    assert say(eased, told(Reason.EASED)) is Silence.NOTHING_NEW
    assert say(eased) is Silence.NEVER_OPENED
    assert say(INCIDENT, told(Reason.EASED)) is Reason.RELAPSED
    assert say(INCIDENT, told(Reason.RELAPSED)) is Silence.NOTHING_NEW
    closed = replace(eased, closed_at=at(600))
    assert say(closed, told(Reason.EASED)) is Reason.CLOSED


def test_an_incident_that_joined_another_is_told_so_once_and_never_closed() -> None:
    absorbed = replace(INCIDENT, closed_at=at(200), absorbed_into="wider")
    assert say(absorbed, told()) is Silence.JUST_TOLD
    assert say(absorbed, told(), now=900) is Reason.MERGED
    assert say(absorbed, told(Reason.MERGED)) is Silence.NOTHING_NEW
    assert say(absorbed) is Silence.NEVER_OPENED


def test_while_blind_nobody_but_the_operator_hears_anything() -> None:
    assert say(blind=True) is Silence.WE_ARE_BLIND
    assert say(OURS, who=OPERATOR, share=0.0, now=10, blind=True) is Reason.OPENED
    closed = replace(OURS, recovered_at=at(50), closed_at=at(50))
    assert say(closed, told(Reason.OPENED, Health.UNKNOWN), who=OPERATOR) is Reason.CLOSED
