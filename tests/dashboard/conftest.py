"""A morning of trouble in a real database, and the real web process on a free port."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict
from monitor.store import Evaluation, Store, open_store
from tests.ports import free_port
from tests.prepared import prepared

from .opened import MORNING, with_files, with_past, with_seals

QUIET_BROWSER = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
ACADEMIES = {
    "aix-marseille": "Aix-Marseille", "amiens": "Amiens", "besancon": "Besançon", "bordeaux": "Bordeaux",
    "clermont-ferrand": "Clermont-Ferrand", "corse": "Corse", "creteil": "Créteil", "dijon": "Dijon",
    "grenoble": "Grenoble", "guadeloupe": "Guadeloupe", "guyane": "Guyane", "la-reunion": "La Réunion",
    "lille": "Lille", "limoges": "Limoges", "lyon": "Lyon", "martinique": "Martinique", "mayotte": "Mayotte",
    "montpellier": "Montpellier", "nancy-metz": "Nancy-Metz", "nantes": "Nantes", "nice": "Nice",
    "normandie": "Normandie", "orleans-tours": "Orléans-Tours", "paris": "Paris", "poitiers": "Poitiers",
    "reims": "Reims", "rennes": "Rennes", "strasbourg": "Strasbourg", "toulouse": "Toulouse", "versailles": "Versailles",
}  # fmt: skip
# id, name, kind, operator, health, failure, académies (empty: the whole country)
SERVICES = [
    (
        "ent-monlycee-idf",
        "Monlycée.net",
        "ent",
        "Edifice",
        "waiting",
        "content/waiting_room",
        "paris creteil versailles",
    ),
    ("ent-hdf", "ENT Hauts-de-France", "ent", "Edifice", "waiting", "content/waiting_room", "lille amiens"),
    ("ent77", "ENT 77", "ent", "Edifice", "waiting", "exchange/overloaded", "creteil"),
    (
        "ent-mbn-grandest",
        "Mon Bureau Numérique",
        "ent",
        "Kosmos",
        "down",
        "exchange/server_error",
        "reims nancy-metz strasbourg",
    ),
    ("ent-occitanie", "Mon ENT Occitanie", "ent", "Kosmos", "restricted", "content/restricted", "toulouse montpellier"),
    ("ent-lyceeconnecte-na", "Lycée connecté", "ent", "Edifice", "slow", "content/slow", "bordeaux poitiers limoges"),
    ("ent-atrium", "Atrium (ENT Région Sud)", "ent", "Région Sud", "up", None, "nice aix-marseille"),
    ("ent-aura", "ENT Auvergne-Rhône-Alpes", "ent", "Kosmos", "up", None, "lyon grenoble clermont-ferrand"),
    ("ent-eclat-bfc", "Éclat-BFC", "ent", "Kosmos", "maintenance", "content/maintenance", "besancon dijon"),
    ("ent-normandie", "L’Éduc de Normandie", "ent", "Edifice", "up", None, "normandie"),
    ("ent-toutatice", "Toutatice", "ent", None, "up", None, "rennes"),
    ("ent-elyco", "e-lyco", "ent", "Kosmos", "up", None, "nantes"),
    ("ent-netocentre-lycees", "Net O’Centre lycées", "ent", "RECIA", "up", None, "orleans-tours"),
    ("ent-leia", "LEIA", "ent", "Edifice", "up", None, "corse"),
    ("ent-karukera", "Karukera", "ent", "Edifice", "up", None, "guadeloupe"),
    ("ent-colibri", "Colibri", "ent", "Edifice", "up", None, "martinique"),
    ("ent-wilapa", "Wilapa", "ent", "Edifice", "up", None, "guyane"),
    ("ent-metice-reunion", "Métice", "ent", None, "up", None, "la-reunion"),
    ("ent-mayotte", "ENT Mayotte", "ent", "Edifice", "unknown", None, "mayotte"),
    ("educonnect", "ÉduConnect", "identite", "Ministère", "up", None, ""),
    ("pronote", "Pronote", "vie-scolaire", "Index Éducation", "slow", "content/slow", ""),
    ("cned-mcalm", "CNED, Ma classe à la maison", "cned", "CNED", "down", "exchange/server_error", ""),
    ("ecoledirecte", "École Directe", "vie-scolaire", "Aplim", "up", None, ""),
    ("gar", "GAR", "identite", "Ministère", "up", None, ""),
    ("pix", "Pix", "autre", "Pix", "up", None, ""),
]
# What a page says of a part that could not be read within the time that a visitor waits.
LEFT_OUT = re.compile(r"(peut|peuvent) pas être (lu|lue|lus|lues|calculée) pour l’instant".encode())
SHARE = {"waiting": 0.62, "down": 0.91, "restricted": 0.4, "slow": 0.55, "maintenance": 0.5}


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def a_service(row: tuple[Any, ...], at: datetime) -> dict[str, Any]:
    key, name, kind, operator, health, failure, slugs = row
    codes = [f"A:{slug}" for slug in slugs.split()] or ["N"]
    since = at - (timedelta(hours=2, minutes=9) if health != "up" else timedelta(days=9))
    return {
        "id": key, "name": name, "kind": kind, "operator": operator, "operator_name": operator, "health": health,
        "since": iso(since), "failure": failure, "national": codes == ["N"], "territories": codes, "dormant": False,
        "page": f"https://{key}.example.fr",
    }  # fmt: skip


def a_territory(code: str, name: str, services: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [s for s in services if code in s["territories"]]
    order = ["down", "waiting", "restricted", "maintenance", "slow", "up"]
    known = [s["health"] for s in mine if s["health"] != "unknown"]
    health = min(known, key=order.index) if known else "unknown"
    share = SHARE.get(health, 0.0)
    return {
        "code": code, "name": name, "level": "academie", "health": health, "share_affected": share,
        "coverage": 1.0 if known else 0.0, "services": sorted(s["id"] for s in mine),
        "audiences": [{"audience": "lycee", "health": health, "share": share}],
    }  # fmt: skip


def an_incident(service: dict[str, Any], at: datetime) -> dict[str, Any]:
    opened = datetime.fromisoformat(service["since"])
    return {
        "id": f"{opened:%Y%m%d}-{service['id']}", "culprit": f"service:{service['id']}", "cause": None,
        "opened_at": service["since"], "confirmed_at": iso(opened + timedelta(seconds=60)), "health": service["health"],
        "worst": service["health"], "failure": service["failure"], "services": [service["id"]],
        "territories": service["territories"], "share_affected": 0.5, "recovered_at": None, "closed_at": None,
    }  # fmt: skip


def a_document(
    at: datetime = MORNING, published: datetime | None = None, quiet: bool = False, **changes: Any
) -> dict[str, Any]:
    """A snapshot as the monitor publishes it; `quiet`: all is well."""
    rows = [(*r[:4], "up", None, r[6]) for r in SERVICES] if quiet else SERVICES
    services = [a_service(row, at) for row in rows]
    territories = [
        {
            "code": "N",
            "name": "France",
            "level": "pays",
            "health": "up",
            "share_affected": 0.1,
            "coverage": 1.0,
            "services": [],
            "audiences": [],
        }
    ]
    territories += [a_territory(f"A:{slug}", name, services) for slug, name in ACADEMIES.items()]
    bad = [s for s in services if s["health"] not in {"up", "unknown"}]
    return {
        "at": iso(at), "published_at": iso(published or at), "measured_at": iso(at - timedelta(seconds=4)),
        "vantage": "local", "blind": False, "blind_since": None, "coverage": 0.96, "rehearsal": None, "services": services,
        "territories": territories, "incidents": [an_incident(s, at) for s in bad], "never_seen": [], "warnings": [],
        "version": "0.1.0",
    } | changes  # fmt: skip


def as_bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


@dataclass
class Country:
    """A database that a test publishes into, as the monitor does."""

    url: str
    store: Store
    published: list[bytes] = field(default_factory=list)

    def publish(self, document: dict[str, Any]) -> None:
        self.published.append(as_bytes(document))
        at = datetime.fromisoformat(document["published_at"])
        self.store.save(Evaluation((), (), (), (), self.published[-1], at))

    def remember_day(self, at: datetime, document: dict[str, Any]) -> None:
        """Answers and states of the last 24 h for every service in the document, one answer every 10 min."""
        observations, verdicts, services, spans = [], [], [], []
        for rank, service in enumerate(document["services"]):
            probe, since = f"{service['id']}/login", datetime.fromisoformat(service["since"])
            health, failure = Health(service["health"]), Failure(service["failure"]) if service["failure"] else None
            for step in range(144):
                asked = at - timedelta(minutes=10 * (143 - step), seconds=30)
                wrong = failure if asked >= since and health is not Health.UP else None
                took = timedelta(
                    milliseconds=90 + (step * 37 + rank * 11) % 160 + (5200 if wrong is Failure.CONTENT_SLOW else 0)
                )
                observations.append(Observation(probe, "local", asked, took, wrong))
            verdicts.append(Verdict(probe, "local", health, since, failure, health, since, failure))
            services.append(ServiceVerdict(service["id"], health, since, failure, probe))
            spans.append(Span(service["id"], None, "local", Health.UP, at - timedelta(days=9), since))
        self.store.append(observations)
        self.store.save(Evaluation(tuple(verdicts), tuple(services), tuple(spans), (), None, at))


@dataclass
class Web:
    """The running process."""

    url: str
    process: "subprocess.Popen[bytes]"

    def get(self, path: str, method: str = "GET", **headers: str) -> "tuple[int, dict[str, str], bytes]":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, headers=named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()

    def told(self, path: str, **headers: str) -> "tuple[int, dict[str, str], bytes]":
        """The same once a busy machine has read what it needs: until then 503, or a part left out, is the right answer."""
        end = time.monotonic() + 60
        found = self.get(path, **headers)
        while (found[0] == 503 or LEFT_OUT.search(found[2])) and time.monotonic() < end:
            time.sleep(0.2)
            found = self.get(path, **headers)
        return found


@contextmanager
def new_country(folder: Path) -> Iterator[Country]:
    url = f"sqlite:///{folder}/vigie.db"
    prepared(url, "real", MORNING)
    store = open_store(url, kind="real")
    yield Country(url, store)
    store.close()


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with new_country(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """The morning of trouble, for tests that only read."""
    with new_country(tmp_path_factory.mktemp("town")) as made:
        made.remember_day(MORNING, a_document())
        made.publish(a_document(published=datetime.now(UTC)))
        yield made


@pytest.fixture(scope="module")
def town_web(town: Country) -> Iterator[Web]:
    web = start_web(town.url)
    yield web
    stop_web(web)


@pytest.fixture(scope="session")
def open_country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """The same morning with a past incident and sealed days, for all that is open to other programs."""
    with new_country(tmp_path_factory.mktemp("open")) as made:
        made.remember_day(MORNING, a_document())
        with_past(made.store)
        with_seals(made.store)
        made.publish(a_document(published=datetime.now(UTC)))
        yield made


@pytest.fixture(scope="session")
def open_web(open_country: Country, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_DUMPS_DIR", str(with_files(tmp_path_factory.mktemp("dumps"))))
        patch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example/")
        patch.setenv("VIGIE_MAIL_URL", "mailto://marked-secret@localhost")
        started = start_web(open_country.url)
    yield started
    stop_web(started)


@pytest.fixture
def serve() -> Iterator[Callable[[str], Web]]:
    """Starts `python -m dashboard` on a free port; stops it after the test."""
    started: list[Web] = []

    def start(database_url: str) -> Web:
        started.append(start_web(database_url))
        return started[-1]

    yield start
    for web in started:
        stop_web(web)


def start_web(database_url: str) -> Web:
    for _ in range(3):  # another program may take the port between its choice and its use
        address = f"127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "dashboard", "--listen", address, "--database-url", database_url]
        web = Web(f"http://{address}", subprocess.Popen(command, cwd=Path(__file__).parents[2]))
        if answers(web):
            return web
    pytest.fail("the web process does not start")


def answers(web: Web) -> bool:
    for _ in range(1800):
        if web.process.poll() is not None:
            return False
        try:
            return web.get("/robots.txt")[0] == 200
        except OSError:
            time.sleep(0.05)
    return False


def stop_web(web: Web) -> None:
    if web.process.poll() is None:
        web.process.send_signal(signal.SIGTERM)
        web.process.wait(30)


def until(true: Callable[[], bool], within_s: float = 30.0) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="session")
def chromium() -> str:
    expect.set_options(timeout=60_000)  # ms; a busy machine draws late, and what never comes is told soon enough
    found = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if found is None:
        sentence = "no Chromium: install your system's package (Debian: chromium) to run the browser tests"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One that asks for nothing by itself."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET_BROWSER)
        yield running
        running.close()
