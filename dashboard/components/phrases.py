"""Titles and small sentences about incidents, académies and services."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

from dashboard import dates
from dashboard.components.culprits import subject_of
from dashboard.incident_view import IncidentView
from dashboard.model import TROUBLES, ServiceView, Stretch, TerritoryView, View
from dashboard.numerals import decimals
from dashboard.tenses import tense
from dashboard.tongue import _, ngettext, root
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
        return _("{name}\u00a0: rattaché à un incident plus large").format(name=name)
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
        return _("Toute la France")
    rest = len(names) - TERRITORIES_SHOWN
    shown = ", ".join(names[:TERRITORIES_SHOWN])
    if rest <= 0:
        return shown
    return ngettext("{shown} et {count}\u00a0autre", "{shown} et {count}\u00a0autres", rest).format(
        shown=shown, count=rest
    )


def incident_times(incident: IncidentView, now: datetime) -> str:
    """``depuis 8 h 02``, or from when to when."""
    end = incident.closed_at or incident.recovered_at
    if end is None:
        return _("depuis {moment}").format(moment=dates.since(incident.opened_at, now))
    return dates.from_to(incident.opened_at, end, now)


def incident_measure(incident: IncidentView, view: View, *, stale: bool = False) -> str:
    """What was measured, in one sentence, or how it stands since it answers again; empty where nothing was kept."""
    now = view.at
    again = dates.capital(tense(stale).again[len(incident.services) > 1])
    if incident.watched:
        return f"{again}, {watch_words(incident, now)}."
    if incident.closed_at is None and incident.recovered_at is not None:
        return _("{again}\u00a0: nous restons attentifs.").format(again=again)
    states = Counter(one.health for one in members(incident, view) if one.health in TROUBLES)
    if incident.current and not incident.alone and len(states) > 1:
        told = (f"{states[one]} {tense(stale).clauses[one][states[one] > 1]}" for one in TROUBLES if one in states)
        return f"{', '.join(told)}."
    return FAILURES[incident.failure].said if incident.failure else ""


def watch_words(incident: IncidentView, now: datetime) -> str:
    """``sous surveillance jusqu’à 8 h 30``: the end of the next usual peak."""
    if incident.watch_until is None:
        return _("sous surveillance jusqu’au prochain pic de connexions")
    return _("sous surveillance jusqu’{moment}").format(moment=dates.until(incident.watch_until, now))


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
    return _("<\u00a01\u00a0%") if share > 0 and rounded == 0 else _("{share}\u00a0%").format(share=rounded)


def share_words(territory: TerritoryView) -> str:
    """The part affected by audience, where audiences differ; one figure otherwise."""
    told = [(a, s) for a, h, s in territory.audiences if h not in {Health.UP, Health.UNKNOWN} and s > 0]
    if not told or len({round(s, 2) for _, s in told}) == 1:
        return percent(territory.share) if territory.share else ""
    return ", ".join(f"{AUDIENCES[Audience(a)].said} {percent(s)}" for a, s in told)


def area_title(territory: TerritoryView) -> str:
    """What the map says when an académie is pointed at."""
    told = {"name": territory.name, "state": HEALTHS[territory.health].said.lower()}
    if not territory.share:
        return _("{name}\u00a0: {state}").format(**told)
    return _("{name}\u00a0: {state}, {part} touchés").format(**told, part=percent(territory.share))


def in_trouble(territory: TerritoryView, view: View) -> list[ServiceView]:
    """The services of a territory that are not well."""
    found = (view.services[s] for s in territory.services if s in view.services)
    return [s for s in found if s.health not in {Health.UP, Health.UNKNOWN}]


def stretch_words(stretches: tuple[Stretch, ...], since: datetime, now: datetime) -> str:
    """The trouble of a day in words: ``File d’attente de 8 h 02 à 10 h 16``; the twin of a strip."""
    told = [
        f"{HEALTHS[s.health].said} {_when(s, since, now)}"
        for s in stretches
        if s.health not in {Health.UP, Health.UNKNOWN} and (s.until or now) > since
    ]
    shown = told[-3:]
    between = _("\u00a0; ")
    if len(told) <= 4:
        return between.join(told)
    return _("{count}\u00a0autres avant, puis {last}").format(count=len(told) - 3, last=between.join(shown))


def _when(stretch: Stretch, since: datetime, now: datetime) -> str:
    start = max(stretch.since, since)
    if stretch.until is not None:
        return dates.from_to(start, stretch.until, now)
    return _("depuis {moment}").format(moment=dates.since(start, now))


PLACES: Mapping[str, str] = {"A": "academie", "D": "departement", "R": "region", "C": "collectivite"}


def place_address(territory: TerritoryView) -> str | None:
    """The address of a territory's page; None for the country and for a school."""
    folder = PLACES.get(territory.code.partition(":")[0])
    return None if folder is None else f"{root()}/{folder}/{quote(territory.slug, safe='')}"


def places(view: View, codes: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Names of territories with the address of their page, None where there is none."""
    found = []
    for code in codes:
        territory = view.territories.get(code)
        name = _("Toute la France") if code == "N" else territory.name if territory else code
        found.append((name, place_address(territory) if territory else None))
    return found


def took(ms: float) -> str:
    """``118 ms`` or ``6,2 s``."""
    return f"{ms:.0f}{NB}ms" if ms < 1000 else f"{decimals(ms / 1000, 1)}{NB}s"


def stretch_length(stretch: Stretch, now: datetime) -> str:
    """How long a state lasted or has lasted."""
    return dates.duration((stretch.until or now) - stretch.since) if stretch.since else dates.duration(timedelta(0))
