"""`/incidents`: what is wrong now, and what ended in the last 24 hours."""

from dashboard.public.press import Sheet, Visit


async def page(visit: Visit, _key: str) -> Sheet | None:
    """Both lists; empty before the first snapshot."""
    all_incidents = visit.view.incidents if visit.view else ()
    told = [i for i in all_incidents if not i.culprit.startswith("vantage:")]
    values = {
        "current": [i for i in told if i.closed_at is None],
        "past": [i for i in told if i.closed_at is not None],
    }
    return Sheet("incidents.html", "Incidents · Vigie", values)
