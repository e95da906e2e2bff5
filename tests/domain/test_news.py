"""Who should hear what: every subscription beside every incident; the shares of its territories."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.incident import Incident
from monitor.domain.news import Heard, News, look_again, news, share_of_theirs, touched_of_theirs
from monitor.domain.notice import Reason, Silence, Subscription, Told
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from tests.domain.small import at, catalog, small_france

FRANCE = small_france()
GROUND = survey(FRANCE)
INCIDENT = Incident("i", "service:a", at(0), at(60), Health.DOWN, Health.DOWN, ("a",), ("D:01",))
LYON = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",))


def heard_by(*who: Subscription, before: Told | None = None) -> list[tuple[str, Reason]]:
    known = {} if before is None else {(before.subscription, before.incident): before}
    found = news(who, [INCIDENT], known, FRANCE, GROUND, now=at(300), blind=False)
    return [(one.subscription.id, one.reason) for one in found]


def test_who_is_concerned_hears_once_and_nobody_else_hears() -> None:
    elsewhere = replace(LYON, id="rhone", territories=("D:69",))
    assert heard_by(LYON, elsewhere) == [("lyon", Reason.OPENED)]
    assert heard_by(LYON, before=Told("lyon", "i", Reason.OPENED, Health.DOWN, at(250))) == []


def test_the_news_carries_the_share_of_those_who_hear_it() -> None:
    (one,) = news([LYON], iter([INCIDENT]), {}, FRANCE, GROUND, now=at(300), blind=False)
    assert 0 < one.share < 1
    assert one.share == share_of_theirs(LYON, INCIDENT, FRANCE, GROUND)


@pytest.mark.parametrize(
    ("who", "incident", "share"),
    [
        (replace(LYON, territories=("D:01",)), INCIDENT, 1.0),
        (replace(LYON, territories=("D:69",)), INCIDENT, 0.0),
        (replace(LYON, territories=(), services=("a",)), INCIDENT, 1.0),
        (replace(LYON, territories=("N",)), replace(INCIDENT, territories=("N",)), 1.0),
        (replace(LYON, territories=()), INCIDENT, 0.0),
        (replace(LYON, territories=("C:975",)), INCIDENT, 0.5),  # nobody serves it: the share of what lies above
    ],
)
def test_the_share_is_of_their_own_territories(who: Subscription, incident: Incident, share: float) -> None:
    assert share_of_theirs(who, incident, FRANCE, GROUND) == share


def test_an_incident_that_is_not_theirs_hides_no_other() -> None:
    foreign = replace(INCIDENT, id="far", territories=("D:69",))
    here = replace(LYON, territories=("D:01",))
    (one,) = news([here], [foreign, INCIDENT], {}, FRANCE, GROUND, now=at(300), blind=False)
    assert one == News(here, INCIDENT, Reason.OPENED, 1.0, ("D:01",))


def test_while_we_are_blind_nothing_is_said_of_anybody() -> None:
    assert list(news([LYON], [INCIDENT], {}, FRANCE, GROUND, now=at(300), blind=True)) == []


def test_where_nothing_is_served_nothing_is_affected() -> None:
    assert share_of_theirs(LYON, INCIDENT, FRANCE, survey(catalog())) == 0.0


@pytest.mark.parametrize(
    ("who", "services", "touched"),
    [
        (LYON, ("a",), ("D:01",)),
        (LYON, ("a", "b"), ("D:01", "D:69")),
        (replace(LYON, services=("b", "z"), territories=("D:01",)), ("a", "b"), ("D:01", "b")),
        (replace(LYON, territories=("C:988",)), ("a",), ()),
        (replace(LYON, territories=()), ("a",), ()),
    ],
)
def test_what_is_touched_of_theirs_is_places_and_services_by_name(
    who: Subscription, services: tuple[str, ...], touched: tuple[str, ...]
) -> None:
    assert touched_of_theirs(who, replace(INCIDENT, services=services), FRANCE, GROUND) == touched


PART = replace(INCIDENT, id="part", closed_at=at(700), absorbed_into="i")
WIDER = replace(INCIDENT, worst=Health.DOWN, services=("a", "b"), territories=("D:01", "D:69"))


def of_both(heard: Heard, seconds: float) -> list[tuple[str, Reason]]:
    found = news([LYON], [WIDER, PART], heard, FRANCE, GROUND, now=at(seconds), blind=False)
    return [(one.incident.id, one.reason) for one in found]


def test_who_heard_of_a_part_hears_that_it_joined_and_of_the_whole_what_is_new_after_that() -> None:
    part = Told("lyon", "part", Reason.OPENED, Health.WAITING, at(300), 0.1, 1, explained=False)
    assert of_both({("lyon", "part"): part}, 899) == []
    assert of_both({("lyon", "part"): part}, 900) == [("part", Reason.MERGED)]
    (joined,) = news([LYON], [WIDER, PART], {("lyon", "part"): part}, FRANCE, GROUND, now=at(900), blind=False)
    told = joined.told(at(900))
    # What it has joined is told with it: its state and extent are heard.
    assert told == Told("lyon", "part", Reason.MERGED, Health.DOWN, at(900), joined.share, 2, explained=False)
    assert joined.followed is WIDER
    assert of_both({("lyon", "part"): told}, 9000) == []


def test_an_end_of_the_whole_is_told_to_who_has_still_to_hear_that_a_part_joined_it() -> None:
    part = Told("lyon", "part", Reason.OPENED, Health.DOWN, at(300), 0.1, 1, explained=False)
    over = replace(WIDER, recovered_at=at(500), closed_at=at(500))
    found = news([LYON], [over, PART], {("lyon", "part"): part}, FRANCE, GROUND, now=at(720), blind=False)
    assert [(one.incident.id, one.reason) for one in found] == [("i", Reason.CLOSED)]


def test_who_was_told_hears_the_end_even_where_nothing_of_it_is_theirs_any_more() -> None:
    gone = replace(INCIDENT, territories=("D:nowhere",), services=("gone",), closed_at=at(200), recovered_at=at(200))
    told = {("lyon", "i"): Told("lyon", "i", Reason.OPENED, Health.DOWN, at(100))}
    (one,) = news([LYON], [gone], told, FRANCE, GROUND, now=at(300), blind=False)
    assert one == News(LYON, gone, Reason.CLOSED, 0.0, before=told["lyon", "i"])
    assert list(news([LYON], [gone], {}, FRANCE, GROUND, now=at(300), blind=False)) == []


@pytest.mark.parametrize(
    ("silence", "told", "repeat", "again"),
    [
        (Silence.SETTLING, None, None, at(60) + LYON.settle),
        (Silence.NOTHING_NEW, Told("lyon", "i", Reason.OPENED, Health.DOWN, at(100)), timedelta(hours=4), at(14500)),
        (Silence.NOTHING_NEW, Told("lyon", "i", Reason.OPENED, Health.DOWN, at(100)), None, None),
        (Silence.JUST_TOLD, Told("lyon", "i", Reason.OPENED, Health.DOWN, at(100)), None, at(700)),
        (Silence.NOT_THEIRS, None, timedelta(hours=4), None),
    ],
)
def test_time_alone_ends_some_silences(silence, told, repeat, again) -> None:
    assert look_again(replace(LYON, repeat=repeat), INCIDENT, told, silence, at(300)) == again


def test_a_silence_that_nobody_has_thought_of_is_looked_at_again_at_once() -> None:
    assert look_again(LYON, INCIDENT, None, "quiet hours", at(300)) == at(300)  # type: ignore[arg-type]
