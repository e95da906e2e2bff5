"""Ports for servers that are started later, by programs that cannot be handed a socket.

A port that the kernel has just chosen is one that it may choose again: for whatever connects meanwhile, or for the other
worker, whose server would then be taken for one's own. So these come from below the range that the kernel chooses from,
and each worker of xdist has a part of it to itself.
"""

import os
import socket
from itertools import cycle
from pathlib import Path

LOWEST, MOST_WORKERS = 12_000, 16
_CHOSEN_BY_THE_KERNEL = Path("/proc/sys/net/ipv4/ip_local_port_range")


def _share() -> range:
    highest = 32_768
    if _CHOSEN_BY_THE_KERNEL.exists():
        highest = int(_CHOSEN_BY_THE_KERNEL.read_text().split()[0])
    if highest < LOWEST + 100 * MOST_WORKERS:  # hardly anything is left below: any port may do, and another may take it
        return range(LOWEST, 60_000)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % MOST_WORKERS
    each = (highest - LOWEST) // MOST_WORKERS
    return range(LOWEST + worker * each, LOWEST + (worker + 1) * each)


def _turns() -> "cycle[int]":
    """Two suites side by side begin elsewhere: where does not matter, that it differs does."""
    share = _share()
    begin = os.getpid() * 37 % len(share)
    return cycle([*share[begin:], *share[:begin]])


_NEXT = _turns()


def free_port(address: str = "127.0.0.1") -> int:
    """A port on which nobody listens, and that no other test of this run is given soon."""
    for port in _NEXT:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: one that closed is no obstacle
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    raise AssertionError
