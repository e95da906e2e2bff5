"""The short cache: few readings whatever the crowd, the last known snapshot when the database goes."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest

from dashboard.data import Data, DatabaseReader
from dashboard.model import Day, Month, Stretch, read_view
from dashboard.reading import THREADS_MOST, Lane, Patience
from monitor.domain.observation import Health

from .conftest import MORNING, a_document, as_bytes


class CountingReader:
    """A reader that counts, and can lose its database."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.lost = False
        self.found: tuple[bytes, str] | None = (as_bytes(a_document()), "abc")

    def snapshot(self):
        self._count("snapshot")
        return self.found

    def service_day(self, service, until, probes):
        self._count(f"day {service}")
        return Day(until - timedelta(days=1), until, (), (Stretch(Health.UP, until, None),))

    def day_spans(self, since, until):
        self._count("spans")
        return {}

    def said(self, at, *, incident=None, service=None):
        self._count(f"said {incident or service}")
        return ()

    def windows(self, services, at):
        self._count("windows")
        return ()

    def month(self, service, at):
        self._count("month")
        return Month(at, at, None)

    def days_of_service(self, service, at):
        self._count(f"90 days {service.id}")
        return service.id

    def days_of_place(self, code, at):
        self._count(f"90 days {code}")
        return code

    def _count(self, what):
        self.asked.append(what)
        time.sleep(0.01)  # long enough for the crowd to arrive meanwhile
        if self.lost:
            raise OSError("Base injoignable.")


PATIENT = Patience(known=60, first=60, reading=60)  # no machine is so busy that an answer comes too late


async def test_a_crowd_causes_one_reading():
    reader = CountingReader()
    data = Data(reader, PATIENT)
    found = await asyncio.gather(*(data.published() for _ in range(200)))
    await asyncio.gather(*(data.service_day("pronote", MORNING) for _ in range(50)))
    assert reader.asked == ["snapshot", "day pronote"]
    assert all(one is found[0] for one in found)


async def test_the_tag_is_quoted_and_the_bytes_are_untouched():
    reader = CountingReader()
    published = await Data(reader, PATIENT).published()
    assert published is not None
    assert published.etag == '"abc"'
    assert published.body == reader.found[0]


async def test_no_snapshot_yet_is_none_and_days_are_empty_without_a_database():
    reader = CountingReader()
    reader.found = None
    data = Data(reader)
    assert await data.published() is None
    reader.lost = True
    day = await data.service_day("pronote", MORNING)
    assert (day.stretches, day.read) == ((), False)
    assert data.trouble == "Base injoignable."


EAGER = Patience(snapshot_fresh=0, day_fresh=0, known=60, first=60, reading=60)  # every question is asked again


async def test_the_last_snapshot_outlives_the_database():
    reader = CountingReader()
    data = Data(reader, EAGER)
    first = await data.published()
    reader.lost = True
    assert await data.published() is first
    assert data.trouble
    reader.lost = False
    assert await data.published() is first
    assert data.trouble is None


async def test_a_snapshot_of_a_newer_vigie_is_not_half_read():
    reader = CountingReader()
    data = Data(reader, EAGER)
    first = await data.published()
    reader.found = (b'{"at": "2026"}', "newer")
    assert await data.published() is first
    assert data.trouble


class SwallowingReader(CountingReader):
    """A reader whose database takes questions and answers none until `speaks` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.speaks = threading.Event()
        self.speaks.set()
        self.mute = ""

    def snapshot(self):
        self.speaks.wait(60)
        return super().snapshot()

    def service_day(self, service, until, probes):
        if service == self.mute:
            self.speaks.wait(60)
        return super().service_day(service, until, probes)


@pytest.fixture
def swallowing():
    reader = SwallowingReader()
    yield reader
    reader.speaks.set()


async def test_a_silent_database_keeps_nobody_waiting_for_what_is_known(swallowing):
    data = Data(swallowing, Patience(snapshot_fresh=0, known=0.05, first=60, reading=2))
    first = await data.published()
    swallowing.speaks.clear()
    assert await data.published() is first
    begun = time.monotonic()
    assert await asyncio.gather(*(data.published() for _ in range(200))) == [first] * 200
    assert time.monotonic() - begun < 2  # each 0.05 s, not one after the other
    while data.trouble is None:  # the reading is given up
        await asyncio.sleep(0.05)
    assert data.trouble == "La base de données ne répond pas à temps."
    swallowing.found = (as_bytes(a_document(quiet=True)), "newer")
    swallowing.speaks.set()
    while (fresh := await data.published()) is first:
        pass
    assert fresh is not None
    assert fresh.etag == '"newer"'
    assert data.trouble is None


async def test_a_slow_day_holds_up_no_other(swallowing):
    data = Data(swallowing, Patience(first=2))
    swallowing.mute = "pronote"
    swallowing.speaks.clear()
    slow = asyncio.create_task(data.service_day("pronote", MORNING))
    await asyncio.sleep(0)
    assert (await data.service_day("pix", MORNING)).stretches
    assert not slow.done()
    day = await slow
    assert (day.read, day.stretches) == (False, ())


async def test_a_day_known_but_old_is_no_longer_shown():
    reader = CountingReader()
    data = Data(reader, Patience(day_fresh=0, day_known=1, first=60))
    assert (await data.service_day("pix", MORNING)).read
    reader.lost = True
    assert (await data.service_day("pix", MORNING)).read
    await asyncio.sleep(1.1)
    assert not (await data.service_day("pix", MORNING)).read


async def test_a_database_that_swallows_everything_gets_no_more_than_a_few_threads(swallowing):
    lane = Lane(4, 0.01)
    swallowing.speaks.clear()
    before = threading.active_count()
    told = await asyncio.gather(*(lane.read(swallowing.snapshot) for _ in range(60)), return_exceptions=True)
    assert {str(one) for one in told} == {"La base de données ne répond pas à temps."}
    assert threading.active_count() - before <= THREADS_MOST


SERVICE = read_view(as_bytes(a_document())).services["pix"]


async def test_what_is_declared_is_read_once_for_a_crowd():
    reader = CountingReader()
    data = Data(reader, PATIENT)
    await asyncio.gather(*(data.said(MORNING, service="pix") for _ in range(50)))
    await asyncio.gather(*(data.said(MORNING, incident="pix") for _ in range(50)))
    await asyncio.gather(*(data.windows([SERVICE], MORNING) for _ in range(50)))
    await asyncio.gather(*(data.month(SERVICE, MORNING) for _ in range(50)))
    assert reader.asked == ["said pix", "said pix", "windows", "month"]
    await asyncio.gather(*(data.days_of_service(SERVICE, MORNING) for _ in range(50)))
    assert set(await asyncio.gather(*(data.days_of_place("A:lille", MORNING) for _ in range(50)))) == {"A:lille"}
    assert reader.asked[4:] == ["90 days pix", "90 days A:lille"]
    assert await data.windows([], MORNING) == ()
    assert reader.asked[6:] == []


async def test_a_desk_that_cannot_be_read_is_no_trouble_of_the_measures(caplog):
    reader = CountingReader()
    data = Data(reader, EAGER)
    await data.published()
    reader.lost = True
    for _ in range(3):
        assert await data.said(MORNING, service="pix") is None
        assert await data.windows([SERVICE], MORNING) is None
        assert await data.month(SERVICE, MORNING) is None
        assert await data.days_of_place("A:lille", MORNING) is None
    assert data.trouble is None
    assert len(caplog.records) == 1  # once for each trouble, not for each visit


async def test_a_slow_desk_holds_up_no_measure(swallowing):
    data = Data(swallowing, Patience(first=1))
    swallowing.said = swallowing.windows = lambda *_, **__: swallowing.speaks.wait(60)
    swallowing.speaks.clear()
    slow = [asyncio.create_task(data.said(MORNING, service=str(number))) for number in range(30)]
    await asyncio.sleep(0)
    assert (await data.service_day("pix", MORNING)).stretches
    assert set(await asyncio.gather(*slow)) == {None}


def test_the_probes_are_those_of_the_snapshot_else_those_that_hold_a_verdict(country):
    country.remember_day(MORNING, a_document())
    reader = DatabaseReader(country.url)
    assert len(reader.service_day("pix", MORNING, ()).points) == 144
    assert len(reader.service_day("pix", MORNING, ("pix/login",)).points) == 144
    assert reader.service_day("pix", MORNING, ("pix/other",)).points == ()
