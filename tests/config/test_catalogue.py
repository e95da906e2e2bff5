"""The real `probes.yaml`."""

import csv
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import re2

from monitor.config import Config, load
from monitor.domain.catalog import AUDIENCES_OF_TOUS, Level, ProbeKind, ServiceKind
from monitor.domain.observation import Failure
from monitor.domain.policy import Rhythm
from monitor.probes.content import Page, matches
from monitor.probes.reading import read
from monitor.rehearsal import mirror


@pytest.fixture(scope="module")
def config() -> Config:
    return load(Path(__file__).parents[2] / "probes.yaml")


@pytest.fixture(scope="module")
def services(config):
    return config.catalog.services


def login(services, name: str):
    return next(probe for probe in services[name].probes if probe.id.endswith("/login"))


def test_every_service_can_be_asked_and_shown(services):
    assert len(services) >= 100
    for service in services.values():
        assert service.probes
        assert service.name
        assert not service.name.startswith(service.id)
        assert service.confirmed is None, "nobody ever saw it answer"
        assert any(not probe.slow_only for probe in service.probes), f"{service.id} could never be down"


def test_probe_ids_are_unique_and_no_question_is_asked_by_two_services(config):
    probes = list(config.catalog.probes())
    assert len({probe.id for probe in probes}) == len(probes)
    owner: dict[str, str | None] = {}
    for probe in probes:
        assert owner.setdefault(probe.target, probe.service) == probe.service


def test_every_http_question_looks_for_something_or_says_which_status(config):
    for probe in config.catalog.probes():
        assert probe.kind is ProbeKind.HTTP
        assert probe.expect.status


def test_every_system_that_the_press_named_has_its_service(services):
    text = files("monitor.config").joinpath("data", "seeds_2021-04-06.csv").read_text(encoding="utf-8")
    seeds = list(csv.DictReader(text.splitlines()))
    assert len(seeds) >= 34
    known = set(services) | {former for service in services.values() for former in service.formerly}
    assert {seed["service_id"] for seed in seeds} <= known
    assert all(seed["named_as"] and seed["source"] for seed in seeds)


def test_every_academie_of_the_mainland_and_overseas_has_an_ent(config, services):
    covered = set()
    for service in services.values():
        if service.kind is ServiceKind.ENT:
            for code in service.territories:
                covered |= {code, *config.catalog.ancestors(code)}
    for place in config.catalog.territories.values():
        if place.level is Level.ACADEMIE:
            assert place.code in covered or place.parent in covered, place


def test_entcore_tells_a_login_page_a_waiting_room_and_a_keycloak_apart(services):
    probe = login(services, "ent-hdf")
    (pattern,) = probe.expect.matches
    healthy = [
        '<html><body class="login"><script src="/auth/public/dist/application.js?v=1"></script>',
        '<form action="/auth/saml/wayf">',
        '<input type="submit" id="kc-login" value="Se connecter">',
    ]
    assert all(re2.search(pattern, page) for page in healthy)
    assert not re2.search(pattern, "<html><body><h1>502 Bad Gateway</h1>")
    assert not re2.search(pattern, '<html><body class="login"><div></div>'), "nothing there draws the form"
    waiting = '<img src="/auth/public/img/tooload.svg"/>'
    assert any(text in waiting for text in probe.waiting_room[0].contains)
    assert probe.url == "https://enthdf.fr/auth/login"


def test_skolengo_knows_its_form_and_its_restriction(services):
    probe = login(services, "ent-mbn-grandest")
    assert re2.search(probe.expect.matches[0], '<input type="hidden" name="execution" value="x"/>')
    assert not re2.search(probe.expect.matches[0], "<p>Accès momentanément indisponible</p>")
    assert any(text in "l’accès est temporairement restreint" for text in probe.restricted[0].contains)


def test_the_seven_portals_of_recia_depend_on_their_one_door(services):
    behind = {service.id for service in services.values() if "cas-netocentre" in service.depends_on}
    assert behind == {
        "ent-netocentre-lycees", "ent-touraine", "ent-chercan", "ent-colleges41", "ent-loiret", "ent-indre", "ent-eureliens",
    }  # fmt: skip


def test_pronote_is_one_service_asked_at_two_places(services):
    pronote = services["pronote"]
    assert [urlsplit(probe.url or "").hostname for probe in pronote.probes] == [
        "demo.index-education.net",
        "hubeduconnect.index-education.net",
    ]
    assert [probe.slow_only for probe in pronote.probes] == [False, True]
    assert {"pronote-heberge", "pronote-demo", "pronote-hubeduconnect"} <= set(pronote.formerly)
    assert pronote.national


def test_only_the_three_sites_of_the_cned_sleep(services):
    assert {s.id for s in services.values() if s.dormant} == {
        "cned-mcalm-ecole",
        "cned-mcalm-college",
        "cned-mcalm-lycee",
    }


def test_nothing_undeclared_is_taken_for_a_hoster(services):
    for service in services.values():
        assert service.hoster not in {"", "-"}
        assert not any(word in (service.hoster or "").lower() for word in ("inconnu", "contest", "?"))


def test_generic_profiles_are_no_platforms(services):
    platforms = {service.platform for service in services.values()}
    assert {"entcore", "skolengo", "uportal", "pronote", "moodle"} <= platforms
    assert not platforms & {"page", "site", "json", "wayf", "statuspage", "matrix"}


MAINTENANCE = """<html><head><title>Maintenance en cours</title></head><body><p>Le service est indisponible. Connectez-vous
plus tard par ÉduConnect : https://educonnect.education.gouv.fr, avec votre profil.</p></body></html>"""


def test_a_page_of_maintenance_served_as_well_is_up_for_nobody(config, services):
    page = Page(200, "x", {"Content-Type": "text/html; charset=utf-8"}, MAINTENANCE.encode())
    asked = [probe for service in services.values() for probe in service.probes if not probe.slow_only]
    read_well = [probe.id for probe in asked if read(probe, page, lambda: datetime.now(UTC)).failure is None]
    assert read_well == []


@pytest.mark.parametrize(
    "name", ["ent-hdf", "ent-aura", "ent-laclasse", "ent-toutatice", "ent-oze-isere", "educonnect", "cned-mcalm-lycee"]
)
def test_maintenance_is_told_by_its_title_and_the_rehearsal_can_play_it(services, name):
    probe = next(probe for probe in services[name].probes if not probe.slow_only)
    page = Page(200, "x", {}, MAINTENANCE.encode())
    assert read(probe, page, lambda: datetime.now(UTC)).failure is Failure.CONTENT_MAINTENANCE
    played = mirror.marked(probe.maintenance, "Fermé")
    assert played is not None
    assert any(matches(marker, Page(played.status, "x", {}, played.body)) for marker in probe.maintenance)


@pytest.mark.parametrize("name", ["ent-aura", "ent-laclasse", "ent-toutatice", "ent-elyco"])
def test_a_door_is_something_to_click_and_not_a_word(services, name):
    probe = next(probe for probe in services[name].probes if not probe.slow_only)
    said = MAINTENANCE.replace("Maintenance en cours", "Erreur")

    def failure(text: str) -> Failure | None:
        return read(probe, Page(200, "x", {}, text.encode()), lambda: datetime.now(UTC)).failure

    assert failure(said) is Failure.CONTENT_UNEXPECTED
    assert failure(said + '<a class=bouton href="https://educonnect.education.gouv.fr/idp">Entrer</a>') is None
    assert failure(said + "<form action=/saml/EduConnect>") is None


def test_our_own_line_is_watched_from_unlike_places(config):
    canaries = config.catalog.canaries
    domains = {".".join((urlsplit(probe.url or "").hostname or "").split(".")[-2:]) for probe in canaries}
    assert len(canaries) == len(domains) == 7
    assert len(canaries) % 2, "half of an even number may be silent: neither blind nor seen"
    for probe in canaries:
        assert (probe.policy.every.total_seconds(), probe.policy.timeout.total_seconds()) == (10, 3)
        assert probe.expect.status == (204,) or probe.expect.contains


def test_services_follow_the_school_clock_and_our_own_line_does_not(config):
    def paces(probe) -> list[float]:
        return [probe.policy.interval(rhythm).total_seconds() for rhythm in Rhythm]

    for probe in config.catalog.canaries:
        assert paces(probe) == [10, 10, 10, 10]
    usual, seldom = [30, 60, 300, 900], [300, 300, 300, 900]
    found = {probe.id: paces(probe) for probe in config.catalog.probes() if probe.service is not None}
    assert found["ent-hdf/login"] == usual
    assert found["zoom-status/major"] == seldom
    assert all(pace in (usual, seldom) for pace in found.values())


def test_the_two_subscriptions(config):
    operator, watch = config.subscriptions
    assert (operator.role.value, operator.to_env) == ("operator", "VIGIE_OPERATOR_URL")
    assert (watch.id, watch.territories, watch.from_health.value, watch.min_share) == (
        "veille-nationale",
        ("N",),
        "waiting",
        0,
    )
    assert watch.to_env == "VIGIE_ALERT_URL"


def test_audiences_are_said_once(services):
    for service in services.values():
        assert len(set(service.audience)) == len(service.audience)
        assert set(service.audience) != set(AUDIENCES_OF_TOUS) or service.kind in {ServiceKind.ENT, ServiceKind.CNED}
