"""Whether this Vigie writes to the public, by what, and what the night does for them."""

import asyncio
import logging
import re
from datetime import datetime
from urllib.parse import urlsplit

from monitor.config.directory_table import load_schools
from monitor.desk.subscribers import purge
from monitor.domain.catalog import Catalog
from monitor.settings import Settings
from monitor.signups import Signups
from monitor.store import StoreError

log = logging.getLogger(__name__)

_SOUND = re.compile(r"[!-;=?-~]+").fullmatch  # visible ASCII without angle brackets


def signups(settings: Settings, gateway: str | None, catalog: Catalog) -> Signups | None:
    """The public's subscribers, if Vigie may write to them. Raises ValueError for an address that leads nowhere.

    `gateway`: the Apprise URL of the mail gateway, if any.
    """
    if not gateway or not settings.public_url:
        return None
    scope_of = load_schools(settings.directory).scope_of
    return Signups(settings.database_url, gateway, public_address(settings.public_url), catalog, scope_of)


async def tidied(database_url: str, now: datetime) -> None:
    """Erase the sign-ups that nobody confirmed in time; a desk that refuses is said, and asked again the next night."""
    try:
        await asyncio.to_thread(purge, database_url, now)
    except StoreError as trouble:
        log.warning("abonnements non confirmés : %s", trouble)


def public_address(url: str) -> str:
    """The public address of Vigie as links begin with it. Raises ValueError for one that no link may begin with."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or not _SOUND(url):
        raise ValueError("VIGIE_PUBLIC_URL : écrivez une adresse https://… en ASCII, sans espace ni « ? » ni « # ».")
    return url.rstrip("/")
