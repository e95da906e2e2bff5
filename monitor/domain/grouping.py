"""What fails together, without saying why: declared dependencies, then operators and platforms (docs/method.md)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import islice

from monitor.domain.ties import ALONE, Bonds, Ties, kind_of
from monitor.domain.trial import chained
from monitor.domain.trouble import Trouble, family_of

WITHIN = timedelta(minutes=30)  # of each other: as far apart as troubles may begin and still be grouped
ENOUGH = 3  # services of one operator or platform, or all of them where it has fewer

Chain = list[Trouble]
Entry = tuple[int, bool, datetime, str, str, Chain]


def deepest(ill: Mapping[str, Trouble], well: Collection[str], ties: Mapping[str, Ties]) -> dict[str, str]:
    """Of each unwell service the deepest unwell one that it depends on; itself where there is none.

    What began more than 30 min before what it depends on is no victim of it. A dependency that works passes nothing
    on; one that is not measured may. In a circle the first to begin is the deepest.
    """
    above = {
        name: min(needed, key=lambda one: (ill[one].since, one))
        for name, trouble in ill.items()
        if (needed := [one for one in _unwell_needs(name, ill, well, ties) if _may_follow(trouble, ill[one])])
    }
    return {name: _end(name, above, ill) for name in ill}


def _unwell_needs(
    service: str, ill: Mapping[str, Trouble], well: Collection[str], ties: Mapping[str, Ties]
) -> Iterator[str]:
    """The nearest unwell services that a service depends on, looked for past those that are not measured."""
    seen, pending = {service}, list(ties.get(service, ALONE).depends_on)
    while pending:
        needed = pending.pop()
        if needed in seen or needed in well:
            continue
        seen.add(needed)
        if needed in ill:
            yield needed
        else:
            pending += ties.get(needed, ALONE).depends_on


def _may_follow(trouble: Trouble, cause: Trouble) -> bool:
    return cause.since - trouble.since <= WITHIN


def _end(service: str, above: Mapping[str, str], ill: Mapping[str, Trouble]) -> str:
    path = [service]
    while (up := above.get(path[-1])) is not None:
        if up in path:
            return min(path[path.index(up) :], key=lambda one: (ill[one].since, one))
        path.append(up)
    return path[-1]


def groups(roots: Iterable[Trouble], bonds: Bonds) -> list[tuple[str, tuple[str, ...]]]:
    """The operators and platforms whose services fail together, with those services, the biggest group first.

    Each service is in one group at most. An operator goes before a platform that holds no more than it does.
    """
    waiting = [entry for candidate, chain in _chains(roots, bonds.ties) for entry in _entry(candidate, chain, bonds)]
    heapify(waiting)
    taken: set[str] = set()
    found = []
    while waiting:
        *_, candidate, _, chain = heappop(waiting)
        left = [one for one in chain if one.service not in taken]
        if len(left) == len(chain):
            taken.update(one.service for one in chain)
            found.append((candidate, tuple(one.service for one in chain)))
            continue
        for shorter in chained(left, WITHIN):
            for entry in _entry(candidate, shorter, bonds):
                heappush(waiting, entry)
    return found


def _chains(roots: Iterable[Trouble], ties: Mapping[str, Ties]) -> Iterator[tuple[str, Chain]]:
    alike: dict[tuple[str, str], Chain] = defaultdict(list)
    for trouble in roots:
        for candidate in ties.get(trouble.service, ALONE).shared:
            if kind_of(candidate) in {"operator", "platform"}:
                alike[family_of(trouble), candidate].append(trouble)
    for (_, candidate), troubles in alike.items():
        for chain in chained(troubles, WITHIN):
            yield candidate, chain


def _entry(candidate: str, chain: Chain, bonds: Bonds) -> Iterator[Entry]:
    """The chain as a group to be taken, the biggest first, if it is one at all."""
    platform = kind_of(candidate) == "platform"
    if platform and len(_operators(chain, bonds.ties)) < 2:  # one operator's platform is that operator
        return
    all_there_is = len(chain) == len(bonds.inside(candidate)) == ENOUGH - 1
    if _together(chain) or all_there_is:
        yield -len(chain), platform, chain[0].since, candidate, chain[0].service, chain


def _together(chain: Chain) -> bool:
    """Whether three of them began within 30 min; who begins within 30 min of any of them has joined them."""
    return any(
        later.since - first.since <= WITHIN
        for first, later in zip(chain, islice(chain, ENOUGH - 1, None), strict=False)
    )


def _operators(chain: Chain, ties: Mapping[str, Ties]) -> set[str]:
    shared = (ties.get(one.service, ALONE).shared for one in chain)
    return {candidate for each in shared for candidate in each if kind_of(candidate) == "operator"}
