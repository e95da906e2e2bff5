"""What only the file as a whole can show: names taken twice, circles, and a line of our own too thin to trust."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from monitor.config.fields import is_identifier
from monitor.config.intake import Taken
from monitor.config.problem import Fault, Loc, dotted
from monitor.config.schema import ServiceBlock, SubscriptionBlock
from monitor.domain.catalog import Probe, Role
from monitor.probes.domains import budget_of, is_address

_FEWEST_CANARIES, _FEWEST_NETWORKS = 4, 3
_ONE_NETWORK = {4: 16, 6: 32}  # addresses that share so many bits are most often one operator's


def duplicate_ids(section: str, raws: Sequence[object]) -> Iterator[Fault]:
    """Ids taken twice inside a section."""
    first: dict[str, int] = {}
    for index, raw in enumerate(raws):
        name = raw.get("id") if isinstance(raw, dict) else None
        if not isinstance(name, str) or not is_identifier(name):
            continue  # a malformed one is refused for itself, and not repeated
        if name in first:
            what = f"identifiant « {name} » déjà pris par {section}[{first[name]}]"
            yield Fault((section, index, "id"), what, "donnez-en un autre, ou retirez l’un des deux blocs")
        first.setdefault(name, index)


def formerly_clashes(services: Iterable[Taken[ServiceBlock]]) -> Iterator[Fault]:
    """Former ids that still name a service, or that two services claim; and the one id that the canaries need."""
    services = list(services)
    owners: dict[str, Loc] = {taken.block.id: taken.loc for taken in services}
    for taken in services:
        if taken.block.id == "canary":
            yield Fault(
                (*taken.loc, "id"),
                "identifiant « canary » réservé aux témoins",
                "donnez un autre identifiant au service",
            )
        for index, name in enumerate(taken.block.formerly):
            if name in owners:
                what = f"ancien identifiant « {name} » déjà pris par {dotted(owners[name])}"
                yield Fault(
                    (*taken.loc, "formerly", index), what, "une histoire n’a qu’un héritier : retirez-le ici ou là"
                )
            owners.setdefault(name, taken.loc)


def dependency_cycles(services: Iterable[Taken[ServiceBlock]]) -> Iterator[Fault]:
    """Circles of `depends_on`, each told once, at its first service of the file."""
    places = {taken.block.id: taken.loc for taken in services}
    needs = {taken.block.id: taken.block.depends_on for taken in services}
    settled: set[str] = set()
    for start in needs:
        circle = _circle(start, needs, settled)
        if circle:
            first = min(circle, key=lambda name: places[name][1])
            at = circle.index(first)
            way = " → ".join([*circle[at:], *circle[:at], first])
            yield Fault(
                (*places[first], "depends_on"), f"dépendance circulaire : {way}", "retirez l’un de ces « depends_on »"
            )


def _circle(start: str, needs: Mapping[str, Sequence[str]], settled: set[str]) -> list[str]:
    """The first circle met from `start` through services not yet settled; every service met is settled afterwards."""
    path: list[str] = []
    pending: list[tuple[str, Iterator[str]]] = []
    following = iter((start,))
    while True:
        name = next(following, None)
        if name is None:
            if not pending:
                return []
            done, following = pending.pop()
            path.pop()
            settled.add(done)
        elif name in path:
            settled.update(path)
            return path[path.index(name) :]
        elif name in needs and name not in settled:
            pending.append((name, following))
            path.append(name)
            following = iter(needs[name])


def too_few_canaries(canaries: Sequence[object], services: Sequence[object]) -> Iterator[Fault]:
    """Nobody may be accused from a line that fewer than four unlike places vouch for."""
    if services and len(canaries) < _FEWEST_CANARIES:
        what = f"{len(canaries)} témoin{'s' if len(canaries) > 1 else ''} seulement pour notre propre connexion"
        yield Fault(("canaries",), what, f"déclarez-en au moins {_FEWEST_CANARIES}, sur des réseaux différents")


def alike_canaries(canaries: Sequence[Probe], declared: int, services: Sequence[object]) -> Iterator[Fault]:
    """Four witnesses that fall together are one: they stand in at least three registrable domains or networks.

    Said only where all those `declared` could be built. Local and private addresses are a laboratory's own business.
    """
    if not services or len(canaries) < max(declared, _FEWEST_CANARIES):
        return
    networks = {network for canary in canaries if (network := _network_of(canary)) is not None}
    if networks and len(networks) < _FEWEST_NETWORKS:
        what = f"les témoins dépendent de trop peu de domaines ou de réseaux ({', '.join(sorted(networks))})"
        mend = f"répartissez-les sur au moins {_FEWEST_NETWORKS} domaines de réseaux différents"
        yield Fault(("canaries",), what, mend)


def _network_of(canary: Probe) -> str | None:
    """The registrable domain that a canary's answer depends on, or its address's network; None where it is local."""
    host = (urlsplit(canary.url).hostname if canary.url is not None else canary.host) or ""
    if not is_address(host):
        local = f".{host}".endswith(".localhost")
        return None if local else budget_of(host, None)
    address = ip_address(host.strip("[]"))
    if address.is_private:
        return None
    return str(ip_network(f"{address}/{_ONE_NETWORK[address.version]}", strict=False))


def aimless_subscriptions(subscriptions: Iterable[Taken[SubscriptionBlock]]) -> Iterator[Fault]:
    """Subscriptions that concern nothing. The operator of this Vigie hears about Vigie itself and needs no place."""
    for taken in subscriptions:
        block = taken.block
        if (
            block.role is Role.OPERATOR
            or block.territories
            or block.services
            or block.operators
            or block.schools
            or block.national
            or not taken.sound("territories", "services", "operators", "schools", "national", "role")
        ):
            continue
        what = f"abonnement « {block.id} » sans territoire, ni établissement, ni service, ni exploitant"
        yield Fault(taken.loc, what, 'ajoutez « territories: ["A:lille"] »')
