"""Kind `tcp`: does the port accept a connection?"""

import asyncio

from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure
from monitor.probes.base import Asking, Failed, Finding
from monitor.probes.client import hang_up
from monitor.probes.dial import dial


async def ask_tcp(probe: Probe, asking: Asking) -> Finding:
    """Connect to `probe.host`:`probe.port` and hang up without a word."""
    if not probe.port:
        raise Failed(Failure.OURS_POLICY, "port absent du catalogue")
    async with asking.turn(probe.host or "", probe.port):
        transport = await dial(asking, probe.host or "", probe.port, None, asyncio.Protocol())
        await hang_up(asking, transport)
    return Finding()
