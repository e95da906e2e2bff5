"""What services share as far as it was observed: the issuer and the network that a probe's last good answer showed.

Only a good answer counts. It is where the service stood before it failed; an answer that failed half-way may show the
address or the certificate of a server that only sent us on. A restart finds the same answer again: verdicts remember
when it was given (docs/method.md, "Common cause").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.domain.catalog import Catalog
from monitor.domain.networks import NOWHERE, Networks
from monitor.domain.observation import Observation
from monitor.domain.ties import Bonds, Ties, bonded, bonds_of
from monitor.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the last good answer of one probe showed; `network` is what the table says of `address`."""

    issuer: str | None = None
    address: str | None = None
    network: str | None = None

    def shared(self) -> Iterator[str]:
        """The candidates that it stands for."""
        if self.issuer is not None:
            yield f"issuer:{self.issuer}"
        if self.network is not None:
            yield f"network:{self.network}"


NOTHING = Sighting()
NO_BONDS = bonded({})


@dataclass(frozen=True, slots=True)
class Sightings:
    """The sightings of a catalogue's probes from one vantage, and the ties of its services with them.

    Attributes:
        declared: the ties of the catalogue; `bonds`: those, and what was observed of any of the service's probes.
        by_probe: what was seen so far; a probe that showed nothing is not in it.
    """

    catalog: Catalog
    vantage: str
    networks: Networks = NOWHERE
    declared: Mapping[str, Ties] = field(default_factory=dict)
    bonds: Bonds = NO_BONDS
    by_probe: Mapping[str, Sighting] = field(default_factory=dict)

    def learned(
        self, fresh: Mapping[str, Sequence[Observation]], verdicts: Mapping[str, Verdict], now: datetime
    ) -> "Sightings":
        """What is known once these answers are heard; itself where they show nothing new.

        `verdicts` are those from before: what they have judged beyond already is late, and changes nothing.
        """
        new: dict[str, Sighting] = {}
        tabled = bool(self.networks)  # else addresses say nothing, and none is kept
        for probe, answers in fresh.items():
            newest = self._newest(answers, verdicts.get(probe), now)
            if newest is None or probe.partition("/")[0] not in self.declared:
                continue  # nothing new, or our own line
            known = self.by_probe.get(probe, NOTHING)
            issuer = None if newest.certificate is None else newest.certificate.issuer
            address = newest.address if tabled else None
            if known.issuer != issuer or known.address != address:
                network = None if address is None else self.networks.of(address)
                new[probe] = Sighting(issuer, address, network)
        return self._with(new) if new else self

    def _newest(self, answers: Sequence[Observation], verdict: Verdict | None, now: datetime) -> Observation | None:
        """The newest good answer that this vantage's verdict has not judged beyond."""
        last = None if verdict is None else verdict.heard_until(now)
        found = None
        for one in answers:
            good = one.failure is None and one.vantage == self.vantage
            if good and (last is None or one.at > last) and (found is None or one.at > found.at):
                found = one
        return found

    def _with(self, new: Mapping[str, Sighting]) -> "Sightings":
        by_probe = {**self.by_probe, **new}
        changed: dict[str, frozenset[str]] = {}
        for service in {probe.partition("/")[0] for probe in new}:
            observed = {
                candidate
                for probe in self.catalog.services[service].probes
                for candidate in by_probe.get(probe.id, NOTHING).shared()
            }
            shared = self.declared[service].shared | observed
            if shared != self.bonds.ties[service].shared:
                changed[service] = shared
        return replace(self, by_probe=by_probe, bonds=self.bonds.sharing(changed) if changed else self.bonds)


def unseen(catalog: Catalog, vantage: str, networks: Networks = NOWHERE) -> Sightings:
    """Nothing is observed yet: services share what the catalogue says."""
    bonds = bonds_of(catalog)
    return Sightings(catalog, vantage, networks, bonds.ties, bonds)
