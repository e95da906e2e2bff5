"""The cache of the programming interface: bounded keys, few readings, and busy is said rather than waited for."""

import asyncio
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.dumps import Dumps
from dashboard.open_data import KEPT, WAITING_MOST, OpenData, months
from dashboard.reading import Lane, Patience
from monitor.domain.uptime import Hours
from monitor.reports.open_shares import Asked

from .conftest import MORNING

DAY = timedelta(days=1)


def incident(name: str, opened: str, closed: str | None) -> dict:
    return {"id": name, "opened_at": opened, "closed_at": closed}


class Books:
    """Counts what is asked; can be slow, and can be lost."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.lost = False
        self.speaks = threading.Event()
        self.speaks.set()

    def incidents_of(self, month):
        self._count(f"month {month}")
        over = [incident("a", "2026-09-30T22:00:00.000Z", "2026-10-01T02:00:00.000Z")] if month.month in {9, 10} else []
        return [*over, incident(f"{month:%m}", f"2026-{month:%m}-10T08:00:00.000Z", None)]

    def newest(self, service, probes, since, until, most):
        self._count(f"newest {service}")
        return ()

    def share(self, asked, now):
        self._count("share")
        return ({},)

    def seals(self):
        self._count("seals")
        return ()

    def _count(self, what):
        self.asked.append(what)
        self.speaks.wait(60)
        if self.lost:
            raise OSError("Base injoignable.")


@pytest.fixture
def books():
    made = Books()
    yield made
    made.speaks.set()


def opened(books: Books, **patience: float) -> OpenData:
    return OpenData(books, Patience(**{"known": 60, "first": 60, "reading": 60, **patience}), Dumps(None))


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2026-09-14T00:00Z", "2026-09-15T00:00Z", [(2026, 9)]),
        ("2026-12-31T23:59Z", "2027-01-01T00:00Z", [(2026, 12)]),
        ("2026-12-31T23:59Z", "2027-01-01T00:01Z", [(2026, 12), (2027, 1)]),
        ("2026-09-14T00:00Z", "2026-09-14T00:00Z", [(2026, 9)]),
    ],
)
def test_a_period_is_read_month_by_month(since, until, found):
    told = months(datetime.fromisoformat(since), datetime.fromisoformat(until))
    assert [(one.year, one.month) for one in told] == found


async def test_any_period_asks_for_whole_months_once(books):
    data = opened(books)
    for days in range(1, 40):
        since = datetime(2026, 9, 1, tzinfo=UTC) + days * timedelta(hours=7)
        await data.incidents(since, since + 20 * DAY, MORNING)
    assert books.asked == ["month 2026-09-01", "month 2026-10-01"]
    found = await data.incidents(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC), MORNING)
    assert [one["id"] for one in found] == ["a"]  # what opened on the 10th is not of these days
    assert await data.month(date(2027, 5, 1), MORNING) == ()
    assert len(books.asked) == 2


async def test_a_crowd_asks_once_and_another_period_again(books):
    data = opened(books)
    asked = Asked("pix", None, ("N",), MORNING - DAY, MORNING, tuple(Hours))
    await asyncio.gather(*(data.share(asked, MORNING) for _ in range(50)), *(data.seals() for _ in range(50)))
    await data.share(Asked("pix", None, ("N",), MORNING - DAY, MORNING, (Hours.ALL,)), MORNING)
    assert sorted(books.asked) == ["seals", "share", "share"]


async def test_a_thousand_unlike_questions_to_a_slow_database_are_refused_at_once_and_leave_nothing_behind(books):
    data = opened(books, first=0.1, known=0.1, reading=8)
    books.speaks.clear()
    begun = time.monotonic()
    asks = [data.newest("pix", (), MORNING - DAY, MORNING - timedelta(seconds=n), 100) for n in range(1000)]
    assert set(await asyncio.gather(*asks)) == {None}
    assert time.monotonic() - begun < 8  # one reading alone may take that long
    books.speaks.set()
    for _ in range(2000):
        await asyncio.sleep(0.01)
        if await data.seals() == ():
            break
    assert len(books.asked) <= WAITING_MOST + 3 < KEPT


async def test_a_lost_database_is_said_once_in_the_log(books, caplog):
    data = opened(books, day_fresh=0)
    books.lost = True
    for _ in range(3):
        assert await data.newest("pix", (), MORNING - DAY, MORNING, 1) is None
    assert await data.incidents(MORNING - DAY, MORNING, MORNING) is None
    assert len(caplog.records) == 1


async def test_a_lane_lets_so_many_wait_and_no_more():
    lane, gate = Lane(1, 60, waiting=2), threading.Event()
    first = [asyncio.create_task(lane.read(gate.wait)) for _ in range(3)]
    await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        await lane.read(gate.wait)
    gate.set()
    assert await asyncio.gather(*first) == [True] * 3
    assert await lane.read(lambda: 1) == 1
