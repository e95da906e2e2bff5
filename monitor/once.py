"""`vigie check`: every probe asked once, now; nothing is stored."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from difflib import get_close_matches

from monitor.app import clock, prober_settings
from monitor.config import Config
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.gap import Excuse, Skip
from monitor.domain.line import Canary, own_line
from monitor.domain.observation import Failure, Observation
from monitor.loop import new_event_loop
from monitor.probes import ProberSettings, open_prober
from monitor.settings import Settings


def chosen(catalog: Catalog, services: Sequence[str]) -> list[Probe]:
    """The probes of the services named, or of all. Raises ValueError naming every unknown one and the nearest known."""
    unknown = [name for name in services if name not in catalog.services]
    if unknown:
        nearest = {name: get_close_matches(name, catalog.services, n=1) for name in unknown}
        words = [f"{name} (peut-être {near[0]} ?)" if near else name for name, near in nearest.items()]
        raise ValueError(f"Service inconnu du catalogue : {', '.join(words)}.")
    return [probe for name in services or catalog.services for probe in catalog.services[name].probes]


def check_once(
    settings: Settings, config: Config, probes: Sequence[Probe], answered: Callable[[Observation], None]
) -> tuple[list[Observation], bool]:
    """`vigie check`: every probe asked once, and whether our own line was seen to be dead meanwhile."""
    canaries = config.catalog.canaries
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        heard = runner.run(ask_once(prober_settings(settings, config), (*canaries, *probes), answered))
    ours, theirs = heard[: len(canaries)], heard[len(canaries) :]
    line = own_line([_canary(one) for one in ours])
    return theirs, line.blind


async def ask_once(
    settings: ProberSettings, probes: Sequence[Probe], answered: Callable[[Observation], None]
) -> list[Observation]:
    """Ask every probe once, now, in parallel; nothing is stored. `answered` hears each answer as it comes."""

    async def ask(probe: Probe) -> Observation:
        heard = await prober.ask(probe)
        if isinstance(heard, Skip):  # another question of this very check was refused by the same host
            words = "pas demandé\u00a0: son hôte vient d’être assez sollicité"
            if heard.excuse is Excuse.BACK_OFF:
                words = "pas demandé\u00a0: son hôte vient de nous refuser"
            heard = Observation(probe.id, settings.vantage, heard.at, timedelta(), Failure.OURS_BLOCKED, detail=words)
        answered(heard)
        return heard

    async with open_prober(settings, clock) as prober:
        return list(await asyncio.gather(*(ask(probe) for probe in probes)))


def _canary(answer: Observation) -> Canary:
    if not answer.about_our_line:
        return Canary(None, None)
    return Canary(answer.at if answer.failure is None else None, answer.at)
