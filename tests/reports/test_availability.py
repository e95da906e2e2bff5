"""Availability from real books: spans, the verdict in force, and what people declared."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.domain.calendar import ALWAYS_CLASS
from monitor.domain.catalog import Audience
from monitor.domain.history import Correction
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.weights import Weighting
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.reports.availability import availability_of, known_until, weights_in
from monitor.reports.declared import windows_of
from monitor.reports.sources import close_all
from monitor.store import Evaluation, open_desk, open_store
from tests.domain.small import catalog, service
from tests.prepared import prepared

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENT = service("ent", formerly=("ent-2021",))
FRANCE = catalog(ENT)


def hours(url: str, until: float) -> tuple[float, float, float]:
    """Hours available, unavailable and excluded since NOW, as known six hours after it."""
    end = NOW + until * HOUR
    windows = windows_of(url, NOW, end)
    found = availability_of(url, ENT, FRANCE, ALWAYS_CLASS, windows, since=NOW, until=end, now=NOW + 6 * HOUR).all
    return found.available / HOUR, found.unavailable / HOUR, found.excluded / HOUR


def test_a_morning(database_url: str) -> None:
    prepared(database_url, "real", NOW)
    store = open_store(database_url, kind="real")
    spans = [
        Span("ent-2021", None, "local", Health.UP, NOW - HOUR, NOW + HOUR),
        Span("ent", None, "local", Health.DOWN, NOW + HOUR, NOW + 3 * HOUR),
        Span("ent", "ent/login", "local", Health.WAITING, NOW, NOW + 3 * HOUR),
        Span("other", None, "local", Health.DOWN, NOW, NOW + 3 * HOUR),
    ]
    verdicts = tuple(ServiceVerdict(name, Health.UP, NOW + 3 * HOUR) for name in ("ent", "other"))
    store.save(Evaluation((), verdicts, tuple(spans), (), None, NOW))
    store.close()
    assert hours(database_url, 10) == (4, 2, 4)
    assert hours(database_url, 2) == (1, 1, 0)
    desk = open_desk(database_url)
    works = Once(*(datetime.fromisoformat(f"2026-11-23T{hour}:00") for hour in (11, 13)))  # 10:00 to 12:00 UTC
    desk.declare(Window("w", Scope(ScopeKind.OPERATOR, "edifice"), works, ZoneInfo("Europe/Paris"), NOW, "r", "x"))
    desk.close()
    assert hours(database_url, 10) == (3, 1, 6)
    close_all()


def test_a_correction_stands_over_the_verdict_in_force_too(database_url: str) -> None:
    prepared(database_url, "real", NOW)
    store = open_store(database_url, kind="real")
    verdict = ServiceVerdict("ent", Health.UP, NOW + HOUR)
    store.save(Evaluation((), (verdict,), (Span("ent", None, "", Health.UP, NOW, NOW + HOUR),), (), None, NOW))
    assert hours(database_url, 6) == (6, 0, 0)
    begin, end = NOW + HOUR / 2, NOW + 2 * HOUR
    down = Span("ent", None, "", Health.DOWN, begin, end)
    store.correct([Correction("ent", None, "", begin, end, NOW + 3 * HOUR, (down,))])
    store.close()
    assert hours(database_url, 6) == (4.5, 1.5, 0)
    close_all()


def test_a_dead_monitor_vouches_for_nothing(database_url: str) -> None:
    now = NOW + 100 * HOUR
    assert known_until(database_url, now) == now
    prepared(database_url, "real", NOW)
    assert known_until(database_url, now) == now
    store = open_store(database_url, kind="real")
    said = json.dumps({"at": (NOW + HOUR).isoformat()}).encode()
    store.save(Evaluation((), (), (), (), said, NOW))
    store.close()
    assert known_until(database_url, now) == NOW + HOUR
    assert known_until(database_url, NOW) == NOW
    close_all()


def test_weights_are_of_one_unit() -> None:
    both = service("ent", audience=(Audience.COLLEGE, Audience.LYCEE), users=100)
    staff = service("staff", audience=(Audience.PERSONNELS,))
    pupils = {("D:01", audience): 50 for audience in (Audience.ECOLE, Audience.COLLEGE, Audience.LYCEE)}
    country = catalog(both, staff)
    assert weights_in(survey(country), "A:lyon") == (Weighting.DEPARTEMENT, {"ent": 2, "staff": 1})
    assert weights_in(survey(country, pupils), "A:lyon") == (Weighting.PUPILS, {"ent": 100})
    assert weights_in(survey(catalog(staff, service("b")), pupils), "D:01")[1] == {"b": 50}
    assert weights_in(survey(country, pupils), "C:988") == (Weighting.PUPILS, {})
    assert weights_in(survey(country), "U:0590001F") == (Weighting.DEPARTEMENT, {})


def test_without_a_database_nothing_is_known(tmp_path) -> None:
    assert hours(f"sqlite:///{tmp_path}/vigie.db", 3) == (0, 0, 3)
