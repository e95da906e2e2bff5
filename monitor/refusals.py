"""Who refused us before a restart is left alone after it."""

from datetime import timedelta
from functools import partial

from monitor.domain.evaluation import Country
from monitor.wiring import Wiring

REFUSED_FOR = timedelta(hours=24)  # pauses double: what was refused before the last one counts too


async def recall_refusals(wiring: Wiring, country: Country) -> None:
    """Who refused us lately, and has not let us in since, is left alone as before. Raises StoreError."""
    schools = (school.probe for fleet in wiring.fleets for school in fleet.schools if school.probe is not None)
    probes = {probe.id: probe for probe in (*wiring.catalog.probes(), *schools)}
    for one in await wiring.work(partial(wiring.store.refusals, wiring.now() - REFUSED_FOR)):
        probe, verdict = probes.get(one.probe), country.verdicts.get(one.probe)
        let_in = verdict is not None and verdict.last_good_at is not None and verdict.last_good_at > one.at
        if probe is not None and not let_in:
            wiring.recall(probe, one)
