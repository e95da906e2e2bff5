"""Heads of school out of the desk: told while they are in the register, from the next tick on and no longer."""

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.schools import Schools
from monitor.desk.recipients import forget, take
from monitor.domain.catalog import Audience as For
from monitor.domain.observation import Failure
from monitor.domain.recipient import Contact
from monitor.heads import Gateways, Heads, Terms
from monitor.readership import Declared, Readership
from monitor.store import DeskReader, StoreError, Telling, open_desk_reader
from monitor.wiring import Wiring
from tests.bench.heads import contacts
from tests.stories.village import RECTORAT, Inline, Village

DOWN = Failure.EXCHANGE_SERVER_ERROR
GATEWAYS = Gateways("mailtos://user:secret@smtp.example.org", "jsons://sms.example.org/?to={phone}")
KINDS = {"0010002Y": ("D:01", (For.LYCEE,))}  # of the Ain, as those of 001; the portail is for collèges


@dataclass
class Country(Village):
    """A village with a register of heads of school."""

    settle: timedelta = timedelta(minutes=5)
    desks: list[DeskReader] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def wiring(self) -> Wiring:
        self.desks.append(open_desk_reader(self.url))
        heads = Heads(self.desks[-1], GATEWAYS, Terms(settle=self.settle), Schools(KINDS).scope_of)
        declared = Declared((RECTORAT,), {RECTORAT.id: "json://gateway/"})
        self.readership = Readership([declared, heads], Inline())
        return replace(super().wiring(), readership=self.readership, addresses=self.readership.addresses)

    def crash(self) -> None:
        super().crash()
        for desk in self.desks:
            desk.close()

    def register(self, *contacts: Contact) -> None:
        take(self.url, contacts, self.clock.at)

    def ids(self) -> dict[str, str]:
        """UAI → id of the subscription."""
        with closing(open_desk_reader(self.url)) as desk:
            return {one.uai: f"head:{one.id}" for one in desk.recipients()}

    def told(self) -> list[tuple[str, str]]:
        """UAI (or id of a subscription) and reason, in the order of sending."""
        names = {name: uai for uai, name in self.names.items()}
        return [(names.get(who, who), reason) for who, reason in self.reasons()]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Country]:
    async for one in opened(f"sqlite:///{tmp_path}/vigie.db"):
        yield one


@pytest.fixture
async def anywhere(database_url: str) -> AsyncIterator[Country]:
    """On each database."""
    async for one in opened(database_url):
        yield one


async def opened(url: str) -> AsyncIterator[Country]:
    one = Country(url)
    one.register(
        Contact("0010001X", "Collège A", "ce.0010001x@example.org", "0474000000"),
        Contact("0010002Y", "Lycée B", "ce.0010002y@example.org"),
        Contact("0690001Z", "Collège du Rhône", "ce.0690001z@example.org", language="en"),
    )
    one.names = one.ids()
    await one.start()
    yield one
    one.crash()


async def test_the_rectorat_first_then_the_heads_whom_it_concerns_and_nobody_elsewhere(place: Country) -> None:
    place.weather.failures["portail"] = DOWN
    await place.minutes(20)
    assert place.told() == [("rectorat-lyon", "opened"), ("0010001X", "opened")]
    message = place.post.handed[1]
    assert message.url.startswith("mailtos://user:secret@smtp.example.org/?to=ce.0010001x%40example.org&%2BX-Vigie-Ref")
    place.weather.failures.clear()
    await place.minutes(20)
    assert place.told()[2:] == [("rectorat-lyon", "closed"), ("0010001X", "closed")]


async def test_who_is_registered_in_the_middle_hears_and_who_is_forgotten_does_not(anywhere: Country) -> None:
    place = anywhere
    place.weather.failures["portail"] = DOWN
    await place.minutes(20)
    place.register(Contact("0010003Z", "Collège C", "ce.0010003z@example.org"))
    place.names |= place.ids()
    await place.tick()
    assert place.told()[2:] == [("0010003Z", "opened")]
    forget(place.url, "ce.0010001x@example.org")
    place.weather.failures.clear()
    await place.minutes(20)
    assert place.told()[3:] == [("rectorat-lyon", "closed"), ("0010003Z", "closed")]
    assert place.names["0010001X"] not in place.readership.addresses


async def test_a_restart_says_nothing_again(place: Country) -> None:
    place.weather.failures["portail"] = DOWN
    await place.minutes(20)
    before = place.told()
    await place.restart()
    await place.minutes(5)
    assert place.told() == before


async def test_a_register_that_cannot_be_read_makes_nobody_deaf_and_is_said_once(
    place: Country, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await place.tick()

    def locked(_: DeskReader) -> tuple[int, int]:
        raise StoreError("Un autre programme retient le registre.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(DeskReader, "recipients_mark", locked)
        place.weather.failures["portail"] = DOWN
        await place.minutes(20)
    assert place.told() == [("rectorat-lyon", "opened"), ("0010001X", "opened")]
    assert caplog.text.count("retient le registre") == 1
    assert "example.org" not in caplog.text


async def test_hundreds_are_kept_in_batches_each_once_and_a_store_that_refuses_one_loses_none(
    place: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.register(*contacts(600, ("001",)))
    place.names |= place.ids()
    sizes: list[int] = []
    queue = place.store.queue

    def refusing_the_second(rows: list[Telling]) -> None:
        sizes.append(len(rows))
        if len(sizes) == 3:
            raise StoreError("plus de place")
        queue(rows)

    monkeypatch.setattr(place.store, "queue", refusing_the_second)
    place.weather.failures["portail"] = DOWN
    place.post.hangs_on = "/"  # only what is queued is of interest
    await place.minutes(8)
    assert max(sizes) == 250
    assert sizes[0] == 1  # the rectorat, two minutes before everybody
    everybody = [one.subscription for one in place.store.waiting()]
    assert len(everybody) == len(set(everybody)) == 602
    assert everybody[0] == RECTORAT.id
