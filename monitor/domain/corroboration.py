"""A region-wide outage is known sooner than a blip is believed: who fails in the same way at the same time?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from monitor.domain.catalog import Catalog, Service
from monitor.domain.observation import Health
from monitor.domain.verdict import Verdict

CORROBORATED_FROM = 3  # services that share an operator, a platform or a dependency (docs/method.md, "Confirmation")
SAME_TIME = timedelta(minutes=5)  # troubles that began further apart than that do not speak for each other

WELL = (None, Health.UP)  # what a probe is settled to be that says nothing bad
Tie = tuple[str, str, Health]


def corroborated(catalog: Catalog, verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """Ids of the probes whose failing is shared, at the same time, by three or more services with something in common.

    Only probes that may accuse count: one never seen working says nothing, and vouches for nothing. `verdicts` hold
    those of the catalogue, and no others.
    """
    failing: dict[Tie, list[tuple[datetime, str, str]]] = defaultdict(list)
    for name, verdict in verdicts.items():
        if not verdict.run and verdict.settled in WELL:
            continue  # nearly all of them: nothing more is asked of those
        service = catalog.services.get(name.partition("/")[0])  # of a canary there is none
        if service is None or verdict.failing is None:
            continue
        health, since = verdict.failing
        if service.confirmed is not None or verdict.seen_working:
            for kind, shared in ties(service):
                failing[kind, shared, health].append((since, service.id, name))
    return frozenset(
        probe
        for alike in failing.values()
        for since, _, probe in alike
        if len({other for began, other, _ in alike if abs(began - since) <= SAME_TIME}) >= CORROBORATED_FROM
    )


def ties(service: Service) -> Iterator[tuple[str, str]]:
    """What a service may share with others."""
    if service.operator is not None:
        yield "operator", service.operator
    if service.platform is not None:
        yield "platform", service.platform
    for dependency in service.depends_on:
        yield "dependency", dependency


def about_to_confirm(catalog: Catalog, verdicts: Mapping[str, Verdict]) -> bool:
    """Whether some probe has enough bad answers in a row, and waits only for their span or for our line."""
    return any(
        len(verdicts[probe.id].run) >= probe.policy.fail_after
        for service in catalog.services.values()
        for probe in service.probes
        if probe.id in verdicts
    )
