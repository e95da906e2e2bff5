"""Which DNS servers are asked: those of the settings, or those of the machine."""

import ipaddress
import os
import socket
from collections.abc import Iterable

import dns.resolver

from monitor.probes.nameserver import NameServer

SYSTEM = "/etc/resolv.conf"


def of_system() -> tuple[NameServer, ...]:
    """The servers that the machine's own configuration names."""
    known = dns.resolver.Resolver(configure=False)
    try:
        known.read_resolv_conf(SYSTEM)
        named = [str(server) for server in known.nameservers]
    except (dns.resolver.NoResolverConfiguration, OSError):
        named = ["127.0.0.1"]  # what resolv.conf(5) says of a file that names none
    return tuple(dict.fromkeys(_at(address, known.port) for address in named))  # named twice is still one server


def _at(address: str, port: int) -> NameServer:
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    family, _, _, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_DGRAM, flags=flags)[0]
    return NameServer(family, where)


def written() -> int | None:
    """When that configuration was last written, in nanoseconds; None where there is none."""
    try:
        return os.stat(SYSTEM).st_mtime_ns  # noqa: PTH116 (one call on the hot path; a Path is ten times its cost)
    except OSError:
        return None


def as_named(servers: Iterable[str]) -> tuple[NameServer, ...]:
    """The servers written ``address`` or ``address:port``. Raises ValueError, in French, naming every bad one."""
    good: list[NameServer] = []
    bad = []
    for server in servers:
        address, _, port = (server, "", "53") if _is_address(server) else server.rpartition(":")
        address = address.strip("[]")
        if _is_address(address) and port.isascii() and port.isdigit() and 0 < int(port) < 65536:
            good.append(_at(address, int(port)))
        else:
            bad.append(server)
    if bad:
        named = ", ".join(f"«\u00a0{server}\u00a0»" for server in bad)
        raise ValueError(f"VIGIE_RESOLVERS\u00a0: attendu adresse:port (exemple\u00a0: 9.9.9.9:53), reçu {named}.")
    return tuple(dict.fromkeys(good))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
