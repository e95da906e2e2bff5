"""The days of services: kept in small steps, whatever happens in between; equal to what spans say at every instant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import daybook
from monitor.daybook import SETTLES, Daybook
from monitor.domain.calendar import SchoolCalendar
from monitor.domain.catalog import Catalog, Service
from monitor.domain.history import Correction
from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.timetable import Timetable
from monitor.domain.uptime import Uptime
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.reports.availability import availability_of
from monitor.reports.totals import days_of, totals_of
from monitor.store import Evaluation, Reader, Store, StoreError, check, open_reader, open_store
from monitor.store.days import begins, day_of
from monitor.wiring import Wiring
from tests.domain.small import catalog, service
from tests.stories.village import Clock, Village

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 10, 19)  # the week after has 169 hours
BEGIN = begins(MONDAY)
ENT, OTHER, SILENT = service("ent", formerly=("ent-2021",)), service("other", territories=("D:69",)), service("silent")
FRANCE = catalog(ENT, OTHER, SILENT)
CALENDAR = SchoolCalendar({}, {}, {}, {"Europe/Paris": PARIS})


class Book:
    """A database, the monitor's clock, and what people declared."""

    def __init__(self, url: str, country: Catalog = FRANCE) -> None:
        self.url, self.clock = url, Clock(BEGIN)
        self.village = Village(url, catalog=country, clock=self.clock)  # which prepares it
        self.windows: tuple[Window, ...] | None = ()
        self.calendar = CALENDAR
        self.open()

    def open(self) -> None:
        self.store: Store = open_store(self.url, kind="real")
        self.village.store = self.store
        self.reader: Reader = open_reader(self.url)
        self.again()

    def close(self) -> None:
        self.store.close()
        self.reader.close()

    def again(self, **facts: object) -> None:
        """A new start, with the same catalogue or another."""
        self.village.catalog = facts.pop("catalog", self.village.catalog)  # type: ignore[assignment]
        self.daybook = Daybook(replace(self.wiring(), **facts))  # type: ignore[arg-type]

    def wiring(self) -> Wiring:
        async def windows() -> tuple[Window, ...] | None:
            return self.windows

        return replace(self.village.wiring(), windows=windows, timetable=self.timetable)

    @property
    def timetable(self) -> Timetable:
        return Timetable(self.village.catalog, self.calendar)

    def clock_of(self, one: Service):  # type: ignore[no-untyped-def]
        return self.timetable.clock_of(one.territories)

    async def steps(self, most: int = 10_000) -> int:
        taken = 0
        while taken < most and await self.daybook.step() is not None:
            taken += 1
        return taken

    def says(self, name: str, health: Health, since: datetime, ended: Span | None = None) -> None:
        """The verdict of a service from an instant on, and the one before it."""
        verdict = ServiceVerdict(name, health, since)
        self.store.save(Evaluation((), (verdict,), () if ended is None else (ended,), (), None, self.clock.at))

    def lived(self, name: str, *states: tuple[float, Health]) -> None:
        """A history: hours after the beginning, and what the service is from then on."""
        for (begun, health), (then, later) in pairwise(states):
            since, until = BEGIN + begun * HOUR, BEGIN + then * HOUR
            self.says(name, later, until, Span(name, None, "local", health, since, until))
        if len(states) == 1:
            self.says(name, states[0][1], BEGIN + states[0][0] * HOUR)

    def kept(self, name: str) -> list[date]:
        return [one.day for one in self.reader.kept_days(name, MONDAY - DAY, MONDAY + 30 * DAY) if one.mark is not None]

    def equal(self, since: datetime, until: datetime) -> None:
        """Whatever is kept says what spans say."""
        catalogue, windows, now = self.village.catalog, self.windows or (), self.clock.at
        found = totals_of(
            self.reader,
            catalogue.services.values(),
            catalogue,
            self.clock_of,
            windows,
            since=since,
            until=until,
            now=now,
        )
        for one in catalogue.services.values():
            assert found[one.id] == self.spans_say(one, since, until), (one.id, since, until)
        if catalogue.services.get("ent") is not None and (first := day_of(since)) <= (last := day_of(until)):
            self.days_equal(catalogue.services["ent"], first, last)

    def spans_say(self, one: Service, since: datetime, until: datetime) -> Uptime:
        said = {"since": since, "until": until, "now": self.clock.at}
        return availability_of(
            self.reader,
            one,
            self.village.catalog,
            self.clock_of(one),
            self.windows or (),
            **said,  # type: ignore[arg-type]
        )

    def days_equal(self, one: Service, first: date, last: date) -> None:
        found = days_of(
            self.reader,
            one,
            self.village.catalog,
            self.clock_of(one),
            self.windows or (),
            first=first,
            last=last,
            now=self.clock.at,
        )
        assert [day.day for day in found] == [first + n * DAY for n in range((last - first).days + 1)]
        for day in found:
            assert day.totals.uptime() == self.spans_say(one, day.since, day.until)


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    opened = Book(database_url)
    yield opened
    opened.close()


async def test_a_day_is_kept_an_hour_after_its_end(book: Book) -> None:
    book.lived("ent", (10, Health.UP), (30, Health.DOWN))
    book.clock.at = begins(MONDAY + DAY) + SETTLES - timedelta(seconds=1)
    await book.steps()
    assert book.kept("ent") == []
    book.clock.at += timedelta(seconds=1)
    await book.steps()
    assert book.kept("ent") == [MONDAY]
    assert await book.daybook.step() is None
    book.clock.at = begins(MONDAY + 3 * DAY) + SETTLES
    await book.steps()
    assert book.kept("ent") == [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    assert book.kept("silent") == []  # of which nothing was ever known
    book.equal(BEGIN - 2 * DAY, BEGIN + 5 * DAY)
    assert check(book.url) == ()


async def test_former_names_and_what_was_known_before_the_table_was(book: Book) -> None:
    book.lived("ent-2021", (-30, Health.DOWN), (20, Health.UP))
    book.lived("ent", (20, Health.UP), (40, Health.SLOW))
    book.clock.at = BEGIN + 4 * DAY
    await book.steps()
    assert book.kept("ent")[0] == MONDAY - DAY
    assert book.kept("ent-2021") == []
    book.equal(BEGIN - 3 * DAY, BEGIN + 3 * DAY)


async def test_a_verdict_dated_back_into_a_kept_day_makes_it_again(book: Book) -> None:
    book.lived("ent", (1, Health.UP))
    book.lived("other", (1, Health.UP))
    book.clock.at = BEGIN + 2 * DAY + 2 * HOUR
    await book.steps()
    before = book.reader.kept_totals(MONDAY, MONDAY + DAY)
    began = BEGIN + 23 * HOUR
    book.says("ent", Health.DOWN, began, Span("ent", None, "local", Health.UP, BEGIN + HOUR, began))
    assert book.kept("ent") == []
    book.equal(BEGIN, BEGIN + 2 * DAY)  # at once: from spans
    assert await book.steps() > 0
    assert book.kept("ent") == [MONDAY, MONDAY + DAY]
    after = book.reader.kept_totals(MONDAY, MONDAY + DAY)
    assert before is not None
    assert after is not None
    assert after.services["other"] == before.services["other"]
    assert after.services["ent"].bad_us == 25 * 3600 * 10**6
    book.equal(BEGIN, BEGIN + 2 * DAY)


async def test_a_first_verdict_dated_back_is_no_exception(book: Book) -> None:
    book.lived("ent-2021", (0, Health.UP), (5, Health.UNKNOWN))
    book.clock.at = BEGIN + 2 * DAY
    await book.steps()
    book.says("ent", Health.UP, BEGIN + 20 * HOUR)
    book.equal(BEGIN, BEGIN + 2 * DAY)
    await book.steps()
    assert book.kept("ent") == [MONDAY]
    book.equal(BEGIN, BEGIN + 2 * DAY)


async def test_a_correction_makes_its_day_again_and_that_alone(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.lived("ent", (0, Health.UP), (200, Health.DOWN))
    book.clock.at = BEGIN + 7 * DAY
    await book.steps()
    since, until = BEGIN + 2 * DAY + HOUR, BEGIN + 3 * DAY  # to the end of the day, and no further
    down = Span("ent", None, "", Health.DOWN, since, until)
    of_a_probe = Correction("ent", "ent/login", "local", BEGIN, until, book.clock.at, ())
    book.store.correct([Correction("ent", None, "", since, until, book.clock.at, (down,)), of_a_probe])
    book.equal(BEGIN, BEGIN + 6 * DAY)
    made = list[date]()
    remake = Store.remake_day
    monkeypatch.setattr(Store, "remake_day", lambda *given: (made.append(given[1].pages[0].day), remake(*given))[1])
    await book.steps()
    assert made == [MONDAY + 2 * DAY]
    for first, last in ((0, 6), (3, 6), (2, 3), (5, 6)):
        book.equal(BEGIN + first * DAY, BEGIN + last * DAY)
    found = book.reader.kept_totals(MONDAY, MONDAY + 5 * DAY)
    assert found is not None
    assert found.services["ent"].bad_us == 23 * 3600 * 10**6


async def test_another_calendar_makes_again_the_days_from_the_first_that_it_tells_otherwise(book: Book) -> None:
    book.lived("ent", (0, Health.UP), (30, Health.DOWN))
    book.clock.at = BEGIN + 6 * DAY
    await book.steps()
    everything = book.kept("ent")
    book.calendar = replace(CALENDAR, public={"N": {MONDAY + 3 * DAY: "fête"}})
    book.equal(BEGIN, BEGIN + 5 * DAY)  # whoever reads by the new one
    book.again()
    await book.steps(2)  # it is found out
    assert book.kept("ent") == everything[:2]  # a clock east of Paris may be a day ahead
    book.equal(BEGIN, BEGIN + 5 * DAY)
    await book.steps()
    assert book.kept("ent") == everything
    book.equal(BEGIN, BEGIN + 5 * DAY)
    assert await book.daybook.step() is None


async def test_a_new_name_has_all_the_days_of_the_old_one(book: Book) -> None:
    book.lived("ent", (0, Health.UP), (30, Health.DOWN))
    book.clock.at = BEGIN + 3 * DAY
    await book.steps()
    book.again(catalog=catalog(service("neuf", formerly=("ent",)), OTHER))
    book.equal(BEGIN, BEGIN + 3 * DAY)
    await book.steps()
    assert book.kept("neuf") == [MONDAY, MONDAY + DAY]
    book.equal(BEGIN, BEGIN + 3 * DAY)


async def test_a_service_that_comes_back_has_unknown_days_in_between(book: Book) -> None:
    book.lived("ent", (0, Health.UP), (30, Health.UNKNOWN))
    book.lived("other", (0, Health.UP))
    book.clock.at = BEGIN + 3 * DAY
    await book.steps()
    book.again(catalog=catalog(OTHER))
    book.clock.at = BEGIN + 9 * DAY
    await book.steps()
    assert book.kept("ent")[-1] == MONDAY + DAY
    book.equal(BEGIN, BEGIN + 9 * DAY)
    book.again(catalog=FRANCE)
    book.clock.at = BEGIN + 10 * DAY
    await book.steps()
    assert len(book.kept("ent")) == len(book.kept("other")) == 9
    book.equal(BEGIN, BEGIN + 10 * DAY)


async def test_what_is_declared_counts_and_waits_for_a_desk_that_cannot_be_read(book: Book) -> None:
    def works(day: int, declared_at: datetime) -> Window:
        hours = (datetime.combine(MONDAY + day * DAY, time(hour)) for hour in (22, 23))
        return Window(f"w{day}", Scope(ScopeKind.OPERATOR, "edifice"), Once(*hours), PARIS, declared_at)

    book.lived("ent", (0, Health.UP))
    book.windows = None
    book.clock.at = BEGIN + 2 * DAY + 2 * HOUR
    assert await book.steps() == 0
    book.windows = (works(0, BEGIN), works(1, BEGIN), works(2, BEGIN))
    await book.steps()
    book.equal(BEGIN, BEGIN + 2 * DAY)
    found = book.reader.kept_totals(MONDAY, MONDAY + DAY)
    assert found is not None
    assert found.services["ent"].declared_us == 2 * 3600 * 10**6
    whole = book.windows
    called_off = (*whole[:2], replace(whole[2], ended_at=book.clock.at), works(3, book.clock.at))
    for book.windows in (called_off, whole[:1], ()):  # what is called off later touches no kept day; a lost desk does
        book.equal(BEGIN, BEGIN + 3 * DAY)
    book.windows = whole[:1]
    book.clock.at += DAY
    await book.steps()
    assert len(book.kept("ent")) == 3
    book.equal(BEGIN, BEGIN + 3 * DAY)


async def test_a_crash_between_any_two_steps_costs_nothing(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daybook, "PAGES_A_STEP", 2)
    book.lived("ent", (0, Health.UP), (30, Health.DOWN), (31, Health.SLOW), (160, Health.UP))
    book.lived("other", (5, Health.UP), (60, Health.DOWN))
    for day in (3, 5, 9):
        book.clock.at = BEGIN + day * DAY + 2 * HOUR
        while await book.steps(3) == 3:  # each life looks around, asks of what is new, and writes two days
            book.close()
            book.open()
        book.equal(BEGIN, BEGIN + day * DAY)
        since = BEGIN + (day - 2) * DAY
        span = Span("other", None, "", Health.WAITING, since, since + HOUR)
        book.store.correct([Correction("other", None, "", since, since + HOUR, book.clock.at, (span,))])
    await book.steps()
    book.equal(BEGIN, BEGIN + 9 * DAY)
    assert len(book.kept("ent")) == 9


async def test_again_is_as_once(book: Book) -> None:
    book.lived("ent", (0, Health.UP), (30, Health.DOWN))
    book.clock.at = BEGIN + 4 * DAY
    done = list[object]()
    keep = book.store.keep_days

    def kept_unheard(*given) -> None:  # type: ignore[no-untyped-def]
        keep(*given)
        done.append(given)
        if len(done) == 1:
            raise StoreError("l’accord s’est perdu")

    book.store.keep_days = kept_unheard  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        await book.steps()
    await book.steps()
    assert done[0] == done[1]
    book.equal(BEGIN, BEGIN + 4 * DAY)


async def test_a_rehearsal_writes_its_days_when_it_is_over(book: Book) -> None:
    book.lived("ent", (7, Health.UP), (8, Health.DOWN), (19, Health.UNKNOWN), (31, Health.UP))
    book.clock.at = BEGIN + DAY + 19 * HOUR
    book.again(rehearsal="2021-04")
    assert await book.daybook.step() is None
    assert book.kept("ent") == []
    await book.daybook.finish()
    assert book.kept("ent") == [MONDAY, MONDAY + DAY]
    book.equal(BEGIN, BEGIN + 2 * DAY)


moments = st.integers(0, 9 * 24 * 12).map(lambda n: BEGIN + n * timedelta(minutes=5, microseconds=n % 3))
states = st.lists(st.tuples(moments, st.sampled_from(Health)), min_size=1, max_size=8, unique_by=lambda one: one[0])
events = st.lists(st.tuples(st.sampled_from(["step", "crash", "correct", "redate", "wait"]), moments), max_size=12)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(states, events, st.tuples(moments, moments).map(sorted))
async def test_whatever_happens_the_kept_days_say_what_spans_say(tmp_path_factory, histories, happened, period) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('days')}/vigie.db"
    book = Book(url)
    try:
        await live(book, sorted(histories), happened)
        book.equal(*period)
        book.equal(BEGIN, BEGIN + 9 * DAY)
        await book.steps()
        book.equal(*period)
        assert check(url) == ()
    finally:
        book.close()


async def live(book: Book, histories: list[tuple[datetime, Health]], happened: list[tuple[str, datetime]]) -> None:
    """A history told while the days are kept: steps, crashes, corrections, verdicts dated back come in between."""
    last: tuple[datetime, Health] | None = None
    coming = iter(histories)
    for what, at in (("state", BEGIN), *happened, ("state", BEGIN)):
        if what in {"state", "wait"} and (following := next(coming, None)) is not None:
            if last is not None and following[0] <= last[0]:
                continue  # a verdict never begins before the one that it ends
            said(book, last, following)
            last = following
        elif what == "redate" and last is not None and at >= last[0]:
            said(book, last, (at, Health.DOWN))
            last = (at, Health.DOWN)
        elif what == "step":
            await book.steps(3)
        elif what == "crash":
            book.close()
            book.open()
        elif what == "correct":
            span = Span("ent", None, "", Health.WAITING, at, at + 5 * HOUR)
            book.store.correct([Correction("ent", None, "", at, at + 9 * HOUR, book.clock.at, (span,))])
        book.clock.at = max(book.clock.at + 17 * HOUR, *(one[0] for one in [last] if one is not None))
    book.clock.at = max(book.clock.at, BEGIN + 9 * DAY)


def said(book: Book, last: tuple[datetime, Health] | None, now: tuple[datetime, Health]) -> None:
    ended = None if last is None else Span("ent", None, "local", last[1], last[0], now[0])
    book.says("ent", now[1], now[0], ended)
