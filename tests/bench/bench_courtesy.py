"""What courtesy and names cost a question: CPU of a turn, and of a resolution beside dnspython's own resolver.

Run by `make bench`; prints, never asserts. The DNS server is a process of its own; runs are interleaved, medians of five.
"""

import asyncio
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import dns.asyncresolver
import dns.flags
import dns.message
import dns.nameserver
import dns.rdatatype
import dns.rrset
import uvloop

from monitor.probes.resolver import Resolver
from monitor.probes.turns import Turns

ROUNDS = 5
NAMES = [f"ent{n}.region.example.fr" for n in range(500)]


def serve() -> None:
    """Answers every question with one alias and one address, from memory after the first time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        print(sock.getsockname()[1], flush=True)  # noqa: T201 - how the parent learns the port
        said: dict[bytes, bytes] = {}
        while True:
            asked, who = sock.recvfrom(4096)
            if asked[2:] not in said:
                query = dns.message.from_wire(asked)
                message, question = dns.message.make_response(query), query.question[0]
                address = "::1" if question.rdtype == dns.rdatatype.AAAA else "127.0.0.1"
                message.answer.append(dns.rrset.from_text(question.name, 60, "IN", "CNAME", "front.example.net."))
                message.answer.append(dns.rrset.from_text("front.example.net.", 60, "IN", question.rdtype, address))
                said[asked[2:]] = message.to_wire()[2:]
            sock.sendto(asked[:2] + said[asked[2:]], who)


async def cost(action: Callable[[str], Awaitable[object]]) -> float:
    """Microseconds of CPU of this process for each name."""
    begin = time.process_time()
    for name in NAMES:
        await action(name)
    return (time.process_time() - begin) / len(NAMES) * 1e6


async def main(port: int) -> None:
    """Print both costs."""
    ours, peer = Resolver((f"127.0.0.1:{port}",)), dns.asyncresolver.Resolver(configure=False)
    peer.nameservers = [dns.nameserver.Do53Nameserver("127.0.0.1", port)]

    async def both_families(name: str) -> None:
        await asyncio.gather(*(peer.resolve(name + ".", kind, search=False) for kind in ("A", "AAAA")))

    async def turn(name: str) -> None:
        async with turns.turn(name, 443, limit=60.0):
            await turns.at_address("81.1.1.1", 443)

    turns = Turns(200, timedelta())
    resolved, peers, turned = [], [], []
    for _ in range(ROUNDS + 1):
        resolved.append(await cost(ours.resolve))
        peers.append(await cost(both_families))
        turned.append(await cost(turn))
    mine, theirs, courtesy = (statistics.median(each[1:]) for each in (resolved, peers, turned))
    names = f"resolution A + AAAA: {mine:.0f} µs, dnspython's {theirs:.0f} µs, ratio {mine / theirs:.2f}"
    print(f"CPU of a turn: {courtesy:.1f} µs; {names}")  # noqa: T201 - a bench speaks


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        with subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                uvloop.run(main(int(server.stdout.readline())))
            finally:
                server.kill()
