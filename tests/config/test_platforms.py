"""The real catalogue's probes before pages written after the known facts: what each page must read as.

The pages of `tests/fixtures/pages` are ours, made from what is documented of each platform; none was copied.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
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
KEYCLOAK, JSON = "sso-monlycee-idf/login", "pix-api/api"


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
        text: str | None = None,
        **headers: str,
    ) -> Finding:
        asked = probes[probe] if isinstance(probe, str) else probe
        body = (PAGES / page).read_bytes() if text is None else text.encode()
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
    (PORTAL, "site-ferme.html", UNEXPECTED, "expect/not_contains/1"),
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
