"""How the settings say to watch over Vigie itself, and what is missing for it."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial

from monitor.outbound import heartbeat_refusal, ping
from monitor.settings import Settings
from monitor.wiring import Watch


def watch_of(settings: Settings, user_agent: str, resolver: Callable[[], Awaitable[bool]]) -> Watch:
    """Who is called, how often, and when the drill is. Raises ValueError, without the address: it is a secret."""
    url = settings.heartbeat_url
    if url and (sentence := heartbeat_refusal(url, settings.allow_networks)):
        raise ValueError(f"VIGIE_HEARTBEAT_URL : {sentence}.")
    return Watch(
        ping=partial(ping, url, user_agent=user_agent) if url else None,
        every=timedelta(seconds=settings.heartbeat_every_s),
        resolver=resolver,
        drill_at=settings.drill_at,
    )


def unwatched(settings: Settings) -> Iterator[str]:
    """What whoever starts Vigie should know: who would not be told that it is dead."""
    if not settings.heartbeat_url:
        yield "VIGIE_HEARTBEAT_URL n’est pas défini : si Vigie s’arrête, personne dehors ne le saura."
