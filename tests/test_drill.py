"""The daily drill: once a day, to whoever runs Vigie, whatever the machine went through. Real books, injected clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.drill import Drilling
from monitor.store import Mark, Store, Telling
from monitor.store.errors import StoreError
from tests.stories.village import OPERATOR, RECTORAT, Clock, Village

SEVEN = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)  # in Paris
ENGLISH = replace(OPERATOR, id="operator", language="en")
NOBODY = replace(OPERATOR, id="nobody")


@pytest.fixture
async def village(tmp_path: Path) -> AsyncIterator[Village]:
    one = Village(f"sqlite:///{tmp_path}/vigie.db", clock=Clock(SEVEN - timedelta(hours=1)))
    one.subscriptions = (RECTORAT, OPERATOR, ENGLISH)
    await one.start()
    yield one
    one.crash()


def drilling(village: Village, told: list[Telling], **facts: Any) -> Drilling:
    everybody = (*village.subscriptions, NOBODY)
    wiring = replace(village.wiring(), subscriptions=everybody, told=told.append, **facts)
    return Drilling(wiring, time(6, 45))


async def test_it_goes_to_those_who_run_vigie_once_its_hour_has_come(village: Village) -> None:
    told: list[Telling] = []
    drill = drilling(village, told)
    await drill.step()
    assert (told, drill.last) == ([], None)
    village.clock.at = SEVEN
    for _ in range(3):
        await drill.step()
    assert [one.id for one in told] == ["drill/2026-11-28/operateur", "drill/2026-11-28/operator"]
    assert [one.title.split(" — ")[0] for one in told] == ["EXERCICE QUOTIDIEN", "DAILY DRILL"]
    assert drill.last is not None
    assert (drill.last.day, drill.last.arrived_at) == ("2026-11-28", None)
    for one in told:
        village.store.mark_tellings([Mark(one.id, "sent", SEVEN, "remis")])
    await drill.step()
    assert drill.last.arrived_at == SEVEN


async def test_a_restart_repeats_nothing_and_the_next_day_is_another(village: Village) -> None:
    village.clock.at = SEVEN
    await drilling(village, []).step()
    again: list[Telling] = []
    drill = drilling(village, again)
    await drill.step()
    assert (again, drill.last is not None) == ([], True)
    village.clock.at = SEVEN + timedelta(hours=20)  # at night the last one is still yesterday's
    await drill.step()
    assert (again, drill.last and drill.last.day) == ([], "2026-11-28")
    village.clock.at = SEVEN + timedelta(hours=30)  # the machine was off at that hour
    await drill.step()
    assert {one.incident for one in again} == {"drill/2026-11-29"}


async def test_books_that_refuse_are_asked_again(village: Village) -> None:
    village.clock.at = SEVEN
    told: list[Telling] = []
    full = Full(village.store)
    drill = drilling(village, told, store=full)
    await drill.step()
    assert (told, drill.last) == ([], None)
    full.refuses = False
    await drill.step()
    assert len(told) == 2


async def test_with_nobody_to_tell_the_books_are_left_alone(village: Village) -> None:
    village.clock.at = SEVEN
    drill = Drilling(replace(village.wiring(), subscriptions=(RECTORAT, NOBODY), store=None), time(6, 45))  # type: ignore[arg-type]
    await drill.step()
    assert drill.last is None


@dataclass
class Full:
    """Books on a disk that is full for a while."""

    store: Store
    refuses: bool = True

    def __getattr__(self, name: str) -> Any:
        if self.refuses:
            raise StoreError("disque plein")
        return getattr(self.store, name)
