"""`/methode`: how states and figures are decided."""

from dashboard.public.press import Sheet, Visit

METHOD_VERSION = 1


async def page(_visit: Visit, _key: str) -> Sheet | None:
    """The method, with its version."""
    return Sheet("method.html", "Méthode · Vigie", {"version": METHOD_VERSION, "stale": False})
