"""Kind `dns`: does the name lead to an address that pupils could use?"""

from monitor.domain.catalog import Probe
from monitor.probes.base import Asking, Finding
from monitor.probes.dial import addresses


async def ask_dns(probe: Probe, asking: Asking) -> Finding:
    """Resolve `probe.host`; the first address found is noted."""
    async with asking.turn(probe.host or "", None):
        asking.trace.address = (await addresses(asking, probe.host or ""))[0]
    return Finding()
