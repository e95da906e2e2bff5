"""What began and ended while nobody could be reached: one message can stand for both."""

from dataclasses import replace
from pathlib import Path

from monitor.domain.observation import Failure
from monitor.letters import Letters
from tests.stories.village import RECTORAT, Village


async def test_two_rows_that_were_not_delivered_become_one_letter(tmp_path: Path) -> None:
    place = Village(f"sqlite:///{tmp_path}/vigie.db", subscriptions=(RECTORAT,))
    await place.start()
    place.post.dead = True
    for failing, ticks in ((False, 4), (True, 10), (False, 40)):
        place.weather.failures = {"portail": Failure.EXCHANGE_SERVER_ERROR} if failing else {}
        for _ in range(ticks):
            await place.tick(30)
    names = [f"20210406-060200-portail/rectorat-lyon/{what}-down" for what in ("opened", "closed")]
    first, last = (place.store.tellings(names)[one] for one in names)
    assert (first.reason.value, last.reason.value) == ("opened", "closed")
    letters = Letters(place.wiring(), place.pipeline.country, place.clock.at)
    both = letters.both(first, last)
    assert both is not None
    title, body = both
    assert title.startswith("RÉTABLI — PORTAIL — Ain — de 8 h 02 à 8 h 07")
    assert body.replace("\u00a0", " ").startswith("PORTAIL : en panne de 8 h 02 à 8 h 07 — rétabli.\n")
    assert letters.both(first, replace(last, incident="another")) is None
    assert letters.both(replace(first, subscription="nobody"), last) is None
    place.crash()
