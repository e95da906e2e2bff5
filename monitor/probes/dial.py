"""From a host's name to an open connection: resolve, guard, connect, TLS, each timed apart.

aiohttp's own connector is not used for this: its traces do not separate TCP from TLS, it never asks its resolver about
IP literals, and it hides the errors of the single addresses. Every kind of question opens its sockets here only.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Sequence
from typing import Any, cast

import aiohappyeyeballs
from aiohappyeyeballs.types import AddrInfoType

from monitor.domain.observation import Failure
from monitor.probes.base import Asking, Failed, Phase
from monitor.probes.budgets import NoTurn
from monitor.probes.classify import of_connect, of_tls
from monitor.probes.guard import Guard, NotCanonical, literal

HEAD_START_S = 0.25  # RFC 8305's connection attempt delay
NEVER_S = 86_400.0  # asyncio's own handshake limit must not fire before the question's deadline
_REFUSED = "adresse réservée ou privée\u00a0: Vigie ne la sonde pas"


async def addresses(asking: Asking, host: str) -> tuple[str, ...]:
    """The addresses of `host` that may be asked. Raises Failed (resolve/…, or ours/policy for a refused literal)."""
    guard = asking.tools.guard
    try:
        spelled = literal(host)
    except NotCanonical:
        raise Failed(Failure.OURS_POLICY, _REFUSED) from None
    if spelled is not None:
        if guard.refuses(spelled):
            raise Failed(Failure.OURS_POLICY, _REFUSED)
        return (str(spelled),)
    asking.trace.enter(Phase.RESOLVE)
    found = await asking.tools.resolver.resolve(host)
    asking.trace.leave()
    if not (allowed := tuple(address for address in found if not guard.refuses(address))):
        raise Failed(Failure.RESOLVE_PRIVATE_ANSWER, "le nom ne mène qu’à des adresses réservées ou privées")
    return allowed


async def dial(
    asking: Asking, host: str, port: int, context: ssl.SSLContext | None, protocol: asyncio.Protocol
) -> asyncio.Transport:
    """Open a connection, over TLS if there is a context. Raises Failed. The caller aborts the transport.

    Over TLS `protocol` is not told `connection_made`.
    """
    where = asking.tools.elsewhere.order(asking.probe.id, await addresses(asking, host))
    transport = await _connect(asking, where, port, protocol if context is None else _Waiting())
    if context is None:
        asking.trace.leave()
        return transport
    return await _shake_hands(asking, transport, protocol, context, host.strip("[]").rstrip("."))


async def _connect(asking: Asking, where: Sequence[str], port: int, protocol: asyncio.Protocol) -> asyncio.Transport:
    await asking.at_address(where[0], port)
    loop = asyncio.get_running_loop()
    tries = _Tries(loop, asking.tools.guard, asking, where[0])
    asking.trace.tried, asking.trace.unmade = tries.tried, tries.unmade
    asking.trace.enter(Phase.CONNECT)
    try:
        if len(where) == 1:  # no race to run, and the loop opens the socket at half the cost
            tries.admit(where[0])
            transport, _ = await loop.create_connection(lambda: protocol, where[0], port)
        else:
            transport, _ = await loop.create_connection(lambda: protocol, sock=await _race(tries, where, port))
    except (OSError, RuntimeError) as error:
        if tries.late is not None:  # who knows what that address would have said
            raise asking.too_late(tries.late) from error
        raise Failed(*of_connect(error, tries.errors)) from error
    tries.unmade.clear()
    if (peer := transport.get_extra_info("peername")) is None:
        transport.abort()
        raise Failed(*of_connect(OSError(errno.ENOTCONN, "reset as soon as it was accepted")))
    asking.trace.address = str(peer[0])
    return transport


async def _race(tries: "_Tries", where: Sequence[str], port: int) -> socket.socket:
    return await aiohappyeyeballs.start_connection(
        [_info(address, port) for address in where],
        happy_eyeballs_delay=HEAD_START_S,
        interleave=1,
        loop=cast("asyncio.AbstractEventLoop", tries),
        socket_factory=tries.open_socket,
    )


async def _shake_hands(
    asking: Asking, plain: asyncio.Transport, protocol: asyncio.Protocol, context: ssl.SSLContext, name: str
) -> asyncio.Transport:
    asking.trace.enter(Phase.TLS)
    secure = None
    try:
        secure = await asyncio.get_running_loop().start_tls(
            plain, protocol, context, server_hostname=name, ssl_handshake_timeout=NEVER_S
        )
        if secure is None:  # so says the type; no loop of ours does
            raise ConnectionResetError(errno.ECONNRESET, "lost while shaking hands")
    except (OSError, ssl.CertificateError) as error:
        raise Failed(*of_tls(error)) from error
    finally:
        if secure is None:
            plain.abort()
    asking.trace.leave()
    asking.trace.certificate = asking.tools.certificates.shown_by(secure.get_extra_info("ssl_object"))
    return secure


class _Waiting(asyncio.Protocol):
    """Holds a connection until TLS begins: what the server says before that is left for the handshake to judge."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Read nothing yet."""
        cast("asyncio.Transport", transport).pause_reading()


class _Tries:
    """Stands for the loop inside aiohappyeyeballs, which keeps the single errors to itself when they differ.

    With `asking`, every address but `first`, which has had its turn before the race, waits for its own. That is our
    own affair: the watch stands still while nothing but that goes on.

    Attributes:
        tried: the addresses that were let in.
        unmade: those whose turn has not come.
        late: what was said of a turn that would have come too late.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, guard: Guard, asking: Asking | None = None, first: str | None = None
    ) -> None:
        self._loop, self._guard, self._asking, self._first = loop, guard, asking, first
        self._under_way, self._stopped = 0, False
        self.tried: list[str] = []
        self.unmade: set[str] = set()
        self.errors: list[OSError] = []
        self.late: NoTurn | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    def admit(self, address: str) -> None:
        """The door that every connection passes, whatever chose its address. Raises PermissionError."""
        if self._guard.refuses(address):
            error = PermissionError(errno.EPERM, "address refused by the guard")
            self.errors.append(error)
            raise error
        self.tried.append(address)

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """A socket for an address that may be asked."""
        family, kind, protocol, _, address = info
        self.admit(str(address[0]))
        try:
            return socket.socket(family, kind, protocol)
        except OSError as error:
            self.errors.append(error)
            raise

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """As the loop's, in the address's turn, noting what went wrong."""
        if self._asking is not None and address[0] != self._first:
            await self._in_turn(self._asking, str(address[0]), int(address[1]))
        self._under_way += 1
        try:
            await self._loop.sock_connect(sock, address)
        except OSError as error:
            self.errors.append(error)
            self._under_way -= 1
            self._rest()
            raise

    async def _in_turn(self, asking: Asking, address: str, port: int) -> None:
        self.unmade.add(address)
        self._rest()
        try:
            await asking.tools.turns.at_address(address, port, limit=asking.patience())
        except NoTurn as late:
            self.late = late
            raise OSError(errno.EAGAIN, "no turn in time") from late
        self.unmade.discard(address)
        if self._stopped:
            asking.start_watch()
            asking.trace.enter(Phase.CONNECT)
            self._stopped = False

    def _rest(self) -> None:
        """Stop the watch where every try that is left only waits; one that the deadline has stopped stays so."""
        if self._asking is not None and self.unmade and not self._under_way and not self._asking.limit.expired():
            self._asking.stop_watch()
            self._stopped = True


def _info(address: str, port: int) -> AddrInfoType:
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port)
