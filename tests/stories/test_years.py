"""The life of data, told in days: kept, closed, sealed, archived, let go; late answers, falls and jumps of the clock."""

import json
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.place import file_of
from monitor.daybook import Daybook
from monitor.domain.answer_tally import Grain
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.record import Record
from monitor.domain.seal import breaks
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.night import SETTLES, Night
from monitor.nightwork import work
from monitor.past import Past
from monitor.reports import seals
from monitor.reports.availability import availability_of
from monitor.reports.raw import records_of
from monitor.settings import Settings
from monitor.store import Evaluation, check, open_reader
from monitor.store.days import begins, bounds, day_of
from monitor.usuals import Usuals
from monitor.wiring import Wiring
from tests.sealed import verified, write_proof, written
from tests.stories.village import Clock, Village, inline

FIRST = date(2026, 10, 12)  # the 25th has 25 hours
DAY, HOUR, MS = timedelta(days=1), timedelta(hours=1), timedelta(milliseconds=1)
DAYS, KEEP, EVERY = 18, 5, 4 * HOUR
OFF = range(6, 8)  # Vigie is off, as in no database either
UNREACHABLE = range(10, 12)  # the archive, of nights
PROBES = ("portail/login", "autre/login")


class Life:
    """One monitor's books, day after day; what it was told is remembered beside them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder, self.archive = folder, folder / "archive"
        self.village = Village(url, clock=Clock(begins(FIRST)))
        self.told: dict[tuple[datetime, str], Observation] = {}
        self.before: dict[date, Any] = {}  # what was said of days while all their answers were held

    def wiring(self) -> Wiring:
        async def windows() -> tuple[()]:
            return ()

        return replace(self.village.wiring(), windows=windows, keep_days=KEEP, held=(self.night.first_needed,))

    async def start(self) -> None:
        """As `app` does: what a start does not know yet, it finds."""
        await self.village.start()
        settings = Settings(database_url=self.village.url, archive_dir=self.archive)
        self.night = Night(self.village.store, inline, settings, self.village.clock)  # type: ignore[arg-type]
        wiring = self.wiring()
        self.past, self.daybook = Past(wiring, Usuals(wiring)), Daybook(wiring)

    async def fall(self) -> None:
        self.village.crash()
        await self.start()

    async def steps(self, most: int = 10_000) -> None:
        """The two clocks in turn, as the engine lets them beat; a fall may come after any of them."""
        for _ in range(most):
            if (await self.past.step(), await self.daybook.step()) == (None, None):
                return

    async def sleep(self, lines: int = 10_000) -> list[str]:
        """A night's work, of which so many lines are heard before a fall."""
        troubles: list[str] = []
        with closing(open_reader(self.village.url)) as reader:
            for heard, line in enumerate(work(reader, self.archive, self.village.clock.at - SETTLES)):
                if heard == lines:
                    break
                await self.night._heard(json.loads(json.dumps(line)), troubles)
        return troubles

    def answer(self, at: datetime, probe: str) -> Observation:
        number = round(at.timestamp())
        failure = Failure.CONNECT_TIMEOUT if number % 7 == 3 else None
        return Observation(probe, "local", at, (80 + number % 50) * MS, failure, http_status=200)

    def hear(self, *new: Observation) -> None:
        self.village.store.append(new)
        kept = self.village.store.kept_from()
        self.told |= {(one.at, one.probe): one for one in new if one.at >= kept}

    def live(self, day: date) -> None:
        """A day's answers, and an outage of the portail every other day."""
        begin, end = bounds(day)
        instants = [begin + n * EVERY + timedelta(minutes=4) for n in range((end - begin) // EVERY)]
        self.hear(*(self.answer(at, probe) for at in instants for probe in PROBES))
        self.says("portail", Health.DOWN if day.day % 2 else Health.UP, begin + 9 * HOUR + timedelta(minutes=day.day))
        self.says("autre", Health.UP, begins(FIRST))

    def says(self, name: str, health: Health, since: datetime) -> None:
        with closing(open_reader(self.village.url)) as reader:
            held = next((one for one in reader.services() if one.service == name), None)
        if held is not None and held.since >= since:
            return
        ended = () if held is None else (Span(name, None, "", held.health, held.since, since),)
        verdict = ServiceVerdict(name, health, since)
        self.village.store.save(Evaluation((), (verdict,), ended, (), None, self.village.clock.at))

    def figures(self, day: date) -> Any:
        """What reports say of a day: roll-ups of probes by every grain, availability, the kept day."""
        begin, end = bounds(day)
        country, clock = self.village.catalog, self.village.timetable.clock_of(())
        with closing(open_reader(self.village.url)) as reader:
            services = [country.services[name] for name in ("portail", "autre")]
            told = {"since": begin, "until": end, "now": self.village.clock.at}
            return (
                [reader.answers_by(grain, PROBES, begin, end) for grain in Grain],
                [availability_of(reader, one, country, clock, (), **told) for one in services],  # type: ignore[arg-type]
                [reader.kept_days(one.id, day, day) for one in services],
                list(records_of(reader, self.archive, begin, end)),
            )

    def nothing_is_lost(self) -> None:
        """Whatever is held no more was sealed, and lies in the archive."""
        held = self.village.store.first_day() or day_of(self.village.clock.at)
        sealed, away = self.village.store.sealed_days(), self.folder / "elsewhere"
        archive = away if away.exists() else self.archive
        for day in {day_of(at) for at, _ in self.told}:
            if day < held:
                assert day in sealed
                assert file_of(archive, day).exists()

    def all_there(self) -> list[Record]:
        instants = [at for at, _ in self.told]
        with closing(open_reader(self.village.url)) as reader:
            found = list(records_of(reader, self.archive, min(instants), max(instants) + MS))
        assert sorted(self.told) == sorted((_instant(one), one.probe) for one in found)
        assert all(self.told[_instant(one), one.probe].took // MS == one.took_us // 1000 for one in found)
        return found


def _instant(one: Record) -> datetime:
    return datetime.fromtimestamp(0, begins(FIRST).tzinfo) + timedelta(microseconds=one.at)


@pytest.fixture
async def life(database_url: str, tmp_path: Path) -> AsyncIterator[Life]:
    one = Life(database_url, tmp_path)
    await one.start()
    yield one
    one.village.crash()


async def a_night(life: Life, n: int, day: date) -> None:
    """The small hours after a day, with whatever may go wrong."""
    life.village.clock.at = begins(day + DAY) + HOUR + timedelta(minutes=10)
    if n % 4 == 1:
        await life.steps(n)
        await life.fall()
    if n % 5 == 2:
        await life.sleep(n % 3)
        await life.fall()
    if n == UNREACHABLE[0]:
        life.archive.rename(life.folder / "elsewhere")
        life.archive.write_text("what is mounted here is away")
    if n == UNREACHABLE[-1] + 1:
        life.archive.unlink()
        (life.folder / "elsewhere").rename(life.archive)
    troubles = await life.sleep()
    assert bool(troubles) == (n in UNREACHABLE), troubles
    await life.steps()
    life.nothing_is_lost()


async def a_jump(life: Life) -> None:
    """Weeks ahead and back, with a night and all steps there."""
    here, there = life.village.clock.at, begins(FIRST + 25 * DAY)
    life.village.clock.at = there
    life.hear(*(life.answer(there + n * HOUR, PROBES[0]) for n in range(3)))
    life.village.clock.at = there + DAY + 3 * HOUR
    await life.sleep()
    await life.steps()
    life.nothing_is_lost()
    life.village.clock.at = here


async def test_days_come_and_go_and_what_was_said_of_them_stays(life: Life) -> None:
    refused = 0
    for n, day in ((n, FIRST + n * DAY) for n in range(DAYS)):
        if n in OFF:
            continue
        life.live(day)
        if n == 14:
            await a_jump(life)
        if n % 3 == 2:  # of a day that is sealed and held, and of one that is gone: in one batch
            held, gone = day - 2 * DAY, day - 12 * DAY
            size = len(life.told)
            late = [life.answer(begins(one) + 5 * HOUR + n * MS, PROBES[1]) for one in (held, gone)]
            life.hear(*late, life.answer(begins(day) + 6 * HOUR + n * MS, PROBES[0]))
            refused += len(life.told) == size + 2
        await a_night(life, n, day)
        old = n - KEEP + 2
        if old >= 0 and old not in OFF:
            life.before[FIRST + old * DAY] = life.figures(FIRST + old * DAY)
    await looked_at(life, refused)


async def looked_at(life: Life, refused: int) -> None:
    """Long afterwards."""
    store, url = life.village.store, life.village.url
    first = store.first_day()
    assert first is not None
    gone = [day for day in life.before if day < first]
    assert len(gone) >= 7
    assert refused >= 2
    for day in life.before:
        assert life.figures(day) == life.before[day], day
    everything = life.all_there()
    with closing(open_reader(url)) as reader:
        chain = reader.seals()
        assert breaks(chain) == []
        assert sum(one.corrects is not None for one in chain) >= 3
        begin, end = bounds(FIRST)[0], bounds(gone[-1])[1]
        exported = [one for one in everything if begin <= _instant(one) < end]
        path = life.folder / "export.jsonl"
        path.write_bytes(written(path.name, exported))
        proof = seals.proofs(reader, begin, end)
        write_proof(path, proof)
        assert verified(path, proof, seals.published(chain)) == []
        path.write_bytes(written(path.name, exported[1:]))
        assert verified(path, proof, seals.published(chain)) != []
    assert check(url) == ()
