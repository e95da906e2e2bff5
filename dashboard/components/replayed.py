"""A day that is played again, in words: the sentence of every minute, the incidents with their hours."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

from dashboard import dates
from dashboard.components.headline import Segment, said_then
from dashboard.components.phrases import incident_name, incident_places
from dashboard.incident_view import IncidentView
from dashboard.model import ServiceView, TerritoryView, View
from dashboard.tenses import PAST
from dashboard.wording import EXCUSES
from monitor.domain.observation import Health
from monitor.reports.day import CountryDay, IncidentDay

NB = dates.NB
# What turns the direction of a text or shows nothing has no place in a name.
_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said from a minute of the day on; minutes are counted from the day's first instant."""

    minute: int
    segments: tuple[Segment, ...]


def clean(name: str) -> str:
    """A name that somebody else chose, as a line of a page may hold it."""
    return _CONTROLS.sub("", name)


def first_minute(at: datetime, since: datetime) -> int:
    """The first whole minute of the day at which what began at an instant is so."""
    return max(0, -((since - at) // MINUTE))


def sentences(told: CountryDay) -> Iterator[Sentence]:
    """The sentence of every minute that says another one than the minute before."""
    services = _seen(told)
    turned = defaultdict[int, dict[str, Health]](dict)
    for one in told.services:
        for change in one.course:
            turned[first_minute(change.at, told.since)][one.id] = change.health
    edges = {first_minute(at, told.since) for stretch in told.blind for at in stretch}
    edges |= {first_minute(at, told.since) for one in told.pauses for at in (one.since, one.until)}
    before: tuple[Segment, ...] = ()
    for minute in sorted(turned.keys() | edges):
        services |= {key: replace(services[key], health=health) for key, health in turned.get(minute, {}).items()}
        segments = _said(told, told.since + minute * MINUTE, list(services.values()))
        if segments != before:
            yield Sentence(minute, segments)
        before = segments


def worst_minute(told: CountryDay) -> int:
    """The first minute at which most services were not well; 0 on a day without trouble."""
    steps: dict[int, int] = defaultdict(int)
    for one in told.services:
        before = False
        for change in one.course:
            bad = change.health not in {Health.UP, Health.UNKNOWN}
            steps[first_minute(change.at, told.since)] += bad - before
            before = bad
    counts = accumulate(steps[minute] for minute in sorted(steps))
    most, minute = max(((count, -minute) for minute, count in zip(sorted(steps), counts, strict=True)), default=(0, 0))
    return -minute if most else 0


@dataclass(frozen=True, slots=True)
class Titled:
    """An incident with its words: `name` says who, `title` what it did at its worst, `where` the places."""

    incident: IncidentDay
    name: str
    title: str
    where: str


def titled(told: CountryDay) -> tuple[Titled, ...]:
    """The incidents of the day, the first opened first, those that another absorbed among them."""
    view = _view(told)
    return tuple(_titled(one, view) for one in told.incidents)


def _said(told: CountryDay, at: datetime, services: Sequence[ServiceView]) -> tuple[Segment, ...]:
    pause = next((one for one in told.pauses if one.since <= at < one.until), None)
    if pause is not None:
        return (Segment(f"Vigie ne mesurait rien{NB}: {EXCUSES[pause.excuse].fr}.", Health.UNKNOWN),)
    return said_then(services, blind=any(since <= at < until for since, until in told.blind))


def _titled(one: IncidentDay, view: View) -> Titled:
    shown = IncidentView(
        id=one.id,
        culprit=one.culprit,
        opened_at=one.opened,
        confirmed_at=one.confirmed,
        health=one.worst,
        worst=one.worst,
        services=one.services,
        territories=one.territories,
        share=one.share,
        failure=None,
        recovered_at=one.recovered,
        closed_at=one.closed,
        absorbed_into=one.absorbed_into,
    )
    name, many = clean(incident_name(shown, view)), len(one.services) > 1
    verb = PAST.clauses[one.worst][False] if shown.alone else PAST.rest[many]
    return Titled(one, name, f"{name} {verb}", incident_places(shown, view))


def _view(told: CountryDay) -> View:
    """As much of a snapshot as the words of incidents are made from."""
    names = {one.culprit.partition(":")[2]: one.shared for one in told.incidents if one.culprit[:9] == "operator:"}
    places = {
        one.code: TerritoryView(one.code, one.name, one.level, Health.UNKNOWN, 0.0, 0.0, (), ()) for one in told.places
    }
    return View(
        at=told.until,
        published_at=told.until,
        measured_at=told.until,
        blind=False,
        blind_since=None,
        coverage=0.0,
        rehearsal=told.scenario,
        services=_seen(told),
        territories=places,
        incidents=(),
        never_seen=(),
        warnings=(),
        version="",
        operators=names,
    )


def _seen(told: CountryDay) -> dict[str, ServiceView]:
    return {
        one.id: ServiceView(
            one.id, one.name, one.kind, None, Health.UNKNOWN, None, None, one.national, (), one.dormant, None
        )
        for one in told.services
    }
