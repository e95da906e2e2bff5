"""What the rest of the house asks of the desk."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.reports.declared import announcements_of, windows_ahead, windows_in_force, windows_of, with_delays
from monitor.reports.sources import close_all
from monitor.store import open_desk, open_desk_reader
from tests.domain.small import catalog, service
from tests.prepared import prepared

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")


def window(name: str, begin: int, end: int) -> Window:
    """From one hour of 23 November in Paris to another, declared at nine."""
    day = datetime.fromisoformat("2026-11-23")
    return Window(name, Scope(ScopeKind.SERVICE, "a"), Once(day + begin * HOUR, day + end * HOUR), PARIS, NOW, "r", "x")


MORNING, EVENING = window("1-morning", 8, 12), window("2-evening", 20, 22)
STATEMENT = Announcement("1", AnnouncementKind.STATEMENT, "t", "x", NOW + HOUR, NOW, incident="i")
OF_SERVICE = Announcement("2", AnnouncementKind.ANNOUNCEMENT, "t", "x", NOW + 2 * HOUR, NOW, service="a")


@pytest.fixture
def url(database_url: str):
    prepared(database_url, "real", NOW)
    desk = open_desk(database_url)
    for one in (MORNING, EVENING):
        desk.declare(one)
    for said in (STATEMENT, OF_SERVICE):
        desk.announce(said)
    desk.close()
    yield database_url
    close_all()


def test_the_windows_of_a_period(url: str) -> None:
    assert windows_of(url, NOW, NOW + 24 * HOUR) == (MORNING, EVENING)
    assert windows_of(url, NOW + 3 * HOUR, NOW + 12 * HOUR) == (EVENING,)
    assert windows_of(url, NOW + 3 * HOUR, NOW + 11 * HOUR) == ()
    assert windows_of(url, NOW - HOUR, NOW) == ()  # only what follows the declaration


def test_the_windows_in_force(url: str) -> None:
    found = [windows_in_force(url, NOW + hours * HOUR) for hours in (-0.5, 0, 2.99, 3, 11, 13)]
    assert found == [(), (MORNING,), (MORNING,), (), (EVENING,), ()]


def test_the_windows_that_come_for_a_service(url: str) -> None:
    a, b = service("a"), service("b")
    country = catalog(a, b)

    def ahead(*services, since: float, until: float):
        found = windows_ahead(url, services, country, NOW + since * HOUR, NOW + until * HOUR)
        return [(one.window, *((at - NOW) / HOUR for at in one.next)) for one in found]

    assert ahead(a, b, since=1, until=24) == [(MORNING, 1, 3), (EVENING, 11, 13)]
    assert ahead(a, since=4, until=12) == [(EVENING, 11, 13)]  # whole, even where it reaches beyond
    assert ahead(a, since=4, until=11) == []
    assert ahead(b, since=1, until=24) == []
    assert ahead(since=1, until=24) == []


def test_the_newest_of_what_was_said(url: str) -> None:
    assert announcements_of(url, newest=1) == (OF_SERVICE,)
    assert announcements_of(url, newest=9) == (STATEMENT, OF_SERVICE)
    assert announcements_of(url, since=NOW + 2 * HOUR) == (OF_SERVICE,)
    assert announcements_of(url, since=NOW + 3 * HOUR) == ()


def test_what_was_said(url: str) -> None:
    reader = open_desk_reader(url)
    for source in (url, reader):
        assert announcements_of(source, incident="i") == (STATEMENT,)
        assert announcements_of(source, service="a") == (OF_SERVICE,)
        assert announcements_of(source) == (STATEMENT, OF_SERVICE)
    reader.close()


def test_without_a_database_nothing_was_declared(tmp_path) -> None:
    nowhere = f"sqlite:///{tmp_path}/vigie.db"
    assert windows_of(nowhere, NOW, NOW + HOUR) == ()
    assert windows_in_force(nowhere, NOW) == ()
    assert windows_ahead(nowhere, [service("a")], catalog(service("a")), NOW, NOW + HOUR) == ()
    assert announcements_of(nowhere) == ()


def test_a_desk_that_is_gone_says_nothing(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", NOW)
    assert announcements_of(url) == ()
    (tmp_path / "vigie-desk.db").unlink()
    assert announcements_of(url) == ()
    assert windows_of(url, NOW, NOW + HOUR) == ()
    close_all()


def test_the_delay_of_a_statement() -> None:
    opened = NOW + HOUR / 4
    incident = Incident("i", "service:a", opened, opened, Health.DOWN, Health.DOWN, ("a",), ())
    said = with_delays([STATEMENT, OF_SERVICE], {"i": incident})
    assert [(one.announcement.id, one.delay) for one in said] == [("1", timedelta(minutes=45)), ("2", None)]
    assert [one.delay for one in with_delays([STATEMENT], {})] == [None]
