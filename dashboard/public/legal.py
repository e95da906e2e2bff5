"""`/mentions-legales` and `/accessibilite`: who runs this Vigie, and what was tested for those who read otherwise."""

from dashboard.public.press import Sheet, Visit
from dashboard.tongue import _
from monitor.settings import Settings


async def legal(_visit: Visit, _key: str) -> Sheet | None:
    """Who publishes and who hosts, as the settings say."""
    settings = Settings()
    values = {
        "publisher": settings.publisher,
        "director": settings.publication_director,
        "host": settings.hosted_by,
        **_contact(settings.contact),
    }
    return Sheet("legal.html", _("Mentions légales · Vigie"), values)


async def accessibility(_visit: Visit, _key: str) -> Sheet | None:
    """What was tested, by what, and whom to write to."""
    return Sheet("accessibility.html", _("Accessibilité · Vigie"), _contact(Settings().contact))


def _contact(contact: str | None) -> dict[str, object]:
    linked = contact if contact and contact.startswith(("https://", "http://")) else None
    return {"contact": contact, "linked": linked, "stale": False}
