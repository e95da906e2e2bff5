"""`/incidents`: what is wrong now, what is under watch, and what ended in the last 24 hours."""

from dashboard.public.press import Sheet, Visit
from dashboard.tongue import _


async def page(visit: Visit, _key: str) -> Sheet | None:
    """The three lists; empty before the first snapshot. What was absorbed stands beneath the incident that holds it."""
    told = visit.view.theirs if visit.view else []
    values = {
        "current": [i for i in told if i.current],
        "watched": [i for i in told if i.watched],
        "past": [i for i in told if i.closed_at is not None],
    }
    return Sheet("incidents.html", _("Incidents · Vigie"), values)
