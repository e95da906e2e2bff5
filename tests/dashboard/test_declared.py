"""What people declared, on the pages: shown as theirs, escaped, dated; a desk that is gone or broken fails no page."""

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.beside import AHEAD_FOR, SAID_FOR, SAID_MOST
from dashboard.components.declared import (
    LONGEST,
    WINDOWS_SHOWN,
    delay_words,
    moment,
    said_views,
    seen,
    window_views,
)
from dashboard.model import read_view
from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.window import Once, Scope, ScopeKind, Weekly, Window
from monitor.reports.declared import Ahead, Said
from monitor.store import Evaluation, open_desk

from .conftest import MORNING, Country, Web, a_document, as_bytes

PARIS = ZoneInfo("Europe/Paris")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
OPENED = MORNING - 2 * HOUR - 9 * MINUTE
INCIDENT = "20261124-ent-hdf"
EVIL = '"><script>alert(1)</script><a href="https://evil.example">ici</a> https://evil.example/ \u202eecila\u200b\nfin'
VIEW = read_view(as_bytes(a_document()))


def text(kind: AnnouncementKind, words: str, at: datetime, **about: str) -> Announcement:
    return Announcement(f"{at:%d%H%M}-{kind.value}", kind, words, "DSI <b>", at, at + 15 * MINUTE, **about)


def window(name: str, scope: Scope, begin: float, end: float, reason: str = "Mise à jour") -> Window:
    local = MORNING.astimezone(PARIS).replace(tzinfo=None)
    when = Once(local + begin * HOUR, local + end * HOUR)
    return Window(name, scope, when, PARIS, MORNING - 9 * DAY, reason, "DSI")


def declare(country: Country, *things: Announcement | Window) -> None:
    desk = open_desk(country.url)
    for one in things:
        desk.declare(one) if isinstance(one, Window) else desk.announce(one)
    desk.close()


def page(web: Web, path: str, *, whole: bool = True) -> str:
    code, _, body = web.told(path) if whole else web.get(path)
    assert code == 200
    return body.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def morning(country: Country) -> Country:
    """The morning of trouble, with one incident in the books."""
    incident = Incident(
        INCIDENT, "service:ent-hdf", OPENED, OPENED, Health.DOWN, Health.DOWN, ("ent-hdf",), ("A:lille",)
    )
    country.store.save(Evaluation((), (), (), (incident,), None, MORNING))
    country.publish(a_document(published=datetime.now(UTC)))
    return country


def test_a_statement_its_delay_and_a_post_mortem(morning, serve) -> None:
    declare(
        morning,
        text(AnnouncementKind.STATEMENT, "Nos équipes\nsont mobilisées.", OPENED + 95 * MINUTE, incident=INCIDENT),
        text(AnnouncementKind.POSTMORTEM, EVIL, MORNING, incident=INCIDENT),
        text(AnnouncementKind.ANNOUNCEMENT, "Autre chose.", MORNING, incident="20261124-ent77"),
        text(AnnouncementKind.ANNOUNCEMENT, "Du service.", MORNING, service="ent-hdf"),
    )
    shown = page(serve(morning.url), f"/incidents/{INCIDENT}")
    for words in (
        "Déclaré par des personnes, et non mesuré par Vigie : rien de ceci ne change une mesure.",
        "L’exploitant s’exprime", "Déclaré 1 h 35 après le début mesuré de l’incident.", ">à 9 h 42</time>",
        "(noté par Vigie à 9 h 57)", "Nos équipes\nsont mobilisées.", "Bilan", "DSI &lt;b&gt;",
    ):  # fmt: skip
        assert words in shown
    assert "Autre chose." not in shown
    assert "Du service." not in shown
    assert "<script>" not in shown
    assert not re.search(r'href="https?://evil', shown)
    assert "&lt;a href=" in shown
    assert "\u202e" not in shown
    assert "\u200b" not in shown


def test_a_service_its_texts_and_its_windows(morning, serve) -> None:
    lately, of_old = MORNING - DAY, MORNING - SAID_FOR - HOUR
    declare(
        morning,
        text(AnnouncementKind.ANNOUNCEMENT, "Travaux prévus.", lately, service="ent-hdf"),
        text(AnnouncementKind.ANNOUNCEMENT, "Vieille nouvelle.", of_old, service="ent-hdf"),
        text(AnnouncementKind.STATEMENT, "De l’incident.", MORNING, incident=INCIDENT),
        window("now", Scope(ScopeKind.TERRITORY, "R:32"), -1, 2, "Panne <i>prévue</i>"),
        window("soon", Scope(ScopeKind.SERVICE, "ent-hdf"), 48, 50, "Bientôt"),
        window("later", Scope(ScopeKind.SERVICE, "ent-hdf"), 24 * 8, 24 * 8 + 1, "Plus tard"),
        window("other", Scope(ScopeKind.SERVICE, "ent77"), -1, 2, "Ailleurs"),
    )
    shown = page(serve(morning.url), "/service/ent-hdf")
    for words in (
        "Travaux prévus.", "<b>En cours</b> jusqu’à 12 h 16, pour tous les services de ce territoire : R:32",
        "Panne &lt;i&gt;prévue&lt;/i&gt;",
        "<b>À venir</b> jeudi 26 novembre à 10 h 16, jusqu’au jeudi 26 novembre à 12 h 16, pour ENT Hauts-de-France",
        "n’entre pas dans la disponibilité",
    ):  # fmt: skip
        assert words in shown
    for words in ("Vieille nouvelle.", "De l’incident.", "Plus tard", "Ailleurs"):
        assert words not in shown


def test_nothing_is_said_where_nothing_was_declared(morning, serve) -> None:
    web = serve(morning.url)
    for path in ("/service/ent-hdf", f"/incidents/{INCIDENT}"):
        assert "Ce qui est déclaré" not in page(web, path)


@pytest.mark.parametrize("broken", [True, False])
def test_a_desk_that_is_broken_or_gone_fails_no_page(morning, serve, broken) -> None:
    desk = Path(morning.url.removeprefix("sqlite:///")).with_name("vigie-desk.db")
    for path in desk.parent.glob("vigie-desk.db*"):
        path.unlink()
    if broken:
        desk.write_bytes(b"this is no database" * 1000)
    web = serve(morning.url)
    for path in ("/service/ent-hdf", f"/incidents/{INCIDENT}"):
        shown = page(web, path, whole=not broken)
        assert ("Tout ne peut pas être lu pour l’instant." in shown) is broken
        assert "ENT Hauts-de-France" in shown
    # Without the windows the figure would be another: better none than a wrong one.
    assert ("Elle ne peut pas être calculée" in page(web, "/service/ent-hdf", whole=not broken)) is broken
    assert web.get("/health")[0] == 200


def test_an_old_page_says_when_a_window_was_in_force(morning, serve) -> None:
    morning.publish(a_document(published=datetime.now(UTC) - timedelta(minutes=6)))
    declare(morning, window("now", Scope(ScopeKind.SERVICE, "ent-hdf"), -1, 2))
    assert "<b>En cours à 10 h 16</b> jusqu’à 12 h 16" in page(serve(morning.url), "/service/ent-hdf")


def test_an_incident_that_is_over_has_no_maintenance_to_come(morning, serve) -> None:
    document = a_document(published=datetime.now(UTC))
    over = next(one for one in document["incidents"] if one["id"] == INCIDENT)
    over |= {"recovered_at": over["since"] if "since" in over else over["opened_at"], "closed_at": over["opened_at"]}
    morning.publish(document)
    declare(morning, window("soon", Scope(ScopeKind.SERVICE, "ent-hdf"), 48, 50))
    web = serve(morning.url)
    assert "Maintenances déclarées" not in page(web, f"/incidents/{INCIDENT}")
    assert "Maintenances déclarées" in page(web, "/service/ent-hdf")


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        (0, "au moment même du début"), (0.9, "au moment même du début"), (-0.9, "au moment même du début"),
        (12, "12 min après le début"), (-12, "12 min avant le début"), (95, "1 h 35 après le début"),
        (4 * 1440, "4 j après le début"),
    ],
)  # fmt: skip
def test_how_late_an_operator_spoke(delay: float, words: str) -> None:
    assert words in delay_words(delay * MINUTE).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "à 10 h 16"), (-24, "hier à 10 h 16"), (48, "jeudi 26 novembre à 10 h 16"), (-24 * 365, "lundi 24 novembre 2025 à 10 h 16")],
)  # fmt: skip
def test_when_it_was_said(hours: float, words: str) -> None:
    assert moment(MORNING + hours * HOUR, MORNING).replace("\u00a0", " ") == words


def test_what_a_reader_cannot_see_is_dropped_and_too_much_is_cut() -> None:
    assert seen("a\x1b[31m\u202eb\u200b\n\u2028\ue000c\r", 100, lines=True) == "a[31mb\nc"
    assert seen("a\nb", 100) == "ab"
    assert seen("é" * 30, 10) == "é" * 10 + "…"


def test_a_page_has_its_measure() -> None:
    one = text(AnnouncementKind.POSTMORTEM, "x" * (LONGEST + 5), MORNING, service="ent-hdf")
    shown, more = said_views([Said(one, None)] * (SAID_MOST + 1), MORNING)
    assert (len(shown), more) == (SAID_MOST, True)
    assert (len(shown[0].text), shown[0].folded) == (LONGEST + 1, True)
    ahead = [Ahead(window("w", Scope(ScopeKind.OPERATOR, "x"), 1, 2), (MORNING + HOUR, MORNING + 2 * HOUR))]
    windows, rest = window_views(ahead * (WINDOWS_SHOWN + 3), VIEW)
    assert (len(windows), rest) == (WINDOWS_SHOWN, 3)
    assert windows[0].whom == "tous les services de l’exploitant x"
    assert AHEAD_FOR == 7 * DAY


def test_a_weekly_window_says_so_and_one_that_never_pauses_has_no_end() -> None:
    def shown(hours: float) -> str:
        every = Weekly(frozenset(range(7)), time(), time(), MORNING.date())
        one = Window("w", Scope(ScopeKind.SERVICE, "gone"), every, PARIS, MORNING)
        [found], _ = window_views([Ahead(one, (MORNING, MORNING + hours * HOUR))], VIEW)
        assert (found.running, found.whom) == (True, "gone")
        return found.when.replace("\u00a0", " ")

    assert shown(2) == "jusqu’à 12 h 16 (fenêtre hebdomadaire)"
    assert shown(24 * 15) == "sans interruption (fenêtre hebdomadaire)"
