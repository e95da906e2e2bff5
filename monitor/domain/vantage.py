"""Several vantages: one that fails alone is a fact about the path, not the service (docs/method.md, "Our own line").

Not wired yet: there is one vantage, whose verdict is the service's. A country of several combines each vantage's
verdicts by `combine`, then asks `agreed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.domain.observation import SEVERITY, Health
from monitor.domain.service_verdict import ServiceVerdict


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the vantages that know hold to be true together; `disputed`: those that say worse, in their order."""

    verdict: ServiceVerdict
    disputed: tuple[str, ...] = ()


def agreed(views: Mapping[str, ServiceVerdict]) -> Agreement:
    """One service as seen by its vantages (by id): the worst that a majority of those that know says at least.

    Two that disagree have no majority for the worse: the milder one stands, disputed. One that knows speaks alone, and
    where nobody knows nothing is known since the last of them lost sight. Raises ValueError without any view.
    """
    if not views:
        raise ValueError("no vantage")
    known = {name: view for name, view in views.items() if view.health is not Health.UNKNOWN}
    if not known:
        return Agreement(max(views.values(), key=lambda view: view.since))
    majority = len(known) // 2 + 1
    worst_first = sorted(known.values(), key=lambda view: -SEVERITY[view.health])
    health = worst_first[majority - 1].health
    # It has been so since too few to form a majority say worse, and since a majority says at least that.
    no_worse = sorted(view.since for view in known.values() if SEVERITY[view.health] <= SEVERITY[health])
    unwell = sorted(view.since for view in known.values() if SEVERITY[view.health] >= SEVERITY[health])
    since = no_worse[len(known) - majority]
    if health is not Health.UP:
        since = max(since, unwell[majority - 1])
    speaker = min((view for view in known.values() if view.health is health), key=lambda view: view.since)
    worse = tuple(name for name, view in known.items() if SEVERITY[view.health] > SEVERITY[health])
    unstable = sum(view.unstable for view in known.values()) >= majority
    return Agreement(replace(speaker, since=since, unstable=unstable), worse)
