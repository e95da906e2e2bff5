"""Titles and small sentences about incidents, académies and services."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

from dashboard import dates
from dashboard.components.culprits import subject_of
from dashboard.incident_view import IncidentView
from dashboard.model import TROUBLES, ServiceView, Stretch, TerritoryView, View
from dashboard.tenses import tense
from dashboard.wording import AUDIENCES, FAILURES, HEALTHS
from monitor.domain.catalog import Audience
from monitor.domain.observation import Health

NB = dates.NB
TERRITORIES_SHOWN = 4
MEMBERS_SHOWN = 8


def incident_title(incident: IncidentView, view: View, *, stale: bool = False) -> str:
    """Subject first: what does what; whether it answers again; in the past on a page that is no longer up to date."""
    services = [view.services[s] for s in incident.services if s in view.services]
    verbs = tense(stale)
    unwell = [one for one in services if one.health not in {Health.UP, Health.UNKNOWN}]
    going_on = incident.recovered_at is None and incident.closed_at is None
    name, many = subject_of(incident, unwell if unwell and going_on else services, view)
    if incident.absorbed_into is not None:
        return f"{name}{NB}: rattaché à un incident plus large"
    if incident.recovered_at is not None:
        return f"{name} {verbs.again[many]}"
    if incident.closed_at is not None:  # nobody saw how it ended: withdrawn, or not measured for too long
        return f"{name} {verbs.clauses[Health.UNKNOWN][many]}"
    if not incident.alone and len({one.health for one in unwell}) > 1:
        return f"{name} {verbs.rest[many]}"
    health = incident.worst if incident.health in {Health.UP, Health.UNKNOWN} else incident.health
    if not incident.alone and unwell:
        health = unwell[0].health
    return f"{name} {verbs.clauses[health][many]}"


def incident_health(incident: IncidentView) -> Health:
    """The state that the mark of an incident shows: up once it answers again, else what it is, or was when absorbed."""
    if incident.absorbed_into is not None:
        return incident.worst
    if incident.recovered_at is not None:
        return Health.UP
    if incident.closed_at is not None:
        return Health.UNKNOWN
    return incident.worst if incident.health is Health.UP else incident.health


def incident_length(incident: IncidentView, now: datetime) -> str:
    """How long it has lasted, or lasted."""
    return dates.duration((incident.closed_at or incident.recovered_at or now) - incident.opened_at)


def incident_places(incident: IncidentView, view: View) -> str:
    """``Lille, Amiens``; the country by name; the rest counted."""
    names = [view.territories[c].name for c in incident.territories if c in view.territories]
    if "N" in incident.territories:
        return "Toute la France"
    rest = len(names) - TERRITORIES_SHOWN
    shown = ", ".join(names[:TERRITORIES_SHOWN])
    return f"{shown} et {rest}{NB}autre{'s' if rest > 1 else ''}" if rest > 0 else shown


def incident_times(incident: IncidentView, now: datetime) -> str:
    """``depuis 8 h 02``, or from when to when."""
    end = incident.closed_at or incident.recovered_at
    if end is None:
        return f"depuis {dates.since(incident.opened_at, now)}"
    return dates.from_to(incident.opened_at, end, now)


def incident_measure(incident: IncidentView, view: View, *, stale: bool = False) -> str:
    """What was measured, in one sentence, or how it stands since it answers again; empty where nothing was kept."""
    now = view.at
    again = dates.capital(tense(stale).again[len(incident.services) > 1])
    if incident.watched:
        return f"{again}, {watch_words(incident, now)}."
    if incident.closed_at is None and incident.recovered_at is not None:
        return f"{again}{NB}: nous restons attentifs."
    states = Counter(one.health for one in members(incident, view) if one.health in TROUBLES)
    if incident.current and not incident.alone and len(states) > 1:
        told = (f"{states[one]} {tense(stale).clauses[one][states[one] > 1]}" for one in TROUBLES if one in states)
        return f"{', '.join(told)}."
    return FAILURES[incident.failure].fr if incident.failure else ""


def watch_words(incident: IncidentView, now: datetime) -> str:
    """``sous surveillance jusqu’à 8 h 30``: the end of the next usual peak."""
    if incident.watch_until is None:
        return "sous surveillance jusqu’au prochain pic de connexions"
    return f"sous surveillance jusqu’{dates.until(incident.watch_until, now)}"


def members(incident: IncidentView, view: View) -> list[ServiceView]:
    """Its services by name."""
    found = (view.services[s] for s in incident.services if s in view.services)
    return sorted(found, key=lambda s: s.name.casefold())


def incident_name(incident: IncidentView, view: View) -> str:
    """Who it is about, and nothing of its state."""
    return subject_of(incident, members(incident, view), view)[0]


def percent(share: float) -> str:
    """``40 %``; ``<1 %`` rather than a nought that would say nobody."""
    rounded = round(share * 100)
    return f"<{NB}1{NB}%" if share > 0 and rounded == 0 else f"{rounded}{NB}%"


def share_words(territory: TerritoryView) -> str:
    """The part affected by audience, where audiences differ; one figure otherwise."""
    told = [(a, s) for a, h, s in territory.audiences if h not in {Health.UP, Health.UNKNOWN} and s > 0]
    if not told or len({round(s, 2) for _, s in told}) == 1:
        return percent(territory.share) if territory.share else ""
    return ", ".join(f"{AUDIENCES[Audience(a)].fr} {percent(s)}" for a, s in told)


def area_title(territory: TerritoryView) -> str:
    """What the map says when an académie is pointed at."""
    part = f", {percent(territory.share)} touchés" if territory.share else ""
    return f"{territory.name}{NB}: {HEALTHS[territory.health].fr.lower()}{part}"


def in_trouble(territory: TerritoryView, view: View) -> list[ServiceView]:
    """The services of a territory that are not well."""
    found = (view.services[s] for s in territory.services if s in view.services)
    return [s for s in found if s.health not in {Health.UP, Health.UNKNOWN}]


def stretch_words(stretches: tuple[Stretch, ...], since: datetime, now: datetime) -> str:
    """The trouble of a day in words: ``File d’attente de 8 h 02 à 10 h 16``; the twin of a strip."""
    told = [
        f"{HEALTHS[s.health].fr} {_when(s, since, now)}"
        for s in stretches
        if s.health not in {Health.UP, Health.UNKNOWN} and (s.until or now) > since
    ]
    shown = told[-3:]
    more = f"{len(told) - 3}{NB}autres avant, puis " if len(told) > 4 else ""
    return f"{more}{f'{NB}; '.join(shown if more else told)}"


def _when(stretch: Stretch, since: datetime, now: datetime) -> str:
    start = max(stretch.since, since)
    return f"depuis {dates.since(start, now)}" if stretch.until is None else dates.from_to(start, stretch.until, now)


PLACES: Mapping[str, str] = {"A": "academie", "D": "departement", "R": "region", "C": "collectivite"}


def place_address(territory: TerritoryView) -> str | None:
    """The address of a territory's page; None for the country and for a school."""
    folder = PLACES.get(territory.code.partition(":")[0])
    return None if folder is None else f"/{folder}/{quote(territory.slug, safe='')}"


def places(view: View, codes: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Names of territories with the address of their page, None where there is none."""
    found = []
    for code in codes:
        territory = view.territories.get(code)
        name = "Toute la France" if code == "N" else territory.name if territory else code
        found.append((name, place_address(territory) if territory else None))
    return found


def took(ms: float) -> str:
    """``118 ms`` or ``6,2 s``."""
    return f"{ms:.0f}{NB}ms" if ms < 1000 else f"{ms / 1000:.1f}{NB}s".replace(".", ",")


def stretch_length(stretch: Stretch, now: datetime) -> str:
    """How long a state lasted or has lasted."""
    return dates.duration((stretch.until or now) - stretch.since) if stretch.since else dates.duration(timedelta(0))
