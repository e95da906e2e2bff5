"""The days of services, kept for ever: written once they are settled, in small steps; made again where they must.

Whatever was kept is right at every instant, or said not to be: a crash between two steps costs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Service
from monitor.domain.rests import Behind, Rests
from monitor.domain.window import Window
from monitor.store.days import ONE_DAY, begins, day_of, each_day
from monitor.wiring import Wiring

# After its end a day is settled: until then what is dated to its last minutes is proved. What is found to belong to it
# even later makes it again; waiting only spares that.
SETTLES = timedelta(hours=1)
SOON = timedelta(milliseconds=500)  # while there is something to do: each step takes the writer some 50 ms
PAGES_A_STEP = 100
SERVICES_A_STEP = 5  # whose days are compared with what they rest on
REMADE_A_STEP = 10
_UNMADE_MOST = 1000


class Daybook:
    """Writes by `step`; what it knows it finds again in the tables after a restart.

    A rehearsal writes its days when it is over (`finish`).
    """

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._services: Mapping[str, Service] = wiring.catalog.services
        self._windows: tuple[Window, ...] | None = None
        self._rests = Rests(wiring.catalog, self._clock, ())
        self._next: dict[str, date] = {}  # the first day that is not kept
        self._new: list[str] = []  # of which nothing is kept: when they began is to be asked
        self._doubtful: list[str] = []  # what their days rest on may have changed
        self._kept_until: date | None = None

    async def step(self) -> timedelta | None:
        """Do a little of what is to be done, and say how soon to come again. Raises StoreError; then it is done again.

        First it is looked whether what the kept days rest on has changed, then days are made again, then new ones.
        """
        if self._w.rehearsal is not None:
            return None
        return await self._step(day_of(self._w.now() - SETTLES) - ONE_DAY)

    async def finish(self) -> None:
        """Write every day of a rehearsal, the last one as far as it was played. Raises StoreError."""
        while await self._step(day_of(self._w.now())) is not None:
            pass

    async def _step(self, last: date) -> timedelta | None:
        found = await self._w.work(partial(self._w.store.unmade, _UNMADE_MOST))
        unmade = [(self._services[name], day) for name, some in found.items() if name in self._services for day in some]
        if last == self._kept_until and not unmade:
            return None
        windows = await self._w.windows()
        if windows is None:  # the desk cannot be read: what was declared is not known
            return None
        if windows != self._windows:
            await self._look(windows)
        elif self._doubtful:
            await self._compare(self._doubtful[:SERVICES_A_STEP], last)
            del self._doubtful[:SERVICES_A_STEP]
        elif unmade:
            await self._remake(unmade[:REMADE_A_STEP])
        elif part := tuple(self._part(last)):
            await self._w.work(partial(self._w.store.keep_days, part, self._w.now()))
            self._next |= {one.service: one.pages[-1].day + ONE_DAY for one in part}
        elif self._new:
            await self._ask(self._new[:PAGES_A_STEP])
            del self._new[:PAGES_A_STEP]
        else:
            self._kept_until = last
            self._new = [name for name in self._services if name not in self._next]
            return None
        return SOON

    async def _look(self, windows: tuple[Window, ...]) -> None:
        """Find what is kept, and whose last day rests on something else than it would today."""
        rests = Rests(self._w.catalog, self._clock, windows)
        heads = await self._w.work(partial(self._w.store.heads, self._services))
        self._next = {name: day + ONE_DAY for name, (day, _) in heads.items()}
        self._new = [name for name in self._services if name not in heads]
        self._doubtful = [
            name for name, (day, mark) in heads.items() if mark != rests.mark(self._services[name], day, _ends(day))
        ]
        self._rests, self._windows = rests, windows

    async def _compare(self, names: Iterable[str], last: date) -> None:
        """Find which days of these services are to be made again: calendar or catalogue tell their past otherwise."""
        for name in names:
            marks = await self._w.work(partial(self._w.store.day_marks, name, last))
            one = self._services[name]
            other = [day for day, mark in marks.items() if mark not in {None, self._rests.mark(one, day, _ends(day))}]
            await self._w.work(partial(self._w.store.unmake, name, other))

    async def _remake(self, unmade: Iterable[tuple[Service, date]]) -> None:
        for one, day in unmade:
            behind = self._behind(one, [day])
            await self._w.work(partial(self._w.store.remake_day, behind, self._w.now()))

    async def _ask(self, names: Sequence[str]) -> None:
        """When services began of which nothing is kept yet; those of which nothing is known have no days."""
        asked = {name: _names(self._services[name]) for name in names}
        found = await self._w.work(partial(self._w.store.first_known, asked))
        self._next |= {name: day_of(at) for name, at in found.items()}

    def _part(self, last: date) -> Iterator[Behind]:
        """The next pages: those of services that are equally far, the ones furthest behind first."""
        first = min(self._next.values(), default=last + ONE_DAY)
        room = PAGES_A_STEP
        for name, day in self._next.items():
            if day == first and day <= last and room:
                some = each_day(day, min(last, day + (room - 1) * ONE_DAY))
                room -= len(some)
                yield self._behind(self._services[name], some)

    def _behind(self, one: Service, some: Iterable[date]) -> Behind:
        pages = tuple(self._rests.page(one, day, (begins(day), _ends(day))) for day in some)
        return Behind(one.id, _names(one), pages)

    def _clock(self, one: Service) -> SchoolClock:
        return self._w.timetable.clock_of(one.territories)


def _names(one: Service) -> tuple[str, ...]:
    return one.id, *one.formerly


def _ends(day: date) -> datetime:
    return begins(day + ONE_DAY)
