"""Names into addresses, with the cause when that fails. Nothing is kept from one question to the next.

Not even for an answer's TTL, as the system of a pupil would: each observation measures its own resolution, a zone that
breaks is seen by the next question rather than a minute later, and asking costs 0.1 ms.
"""

import asyncio
from collections.abc import Iterable

import dns.exception

from monitor.domain.observation import Failure
from monitor.probes.base import Failed
from monitor.probes.classify import of_dns_code, of_dns_socket
from monitor.probes.dnsservers import as_named, of_system, written
from monitor.probes.dnswire import AAAA, NS, NXDOMAIN, A, question
from monitor.probes.nameserver import NameServer, Questions, Replies

ONE_TRY_S = 2.0  # then the next server is asked; the question's own deadline ends it all
SECOND_OPINION_S = 1.0  # for each other server, when one says that a name does not exist
OTHERS_ASKED = 2
CONTROL_S = 2.0
CONTROL_FOR_S = 5.0  # a dead resolver fails a hundred probes at once: one control question speaks for them all
# Names that any resolver with a line to the outside knows: the root, and where most of what we ask for lives.
_CONTROL = ((".", NS), ("fr.", A))


class Resolver:
    """Asks A and AAAA together: getaddrinfo cannot tell SERVFAIL from silence.

    Names are absolute (no search list) and /etc/hosts is not read: an answer must be what a pupil would get.
    Raises ValueError, in French, naming every server that is not ``address:port``.
    """

    def __init__(self, servers: Iterable[str] = ()) -> None:
        fixed = as_named(servers)
        self._servers, self._fixed = fixed or of_system(), bool(fixed)
        self._system_seen = written()
        self._controlling = asyncio.Lock()
        self._controlled: tuple[float, bool] | None = None

    @property
    def servers(self) -> tuple[NameServer, ...]:
        """Those that are asked, in their order; the system's are read anew when its file has changed.

        A laptop changes network, a link comes up after us: no restart must be needed.
        """
        if not self._fixed and (seen := written()) != self._system_seen:
            self._servers, self._system_seen = of_system(), seen
        return self._servers

    async def resolve(self, host: str) -> tuple[str, ...]:
        """IPv6 addresses first, then IPv4. Raises Failed: nxdomain, servfail, timeout, empty or ours/stalled.

        A server that is silent is asked again, after the others, until the deadline around the question.
        """
        name = host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):  # RFC 6761: never to be asked outside
            return ("::1", "127.0.0.1")
        try:
            questions = {AAAA: question(name, AAAA), A: question(name, A)}
        except (dns.exception.DNSException, ValueError) as error:  # the second: the `idna` codec's own complaints
            raise Failed(Failure.OURS_POLICY, "nom d’hôte impossible") from error
        said: Replies = {}
        left, troubles = list(self.servers), list[Failed]()
        while left:
            for server in tuple(left):
                missing = {kind: asked for kind, asked in questions.items() if kind not in said}
                if (trouble := await _ask(server, missing, ONE_TRY_S, said)) is not None:
                    troubles.append(trouble)
                    left.remove(server)
                if found := _addresses(said):
                    return found
                if _unknown(said):
                    return await self._second_opinion(server, questions)
                if len(said) == len(questions):
                    raise Failed(Failure.RESOLVE_EMPTY, "le nom existe mais n’a aucune adresse")
        # The firmest statement wins: an error that a server sent, rather than one that was not there.
        raise min(troubles, key=lambda failed: failed.finding.failure is not Failure.RESOLVE_SERVFAIL)

    async def answers(self) -> bool:
        """Whether any of our servers answers a question that it must be able to answer; kept for 5 s.

        Raises Failed (ours/stalled) where there is no socket left to ask with.
        """
        clock = asyncio.get_running_loop().time
        async with self._controlling:
            if self._controlled is None or self._controlled[0] <= clock():
                alive = await self._control()
                self._controlled = (clock() + CONTROL_FOR_S, alive)
            return self._controlled[1]

    async def _control(self) -> bool:
        questions = {kind: question(name, kind) for name, kind in _CONTROL}
        said: Replies = {}  # of all the servers together
        await asyncio.gather(*(_ask(server, questions, CONTROL_S, said) for server in self.servers))
        return bool(said)

    async def _second_opinion(self, first: NameServer, questions: Questions) -> tuple[str, ...]:
        """What the other servers say of a name that does not exist according to `first`: one may be stale."""
        for other in [server for server in self.servers if server != first][:OTHERS_ASKED]:
            said: Replies = {}
            await _ask(other, questions, SECOND_OPINION_S, said)
            if found := _addresses(said):
                return found
            if _unknown(said):
                raise Failed(Failure.RESOLVE_NXDOMAIN, "le nom n’existe pas (confirmé par deux résolveurs)")
        raise Failed(Failure.RESOLVE_NXDOMAIN, "le nom n’existe pas (d’après un seul résolveur)")


async def _ask(server: NameServer, questions: Questions, patience: float, said: Replies) -> Failed | None:
    """Add to `said` what the server states about the name; returns why it is of no use, where it is not.

    Raises Failed (ours/stalled) where there is no socket left to ask with.
    """
    try:
        replies = await server.ask(questions, patience)
    except OSError as error:
        trouble = Failed(*of_dns_socket(error))
        if trouble.finding.failure is Failure.OURS_STALLED:
            raise trouble from error
        return trouble
    said.update({kind: reply for kind, reply in replies.items() if reply.conclusive})
    code = next((reply.rcode for reply in replies.values() if not reply.conclusive), None)
    return None if code is None else Failed(*of_dns_code(code))


def _addresses(said: Replies) -> tuple[str, ...]:
    return tuple(address for kind in (AAAA, A) if kind in said for address in said[kind].addresses)


def _unknown(said: Replies) -> bool:
    return any(reply.rcode == NXDOMAIN for reply in said.values())
