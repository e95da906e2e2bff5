"""One trial: the troubles that may have one cause, against every candidate that holds at least two of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp, log

from monitor.domain.exact_test import log_chance
from monitor.domain.ties import ALONE, Bonds, Ties, kind_of, upstream
from monitor.domain.trouble import Family, Trouble, family_of

HOLDS = 2  # unwell services from which a candidate is one
TOLD_APART_BY = 2  # services, net: with one in twenty unlike what its cause says, one alone would mislead too often
TOLD_APART_TIMES = (
    10.0  # and the rival at least that much less likely: few of a big set say little when half of it works
)
# Where the names were found and the pages came, a domain is the lesser explanation, and no certificate was at fault.
OF_A_ZONE = frozenset({Family.NAMES, Family.CERTIFICATES, Family.PAGE})


@dataclass(frozen=True, slots=True)
class Count:
    """One candidate against the troubles at hand, known services alone: 12 of 13 inside, 3 of 61 outside.

    `chance`: how often chance alone would put as many inside (Fisher's exact test, one-sided), times the candidates
    that were tried, at most 1.
    """

    candidate: str
    unwell_inside: int
    inside: int
    unwell_outside: int
    outside: int
    chance: float


@dataclass(frozen=True, slots=True)
class Ground:
    """Who belongs where: of each unwell service the candidates that hold two of them, of each candidate who is well."""

    held_by: Mapping[str, frozenset[str]]
    well: Mapping[str, Collection[str]]
    controls: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Troubles of one family whose onsets are close, and of each candidate those that it holds.

    Services that are unwell otherwise count nowhere: they could not have shown this failure.
    """

    family: Family
    unwell: frozenset[str]
    held: Mapping[str, frozenset[str]]
    ground: Ground

    def without(self, services: Iterable[str]) -> "Trial":
        """The same trial without some of its services, which now count nowhere."""
        taken = self.unwell.intersection(services)
        touched = {candidate for service in taken for candidate in self.ground.held_by[service]}
        held = {one: those - taken if one in touched else those for one, those in self.held.items()}
        held = {one: those for one, those in held.items() if len(those) >= HOLDS}
        return Trial(self.family, self.unwell - taken, held, self.ground)

    def log_chance(self, candidate: str) -> float:
        """The logarithm of how often chance alone would put as many inside; not corrected."""
        held, well = len(self.held[candidate]), len(self.ground.well[candidate])
        return log_chance(held, held + well, len(self.unwell) - held, self.ground.controls - well)

    def count(self, candidate: str, tried: int) -> Count:
        """The figures of a candidate, its chance corrected for the number of candidates that were tried."""
        held, well = len(self.held[candidate]), len(self.ground.well[candidate])
        outside = len(self.unwell) - held
        chance = min(1.0, exp(min(0.0, self.log_chance(candidate) + log(tried))))
        return Count(candidate, held, held + well, outside, outside + self.ground.controls - well, chance)

    def ruled_out(self, candidate: str) -> bool:
        """Whether what works inside speaks against it: as many as are unwell, or the very service that is blamed."""
        well = self.ground.well[candidate]
        if kind_of(candidate) == "service" and candidate.partition(":")[2] in well:
            return True
        return len(well) >= len(self.held[candidate])

    def others(self, candidate: str, services: Iterable[str]) -> Iterator[str]:
        """The other candidates that hold some of these services, in no order."""
        held_by = self.ground.held_by
        around = {other for service in services for other in held_by[service]}
        return (other for other in around if other != candidate and other in self.held)

    def rivals(self, candidate: str) -> list[str]:
        """Which others explain the same as well: the data cannot tell them apart from it."""
        held = self.held[candidate]
        same = (one for one in self.others(candidate, held) if 2 * len(self.held[one] & held) >= len(held))
        return [one for one in same if self._admits(one) and not self._told_apart(candidate, one)]

    def _admits(self, candidate: str) -> bool:
        """Whether the kind of failure lets a candidate stand beside another that explains as much."""
        return kind_of(candidate) != "zone" or self.family in OF_A_ZONE

    def _told_apart(self, candidate: str, other: str) -> bool:
        """Whether enough services are as the candidate would have them and not as the other would."""
        held, well = self.held, self.ground.well
        good = len(held[candidate] - held[other]) + sum(one not in well[candidate] for one in well[other])
        bad = len(held[other] - held[candidate]) + sum(one not in well[other] for one in well[candidate])
        less_likely = self.log_chance(other) - self.log_chance(candidate) >= log(TOLD_APART_TIMES)
        return good - bad >= TOLD_APART_BY and less_likely


def survey(ill: Mapping[str, Trouble], controls: frozenset[str], bonds: Bonds) -> Ground:
    """Who belongs where, as far as two unwell services have something in common. No control is unwell."""
    held: dict[str, list[str]] = defaultdict(list)
    for service, trouble in ill.items():
        family = family_of(trouble)
        for candidate in _candidates(service, bonds.ties):
            if may_be_behind(kind_of(candidate), family):
                held[candidate].append(service)
    shared = {candidate for candidate, services in held.items() if len(services) >= HOLDS}
    held_by: dict[str, set[str]] = {service: set() for service in ill}
    for candidate in shared:
        for service in held[candidate]:
            held_by[service].add(candidate)
    return Ground(
        {service: frozenset(candidates) for service, candidates in held_by.items()},
        {candidate: bonds.inside(candidate) & controls for candidate in shared},
        len(controls),
    )


def trials(ill: Iterable[Trouble], ground: Ground, close: timedelta) -> list[Trial]:
    """One trial a chain of onsets of one family: each trouble began at most `close` after the one before it."""
    families: dict[Family, list[Trouble]] = defaultdict(list)
    for trouble in ill:
        families[family_of(trouble)].append(trouble)
    return [
        _opened(family, frozenset(one.service for one in chain), ground)
        for family in sorted(families)
        for chain in chained(families[family], close)
    ]


def chained(troubles: Iterable[Trouble], close: timedelta) -> list[list[Trouble]]:
    """The troubles in the order of their onset, cut wherever more than `close` lies between two of them."""
    chains: list[list[Trouble]] = []
    for trouble in sorted(troubles, key=lambda one: (one.since, one.service)):
        if chains and trouble.since - chains[-1][-1].since <= close:
            chains[-1].append(trouble)
        else:
            chains.append([trouble])
    return chains


def _candidates(service: str, ties: Mapping[str, Ties]) -> Iterator[str]:
    """Everything that might be behind a service's trouble: what it shares, what it needs, and itself for others."""
    yield from ties.get(service, ALONE).shared
    yield f"service:{service}"
    for needed in upstream(service, ties):
        yield f"service:{needed}"


def _opened(family: Family, unwell: frozenset[str], ground: Ground) -> Trial:
    held: dict[str, list[str]] = defaultdict(list)
    for service in unwell:
        for candidate in ground.held_by[service]:
            held[candidate].append(service)
    sets: dict[str, frozenset[str]] = {
        candidate: frozenset(services) for candidate, services in held.items() if len(services) >= HOLDS
    }
    return Trial(family, unwell, sets, ground)


def may_be_behind(kind: str, family: Family) -> bool:
    """Whether a kind of candidate may bring about such troubles: an issuer is behind those of certificates alone."""
    return family is Family.CERTIFICATES or kind != "issuer"


def best_first(counts: Sequence[Count]) -> tuple[Count, ...]:
    """Counts in the order in which people read them: the least likely to be chance first."""
    return tuple(sorted(counts, key=lambda one: (one.chance, -one.unwell_inside, one.inside, one.candidate)))
