"""`/`: what the situation is, where, what is wrong now, the national services, the day so far."""

from collections.abc import Mapping
from datetime import timedelta

from dashboard import dates
from dashboard.components import phrases
from dashboard.components.headline import asleep, headline, told_at
from dashboard.figures.france import Area, map_svg
from dashboard.figures.strip import strip_svg
from dashboard.incident_view import IncidentView
from dashboard.model import ServiceView, Stretch, TerritoryView, View, severity
from dashboard.public.press import Sheet, Visit
from dashboard.tongue import _
from monitor.domain.catalog import Level
from monitor.domain.observation import Health

STRIPS_SHOWN = 24
INCIDENTS_SHOWN = 8


async def page(visit: Visit, _key: str) -> Sheet | None:
    """The overview; before the first snapshot only its sentence."""
    view = visit.view
    if view is None:
        return Sheet("overview.html", "Vigie", {"segments": headline(None), "ready": False, "past": ""})
    since = dates.midnight(view.at)
    spans = await visit.data.day_spans(since, view.at)
    told = headline(view, stale=visit.stale)
    academies = view.of_level(Level.ACADEMIE)
    incidents = _current(view)
    values = {
        "segments": told,
        "past": "".join(segment.text for segment in headline(view, stale=True)),
        "past_title": _title(view, stale=True),
        "ready": True,
        "map": map_svg({t.slug: Area(t.slug, t.health, phrases.area_title(t)) for t in academies}),
        "academies": sorted(academies, key=lambda t: (-severity(t.health), -t.share, t.name)),
        "outside": _outside(view),
        "incidents": incidents[:INCIDENTS_SHOWN],
        "more": len(incidents[INCIDENTS_SHOWN:]),
        "watched": [i for i in view.theirs if i.watched],
        "national": _national(view),
        "strips": _strips(view, spans or {}),
        "warnings": view.warnings,
    }
    return Sheet("overview.html", _title(view, stale=visit.stale), values, partial=spans is None)


def _title(view: View, *, stale: bool) -> str:
    if not stale:
        return _("Vigie\u00a0: les services numériques de l’école répondent-ils\u00a0?")
    words = _("Vigie\u00a0: les services numériques de l’école répondaient-ils {moment}\u00a0?")
    return words.format(moment=told_at(view))


def _current(view: View) -> list[IncidentView]:
    """Incidents still going on, gravest first; our own line's are for the operator and for the sentence above."""
    return sorted((i for i in view.theirs if i.current), key=lambda i: -severity(phrases.incident_health(i)))


def _national(view: View) -> list[ServiceView]:
    found = [s for s in view.services.values() if s.national and not asleep(s)]
    return sorted(found, key=lambda s: (-severity(s.health), s.name.casefold()))


def _outside(view: View) -> list[TerritoryView]:
    return [t for t in view.of_level(Level.COLLECTIVITE) if t.services]


def _strips(view: View, spans: Mapping[str, tuple[Stretch, ...]]) -> list[dict[str, object]]:
    """A strip for each service that was in trouble today, the longest trouble first."""
    since = dates.midnight(view.at)
    until = since + timedelta(days=1)
    found = []
    for service in view.services.values():
        stretches = spans.get(service.id, ())
        lost = sum((_trouble(s, view) for s in stretches), timedelta(0))
        if lost > timedelta(0):
            words = phrases.stretch_words(stretches, since, view.at)
            found.append(
                (lost, {"service": service, "svg": strip_svg(stretches, since, until, view.at), "words": words})
            )
    found.sort(key=lambda pair: (-severity(pair[1]["service"].health), -pair[0]))  # type: ignore[attr-defined]
    return [strip for _, strip in found[:STRIPS_SHOWN]]


def _trouble(stretch: Stretch, view: View) -> timedelta:
    if stretch.health in {Health.UP, Health.UNKNOWN}:
        return timedelta(0)
    return max((stretch.until or view.at) - max(stretch.since, dates.midnight(view.at)), timedelta(0))
