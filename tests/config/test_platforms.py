"""The real catalogue's probes before pages written after the known facts: what each page must read as.

The pages of `tests/fixtures/pages` are ours, made from what is documented of each platform; none was copied.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from monitor.config import Config, load
from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure, Health
from monitor.probes.base import Finding
from monitor.probes.content import Page
from monitor.probes.reading import read

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
WAITING, RESTRICTED = Failure.CONTENT_WAITING_ROOM, Failure.CONTENT_RESTRICTED
UNEXPECTED, MAINTENANCE, BLOCKED = Failure.CONTENT_UNEXPECTED, Failure.CONTENT_MAINTENANCE, Failure.OURS_BLOCKED

ENTCORE, CONTEXT, SKOLENGO, PRONOTE = "ent-hdf/login", "ent-hdf/context", "ent-aura/login", "pronote/instance"
CAS, MOODLE, PORTAL, SITE = "cas-netocentre/login", "cned-mcalm-lycee/login", "ent-oze-isere/page", "capytale/page"
KEYCLOAK, JSON, WAYF = "sso-monlycee-idf/login", "pix-api/api", "ent-toutatice/wayf"


@pytest.fixture(scope="module")
def config() -> Config:
    return load(Path(__file__).parents[2] / "probes.yaml")


@pytest.fixture(scope="module")
def judge(config: Config) -> Callable[..., Finding]:
    """The finding of a probe of the catalogue, named, before a page, named or given as text."""
    probes = {probe.id: probe for probe in config.catalog.probes()}

    def judged(
        probe: str | Probe,
        page: str = "",
        status: int = 200,
        host: str = "x.invalid",
        text: str | bytes | None = None,
        **headers: str,
    ) -> Finding:
        asked = probes[probe] if isinstance(probe, str) else probe
        body = text.encode() if isinstance(text, str) else text or (PAGES / page).read_bytes()
        sent = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
        return read(asked, Page(status, host, sent, body), lambda: NOW)

    return judged


PLATFORMS = [
    (ENTCORE, "entcore-connexion.html", None, None),
    (ENTCORE, "entcore-choix-du-profil.html", None, None),
    (ENTCORE, "entcore-keycloak.html", None, None),
    (ENTCORE, "entcore-sans-formulaire.html", UNEXPECTED, "expect/matches/1"),
    (ENTCORE, "entcore-attente-2020.html", WAITING, "waiting_room/tooload"),
    (ENTCORE, "entcore-attente-2021.html", WAITING, "waiting_room/tooload"),
    (CONTEXT, "entcore-context.json", None, None),
    (CONTEXT, "entcore-attente-2021.html", UNEXPECTED, "expect/json/1"),
    (SKOLENGO, "skolengo-connexion.html", None, None),
    (SKOLENGO, "skolengo-restreint.html", RESTRICTED, "restricted/1"),
    (SKOLENGO, "skolengo-indisponible.html", UNEXPECTED, "expect/matches/1"),
    (SKOLENGO, "acces-reserve.html", RESTRICTED, "reserved"),
    (CAS, "acces-reserve.html", RESTRICTED, "reserved"),
    (PRONOTE, "pronote-annonce.json", None, None),
    (PRONOTE, "pronote-fermee.html", UNEXPECTED, "expect/json/1"),
    (PRONOTE, "pronote-occupee.html", WAITING, "waiting_room/1"),
    (PRONOTE, "pronote-expiree.html", UNEXPECTED, "expect/json/1"),
    (PRONOTE, "pronote-suspendue.html", BLOCKED, "blocked/1"),
    (MOODLE, "moodle-connexion.html", None, None),
    (MOODLE, "moodle-sans-formulaire.html", UNEXPECTED, "expect/matches/1"),
    (CAS, "cas-connexion.html", None, None),
    (CAS, "cas-sans-formulaire.html", UNEXPECTED, "expect/matches/1"),
    (KEYCLOAK, "entcore-keycloak.html", None, None),
    (KEYCLOAK, "cas-sans-formulaire.html", UNEXPECTED, "expect/matches/1"),
    (PORTAL, "portail.html", None, None),
    (PORTAL, "cas-connexion.html", None, None),
    (PORTAL, "site-ferme.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "ferme-en-entites.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "ferme-en-nombres.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "ferme-en-capitales.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "ferme-en-capitales-sans-accent.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "ferme-insecable.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "indisponible-et-menu.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "pas-disponible-et-menu.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "latin1-ferme.html", UNEXPECTED, "expect/not_matches/1"),
    (PORTAL, "latin1-sans-charset.html", MAINTENANCE, "maintenance/1"),
    (PORTAL, "latin1-declare-trop-tard.html", MAINTENANCE, "maintenance/1"),
    (PORTAL, "latin1-declare-utf-8.html", MAINTENANCE, "maintenance/1"),
    (ENTCORE, "latin1-sans-charset.html", MAINTENANCE, "maintenance/1"),
    (PORTAL, "porte-en-commentaire.html", UNEXPECTED, "expect/matches/1"),
    (ENTCORE, "porte-en-commentaire.html", UNEXPECTED, "expect/matches/1"),
    (CAS, "porte-en-commentaire-conditionnel.html", UNEXPECTED, "expect/matches/1"),
    (MOODLE, "porte-en-commentaire-sans-fin.html", UNEXPECTED, "expect/matches/1"),
    (PORTAL, "styles-seulement.html", UNEXPECTED, "expect/matches/1"),
    (SKOLENGO, "styles-seulement.html", UNEXPECTED, "expect/matches/1"),
    (CAS, "styles-seulement.html", UNEXPECTED, "expect/matches/1"),
    (WAYF, "styles-seulement.html", UNEXPECTED, "expect/matches/1"),
    (CAS, "cas-connexion-commentee.html", None, None),
    (PORTAL, "cas-connexion-commentee.html", None, None),
    (SITE, "site-ferme.html", MAINTENANCE, "maintenance/closed-title"),
]


@pytest.mark.parametrize(("probe", "page", "failure", "marker"), PLATFORMS)
def test_what_a_platform_s_page_means(judge, probe, page, failure, marker):
    found = judge(probe, page)
    assert (found.failure, found.marker) == (failure, marker)


HEALTH = [
    (WAITING, Health.WAITING),
    (RESTRICTED, Health.RESTRICTED),
    (UNEXPECTED, Health.DOWN),
    (BLOCKED, Health.UNKNOWN),
]


@pytest.mark.parametrize(("failure", "health"), HEALTH)
def test_what_each_reading_says_of_the_service(failure, health):
    assert failure.health is health


def test_the_cned_of_8_april_2021(judge):
    assert judge(MOODLE, "cned-502.html", 502).failure is Failure.EXCHANGE_SERVER_ERROR


CROWD = [
    ("queue-it.html", {"host": "exemple.queue-it.net"}, WAITING, "queue-it"),
    ("queue-it-par-script.html", {}, WAITING, "queue-it"),
    ("cloudflare-attente.html", {"Set_Cookie": "__cfwaitingroom_ent=Chh; path=/"}, WAITING, "cloudflare-waiting-room"),
    (
        "cloudflare-attente.html",
        {"Set_Cookie": "__cfwaitingroom=Chh", "status": 202},
        WAITING,
        "cloudflare-waiting-room",
    ),
    ("cloudflare-attente.json", {}, WAITING, "cloudflare-waiting-room"),
    ("cloudflare-epreuve.html", {}, BLOCKED, "cloudflare-challenge"),
    ("vide.html", {"cf_mitigated": "challenge", "status": 503}, BLOCKED, "cloudflare-challenge"),
    ("cloudflare-refus.html", {}, BLOCKED, "cloudflare-challenge"),
    ("imperva.html", {}, BLOCKED, "imperva"),
    ("imperva-epreuve.html", {}, BLOCKED, "imperva"),
    ("akamai.html", {}, BLOCKED, "akamai"),
    ("f5.html", {}, BLOCKED, "f5"),
    ("datadome.html", {}, BLOCKED, "datadome"),
    ("vide.html", {"x_amzn_waf_action": "challenge", "status": 202}, BLOCKED, "aws-waf"),
    ("captcha.html", {}, BLOCKED, "captcha"),
    ("acces-reserve.html", {}, RESTRICTED, "reserved"),
]


@pytest.mark.parametrize(("page", "answer", "failure", "marker"), CROWD)
@pytest.mark.parametrize(
    "probe", [ENTCORE, SKOLENGO, CAS, MOODLE, KEYCLOAK, PORTAL, SITE, JSON, PRONOTE, "forge-edu/page"]
)
def test_queues_and_walls_that_may_stand_before_any_service(judge, probe, page, answer, failure, marker):
    found = judge(probe, page, **answer)
    assert (found.failure, found.marker) == (failure, marker)


def test_a_queue_vendor_that_bears_our_name_is_still_a_queue(judge):
    branded = "<title>Capytale</title><script src=/queue.js></script>"
    assert judge(SITE, text=branded).failure is None
    assert judge(SITE, text=branded, host="capytale.queue-it.net").failure is WAITING
    assert judge(SITE, text=branded, host="queue-it.net.example").failure is None


def test_an_expected_redirect_to_the_queue_is_the_queue(config, judge):
    (probe,) = (each for each in config.catalog.services["pronote"].probes if each.slow_only)
    assert judge(probe, "vide.html", 200).failure is None
    assert judge(probe, "vide.html", 400, Location="https://exemple.queue-it.net/?c=a&e=b").failure is WAITING


WELL = [
    (CAS, "cas-connexion-et-captcha.html", {}),
    (CAS, "cas-connexion.html", {"Set_Cookie": "__cfwaitingroom=Chh"}),
    (PRONOTE, "pronote-annonce.json", {"Set_Cookie": "__cfwaitingroom=Chh"}),
]


@pytest.mark.parametrize(("probe", "page", "headers"), WELL)
def test_what_is_expected_outweighs_a_general_marker(judge, probe, page, headers):
    assert judge(probe, page, **headers) == Finding()


def test_a_form_that_changed_is_no_wall_because_it_has_a_captcha(judge):
    found = judge(CAS, "connexion-changee-et-captcha.html")
    assert (found.failure, found.marker) == (UNEXPECTED, "expect/matches/1")


def test_a_wall_that_cannot_reach_the_service_is_an_outage(judge):
    assert judge(CAS, "imperva.html", 403).failure is BLOCKED
    assert judge(CAS, "imperva.html", 503).failure is Failure.EXCHANGE_SERVER_ERROR
    assert judge(CAS, "acces-reserve.html", 500).failure is Failure.EXCHANGE_SERVER_ERROR


def test_the_script_of_a_queue_or_a_wall_alone_proves_nothing(judge):
    assert judge(CAS, "queue-it-installee-mais-vide.html").failure is UNEXPECTED
    watched = '<p>Erreur</p><script src="/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js"></script>'
    assert judge(CAS, text=watched).failure is UNEXPECTED
    measured = '<p>Erreur</p><script src="/_Incapsula_Resource?SWJIYLWA=719d&ns=2&cb=1"></script>'
    assert judge(CAS, text=measured).failure is UNEXPECTED


def test_an_announcement_above_the_form_makes_nobody_wait(judge):
    said = '<p>Dans le cadre des mesures exceptionnelles…</p><script src="/auth/public/dist/application.js"></script>'
    assert judge(ENTCORE, text=said).failure is None
    assert judge(ENTCORE, text="<p>Des mesures exceptionnelles s’appliquent.</p>").marker == "waiting_room/2"


OPEN = [
    "Ce site est ouvert ; le service Agenda sera indisponible mardi.",
    "Le service n’est pas fermé.",
    "Le service est disponible.",
    "Nos bureaux sont fermés le mercredi.",
    '<a title="Service indisponible">État</a>',
    '<script>var said = {"error": "Service indisponible"};</script>',
    "<!-- <p>Site fermé</p> -->",
]


def test_a_closure_that_is_not_what_it_declares_is_one_all_the_same(judge):
    said = (PAGES / "latin1-ferme.html").read_bytes()
    assert judge(PORTAL, text=said, Content_Type="text/html; charset=utf-8").marker == "expect/not_matches/1"


@pytest.mark.parametrize("said", OPEN)
def test_words_near_those_of_a_closure_close_nothing(judge, said):
    assert judge(PORTAL, text=f"<h1>Portail</h1><p>{said}</p><a href=/login>Entrer</a>") == Finding()


def test_an_outage_that_says_so_is_no_maintenance(judge):
    assert judge(PORTAL, "indisponible-et-menu.html", 503).failure is Failure.EXCHANGE_SERVER_ERROR
    assert judge(SITE, text="<title>Service indisponible</title>", status=503).failure is Failure.EXCHANGE_SERVER_ERROR


def noise(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(["é", " ", "x", "<p>", "<", "&amp;", "{", *pieces]), max_size=12).map("".join)


ANYWHERE = noise(
    "\n", ">", "--", "-->", "--!>", "<!-->", "<!--->", "<!-- <b> -->", "<script>", "</script>", "</SCRIPT >"
)
INSIDE = noise("-", "-!", "<!--", "<script>", "</script>", "<SCRIPT >")  # whatever ends no comment
DOOR = (PAGES / "porte-en-commentaire.html").read_text(encoding="utf-8").partition("<!--")[2].partition("-->")[0]
ASKED = [ENTCORE, SKOLENGO, CAS, MOODLE, KEYCLOAK, PORTAL, WAYF, "educonnect/page", "forge-edu/page"]
KINDS = [{}, {"Content_Type": "text/html"}, {"Content_Type": "text/html; charset=utf-8"}]


@given(
    before=ANYWHERE, inside=INSIDE, after=ANYWHERE, ended=st.booleans(), charset=st.sampled_from(["utf-8", "latin-1"])
)
@pytest.mark.parametrize("probe", ASKED)
def test_no_page_is_up_by_a_door_in_a_comment(judge, probe, before, inside, after, ended, charset):
    page = f"{before}</script><!-- {inside} {DOOR} {'-->' if ended else ''}{after}".encode(charset)
    assert [kind for kind in KINDS if judge(probe, text=page, **kind).failure is None] == []


@given(before=ANYWHERE, after=ANYWHERE)
@pytest.mark.parametrize("probe", ASKED[:-1])
def test_the_same_door_in_no_comment_is_open(judge, probe, before, after):
    page = f"<title>ÉduConnect</title>{before}</script>{DOOR}{after}"
    assert judge(probe, text=page).failure is None


NOBODY_GETS_IN = [path.name for path in sorted(PAGES.iterdir()) if not path.name.startswith(
    ("entcore-c", "entcore-k", "skolengo-c", "moodle-c", "cas-c", "connexion-", "pronote-annonce", "portail")
)]  # fmt: skip


@pytest.mark.parametrize("page", NOBODY_GETS_IN)
def test_a_page_without_a_way_in_is_up_for_no_service(config, judge, page):
    asked = [probe for probe in config.catalog.probes() if probe.service is not None and not probe.slow_only]
    assert len(asked) >= 106
    assert [probe.id for probe in asked if judge(probe, page).failure is None] == []


def test_every_probe_that_can_be_up_asks_for_something_to_see(config):
    for probe in config.catalog.probes():
        if probe.service is not None and not probe.slow_only:
            expect = probe.expect
            assert expect.contains or expect.matches or expect.json or expect.header, probe.id


def test_general_markers_stand_behind_every_probe_s_own_but_not_before_our_own_line(config):
    for probe in config.catalog.probes():
        names = [marker.name for marker in probe.blocked]
        assert ("captcha" in names) is (probe.service is not None)
    entcore = next(probe for probe in config.catalog.probes() if probe.id == ENTCORE)
    assert [marker.name for marker in entcore.waiting_room][:3] == ["waiting_room/tooload", "", "queue-it"]


@pytest.mark.parametrize("status", [403, 429, 503])
def test_the_wait_that_a_server_asks_for_is_kept(judge, status):
    found = judge(CAS, "vide.html", status, Retry_After="120")
    assert (found.failure is not None, found.retry_after) == (True, timedelta(seconds=120))
    assert judge(CAS, "imperva.html", status, Retry_After="Sun, 22 Nov 2026 08:05:00 GMT").retry_after == timedelta(
        minutes=5
    )
    assert judge(CAS, "vide.html", status, Retry_After="bientôt").retry_after is None
    assert judge(CAS, "cas-connexion.html", 200, Retry_After="120").retry_after is None


@pytest.mark.parametrize(("probe", "page", "failure", "marker"), PLATFORMS)
def test_no_word_of_the_page_is_in_what_is_kept(judge, probe, page, failure, marker):
    found = judge(probe, page)
    kept = " ".join(str(getattr(found, field.name)) for field in fields(found))
    assert "SECRET-PLANTE" not in kept
    assert "exemple" not in kept
