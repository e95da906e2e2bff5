"""`/methode`: how states and figures are decided."""

from dashboard.public.press import Sheet, Visit
from monitor.domain.method import METHOD


async def page(_visit: Visit, _key: str) -> Sheet | None:
    """The method, with its version."""
    return Sheet("method.html", "Méthode · Vigie", {"version": METHOD, "stale": False})
