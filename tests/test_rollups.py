"""Roll-ups and retention as the monitor runs them: step by step, behind a clock that is told what time it is."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.answer_tally import Grain
from monitor.domain.observation import Observation
from monitor.past import Past
from monitor.retention import goes_before
from monitor.store import DatabaseBusy, closing, open_reader
from monitor.usuals import Usuals
from monitor.wiring import Wiring
from tests.stories.village import Village

MONDAY = datetime(2026, 11, 23, 0, 10, tzinfo=UTC)
TODAY = MONDAY.date()
DAY, MS, EVERY = timedelta(days=1), timedelta(milliseconds=1), timedelta(hours=3)


@pytest.fixture
async def place(tmp_path) -> AsyncIterator[Village]:
    one = Village(f"sqlite:///{tmp_path}/vigie.db")
    one.clock.at = MONDAY
    await one.start()
    yield one
    one.crash()


def wired(place: Village, **other: object) -> Wiring:
    return replace(place.wiring(), **other)  # type: ignore[arg-type]


def answers(since: datetime, until: datetime, probe: str = "portail/login") -> list[Observation]:
    """An answer every three hours."""
    return [Observation(probe, "local", since + n * EVERY, 80 * MS) for n in range((until - since) // EVERY)]


async def all_of_it(wiring: Wiring) -> None:
    past = Past(wiring, Usuals(wiring))
    while await past.step() is not None:
        pass


def counted(place: Village, grain: Grain = Grain.HOUR) -> int:
    reader = open_reader(place.url)
    found = reader.answers_by(grain, ["portail/login", "autre/login"], MONDAY - 300 * DAY, MONDAY + 300 * DAY)
    reader.close()
    return sum(one.tally.answers for one in found)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), date(2026, 11, 13)),
        ((None, None), date(2026, 11, 13)),
        ((date(2026, 11, 20), None), date(2026, 11, 13)),
        ((date(2026, 11, 20), date(2026, 11, 2)), date(2026, 11, 2)),
    ],
)
def test_the_oldest_that_somebody_needs_decides(held, expected: date) -> None:
    just_after_midnight_in_paris = datetime(2026, 11, 22, 23, 1, tzinfo=UTC)
    assert goes_before(just_after_midnight_in_paris, 10, date(2026, 11, 21), held) == expected
    assert goes_before(just_after_midnight_in_paris, 10, date(2026, 10, 1), held) == date(2026, 10, 1)


async def test_an_hour_is_rolled_up_five_minutes_after_its_end_and_a_day_after_its_last(place: Village) -> None:
    place.store.append(answers(MONDAY - 26 * EVERY, MONDAY.replace(hour=1)))  # the last at 21:10, 22:10 in Paris
    place.clock.at = MONDAY.replace(hour=22, minute=4) - DAY
    await all_of_it(wired(place))
    assert counted(place) == 25
    place.clock.at += timedelta(minutes=1)
    await all_of_it(wired(place))
    assert counted(place) == 26
    assert place.store.open_day() is None
    place.store.append(answers(MONDAY, MONDAY + EVERY))
    place.clock.at = MONDAY.replace(hour=1, minute=5)
    await all_of_it(wired(place))
    assert place.store.open_day() is None
    assert counted(place) == counted(place, Grain.FIVE_MINUTES) == counted(place, Grain.DAY) == 27


async def test_a_restart_between_any_two_steps_changes_nothing(place: Village, monkeypatch) -> None:
    monkeypatch.setattr(closing, "SERIES_A_PART", 1)
    monkeypatch.setattr(closing, "SERIES_A_DAY_PART", 1)
    given = [one for name in ("portail/login", "autre/login") for one in answers(MONDAY - DAY, MONDAY, name)]
    place.store.append(given[1:])
    patience, steps = 4, 0
    while patience:
        # Each part is done by one that has done one or two others before, and is then gone.
        past = Past(wired(place), Usuals(wired(place)))
        more = [await past.step() for _ in range(1 + steps % 3)]
        steps += 1
        if steps == 20:
            place.store.append(given[:1])
        patience = patience - 1 if more[-1] is None else 4
        if steps % 5 == 0:
            await place.restart()
    assert steps > 20
    assert counted(place) == counted(place, Grain.DAY) == len(given)


async def test_what_is_old_goes_unless_somebody_needs_it(place: Village) -> None:
    place.store.append(answers(MONDAY - 6 * DAY, MONDAY))
    first = (MONDAY - 6 * DAY).date()
    await all_of_it(wired(place))
    assert place.store.first_day() == first  # nobody said for how long

    async def sealed_before() -> date | None:
        return first + DAY

    async def archives_nothing() -> date | None:
        return None

    await all_of_it(wired(place, keep_days=3, held=(archives_nothing, sealed_before)))
    assert place.store.first_day() == first + DAY
    await all_of_it(wired(place, keep_days=3, held=(archives_nothing,)))
    assert place.store.first_day() == TODAY - 3 * DAY
    assert counted(place, Grain.DAY) == len(answers(MONDAY - 6 * DAY, MONDAY))


async def test_a_clock_that_is_set_far_ahead_takes_nothing_with_it(place: Village) -> None:
    given = answers(MONDAY - 6 * DAY, MONDAY)
    place.store.append(given)
    await all_of_it(wired(place))
    place.clock.at = MONDAY + 300 * DAY
    place.store.append(answers(place.clock.at, place.clock.at + DAY))
    place.clock.at += 2 * DAY
    await all_of_it(wired(place, keep_days=3))
    # Of the last three days that were measured two are those of the wrong clock, or one, and the rest are true.
    assert place.store.first_day() in {TODAY - DAY, TODAY - 2 * DAY}
    await all_of_it(wired(place, keep_days=300))
    assert place.store.first_day() in {TODAY - DAY, TODAY - 2 * DAY}


async def test_a_rehearsal_rolls_up_and_deletes_nothing(place: Village) -> None:
    place.store.append(answers(MONDAY - 6 * DAY, MONDAY))
    await all_of_it(wired(place, keep_days=3, rehearsal="2021-04-06"))
    assert place.store.first_day() == (MONDAY - 6 * DAY).date()
    assert counted(place) == len(answers(MONDAY - 6 * DAY, MONDAY))


async def test_whoever_holds_the_books_is_not_waited_for(place: Village) -> None:
    place.store.append(answers(MONDAY - 6 * DAY, MONDAY))
    await all_of_it(wired(place))

    async def busy() -> date | None:
        raise DatabaseBusy("occupée")

    assert await Past(wired(place, keep_days=3, held=(busy,)), Usuals(wired(place))).step() is None
