"""`/methode`: how states and figures are decided, and the roots of the newest seals."""

from dashboard.public.press import Sheet, Visit
from dashboard.public.sealed import newest_seals
from dashboard.tongue import _
from monitor.domain.method import METHOD

SEALS_SHOWN = 14


async def page(visit: Visit, _key: str) -> Sheet | None:
    """The method, with its version; printed again soon where the seals could not be read."""
    seals = await visit.data.open.seals()
    values = {"version": METHOD, "stale": False, "seals": newest_seals(seals or (), SEALS_SHOWN)}
    return Sheet("method.html", _("Méthode · Vigie"), values | {"read": seals is not None}, partial=seals is None)
