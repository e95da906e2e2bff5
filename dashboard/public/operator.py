"""`/operateur/ID`: one operator, its services, its incidents."""

from dashboard.model import severity
from dashboard.public.press import Sheet, Visit


async def page(visit: Visit, key: str) -> Sheet | None:
    """The page of the operator `key`, None for an unknown one."""
    view = visit.view
    name = view.operators.get(key) if view else None
    if view is None or name is None:
        return None
    services = sorted(
        (one for one in view.services.values() if one.operator == name),
        key=lambda one: (-severity(one.health), one.name.casefold()),
    )
    mine = {one.id for one in services}
    touching = [one for one in view.theirs if one.closed_at is None and not mine.isdisjoint(one.services)]
    values = {
        "id": key,
        "name": name,
        "services": services,
        "incidents": [one for one in touching if one.current],
        "watched": [one for one in touching if one.watched],
    }
    return Sheet("operator.html", f"{name} · Vigie", values)
