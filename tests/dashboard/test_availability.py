"""The availability of the last 30 days, on a service's page and in words."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.components.availability import exact_percent, figures
from dashboard.data import DatabaseReader
from dashboard.model import Month, read_view
from monitor.domain.method import METHOD
from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.uptime import Availability, Hours, Uptime
from monitor.domain.window import Scope, ScopeKind, Weekly, Window
from monitor.store import Evaluation, open_desk

from .conftest import MORNING, Country, a_document, as_bytes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = datetime(2026, 10, 25, 23, tzinfo=UTC)  # midnight of 26 October in Paris, in winter time already
HDF = read_view(as_bytes(a_document())).services["ent-hdf"]


def remember(country: Country, *spans: Span, since: datetime) -> None:
    verdict = ServiceVerdict("ent-hdf", Health.UP, since)
    country.store.save(Evaluation((), (verdict,), spans, (), as_bytes(a_document()), MORNING))


def test_thirty_days_of_paris_from_spans_alone(country) -> None:
    begun = FIRST + 10 * DAY
    down = Span("ent-hdf", None, "", Health.DOWN, begun, begun + HOUR)
    remember(country, Span("ent-hdf", None, "", Health.UP, FIRST - 9 * DAY, begun), down, since=begun + HOUR)
    month = DatabaseReader(country.url).month(HDF, MORNING)
    assert (month.since, month.until) == (FIRST, MORNING)
    assert (month.uptime.all.unavailable, month.uptime.all.coverage) == (HOUR, 1.0)
    assert month.uptime.school.unavailable == timedelta()  # it was midnight
    assert timedelta() < month.uptime.school.available < month.uptime.all.available


def test_it_stands_on_the_page(country, serve) -> None:
    begun = MORNING - HOUR
    down = Span("ent-hdf", None, "", Health.DOWN, begun, begun + HOUR / 2)
    remember(country, Span("ent-hdf", None, "", Health.UP, FIRST, begun), down, since=begun + HOUR / 2)
    country.publish(a_document(published=datetime.now(UTC)))
    shown = serve(country.url).told("/service/ent-hdf")[2].decode().replace("\u00a0", " ")
    for words in (
        "Disponibilité des 90 derniers jours", "Les 30 derniers jours", "Jour et nuit", "Aux heures scolaires",
        "99,92 %", "Couverture : 100 %",
        "Indisponible : 30 min", "Du lundi 26 octobre 2026 à 0 h au mardi 24 novembre 2026 à 10 h 16.",
        "Part du temps compté pendant laquelle les usagers pouvaient travailler.", f"Version {METHOD} de la méthode",
    ):  # fmt: skip
        assert words in shown


def test_a_catalogue_that_cannot_be_read_fails_no_page(country, serve, tmp_path, monkeypatch) -> None:
    (tmp_path / "probes.yaml").write_text("vigie: [", encoding="utf-8")
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "probes.yaml"))
    country.publish(a_document(published=datetime.now(UTC)))
    web = serve(country.url)
    shown = web.get("/service/ent-hdf")[2].decode()
    assert "Elle ne peut pas être calculée pour l’instant." in shown
    assert web.get("/health")[0] == 200


def test_a_month_of_flapping_is_counted_within_the_time_of_a_reading(country) -> None:
    """A change every two minutes, and a window every night: the worst that confirmation lets through."""
    step, spans = timedelta(minutes=2), []
    for number in range(int(30 * DAY / step)):
        health = Health.DOWN if number % 2 else Health.UP
        spans.append(Span("ent-hdf", None, "", health, FIRST + number * step, FIRST + (number + 1) * step))
    remember(country, *spans, since=MORNING)
    desk = open_desk(country.url)
    nights = Weekly(frozenset(range(7)), datetime.min.time(), datetime.min.time().replace(hour=2), FIRST.date())
    for number in range(3):
        scope = Scope(ScopeKind.SERVICE, "ent-hdf")
        desk.declare(Window(f"w{number}", scope, nights, ZoneInfo("Europe/Paris"), FIRST - DAY, "r", "x"))
    desk.close()
    reader = DatabaseReader(country.url)
    begun = time.monotonic()
    month = reader.month(HDF, MORNING)
    assert time.monotonic() - begun < 8  # `Patience.reading`
    assert month.uptime.all.availability == pytest.approx(0.5, abs=0.001)


def test_both_figures_in_words() -> None:
    whole = Availability(Hours.ALL, 99 * HOUR, HOUR, 900 * HOUR, 2 * HOUR)
    nothing = Availability(Hours.SCHOOL, timedelta(), timedelta(), 10 * HOUR)
    first, second = figures(Month(FIRST, MORNING, Uptime(whole, nothing)))
    told = [one.replace("\u00a0", " ") for one in (first.share, first.coverage, first.lost, first.declared)]
    assert told == ["99,00 %", "10 %", "1 h 00", "2 h 00"]
    assert (second.hours, second.share, second.lost, second.declared) == ("Aux heures scolaires", "Non mesuré", "", "")
    assert second.coverage.replace("\u00a0", " ") == "0 %"
    hardly = Availability(Hours.ALL, HOUR, timedelta(), 999 * HOUR)
    assert figures(Month(FIRST, MORNING, Uptime(hardly, nothing)))[0].coverage.replace("\u00a0", " ") == "< 1 %"


@pytest.mark.parametrize(
    ("share", "words"), [(1, "100 %"), (0.999999, "99,99 %"), (0.57, "57,00 %"), (0.5, "50,00 %"), (0, "0,00 %")]
)
def test_what_was_not_there_all_the_time_is_never_a_hundred(share: float, words: str) -> None:
    assert exact_percent(share).replace("\u00a0", " ") == words
