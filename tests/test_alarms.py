"""What the operator of Vigie is told of its own messages, once for each trouble and once when it is over."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.catalog import Role
from monitor.domain.evaluation import Country
from monitor.domain.incident import Incident
from monitor.domain.line import Line
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from tests.office import MINUTE, SECOND, Office
from tests.stories.village import MORNING

BOSS = Subscription("boss", "VIGIE_BOSS", role=Role.OPERATOR)
LYON = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",))
NICE = Subscription("nice", "VIGIE_NICE", services=("autre",))
HEAD = Subscription("head", "VIGIE_HEAD", territories=("A:lyon",), role=Role.HEAD)
INCIDENT = Incident("i1", "service:portail", MORNING, MORNING, Health.DOWN, Health.DOWN, ("portail",), ("A:lyon",))
MAIL = "mailto://smtp.example/?to="


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    addresses = {"boss": "json://boss/", "lyon": f"{MAIL}lyon@x.fr", "nice": f"{MAIL}nice@x.fr"}
    one = Office(f"sqlite:///{tmp_path}/vigie.db", addresses, subscriptions=(BOSS, LYON, NICE))
    await one.start()
    yield one
    await one.close()


def told(office: Office) -> list[str]:
    return [message.title.removeprefix("VIGIE — ") for _, message in office.world.accepted if "boss" in message.url]


async def test_a_destination_that_fails_for_a_quarter_of_an_hour_and_comes_back(office: Office) -> None:
    office.world.refuses = {"smtp.example"}
    office.queue("m", "lyon")
    office.queue("n", "nice")
    await office.passes(14 * MINUTE)
    assert (told(office), office.teller.alarms.warnings) == ([], ())
    await office.passes(2 * MINUTE)
    await office.passes(60 * MINUTE, MINUTE)
    assert told(office) == ["une destination d’envoi ne répond plus"]
    [(_, letter)] = office.world.accepted
    assert "lyon, nice" in letter.body
    assert "depuis le 6 avril" in letter.body.lower()
    assert "smtp.example" not in letter.body
    [sentence] = office.teller.alarms.warnings
    assert sentence.replace("\u00a0", " ") == (
        "Une destination d’envoi ne répond plus depuis 15 minutes ou davantage : des messages attendent."
    )
    office.world.refuses.clear()
    await office.passes(3 * MINUTE)
    assert told(office)[1:] == ["une destination d’envoi répond de nouveau"]
    assert office.teller.alarms.warnings == ()


async def test_a_restart_does_not_tell_it_again_and_says_when_it_is_over(office: Office) -> None:
    office.world.refuses = {"smtp.example"}
    office.queue("m", "lyon")
    await office.passes(17 * MINUTE)
    office.store.close()
    await office.start()
    await office.passes(30 * MINUTE, 5 * SECOND)
    assert len(told(office)) == 1
    office.world.refuses.clear()
    await office.passes(3 * MINUTE)
    assert told(office)[1:] == ["une destination d’envoi répond de nouveau"]


async def test_one_mailbox_that_is_refused_while_its_server_serves_others(office: Office) -> None:
    office.world.refuses = {"lyon@x.fr", "head@x.fr"}
    office.addresses["head"] = f"{MAIL}head@x.fr"
    object.__setattr__(office.teller._w, "subscriptions", (BOSS, LYON, NICE, HEAD))
    office.queue("m", "lyon")
    office.queue("h", "head")
    for number in range(5):
        office.queue(f"n{number}", "nice", incident=f"i{number}")
        await office.passes(5 * MINUTE, 5 * SECOND)
    assert told(office) == ["les messages d’un abonnement sont refusés"]  # not of each school
    office.world.refuses.clear()
    await office.passes(16 * MINUTE, 5 * SECOND)
    assert told(office)[1:] == ["les messages d’un abonnement ne sont plus refusés"]


async def test_an_incident_that_concerns_no_subscription(office: Office) -> None:
    office.country = Country(incidents=(INCIDENT,))
    await office.passes(10 * SECOND)
    assert told(office) == []
    elsewhere = replace(INCIDENT, id="i2", territories=("A:corse",))
    ours = replace(elsewhere, id="i3", culprit="vantage:local")
    over = replace(elsewhere, id="i4", closed_at=MORNING, recovered_at=MORNING)
    office.country = Country(incidents=(INCIDENT, elsewhere, ours, over))
    await office.passes(5 * MINUTE)
    office.store.close()
    await office.start()
    await office.passes(MINUTE)
    assert told(office) == ["un incident sans abonné"]
    assert "i2" in office.world.accepted[-1][1].body


async def test_while_we_are_blind_nobody_is_missed(office: Office) -> None:
    elsewhere = replace(INCIDENT, territories=("A:corse",))
    office.country = Country(incidents=(elsewhere,), line=Line(blind=True, seen_at=None))
    await office.passes(10 * SECOND)
    assert told(office) == []


async def test_nobody_subscribes_and_then_somebody_does(office: Office) -> None:
    object.__setattr__(office.teller._w, "subscriptions", (BOSS,))
    await office.passes(5 * MINUTE, 5 * SECOND)
    assert told(office) == ["personne n’est abonné"]
    object.__setattr__(office.teller._w, "subscriptions", (BOSS, LYON))
    await office.passes(10 * SECOND)
    assert told(office)[1:] == ["il y a de nouveau des abonnés"]


async def test_whoever_signed_up_speaks_for_nobody_and_their_refusals_trouble_nobody(office: Office) -> None:
    stranger = Subscription("public:7", "", role=Role.PUBLIC, territories=("A:lyon",))
    office.addresses["public:7"] = f"{MAIL}nobody@x.fr"
    object.__setattr__(office.teller._w, "subscriptions", (BOSS, stranger))
    office.world.refuses = {"nobody@x.fr"}
    office.queue("s", "public:7", incident="abonnement/7")
    for number in range(5):
        office.queue(f"n{number}", "nice", incident=f"i{number}")
        await office.passes(5 * MINUTE, 5 * SECOND)
    assert told(office) == ["personne n’est abonné"]


async def test_in_a_rehearsal_nobody_is_troubled(office: Office) -> None:
    object.__setattr__(office.teller._w, "subscriptions", (BOSS,))
    object.__setattr__(office.teller._w, "rehearsal", "2021-04-06")
    await office.passes(10 * SECOND)
    assert told(office) == []
