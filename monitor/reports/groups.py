"""Groups of services over a period, each beside its control group (docs/method.md, "Comparing groups")."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.catalog import Catalog, Service, ServiceKind
from monitor.domain.compared import APART, Doubt, little
from monitor.domain.incident import Incident
from monitor.domain.ties import Bonds
from monitor.domain.timetable import Timetable
from monitor.domain.trial import Count
from monitor.domain.uptime import Availability, Hours, Uptime, Weighted, weighted
from monitor.reports.declared import windows_ever
from monitor.reports.sharing import Group, Shared, sharing
from monitor.reports.sources import reader_of
from monitor.reports.totals import totals_of
from monitor.store import DatabaseMissing

_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Ledger:
    """What groups are compared from: both books by one address, the catalogue, its ties, the school clocks.

    `services`: those that may be shown; `known`: until when the verdicts in force speak (`availability.known_until`).
    """

    url: str
    catalog: Catalog
    timetable: Timetable
    services: tuple[Service, ...]
    bonds: Bonds
    known: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: by what services are grouped, over [since, until), in which hours, of which kind (None: all)."""

    by: Shared
    since: datetime
    until: datetime
    hours: Hours = Hours.ALL
    kind: ServiceKind | None = None


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a comparison.

    Attributes:
        services: how many it has; `measured`: those of which some time is counted; `unwell`: those of the measured
            ones that were unavailable at some counted moment.
        together: the share of their time that they were available, each service weighing the same.
    """

    services: int
    measured: int
    unwell: int
    together: Weighted


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the exact test said of one group at an incident of the period; `told`: explained, possible or ruled out."""

    incident: str
    opened_at: datetime
    told: str
    count: Count


@dataclass(frozen=True, slots=True)
class Line:
    """One group over the period beside its control group, and what the exact test said of it at each incident."""

    group: Group
    inside: Half
    control: Half
    tested: tuple[Weighed, ...] = ()

    @property
    def points(self) -> float | None:
        """By how many points (hundredths) the group was less or more available than its control; None: no figure."""
        one, other = self.inside.together.availability, self.control.together.availability
        return None if one is None or other is None else 100 * (one - other)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What speaks against the difference, by the rules of "Comparing two periods"."""
        if self.points is None:
            return (Doubt.NOTHING,)
        one, other = self.inside.together.coverage, self.control.together.coverage
        raised = {Doubt.LITTLE: little(one) or little(other), Doubt.APART: abs(one - other) > APART + _HAIR}
        return tuple(doubt for doubt, is_so in raised.items() if is_so)


@dataclass(frozen=True, slots=True)
class Groups:
    """The answer.

    Attributes:
        ranked: groups of three services and more with a difference, the one furthest below its control first.
        apart: the others, by name: too small to be ranked, or without anything to compare with.
        figures: of every service of the wish, by id. undeclared: how many say nothing of what groups are made by.
    """

    wish: Wish
    ranked: tuple[Line, ...]
    apart: tuple[Line, ...]
    figures: Mapping[str, Uptime]
    undeclared: int


def groups_of(ledger: Ledger, wish: Wish) -> Groups:
    """Every group of a kind beside its control group. Raises StoreError."""
    found = sharing(ledger.services, ledger.catalog, ledger.bonds, wish.by, wish.kind)
    services = {one.id: one for group in found.groups for one in (*group.inside, *group.control)}
    figures = totals_of(
        ledger.url,
        services.values(),
        ledger.catalog,
        lambda one: ledger.timetable.clock_of(one.territories),
        windows_ever(ledger.url),
        since=wish.since,
        until=wish.until,
        now=ledger.known,
    )
    tests = _tests(_incidents(ledger.url, wish))
    lines = [
        Line(
            one,
            _half(one.inside, figures, wish.hours),
            _half(one.control, figures, wish.hours),
            tests.get(one.candidate, ()),
        )
        for one in found.groups
    ]
    ranked = [one for one in lines if one.group.ranked and one.points is not None]
    apart = tuple(one for one in lines if not one.group.ranked or one.points is None)
    ranked.sort(key=lambda one: (one.points or 0.0, one.group.name.casefold(), one.group.candidate))
    return Groups(wish, tuple(ranked), apart, figures, found.undeclared)


def _half(services: Sequence[Service], figures: Mapping[str, Uptime], hours: Hours) -> Half:
    said: list[Availability] = [figures[one.id].of(hours) for one in services]
    return Half(
        len(services),
        sum(bool(one.counted) for one in said),
        sum(bool(one.unavailable) for one in said),
        weighted([(1.0, one) for one in said], hours),
    )


def _incidents(url: str, wish: Wish) -> list[Incident]:
    try:
        reader = reader_of(url)
        return [] if reader is None else reader.incidents_touching(wish.since, wish.until)
    except DatabaseMissing:
        return []


def _tests(incidents: Iterable[Incident]) -> dict[str, tuple[Weighed, ...]]:
    """By candidate, what each incident's test said of it; what another incident absorbed is told by that one."""
    found: dict[str, list[Weighed]] = {}
    for one in incidents:
        cause = one.cause
        if cause is None or one.ours or one.absorbed_into is not None:
            continue
        own = [] if cause.test is None else [(cause.test, "explained" if cause.explained else "possible")]
        others = [(count, "possible") for count in cause.beaten] + [(count, "ruled_out") for count in cause.ruled_out]
        for count, told in (*own, *others):
            found.setdefault(count.candidate, []).append(Weighed(one.id, one.opened_at, told, count))
    return {candidate: tuple(tests) for candidate, tests in found.items()}
