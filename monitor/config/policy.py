"""Another policy to judge by: a small YAML of the keys of `defaults` that pace and confirm, each of them optional."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from monitor.config.cadence import merged, pace_faults, slow_faults
from monitor.config.fields import Known
from monitor.config.file import bytes_of, document_of, invalid
from monitor.config.intake import Intake
from monitor.config.problem import Fault
from monitor.config.schema import PolicyBlock
from monitor.config.wire import Wrong
from monitor.domain.catalog import Catalog
from monitor.domain.policy import Policy

# What says when to ask: stored answers were asked at the pace of their day, whatever these say.
OF_THE_PACE = ("every", "every_opening", "every_outside", "every_rest", "retry_every", "timeout")
_KEYS = tuple(field.name for field in fields(Policy))
_NOBODY = Known({}, frozenset(), frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """The keys of a `Policy` that a file gives; what it does not give stays the catalogue's."""

    given: Mapping[str, Any]

    def over(self, policy: Policy) -> Policy:
        """As if these keys stood nearer to the probe than all others."""
        before = {key: value for key in _KEYS if (value := getattr(policy, key)) is not None}
        return Policy(**merged([before, self.given]))

    def applied(self, catalog: Catalog) -> Catalog:
        """The catalogue with this policy for every probe of every service; our own line keeps its own."""
        services = {
            service.id: replace(
                service, probes=tuple(replace(probe, policy=self.over(probe.policy)) for probe in service.probes)
            )
            for service in catalog.services.values()
        }
        return replace(catalog, services=services)


def load_policy(path: Path, catalog: Catalog) -> OtherPolicy:
    """The policy of a file. Raises CatalogInvalid with every error at once.

    What no probe of `catalog` could keep (docs/method.md, "Confirmation") is an error, as in the catalogue itself.
    """
    raw = bytes_of(path, "« --policy »")
    document = document_of(path, raw, empty="écrivez au moins une clé, par exemple « fail_after: 2 »")
    intake = Intake(_NOBODY, document.faults)
    taken = intake.take(PolicyBlock, document.data, ()) if document.root is not None else None
    policy = OtherPolicy({} if taken is None else taken.block.policy())
    faults = intake.faults
    if not faults:
        faults = [Fault((), *wrong) for wrong in dict.fromkeys(_unkept(policy, catalog))]
    if faults:
        raise invalid(path, document, faults)
    return policy


def _unkept(policy: OtherPolicy, catalog: Catalog) -> Iterator[Wrong]:
    """What this policy makes impossible that was possible before."""
    before = {probe.policy for service in catalog.services.values() for probe in service.probes}
    for one in sorted({policy.over(each) for each in before or {Policy()}}, key=repr):
        yield from pace_faults(one)
        if "slow" in policy.given:
            yield from slow_faults(one.slow, one.timeout)
