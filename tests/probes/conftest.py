"""Servers of our own on loopback: raw sockets that say exactly what a test writes, a DNS server, certificates."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
import trustme

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.policy import Policy
from monitor.loop import new_event_loop
from monitor.probes import ProberSettings, open_prober, user_agent

LOOPBACK = ("127.0.0.0/8", "::1/128")
PATIENCE = timedelta(seconds=10)  # a busy machine must not turn a good answer into a bad one
SHORT = timedelta(seconds=0.3)  # for those who wait for a deadline
ON_BOTH_LOOPS = {"test_http_faults", "test_tls", "test_tcp"}


def pytest_asyncio_loop_factories(config, item):
    """The monitor runs on uvloop, rehearsals on asyncio's own loop: both must tell the same failures."""
    both = {"asyncio": asyncio.SelectorEventLoop, "uvloop": new_event_loop}
    return both if item.path.stem in ON_BOTH_LOOPS else {"asyncio": both["asyncio"]}


def response(body=b"", status="200 OK", headers=()):
    """A whole well-formed HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Server:
    """A listening server: where it is, and what was asked of it (one head a connection)."""

    host: str
    port: int
    scheme: str = "http"
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    most_at_once: int = 0

    def url(self, path="/", host=None):
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"


class Stage:
    """What a test needs: servers that live as long as it does, and a prober."""

    def __init__(self, stack):
        self._stack = stack

    async def serve(self, answer, *, host="127.0.0.1", tls=None):
        """Serve `answer`: bytes for everybody, or an async function of (head, writer)."""
        server = Server(host, 0, "https" if tls else "http")

        async def handle(reader, writer):
            server.connections += 1
            server.open_now += 1
            server.most_at_once = max(server.most_at_once, server.open_now)
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                server.heads.append(head)
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(head, writer)
                if not writer.is_closing():
                    await writer.drain()
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                server.open_now -= 1
                writer.close()

        listener = await asyncio.start_server(handle, host, 0, ssl=tls)
        self._stack.callback(listener.close)
        server.port = listener.sockets[0].getsockname()[1]
        return server

    async def prober(self, **changes):
        wanted = {
            "vantage": "local",
            "user_agent": user_agent("0.1.0", "vigie@example.org"),
            "allow_networks": LOOPBACK,
            "host_spacing": timedelta(),
        }
        return await self._stack.enter_async_context(
            open_prober(ProberSettings(**{**wanted, **changes}), lambda: datetime.now(UTC))
        )

    async def ask(self, url, *, prober=None, **probe):
        """One http question."""
        return await (prober or await self.prober()).ask(http(url, **probe))


def http(url, timeout=PATIENCE, slow=timedelta(seconds=4), **probe):
    return Probe("ent/login", "ent", ProbeKind.HTTP, Policy(timeout=timeout, slow=slow), url=url, **probe)


@pytest.fixture
async def stage():
    async with AsyncExitStack() as stack:
        yield Stage(stack)


class NameServer(asyncio.DatagramProtocol):
    """Answers from `zone`: name → addresses, an rcode, or None to stay silent; what is not there does not exist."""

    def __init__(self, zone):
        self.zone, self.asked, self.silent_kinds = zone, [], set()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        query = dns.message.from_wire(data)
        name, kind = query.question[0].name.to_text(omit_final_dot=True).lower(), query.question[0].rdtype
        self.asked.append((name, kind))
        said = self.zone.get(name, dns.rcode.NXDOMAIN)
        if said is None or kind in self.silent_kinds:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if isinstance(said, dns.rcode.Rcode):
            answer.set_rcode(said)
        else:
            wanted = [each for each in said if (":" in each) == (kind == dns.rdatatype.AAAA)]
            if wanted:
                answer.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", kind, *wanted))
        self.transport.sendto(answer.to_wire(), addr)


@pytest.fixture
async def names():
    """A DNS server on loopback; `names.address` is what `resolvers` wants."""
    server = NameServer({})
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: server, local_addr=("127.0.0.1", 0)
    )
    server.address = "127.0.0.1:{}".format(transport.get_extra_info("sockname")[1])
    yield server
    transport.close()


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture
def ca_file(authority, tmp_path):
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def server_tls(authority):
    """A server's TLS context whose certificate is for the given names and days."""

    def build(*names, ca=authority, since=-1, days=30):
        now = datetime.now(UTC)
        begin = now + timedelta(days=since)
        leaf = ca.issue_cert(
            *(names or ("127.0.0.1", "localhost")), not_before=begin, not_after=begin + timedelta(days=days)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        return context

    return build


@pytest.fixture
def make():
    """Builders that tests of this room share (importlib mode has no sibling imports)."""

    class Make:
        pass

    Make.short = SHORT
    Make.http, Make.response, Make.Loopback = staticmethod(http), staticmethod(response), LOOPBACK
    return Make
