"""`/incidents/ID`: one incident of any age, what letters and feeds lead to."""

from dashboard import dates
from dashboard.components import phrases
from dashboard.components.common_ground import common_ground
from dashboard.components.timeline import timeline
from dashboard.incident_view import IncidentView, read_incident
from dashboard.letterbox import UnavailableError
from dashboard.model import View, severity
from dashboard.public.press import Sheet, Visit
from dashboard.public.told import told


async def page(visit: Visit, key: str) -> Sheet | None:
    """The incident `key`, None for an unknown one and for those of our own line. Raises UnavailableError."""
    view = visit.view
    incident = None if view is None else await _found(visit, view, key)
    if view is None or incident is None:
        return None
    title = phrases.incident_title(incident, view, stale=visit.stale)
    past = phrases.incident_title(incident, view, stale=True)
    services = [view.services[s] for s in incident.services if s in view.services]
    # Of an incident that is over, maintenance to come says nothing.
    declared = await told(visit.data, view, services if incident.closed_at is None else (), incident=incident.id)
    values = {
        "incident": incident,
        "day": incident.opened_at.astimezone(dates.PARIS).date().isoformat(),
        "sentence": title,
        "past": past,
        "past_title": f"{past} · Vigie",
        "services": sorted(services, key=lambda s: (-severity(s.health), s.name.casefold())),
        "places": phrases.places(view, incident.territories),
        "moments": timeline(incident),
        "ground": common_ground(incident, view),
        "survivor": view.survivor(incident) if incident.absorbed_into else None,
        "joined": view.joined(incident),
        "told": declared,
    }
    return Sheet("incident.html", f"{title} · Vigie", values, partial=not declared.read)


async def _found(visit: Visit, view: View, key: str) -> IncidentView | None:
    """Of the snapshot, or of the books where it ended longer ago."""
    shown = next((one for one in view.incidents if one.id == key), None)
    if shown is not None:
        return None if shown.ours else shown
    read, past = await visit.data.open.incident(key, view.at)
    if not read:
        raise UnavailableError
    return None if past is None else read_incident(past)
