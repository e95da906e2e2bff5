"""A machine in trouble, run as a child process: ``python -m tests.probes.away TROUBLE`` says what Vigie finds.

The troubles are real: a network namespace without any route, a process without a file descriptor left.
"""

import asyncio
import ctypes
import json
import resource
import socket
import sys
from datetime import UTC, datetime, timedelta

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.policy import Policy
from monitor.probes import ProberSettings, open_prober

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
POLICY = Policy(timeout=timedelta(seconds=3))


def http(url, policy=POLICY):
    return Probe("a/b", "a", ProbeKind.HTTP, policy, url=url)


async def found(probes, resolvers=()):
    settings = ProberSettings("local", "Vigie/test", ("127.0.0.0/8", "::1/128"), resolvers, host_spacing=timedelta())
    async with open_prober(settings, lambda: datetime.now(UTC)) as prober:
        for probe in probes:
            yield prober, probe


async def without_network():
    """No interface is up: neither addresses nor the DNS server have a route."""
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_USER | NEW_NETWORK):
        return None
    probes = [
        http("http://127.0.0.1:9/"),
        http("http://[2a01::1]/"),
        http("http://8.8.8.8/"),
        http("http://nom.example.fr/"),
    ]
    return [(await prober.ask(probe)).failure.value async for prober, probe in found(probes, ("127.0.0.1:53",))]


async def without_descriptors():
    """Every descriptor that the process may have is taken."""
    seen = []
    probes = [
        http("http://127.0.0.1:9/"),
        http("http://nom.example.fr/"),
        Probe("a/c", "a", ProbeKind.DNS, POLICY, host="nom.example.fr"),
        Probe("a/d", "a", ProbeKind.TCP, POLICY, host="127.0.0.1", port=9),
    ]
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    async for prober, probe in found(probes, ("127.0.0.1:53",)):
        taken = []
        try:
            while True:
                taken.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        except OSError:
            seen.append((await prober.ask(probe)).failure.value)
        for each in taken:
            each.close()
    return seen


async def suspended(port):
    """Says when it has asked a server that never answers; whoever started us stops the process meanwhile."""
    soon = Policy(timeout=timedelta(seconds=0.5))
    probes = [http(f"http://127.0.0.1:{port}/", soon)]
    return [(await prober.ask(probe)).failure.value async for prober, probe in found(probes)]


if __name__ == "__main__":
    troubles = {"without_network": without_network, "without_descriptors": without_descriptors, "suspended": suspended}
    sys.stdout.write(json.dumps(asyncio.run(troubles[sys.argv[1]](*sys.argv[2:]))))
