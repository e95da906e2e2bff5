"""`vigie backtest`: stored answers judged again, with the catalogue's policy or another one, beside what was opened."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.config import Config
from monitor.config.calendar import load_calendar
from monitor.config.network_table import load_networks
from monitor.config.policy import OtherPolicy
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.incident import Incident
from monitor.domain.networks import NOWHERE, Networks
from monitor.domain.news import News
from monitor.domain.notice import Subscription
from monitor.domain.observation import Observation
from monitor.domain.retrial import Court, ended, heard_at, retry
from monitor.domain.rollup import survey
from monitor.domain.timetable import Timetable
from monitor.domain.usual import heard as as_heard
from monitor.engine import HURRY, courteous
from monitor.rehearsal.france import PLAYED_KINDS
from monitor.rehearsal.scenario import PARIS, ScenarioInvalid, load_scenario, with_scenario
from monitor.settings import Settings
from monitor.store import Identity, Reader
from monitor.store.latencies import Known

# Nothing that judging remembers is older, but for the three good answers that let a probe accuse, and for incidents
# that have lasted longer: docs/method.md, "Backtest".
WARM_UP = timedelta(hours=24)
_HOUR = timedelta(hours=1)

Advance = Callable[[timedelta], None]  # hears how much of the period has been read since the last time


@dataclass(frozen=True, slots=True)
class Held:
    """What the answers of a database were judged by: `timetable` is the school clocks, `pace` that of evaluation.

    `networks` are those of today's table, none in a rehearsal: its addresses are all ours.
    """

    catalog: Catalog
    timetable: Timetable
    networks: Networks
    subscriptions: tuple[Subscription, ...]
    vantage: str
    pace: timedelta


@dataclass(frozen=True, slots=True)
class Told:
    """One notice that would have been queued at an instant."""

    at: datetime
    news: News


@dataclass(slots=True)
class Judged:
    """What judging [since, until) again gives, and the incidents of the same time in the books.

    `answers`: how many of that time were judged; `incidents` by id, as last seen.
    """

    since: datetime
    until: datetime
    answers: int = 0
    incidents: dict[str, Incident] = field(default_factory=dict)
    notices: list[Told] = field(default_factory=list)
    really: Sequence[Incident] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """An incident judged again, and the one of the books that it answers to; either may be missing, not both."""

    again: Incident | None
    really: Incident | None


def held(identity: Identity | None, config: Config, settings: Settings) -> Held:
    """The catalogue and the school clocks that the answers of a database were judged by.

    A rehearsal makes up what its scenario names, counts everything as seen working, and knows no school clock.
    """
    if identity is None or identity.kind == "real":
        catalog = courteous(config.catalog, settings.contact)
        timetable = Timetable(catalog, load_calendar(settings.calendar))
        networks = load_networks(settings.network_table)
    else:
        catalog = _as_rehearsed(config.catalog, identity)
        timetable = Timetable(catalog, load_calendar(settings.calendar), paced=False)
        networks = NOWHERE
    pace = timedelta(seconds=settings.evaluate_every_s)
    return Held(catalog, timetable, networks, config.subscriptions, settings.vantage, pace)


def _as_rehearsed(catalog: Catalog, identity: Identity) -> Catalog:
    with suppress(ScenarioInvalid):  # a file that is no longer there: what it alone named cannot be judged
        catalog = with_scenario(catalog, load_scenario(identity.scenario or ""))
    seen = identity.created_at.astimezone(PARIS).date()
    services = {
        service.id: replace(service, probes=_played(service.probes), confirmed=service.confirmed or seen)
        for service in catalog.services.values()
    }
    return replace(catalog, services=services, canaries=_played(catalog.canaries))


def _played(probes: Iterable[Probe]) -> tuple[Probe, ...]:
    return tuple(probe for probe in probes if probe.kind in PLAYED_KINDS)


def backtest(
    reader: Reader,
    held: Held,
    since: datetime,
    until: datetime,
    *,
    policy: OtherPolicy | None = None,
    advance: Advance = lambda _: None,
) -> Judged:
    """Judge [since, until) again, from a day before it on. Raises StoreError."""
    catalog = held.catalog if policy is None else policy.applied(held.catalog)
    court = Court(
        catalog=catalog,
        ground=survey(catalog),
        subscriptions=held.subscriptions,
        vantage=held.vantage,
        rhythms=lambda service: held.timetable.clock(service).rhythm,
        pace=held.pace,
        hurry=HURRY,
        peaks=held.timetable.peak_over,
        networks=held.networks,
    )
    judged = Judged(since, until, really=reader.incidents_touching(since, until))
    begin = since - WARM_UP
    probes = [probe.id for probe in catalog.probes()]
    stored = _in_order(lambda one, other: reader.heard(probes, held.vantage, one, other), begin, until, advance)
    read = stored if policy is None or "slow" not in policy.given else _reread(stored, catalog)
    heard = _counted(_as_judged(read, catalog, held.timetable, reader.usuals(held.vantage)), judged)
    known: dict[str, Incident] = {}
    for moment in retry(court, heard, since=begin, until=until):
        known |= {one.id: one for one in moment.change.incidents}
        if moment.at >= since:
            judged.notices += [Told(moment.at, one) for one in moment.news]
    judged.incidents = {name: one for name, one in known.items() if one.closed_at is None or one.closed_at >= since}
    return judged


def pairs(again: Sequence[Incident], really: Sequence[Incident], until: datetime) -> list[Pair]:
    """Each incident beside the one of the books about the same culprit that overlaps it and began nearest to it.

    The first opened first; an incident that is still open lasts until `until`.
    """
    left, found = list(really), list[Pair]()
    for one in sorted(again, key=lambda one: (one.opened_at, one.id)):
        alike = [other for other in left if other.culprit == one.culprit and _overlap(one, other, until)]
        nearest = min(alike, key=lambda other: abs(other.opened_at - one.opened_at), default=None)
        if nearest is not None:
            left.remove(nearest)
        found.append(Pair(one, nearest))
    found += [Pair(None, other) for other in left]
    return sorted(found, key=_opened)


def _opened(pair: Pair) -> datetime:
    return min(one.opened_at for one in (pair.again, pair.really) if one is not None)


def _overlap(one: Incident, other: Incident, until: datetime) -> bool:
    return one.opened_at <= (other.closed_at or until) and other.opened_at <= (one.closed_at or until)


def _in_order(
    read: Callable[[datetime, datetime], list[Observation]], since: datetime, until: datetime, advance: Advance
) -> Iterator[Observation]:
    """The answers that `read` finds between two instants, in the order in which they ended, an hour at a time."""
    carried = list[Observation]()
    while since < until:
        end = min(since + _HOUR, until)
        carried += read(since, end)
        carried.sort(key=lambda one: (ended(one), one.at, one.probe))
        there = bisect_left(carried, end, key=ended)
        yield from carried[:there]
        del carried[:there]
        advance(end - since)
        since = end


def _reread(answers: Iterator[Observation], catalog: Catalog) -> Iterator[Observation]:
    """The answers as the thresholds of slowness of this catalogue read them; our own line has none."""
    slow = {probe.id: probe.policy.slow for service in catalog.services.values() for probe in service.probes}
    return (heard_at(one, slow[one.probe]) if one.probe in slow else one for one in answers)


def _as_judged(
    answers: Iterator[Observation], catalog: Catalog, timetable: Timetable, known: Known
) -> Iterator[Observation]:
    """The answers as verdicts hear them: slow or not by what is usual for their probe (as it is known today)."""
    probes = {probe.id: probe for service in catalog.services.values() for probe in service.probes} if known else {}
    for one in answers:
        probe = probes.get(one.probe)
        if probe is None:
            yield one
        else:
            in_school = timetable.clock(probe.service).in_school_hours(one.at)
            yield as_heard(one, known.get((probe.id, in_school)), probe.policy)


def _counted(answers: Iterator[Observation], judged: Judged) -> Iterator[Observation]:
    for one in answers:
        judged.answers += one.at >= judged.since
        yield one
