"""Asks: the only place that opens sockets towards targets. A kind of question is one file and one line of `KINDS`."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from monitor.domain.catalog import ProbeKind
from monitor.probes.base import Ask, ProberSettings
from monitor.probes.client import open_tools
from monitor.probes.dns import ask_dns
from monitor.probes.http import ask_http
from monitor.probes.runner import Prober
from monitor.probes.tcp import ask_tcp
from monitor.probes.tls import ask_tls

__all__ = ["KINDS", "Prober", "ProberSettings", "open_prober", "user_agent"]

KINDS: Mapping[ProbeKind, Ask] = {
    ProbeKind.HTTP: ask_http,
    ProbeKind.TLS: ask_tls,
    ProbeKind.DNS: ask_dns,
    ProbeKind.TCP: ask_tcp,
}


@asynccontextmanager
async def open_prober(settings: ProberSettings, now: Callable[[], datetime]) -> AsyncIterator[Prober]:
    """A prober for as long as the block runs. `now` gives aware UTC datetimes.

    Raises ValueError, in French, naming every bad block of `allow_networks`, or every bad server of `resolvers`.
    """
    async with open_tools(settings) as tools:
        yield Prober(settings, KINDS, tools, now)


def user_agent(version: str, contact: str | None) -> str:
    """The honest User-Agent: what we are, which version, and whom to write to (or that nobody said)."""
    purpose = "availability probe of French school services"
    readable = "".join(
        sign for sign in contact or "" if sign.isascii() and sign.isprintable() and sign not in "()"
    ).strip()
    if not readable:
        return f"Vigie/{version} (no contact given; {purpose})"
    if "@" in readable and ":" not in readable:
        readable = f"mailto:{readable}"
    return f"Vigie/{version} (+{readable}; {purpose})"
