"""From a host's name to an open connection: resolve, guard, connect, TLS, each timed apart.

aiohttp's own connector is not used for this: its traces do not separate TCP from TLS, it never asks its resolver about
IP literals, and it hides the errors of the single addresses. Every kind of question opens its sockets here only.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import aiohappyeyeballs
from aiohappyeyeballs.types import AddrInfoType

from monitor.domain.observation import Failure
from monitor.probes.base import Asking, Failed, Phase
from monitor.probes.classify import of_connect, of_tls
from monitor.probes.guard import Guard, NotCanonical, literal

HEAD_START_S = 0.25  # RFC 8305's connection attempt delay
NEVER_S = 86_400.0  # asyncio's own handshake limit must not fire before the question's deadline

_Protocol = TypeVar("_Protocol", bound=asyncio.BaseProtocol)


async def addresses(asking: Asking, host: str) -> tuple[str, ...]:
    """The addresses of `host` that may be asked. Raises Failed (resolve/…, or ours/policy for a refused literal)."""
    guard = asking.tools.guard
    if guard.refuses_host(host):
        raise Failed(Failure.OURS_POLICY, "adresse réservée ou privée\u00a0: Vigie ne la sonde pas")
    if (spelled := _literal(host)) is not None:
        return (spelled,)
    asking.trace.enter(Phase.RESOLVE)
    found = await asking.tools.resolver.resolve(host)
    asking.trace.leave()
    if not (allowed := tuple(address for address in found if not guard.refuses(address))):
        raise Failed(Failure.RESOLVE_PRIVATE_ANSWER, "le nom ne mène qu’à des adresses réservées ou privées")
    return allowed


async def dial(
    asking: Asking, host: str, port: int, context: ssl.SSLContext | None, protocol: Callable[[], _Protocol]
) -> tuple[asyncio.Transport, _Protocol]:
    """Open a connection, over TLS if there is a context. Raises Failed. The caller aborts the transport."""
    loop, trace = asyncio.get_running_loop(), asking.trace
    where = await addresses(asking, host)
    trace.enter(Phase.CONNECT)
    sock = await _connect(asking.tools.guard, where, port)
    try:
        trace.address = str(sock.getpeername()[0])
    except OSError as error:
        sock.close()
        raise Failed(*of_connect(error)) from error
    name = None
    if context is not None:
        trace.enter(Phase.TLS)
        name = host.strip("[]").rstrip(".")
    limits: dict[str, Any] = {"ssl_handshake_timeout": NEVER_S} if context else {}
    try:
        transport, made = await loop.create_connection(protocol, sock=sock, ssl=context, server_hostname=name, **limits)
    except (OSError, ssl.CertificateError) as error:
        raise Failed(*(of_tls(error) if context else of_connect(error))) from error
    trace.leave()
    return transport, made


async def _connect(guard: Guard, where: Sequence[str], port: int) -> socket.socket:
    tries = _Tries(asyncio.get_running_loop(), guard)
    try:
        return await aiohappyeyeballs.start_connection(
            [_info(address, port) for address in where],
            happy_eyeballs_delay=HEAD_START_S,
            interleave=1,
            loop=cast("asyncio.AbstractEventLoop", tries),
            socket_factory=tries.open_socket,
        )
    except (OSError, RuntimeError) as error:
        raise Failed(*of_connect(error, tries.errors)) from error


class _Tries:
    """Stands for the loop inside aiohappyeyeballs, which keeps the single errors to itself when they differ."""

    def __init__(self, loop: asyncio.AbstractEventLoop, guard: Guard) -> None:
        self._loop, self._guard = loop, guard
        self.errors: list[OSError] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """The door that every socket passes, whatever chose its address."""
        family, kind, protocol, _, address = info
        try:
            if self._guard.refuses(str(address[0])):
                raise PermissionError(errno.EPERM, "address refused by the guard")
            return socket.socket(family, kind, protocol)
        except OSError as error:
            self.errors.append(error)
            raise

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """As the loop's, noting what went wrong."""
        try:
            await self._loop.sock_connect(sock, address)
        except OSError as error:
            self.errors.append(error)
            raise


def _literal(host: str) -> str | None:
    try:
        address = literal(host)
    except NotCanonical:
        return None
    return None if address is None else str(address)


def _info(address: str, port: int) -> AddrInfoType:
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port)
