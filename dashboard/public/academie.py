"""`/academie/SLUG`: one académie and its services."""

from dashboard.model import severity
from dashboard.public.press import Sheet, Visit


async def page(visit: Visit, key: str) -> Sheet | None:
    """The page of the académie `key`, None for an unknown one."""
    view = visit.view
    territory = view.territories.get(f"A:{key}") if view else None
    if view is None or territory is None:
        return None
    services = sorted(
        (view.services[s] for s in territory.services if s in view.services),
        key=lambda s: (-severity(s.health), s.name.casefold()),
    )
    mine = {s.id for s in services}
    touching = [i for i in view.theirs if i.closed_at is None and not mine.isdisjoint(i.services)]
    values = {"territory": territory, "services": services, "incidents": [i for i in touching if i.current]}
    values["watched"] = [i for i in touching if i.watched]
    return Sheet("academie.html", f"Académie : {territory.name} · Vigie", values)
