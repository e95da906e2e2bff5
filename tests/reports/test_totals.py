"""Totals without a database, of a clock that is not the service's own, of so many services that none is named."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.calendar import ALWAYS_CLASS, SchoolCalendar
from monitor.domain.daybook import slots
from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict
from monitor.domain.timetable import Timetable
from monitor.domain.uptime import uptime
from monitor.reports import totals
from monitor.reports.availability import availability_of
from monitor.reports.declared import windows_ever
from monitor.reports.sources import close_all
from monitor.reports.totals import days_of, totals_of
from monitor.store import Evaluation, open_store
from monitor.store.days import begins
from tests.domain.small import catalog, service
from tests.prepared import prepared
from tests.test_daybook import Book

DAY = timedelta(days=1)
MONDAY = date(2026, 10, 19)
ENT = service("ent")
FRANCE = catalog(ENT, service("other"))
CLOCK = Timetable(FRANCE, SchoolCalendar({}, {}, {}, {"Europe/Paris": ZoneInfo("Europe/Paris")})).clock_of(["D:01"])


def test_without_a_database_nothing_is_known(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    since, until = begins(MONDAY), begins(MONDAY + 2 * DAY)
    found = totals_of(url, [ENT], FRANCE, lambda _: CLOCK, windows_ever(url), since=since, until=until, now=until)
    assert found == {"ent": uptime([], [], CLOCK, since, until)}
    days = days_of(url, ENT, FRANCE, CLOCK, (), first=MONDAY, last=MONDAY + DAY, now=until)
    assert [one.totals.all.asked_us for one in days] == [86_400_000_000] * 2
    assert totals_of(url, [], FRANCE, lambda _: CLOCK, (), since=since, until=until, now=until) == {}


def test_a_database_that_goes_away_is_none(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", begins(MONDAY))
    store = open_store(url, kind="real")
    store.save(Evaluation((), (ServiceVerdict("ent", Health.UP, begins(MONDAY)),), (), (), None, begins(MONDAY)))
    store.close()
    asked = {"since": begins(MONDAY), "until": begins(MONDAY + DAY), "now": begins(MONDAY + DAY)}
    assert totals_of(url, [ENT], FRANCE, lambda _: CLOCK, (), **asked)["ent"].all.availability == 1
    (tmp_path / "vigie.db").unlink()
    assert totals_of(url, [ENT], FRANCE, lambda _: CLOCK, (), **asked)["ent"].all.availability is None
    close_all()


async def test_other_clocks_and_many_services(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    book = Book(database_url, FRANCE)
    book.lived("ent", (3, Health.UP), (30, Health.DOWN))
    book.lived("other", (0, Health.SLOW))
    book.clock.at = begins(MONDAY + 4 * DAY)
    await book.steps()
    asked = {"since": begins(MONDAY), "until": begins(MONDAY + 4 * DAY), "now": book.clock.at}
    for many in (1000, 1):
        monkeypatch.setattr(totals, "_MANY", many)
        for clock in (ALWAYS_CLASS, CLOCK):
            found = totals_of(book.reader, FRANCE.services.values(), FRANCE, lambda _, its=clock: its, (), **asked)
            for one in FRANCE.services.values():
                assert found[one.id] == availability_of(book.reader, one, FRANCE, clock, (), **asked)
    hours = [
        hour
        for day in days_of(book.reader, ENT, FRANCE, CLOCK, (), first=MONDAY, last=MONDAY + 3 * DAY, now=book.clock.at)
        for hour in slots(day.course, timedelta(hours=1))
    ]
    assert [one.all.down_us > 0 for one in hours] == [False] * 30 + [True] * 66
    assert hours[2].all.up_us == 0 < hours[3].all.up_us
    book.close()
