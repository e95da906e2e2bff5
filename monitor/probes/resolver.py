"""Names into addresses, with the cause when that fails. Nothing is kept from one question to the next."""

import asyncio
import ipaddress
import os
from collections.abc import Iterable, Mapping, Sequence

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.rdatatype
import dns.resolver

from monitor.domain.observation import Failure
from monitor.probes.base import Failed
from monitor.probes.classify import of_resolve

SYSTEM = "/etc/resolv.conf"
ONE_TRY_S = 2.0  # then the next server is asked; the question's own deadline ends it all
# Once a family has answered with addresses, how long the other one is waited for. 50 ms for AAAA is RFC 8305's
# resolution delay; IPv4 is given longer: a line without IPv6 would otherwise call a service unreachable.
GRACE_S = {dns.rdatatype.A: 0.05, dns.rdatatype.AAAA: 1.0}
MOST_PER_FAMILY = 6  # a hostile answer may hold hundreds
# When neither family gives an address, the firmest statement wins.
_FIRMEST = (
    Failure.OURS_STALLED,
    Failure.RESOLVE_NXDOMAIN,
    Failure.RESOLVE_SERVFAIL,
    Failure.RESOLVE_TIMEOUT,
    Failure.RESOLVE_EMPTY,
)


class Resolver:
    """Asks A and AAAA together over dnspython: getaddrinfo cannot tell SERVFAIL from silence.

    Names are absolute (no search list) and /etc/hosts is not read: an answer must be what a pupil would get.
    Raises ValueError, in French, naming every server that is not ``address:port``.
    """

    def __init__(self, servers: Iterable[str] = ()) -> None:
        self._fixed = _nameservers(servers)
        self._dns = _build(self._fixed)
        self._system_seen = _written(SYSTEM)

    async def resolve(self, host: str) -> tuple[str, ...]:
        """IPv6 addresses first, then IPv4. Raises Failed: nxdomain, servfail, timeout, empty or ours/stalled."""
        name = host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):  # RFC 6761: never to be asked outside
            return ("::1", "127.0.0.1")
        self._follow_system()
        tasks = {kind: asyncio.ensure_future(self._ask(host, kind)) for kind in GRACE_S}
        try:
            return await _gather(tasks)
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _ask(self, host: str, kind: dns.rdatatype.RdataType) -> tuple[str, ...]:
        try:
            answer = await self._dns.resolve(host.rstrip(".") + ".", kind, raise_on_no_answer=False, search=False)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise Failed(*of_resolve(error)) from error
        return tuple(record.address for record in answer.rrset or ())[:MOST_PER_FAMILY]

    def _follow_system(self) -> None:
        # A laptop changes network, a link comes up after us: the file is written anew and must be read anew.
        if not self._fixed and (written := _written(SYSTEM)) != self._system_seen:
            self._dns, self._system_seen = _build(()), written


async def _gather(tasks: Mapping[dns.rdatatype.RdataType, asyncio.Future[tuple[str, ...]]]) -> tuple[str, ...]:
    await asyncio.wait(tasks.values(), return_when=asyncio.FIRST_COMPLETED)
    for kind, task in tasks.items():
        if task.done() and not task.exception() and task.result():
            await asyncio.wait(tasks.values(), timeout=GRACE_S[kind])
            break
    else:
        await asyncio.wait(tasks.values())
    found = _found(tasks[dns.rdatatype.AAAA]) + _found(tasks[dns.rdatatype.A])
    if not found:
        raise _firmest(task.exception() for task in tasks.values())
    return found


def _found(task: asyncio.Future[tuple[str, ...]]) -> tuple[str, ...]:
    return task.result() if task.done() and not task.exception() else ()


def _firmest(errors: Iterable[BaseException | None]) -> BaseException:
    failures = [error for error in errors if error is not None]
    for error in failures:
        if not isinstance(error, Failed):
            return error
    known = [error for error in failures if isinstance(error, Failed)]
    if not known:
        return Failed(Failure.RESOLVE_EMPTY, "le nom existe mais n’a aucune adresse")
    return min(known, key=lambda error: _rank(error.finding.failure))


def _rank(failure: Failure | None) -> int:
    return _FIRMEST.index(failure) if failure in _FIRMEST else -1


def _build(servers: Sequence[dns.nameserver.Nameserver]) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=False)
    if servers:
        resolver.nameservers = list(servers)
    else:
        try:
            resolver.read_resolv_conf(SYSTEM)
        except (dns.resolver.NoResolverConfiguration, OSError):
            resolver.nameservers = ["127.0.0.1"]  # what resolv.conf(5) says of a file that names none
    resolver.timeout = ONE_TRY_S
    resolver.lifetime = 86_400.0  # dnspython counts it on the wall clock; our deadlines are the loop's
    return resolver


def _written(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 (one call on the hot path; a Path is ten times its cost)
    except OSError:
        return None


def _nameservers(servers: Iterable[str]) -> tuple[dns.nameserver.Nameserver, ...]:
    good: list[dns.nameserver.Nameserver] = []
    bad = []
    for server in servers:
        address, _, port = (server, "", "53") if _is_address(server) else server.rpartition(":")
        address = address.strip("[]")
        if _is_address(address) and port.isascii() and port.isdigit() and 0 < int(port) < 65536:
            good.append(dns.nameserver.Do53Nameserver(address, int(port)))
        else:
            bad.append(server)
    if bad:
        named = ", ".join(f"«\u00a0{server}\u00a0»" for server in bad)
        raise ValueError(f"VIGIE_RESOLVERS\u00a0: attendu adresse:port (exemple\u00a0: 9.9.9.9:53), reçu {named}.")
    return tuple(good)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
