"""Printing: once an edition however many ask, and what could not be read is not kept."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

from dashboard.data import Data
from dashboard.model import Day, Stretch, read_view
from dashboard.public import service
from dashboard.public.assets import Assets
from dashboard.public.press import Press, Sheet, Visit
from monitor.domain.observation import Health

from .conftest import MORNING, a_document, as_bytes


class Desk:
    """A reader of one snapshot and one day."""

    def __init__(self, *stretches: Stretch) -> None:
        self.stretches = stretches
        self.lost = False

    def snapshot(self):
        return as_bytes(a_document()), "abc"

    def service_day(self, service, until, probes):
        if self.lost:
            raise OSError("Base injoignable.")
        return Day(until - timedelta(days=1), until, (), self.stretches)

    def day_spans(self, since, until):
        return {}


async def test_a_crowd_makes_a_page_once_and_an_impatient_visitor_stops_it_for_nobody():
    made = []

    async def page(visit: Visit, key: str) -> Sheet:
        made.append(key)
        await asyncio.sleep(0.02)
        return Sheet("message.html", "Page", {"sentence": "Voilà."})

    press = Press(Data(Desk()), Assets(), lambda: MORNING)
    crowd = [asyncio.create_task(press.print("/x", page, "x")) for _ in range(200)]
    await asyncio.sleep(0.01)
    crowd[0].cancel()
    printed = await asyncio.gather(*crowd[1:])
    assert made == ["x"]
    assert len({one.body for one in printed}) == 1


async def test_a_page_whose_day_could_not_be_read_says_so_and_is_made_again():
    desk = Desk(Stretch(Health.UP, MORNING - timedelta(hours=9), None))
    desk.lost = True
    press = Press(Data(desk), Assets(), lambda: MORNING)
    first = await press.print("/service/pix", service.page, "pix")
    assert "ne peuvent pas être lues".encode() in first.body
    assert b"Aucun trouble" not in first.body
    desk.lost = False
    again = await Press(Data(desk), Assets(), lambda: MORNING).print("/service/pix", service.page, "pix")
    assert "ne peuvent pas être lues".encode() not in again.body
    assert "/service/pix" not in press._plates


async def rows_of(*stretches: Stretch) -> list[str]:
    visit = Visit(read_view(as_bytes(a_document())), Data(Desk(*stretches)), MORNING, stale=False)
    return [row.health.value for row in (await service.page(visit, "pix")).values["stretches"]]


async def test_the_moment_before_the_first_state_is_not_in_the_table():
    dawn = MORNING - timedelta(hours=3)

    def after(seconds: float) -> list[Stretch]:
        established = dawn + timedelta(seconds=seconds)
        return [Stretch(Health.UNKNOWN, dawn, established), Stretch(Health.UP, established, None)]

    assert await rows_of(*after(59)) == ["up"]
    assert await rows_of(*after(60)) == ["up", "unknown"]
    assert await rows_of(Stretch(Health.UNKNOWN, dawn, None)) == ["unknown"]
    later = Stretch(Health.UNKNOWN, dawn - timedelta(seconds=20), dawn)
    early = Stretch(Health.DOWN, dawn - timedelta(hours=1), later.since)
    assert await rows_of(early, later, Stretch(Health.UP, dawn, None)) == ["up", "unknown", "down"]


def test_templates_keep_french_spaces():
    for path in sorted((Path(service.__file__).parent / "templates").glob("*.html")):
        text = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]+>", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r"\w [:;?!»]", text) == [], path.name
