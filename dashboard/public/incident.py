"""`/incidents/ID`: one incident, what letters lead to."""

from dashboard import dates
from dashboard.components import phrases
from dashboard.model import IncidentView
from dashboard.public.press import Sheet, Visit


async def page(visit: Visit, key: str) -> Sheet | None:
    """The incident `key` of the snapshot, None for an unknown one and for those of our own line."""
    view = visit.view
    found = [i for i in view.incidents if i.id == key and not i.culprit.startswith("vantage:")] if view else []
    if view is None or not found:
        return None
    incident = found[0]
    title = phrases.incident_title(incident, view, stale=visit.stale)
    past = phrases.incident_title(incident, view, stale=True)
    values = {
        "incident": incident,
        "sentence": title,
        "past": past,
        "past_title": f"{past} · Vigie",
        "services": [view.services[s] for s in incident.services if s in view.services],
        "places": phrases.places(view, incident.territories),
        "times": _times(incident),
    }
    return Sheet("incident.html", f"{title} · Vigie", values)


def _times(incident: IncidentView) -> list[tuple[str, str]]:
    """What happened when; only what happened."""
    moments = (
        ("Premier échec mesuré", incident.opened_at),
        ("Confirmé", incident.confirmed_at),
        ("Répond de nouveau depuis" if incident.closed_at is None else "A répondu de nouveau", incident.recovered_at),
        ("Clos", incident.closed_at),
    )
    return [(name, f"{dates.day(at)} à {dates.clock(at)}") for name, at in moments if at is not None]
