"""The short cache: few readings whatever the crowd, the last known snapshot when the database goes."""

import asyncio
import time
from datetime import timedelta

from dashboard.data import Data
from dashboard.model import Day, Stretch
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

    def service_day(self, service, until):
        self._count(f"day {service}")
        return Day(until - timedelta(days=1), until, (), (Stretch(Health.UP, until, None),))

    def day_spans(self, since, until):
        self._count("spans")
        return {}

    def _count(self, what):
        self.asked.append(what)
        time.sleep(0.01)  # long enough for the crowd to arrive meanwhile
        if self.lost:
            raise OSError("Base injoignable.")


async def test_a_crowd_causes_one_reading():
    reader = CountingReader()
    data = Data(reader)
    found = await asyncio.gather(*(data.published() for _ in range(200)))
    await asyncio.gather(*(data.service_day("pronote", MORNING) for _ in range(50)))
    assert reader.asked == ["snapshot", "day pronote"]
    assert all(one is found[0] for one in found)


async def test_the_tag_is_quoted_and_the_bytes_are_untouched():
    reader = CountingReader()
    published = await Data(reader).published()
    assert published is not None
    assert published.etag == '"abc"'
    assert published.body == reader.found[0]


async def test_no_snapshot_yet_is_none_and_days_are_empty_without_a_database():
    reader = CountingReader()
    reader.found = None
    data = Data(reader)
    assert await data.published() is None
    reader.lost = True
    assert (await data.service_day("pronote", MORNING)).stretches == ()
    assert data.trouble == "Base injoignable."


async def test_the_last_snapshot_outlives_the_database():
    reader = CountingReader()
    data = Data(reader)
    first = await data.published()
    reader.lost = True
    data._looked_at = float("-inf")  # a second later
    assert await data.published() is first
    assert data.trouble
    reader.lost = False
    data._looked_at = float("-inf")
    assert await data.published() is first
    assert data.trouble is None


async def test_a_snapshot_of_a_newer_vigie_is_not_half_read():
    reader = CountingReader()
    data = Data(reader)
    first = await data.published()
    reader.found = (b'{"at": "2026"}', "newer")
    data._looked_at = float("-inf")
    assert await data.published() is first
    assert data.trouble
