"""A small catalogue with one service of each platform, and the stage on which the real prober asks the fake France."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from monitor.domain.catalog import Catalog, Level, Marker, Probe, ProbeKind, Service, ServiceKind, Territory
from monitor.domain.observation import Observation
from monitor.domain.policy import Policy
from monitor.probes import ProberSettings, open_prober
from monitor.rehearsal.clock import VirtualLoop
from monitor.rehearsal.france import FakeFrance
from monitor.rehearsal.scenario import Mode, Scenario, Step

BEGINS = datetime(2021, 4, 6, 5, tzinfo=UTC)
DAY = timedelta(hours=12)
Result = TypeVar("Result")


def a_service(id_: str, platform: str | None, *probes: Probe, **changes: Any) -> Service:
    made = tuple(replace(probe, id=f"{id_}/{probe.id}", service=id_) for probe in probes)
    return Service(id_, id_, ServiceKind.ENT, made, platform=platform, **changes)


def http(name: str, url: str, *contains: str, **changes: Any) -> Probe:
    return Probe(name, None, ProbeKind.HTTP, url=url, expect=Marker(status=(200,), contains=contains), **changes)


def in_json(*paths: str) -> Marker:
    return Marker(status=(200,), json=tuple((path, "present") for path in paths))


BUSY = (Marker(contains=("momentanément indisponible",)),)
SOME_ONLY = (Marker(contains=("temporairement restreint",)),)

# What each platform looks like after docs/method.md's sources, written here without the catalogue of France.
PLATFORMS = (
    a_service(
        "ent-a", "entcore",
        http("login", "https://ent-a.invalid/auth/login", 'class="login"', "/auth/public/dist/application.js",
             waiting_room=(Marker(contains=("/auth/public/img/tooload.",)),), restricted=SOME_ONLY),
        replace(http("context", "https://ent-a.invalid/auth/context", slow_only=True),
                expect=in_json("callBack", "cgu", "passwordRegex", "mandatory")),
    ),
    a_service(
        "ent-b", "skolengo",
        http("login", "https://cas.ent-b.invalid/login", restricted=SOME_ONLY),
        replace(http("oidc", "https://sso.ent-b.invalid/oidc/.well-known", slow_only=True),
                expect=in_json("issuer", "authorization_endpoint")),
    ),
    a_service(
        "pronote", "pronote",
        replace(http("mobile", "https://demo.invalid/pronote/InfoMobileApp.json?id=0", waiting_room=BUSY,
                     restricted=SOME_ONLY), expect=in_json("version", "espaces", "CAS.actif")),
    ),
    a_service("ent-c", "cas", http("form", "https://c.invalid/cas/login", 'name="execution"', restricted=SOME_ONLY)),
    a_service(
        "ent-d", "uportal",
        replace(http("session", "https://d.invalid/portail/api/session.json", slow_only=True), expect=in_json("person")),
        http("cas", "https://ent.d.invalid/cas/login?service=https%3A%2F%2Fd.invalid", "execution", restricted=SOME_ONLY),
    ),
    a_service(
        "sso-e", "keycloak",
        replace(http("oidc", "https://auth.e.invalid/realms/IDF/.well-known/openid-configuration"),
                expect=Marker(status=(200,), json=(("issuer", "https://auth.e.invalid/realms/IDF"),))),
        http("page", "https://psn.e.invalid/", "Mot de passe", restricted=SOME_ONLY),
    ),
    a_service("cned-f", "moodle",
              http("login", "https://f.invalid/login/index.php", 'id="username"', 'id="password"', restricted=SOME_ONLY)),
    a_service("ed-g", "ecoledirecte", replace(
        http("api", "https://api.g.invalid/v3/login.awp?gtk=1", restricted=SOME_ONLY),
        expect=Marker(status=(200,), header=(("Set-Cookie", "GTK="),)))),
    a_service("etat-h", "statuspage", replace(
        http("api", "https://h.invalid/api/v2/status.json", restricted=SOME_ONLY),
        expect=Marker(status=(200,), json=(("status.indicator", "none"),)))),
    a_service("ent-i", "page", replace(
        http("page", "https://i.invalid/", "Connexion aux services", waiting_room=(Marker(contains=("file d’attente",)),),
             restricted=(Marker(status=(401,)),)),
        expect=Marker(status=(200, 302), contains=("Connexion aux services",), not_contains=("Erreur",),
                      matches=("(?i)identifiant|login", r"<meta name=.generator.|toto\.js"), final_host="i.invalid"))),
    a_service("ent-k", None, replace(
        http("page", "https://k.invalid/", restricted=SOME_ONLY,
             policy=Policy(slow=timedelta(seconds=1), timeout=timedelta(seconds=5))),
        expect=Marker(json=(("a.b", 3), ("a.c", "present"), ("liste.0.nom", "x"))))),
)  # fmt: skip
CANARIES = (replace(http("canary/1", "https://temoin.invalid/ok"), policy=Policy(timeout=timedelta(seconds=3))),)
SMALL = Catalog(
    {"N": Territory("N", "France", Level.PAYS, None)}, {service.id: service for service in PLATFORMS}, {}, CANARIES
)


def everywhere(mode: Mode, services: Sequence[str]) -> Scenario:
    """A day in which all of `services` are in one mode from beginning to end."""
    steps = tuple(
        Step(id_, id_, "N", "", None, mode, BEGINS, BEGINS + DAY, line) for line, id_ in enumerate(services, 2)
    )
    return Scenario("test", steps, BEGINS, BEGINS + DAY)


def on_stage(
    catalog: Catalog,
    scenario: Scenario,
    play: Callable[[FakeFrance, Callable[[Probe], Coroutine[Any, Any, Observation]]], Coroutine[Any, Any, Result]],
    *,
    begins: datetime = BEGINS,
) -> Result:
    """Run `play(france, ask)` on a virtual loop; `ask` takes a probe of the catalogue and asks its fake."""

    async def run() -> Result:
        loop = asyncio.get_running_loop()

        def now() -> datetime:
            return begins + timedelta(seconds=loop.time())

        settings = ProberSettings(vantage="local", user_agent="Vigie/test", allow_networks=("127.0.0.0/8",))
        async with FakeFrance(catalog, scenario, now) as france, open_prober(settings, now) as prober:

            async def ask(probe: Probe) -> Observation:
                rewritten = france.rewrite(probe)
                assert rewritten is not None
                return await prober.ask(rewritten)

            return await play(france, ask)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(run())


@pytest.fixture(scope="session", name="small")
def small_catalog() -> Catalog:
    return SMALL


@pytest.fixture(scope="session", name="everywhere")
def everywhere_() -> Callable[..., Scenario]:
    return everywhere


@pytest.fixture(scope="session", name="on_stage")
def on_stage_() -> Callable[..., Any]:
    return on_stage
