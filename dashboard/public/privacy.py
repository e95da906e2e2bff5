"""`/vie-privee`: what is kept of people, why, for how long, and how to have it erased."""

from dashboard.public.press import Sheet, Visit
from dashboard.tongue import _
from monitor.settings import Settings


async def page(_visit: Visit, _key: str) -> Sheet | None:
    """The page, with whom to write to."""
    contact = Settings().contact
    linked = contact if contact and contact.startswith(("https://", "http://")) else None
    return Sheet("privacy.html", _("Vie privée · Vigie"), {"contact": contact, "linked": linked, "stale": False})
