"""Before anybody is accused: was it ourselves? Asked after a failure, outside the time that is measured."""

import errno
import socket
from collections.abc import Iterable

from monitor.domain.observation import Failure
from monitor.probes.base import Asking, Failed, Finding
from monitor.probes.classify import EXHAUSTED
from monitor.probes.guard import Guard

_NAMES = frozenset({Failure.RESOLVE_TIMEOUT, Failure.RESOLVE_SERVFAIL})
# The second: without IPv6 the kernel may say "no address left" instead of "no route".
_NO_WAY = frozenset({Failure.CONNECT_UNREACHABLE, Failure.OURS_STALLED})
_DISCARD = 9  # a port must be named to ask for a route; nothing is sent to it
_NO_SOCKET = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})


async def reconsider(asking: Asking, finding: Finding) -> Finding:
    """The same finding, or one of stage *ours* where our own line or machine explains it.

    An unreachable address is ours when the kernel has no route to any of those that were tried; a silent or failing
    resolver is ours when it does not answer a question that has nothing to do with the target either (2 s at most,
    one such question in 5 s). A route that exists, or a resolver that works, leaves the target's failure as it is.
    """
    try:
        if finding.failure in _NO_WAY and asking.trace.tried:
            if not _any_route(asking.trace.tried, asking.tools.guard):
                return Finding(Failure.OURS_OFFLINE, "aucune route depuis la machine de Vigie")
        elif finding.failure in _NAMES and not await asking.tools.resolver.answers():
            return Finding(Failure.OURS_OFFLINE, "le résolveur de Vigie ne répond plus à rien")
    except Failed as failed:
        return failed.finding
    except OSError:
        return Finding(*EXHAUSTED)
    return finding


def _any_route(addresses: Iterable[str], guard: Guard) -> bool:
    return any(_routed(address) for address in addresses if not guard.refuses(address))


def _routed(address: str) -> bool:
    """Whether the kernel knows a way to `address`: connecting a datagram socket asks its tables and sends nothing.

    Raises OSError where there is no socket to ask with.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((address, _DISCARD))
    except OSError as error:
        if error.errno in _NO_SOCKET:
            raise
        return False
    return True
