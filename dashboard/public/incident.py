"""`/incidents/ID`: one incident, what letters lead to."""

from dashboard.components import phrases
from dashboard.components.common_ground import common_ground
from dashboard.components.timeline import timeline
from dashboard.model import severity
from dashboard.public.press import Sheet, Visit
from dashboard.public.told import told


async def page(visit: Visit, key: str) -> Sheet | None:
    """The incident `key` of the snapshot, None for an unknown one and for those of our own line."""
    view = visit.view
    found = [i for i in view.incidents if i.id == key and not i.ours] if view else []
    if view is None or not found:
        return None
    incident = found[0]
    title = phrases.incident_title(incident, view, stale=visit.stale)
    past = phrases.incident_title(incident, view, stale=True)
    services = [view.services[s] for s in incident.services if s in view.services]
    values = {
        "incident": incident,
        "sentence": title,
        "past": past,
        "past_title": f"{past} · Vigie",
        "services": sorted(services, key=lambda s: (-severity(s.health), s.name.casefold())),
        "places": phrases.places(view, incident.territories),
        "moments": timeline(incident),
        "ground": common_ground(incident, view),
        "survivor": view.survivor(incident) if incident.absorbed_into else None,
        "joined": view.joined(incident),
        # Of an incident that is over, maintenance to come says nothing.
        "told": await told(visit.data, view, services if incident.closed_at is None else (), incident=incident.id),
    }
    return Sheet("incident.html", f"{title} · Vigie", values)
