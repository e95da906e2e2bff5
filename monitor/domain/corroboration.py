"""A region-wide outage is known sooner than a blip is believed: who fails in the same way at the same time?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from monitor.domain.catalog import Catalog, Service
from monitor.domain.observation import Health
from monitor.domain.verdict import Verdict

CORROBORATED_FROM = 3  # services that share an operator, a platform or a dependency (docs/method.md, "Confirmation")


def corroborated(catalog: Catalog, verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """Ids of the probes whose failing is shared by three or more services with something in common."""
    failing: dict[tuple[str, str, Health], set[str]] = defaultdict(set)
    probes: dict[tuple[str, str, Health], set[str]] = defaultdict(set)
    for service in catalog.services.values():
        for probe in service.probes:
            verdict = verdicts.get(probe.id)
            if verdict is None or verdict.failing is None:
                continue
            for kind, name in _ties(service):
                failing[kind, name, verdict.failing].add(service.id)
                probes[kind, name, verdict.failing].add(probe.id)
    shared = (probes[tie] for tie, services in failing.items() if len(services) >= CORROBORATED_FROM)
    return frozenset().union(*shared)


def _ties(service: Service) -> Iterator[tuple[str, str]]:
    """What a service may share with others."""
    if service.operator is not None:
        yield "operator", service.operator
    if service.platform is not None:
        yield "platform", service.platform
    for dependency in service.depends_on:
        yield "dependency", dependency
