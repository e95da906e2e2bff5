"""What services share with each other: the sets among which a common cause is looked for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.domain.catalog import Catalog, Service

DECLARED_KINDS = ("operator", "platform", "hoster")  # what the catalogue says, or leaves unsaid
OBSERVED_KINDS = ("network", "issuer")  # what a good answer showed, or did not (`monitor.domain.sightings`)
# Words of the sources that declare nobody; whatever follows "contesté" says who contests it.
NOBODY = re.compile(r"\s*(?:[-–—]*|inconnue?\b.*|contestée?\b.*)\s*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ties:
    """What one service shares with others.

    Attributes:
        shared: candidate culprits that it belongs to, as they are written everywhere: ``operator:edifice``,
            ``platform:entcore``, ``hoster:AWS``, ``zone:netocentre.fr``, ``network:…``, ``issuer:…``.
        depends_on: ids of the services that it needs, as declared.
    """

    shared: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = ()


ALONE = Ties()


@dataclass(frozen=True, slots=True)
class Bonds:
    """The ties of all services, read both ways: to be worked out once. Use `bonded`.

    Attributes:
        ties: of each service, by its id.
        members: of each candidate the services that belong to it; of ``service:ID`` the service itself and all that
            need it, directly or not.
    """

    ties: Mapping[str, Ties]
    members: Mapping[str, frozenset[str]]

    def inside(self, candidate: str) -> frozenset[str]:
        """The services that belong to a candidate."""
        return self.members.get(candidate, frozenset())

    def sharing(self, changed: Mapping[str, frozenset[str]]) -> "Bonds":
        """The same bonds but for what some of their services share (service id → candidates)."""
        ties, members, moving = dict(self.ties), dict(self.members), defaultdict[str, set[str]](set)
        for service, shared in changed.items():
            before = ties[service]
            ties[service] = Ties(shared, before.depends_on)
            for candidate in before.shared ^ shared:
                moving[candidate].add(service)
        for candidate, services in moving.items():  # each set once: an authority may hold a third of the country
            left = members.pop(candidate, frozenset()) ^ services
            if left:
                members[candidate] = left
        return Bonds(ties, members)


def bonded(ties: Mapping[str, Ties]) -> Bonds:
    """The bonds that these ties make."""
    members = defaultdict[str, set[str]](set)
    for service, mine in ties.items():
        for candidate in mine.shared:
            members[candidate].add(service)
        members[f"service:{service}"].add(service)
        for needed in upstream(service, ties):
            members[f"service:{needed}"] |= {service, needed}
    return Bonds(ties, {candidate: frozenset(services) for candidate, services in members.items()})


def bonds_of(catalog: Catalog) -> Bonds:
    """What the services of a catalogue share, as declared."""
    return bonded(
        {name: Ties(frozenset(_shared(service)), service.depends_on) for name, service in catalog.services.items()}
    )


def declared(words: str | None) -> str | None:
    """A hoster's name as declared, None where the words declare nobody (`inconnu`, `contesté…`, `-`, nothing)."""
    return None if words is None or NOBODY.fullmatch(words) else words.strip()


def upstream(service: str, ties: Mapping[str, Ties]) -> Iterator[str]:
    """Everything that a service depends on, directly or not, each once; a circle ends where it closes."""
    seen, pending = {service}, list(ties.get(service, ALONE).depends_on)
    while pending:
        needed = pending.pop()
        if needed not in seen:
            seen.add(needed)
            yield needed
            pending += ties.get(needed, ALONE).depends_on


def kinds(shared: Iterable[str]) -> set[str]:
    """The kinds of a few candidates: what stands before the colon."""
    return {kind_of(candidate) for candidate in shared}


def kind_of(candidate: str) -> str:
    """What stands before the colon of a candidate."""
    return candidate.partition(":")[0]


def _shared(service: Service) -> Iterator[str]:
    if service.operator is not None:
        yield f"operator:{service.operator}"
    if service.platform is not None:
        yield f"platform:{service.platform}"
    if (hoster := declared(service.hoster)) is not None:
        yield f"hoster:{hoster}"
    for zone in service.zones:
        yield f"zone:{zone}"
