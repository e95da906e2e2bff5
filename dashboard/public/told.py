"""What people declared, put together for a page; a desk that cannot be read is said, and fails no page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.components.declared import SaidView, WindowView, said_views, window_views
from dashboard.data import Data
from dashboard.model import ServiceView, View
from dashboard.wording import DECLARED, WINDOWS


@dataclass(frozen=True, slots=True)
class Told:
    """What a page shows of the desk; `read`: whether all of it could be read."""

    said: list[SaidView]
    more_said: bool
    windows: list[WindowView]
    more_windows: int
    read: bool
    words: str
    window_words: str


async def told(data: Data, view: View, services: Sequence[ServiceView], *, incident: str | None = None) -> Told:
    """What was said of an incident, or else of the one service; and the windows of these services, if any."""
    service = services[0].id if incident is None else None
    said, windows = await asyncio.gather(
        data.said(view.at, incident=incident, service=service), data.windows(services, view.at)
    )
    texts, more = said_views(said or (), view.at)
    shown, rest = window_views(windows or (), view)
    return Told(texts, more, shown, rest, said is not None and windows is not None, DECLARED.said, WINDOWS.said)
