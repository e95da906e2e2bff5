"""Every service × every mode, asked by the real prober: the health that a scenario's word promises is the one observed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.config.load import load
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.observation import SEVERITY, Health
from monitor.rehearsal.france import FakeFrance
from monitor.rehearsal.scenario import Mode, Scenario, load_scenario, with_scenario

Stage = Callable[..., Any]

# docs/method.md, "A scenario's words"; intermittent has a test of its own.
EXPECTED = {
    Mode.OK: Health.UP,
    Mode.RECOVERED: Health.UP,
    Mode.SLOW: Health.SLOW,
    Mode.WAITING_PAGE_200: Health.WAITING,
    Mode.RESTRICTED_ACCESS: Health.RESTRICTED,
    Mode.SERVER_FAULT: Health.DOWN,
    Mode.DOWN: Health.DOWN,
    Mode.HTTP_502: Health.DOWN,
}


def healths(catalog: Catalog, scenario: Scenario, on_stage: Stage, **more: Any) -> dict[str, tuple[Health, list[str]]]:
    """Health of every service as a single round of answers says it, with the reasons."""

    async def play(france: FakeFrance, ask: Callable[[Probe], Any]) -> dict[str, tuple[Health, list[str]]]:
        found = {}
        for service in catalog.services.values():
            asked = [probe for probe in service.probes if france.rewrite(probe) is not None]
            observations = await asyncio.gather(*(ask(probe) for probe in asked))
            counted = [
                min(seen.health, Health.SLOW, key=SEVERITY.__getitem__) if probe.slow_only else seen.health
                for probe, seen in zip(asked, observations, strict=True)
            ]
            reasons = [f"{seen.probe}: {seen.failure} {seen.detail}" for seen in observations]
            found[service.id] = (max(counted, key=SEVERITY.__getitem__), reasons)
        return found

    found: dict[str, tuple[Health, list[str]]] = on_stage(catalog, scenario, play, **more)
    return found


def wrong(found: dict[str, tuple[Health, list[str]]], expected: Health) -> dict[str, tuple[Health, list[str]]]:
    return {id_: seen for id_, seen in found.items() if seen[0] is not expected}


@pytest.fixture(scope="session")
def of_france() -> Catalog:
    """The real catalogue, with what the packaged scenarios name."""
    catalog = load(Path(__file__).resolve().parents[2] / "probes.yaml").catalog
    return with_scenario(catalog, load_scenario("2021-04"))


@pytest.mark.parametrize("mode", EXPECTED)
def test_each_platform_shows_each_mode(
    mode: Mode, small: Catalog, everywhere: Callable[..., Scenario], on_stage: Stage
) -> None:
    assert wrong(healths(small, everywhere(mode, list(small.services)), on_stage), EXPECTED[mode]) == {}


@pytest.mark.parametrize("mode", EXPECTED)
def test_each_service_of_france_shows_each_mode(
    mode: Mode, of_france: Catalog, everywhere: Callable[..., Scenario], on_stage: Stage
) -> None:
    assert wrong(healths(of_france, everywhere(mode, list(of_france.services)), on_stage), EXPECTED[mode]) == {}


def test_our_own_line_shows_as_well_while_all_else_fails(
    of_france: Catalog, everywhere: Callable[..., Scenario], on_stage: Stage
) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> list[str]:
        seen = [await ask(canary) for canary in of_france.canaries]
        return [f"{one.probe}: {one.failure} {one.detail}" for one in seen if one.failure is not None]

    assert on_stage(of_france, everywhere(Mode.DOWN, list(of_france.services)), play) == []


def test_no_expectation_of_france_is_weakened_to_be_played(of_france: Catalog, on_stage: Stage) -> None:
    async def play(france: FakeFrance, _: object) -> list[str]:
        pairs = [(probe, france.rewrite(probe)) for probe in of_france.probes()]
        # The host that must answer in the end is always ours; it is the only thing that may change.
        return [
            probe.id
            for probe, led in pairs
            if led is not None and replace(led.expect, final_host=probe.expect.final_host) != probe.expect
        ]

    assert on_stage(of_france, load_scenario("2021-04-06"), play) == []


def test_nine_oclock_on_the_sixth_of_april(of_france: Catalog, on_stage: Stage) -> None:
    nine = datetime(2021, 4, 6, 7, tzinfo=UTC)
    found = healths(of_france, load_scenario("2021-04-06"), on_stage, begins=nine)
    ill = {id_: seen[0] for id_, seen in found.items() if seen[0] is not Health.UP}
    pronote = ill.pop("pronote", None)  # intermittent at that hour: one answer in three
    assert pronote in {None, Health.DOWN}
    assert ill == {
        "ent-eprimo": Health.WAITING,
        "ent-monlycee-idf": Health.WAITING,
        "ent-hdf": Health.WAITING,
        "ent77": Health.SLOW,
        "ent-occitanie": Health.SLOW,
        "ent-lyceeconnecte-na": Health.SLOW,
        "ent-normandie": Health.SLOW,
        "ent-mbn-grandest": Health.DOWN,
        "ent-netocentre-lycees": Health.DOWN,
        "ent-laclasse": Health.DOWN,
        "ent-aura": Health.DOWN,
        "cned-mcalm-college": Health.DOWN,
    }
