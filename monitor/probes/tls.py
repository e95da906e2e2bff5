"""Kind `tls`: connect and shake hands, the certificate being checked as a browser does."""

import asyncio

from monitor.domain.catalog import Probe
from monitor.probes.base import Asking, Finding
from monitor.probes.client import hang_up
from monitor.probes.dial import dial

DEFAULT_PORT = 443


async def ask_tls(probe: Probe, asking: Asking) -> Finding:
    """A handshake with `probe.host`, on port 443 unless the probe names one."""
    host, port = probe.host or "", probe.port or DEFAULT_PORT
    async with asking.turn(host, port):
        context = asking.tools.trust.context(probe.ca)
        transport = await dial(asking, host, port, context, asyncio.Protocol())
        await hang_up(asking, transport)
    return Finding()
