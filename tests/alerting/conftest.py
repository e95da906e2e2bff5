"""Real destinations on loopback: an SMTP server and a webhook. And a small catalogue to speak of."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from monitor.alerting.sender import Sender
from monitor.domain.catalog import (
    Audience,
    Catalog,
    Level,
    Operator,
    Service,
    ServiceKind,
    Territory,
)


@pytest.fixture
def catalog() -> Catalog:
    territories = [
        Territory("N", "France", Level.PAYS, None),
        Territory("R:32", "Hauts-de-France", Level.REGION, "N"),
        Territory("A:lille", "Lille", Level.ACADEMIE, "R:32"),
        Territory("A:amiens", "Amiens", Level.ACADEMIE, "R:32"),
        Territory("A:orleans-tours", "Orléans-Tours", Level.ACADEMIE, "N"),
        Territory("A:la-reunion", "La Réunion", Level.ACADEMIE, "N", timezone="Indian/Reunion"),
        Territory("D:59", "Nord", Level.DEPARTEMENT, "A:lille"),
        *(Territory(f"D:x{n}", f"Département {n}", Level.DEPARTEMENT, "N") for n in range(20)),
    ]
    services = [
        Service(
            "ent-x",
            "Mon ENT X",
            ServiceKind.ENT,
            (),
            territories=("A:lille", "A:amiens", "A:la-reunion"),
            audience=(Audience.COLLEGE, Audience.LYCEE),
            operator="edifice",
            buyer="Région Hauts-de-France",
        ),
        Service("seul", "Service sans attache", ServiceKind.AUTRE, (), territories=("D:59",)),
        Service(
            "piege", "Le\r\nBcc: vilain\u202e{title}\x1b[31m" + "Z" * 200, ServiceKind.AUTRE, (), territories=("N",)
        ),
    ]
    operators = [Operator("edifice", "Edifice", support="https://assistance.example/")]
    return Catalog(
        {one.code: one for one in territories},
        {one.id: one for one in services},
        {one.id: one for one in operators},
        (),
    )


@dataclass
class Mailbox:
    """A real SMTP server that keeps what it accepts."""

    port: int = 0
    mails: list[Message] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    passwords: list[bytes] = field(default_factory=list)

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.passwords.append(data.password)
        return AuthResult(success=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()

    def greet() -> SMTP:
        return SMTP(box, hostname="localhost", authenticator=box.authenticate, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(greet, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    yield box
    server.close()


@dataclass
class Webhook:
    """A real HTTP server that keeps the JSON it receives; `held` keeps it silent until set."""

    port: int = 0
    received: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    held: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
        self.received.append(json.loads(await reader.readexactly(length)))
        self.asked.set()
        await self.held.wait()
        writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    hook = Webhook()
    hook.held.set()
    server = await asyncio.start_server(hook.answer, "127.0.0.1", 0)
    hook.port = server.sockets[0].getsockname()[1]
    yield hook
    hook.held.set()
    server.close()


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    one = Sender()
    await one.start()
    yield one
    await one.close()
