"""Certificates and handshakes, for `https` pages and for the kind `tls` alike."""

import asyncio
import ssl
from datetime import timedelta

import pytest
import trustme

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy

CERTIFICATES = {
    "good": ({}, None),
    "expired": ({"since": -30, "days": 10}, Failure.TLS_EXPIRED),
    "not yet valid": ({"since": 3, "days": 10}, Failure.TLS_NOT_YET_VALID),
    "wrong host": ({"names": ("autre.example.fr",)}, Failure.TLS_WRONG_HOST),
    "wrong address": ({"names": ("127.0.0.9",)}, Failure.TLS_WRONG_HOST),
    "untrusted": ({"ca": "other"}, Failure.TLS_UNTRUSTED),
}


def context_for(server_tls, wanted):
    wanted = dict(wanted)
    names = wanted.pop("names", ())
    if "ca" in wanted:
        wanted["ca"] = trustme.CA()
    return server_tls(*names, **wanted)


def question(server, kind, ca_file, make, timeout=timedelta(seconds=2)):
    if kind is ProbeKind.HTTP:
        return make.http(server.url(), ca=ca_file, timeout=timeout)
    return Probe("a/b", "a", kind, Policy(timeout=timeout), host=server.host, port=server.port, ca=ca_file)


@pytest.mark.parametrize("kind", [ProbeKind.HTTP, ProbeKind.TLS])
@pytest.mark.parametrize("name", CERTIFICATES)
async def test_certificates(stage, make, server_tls, ca_file, name, kind):
    wanted, expected = CERTIFICATES[name]
    server = await stage.serve(make.response(b"ok"), tls=context_for(server_tls, wanted))
    seen = await (await stage.prober()).ask(question(server, kind, ca_file, make))
    assert seen.failure is expected, seen
    assert seen.address == "127.0.0.1"
    assert seen.phases.tls > timedelta()
    assert seen.phases.connect + seen.phases.tls <= seen.took


async def test_without_its_authority_a_private_certificate_is_untrusted(stage, make, server_tls):
    server = await stage.serve(make.response(b"ok"), tls=server_tls())
    assert (await stage.ask(server.url(), timeout=timedelta(seconds=2))).failure is Failure.TLS_UNTRUSTED


async def test_ssl_cert_file_is_honoured(stage, make, server_tls, ca_file, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    server = await stage.serve(make.response(b"ok"), tls=server_tls())
    assert (await stage.ask(server.url(), timeout=timedelta(seconds=2))).failure is None


async def test_a_missing_authority_accuses_nobody(stage, make, server_tls, tmp_path):
    server = await stage.serve(make.response(b"ok"), tls=server_tls())
    seen = await stage.ask(server.url(), ca=str(tmp_path / "none.pem"))
    assert (seen.failure, server.connections) == (Failure.OURS_POLICY, 0)


async def test_contexts_are_shared(stage, ca_file):
    trust = (await stage.prober()).tools.trust
    assert trust.context(None) is trust.context(None)
    assert trust.context(ca_file) is trust.context(ca_file)
    assert trust.context(ca_file) is not trust.context(None)
    assert trust.context(None).verify_mode is ssl.CERT_REQUIRED
    assert trust.context(None).check_hostname


async def raw(stage, talk):
    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    stage._stack.callback(listener.close)
    return listener.sockets[0].getsockname()[1]


HANDSHAKES = {
    "hangs up": (lambda reader, writer: asyncio.sleep(0), Failure.TLS_HANDSHAKE),
    "alert": (
        lambda reader, writer: asyncio.sleep(0, writer.write(b"\x15\x03\x03\x00\x02\x02\x28")),
        Failure.TLS_HANDSHAKE,
    ),
    "speaks plainly": (
        lambda reader, writer: asyncio.sleep(0, writer.write(b"HTTP/1.1 400 No\r\n\r\n")),
        Failure.TLS_HANDSHAKE,
    ),
    "stalls": (lambda reader, writer: asyncio.sleep(5), Failure.TLS_TIMEOUT),
}


@pytest.mark.parametrize("kind", [ProbeKind.HTTP, ProbeKind.TLS])
@pytest.mark.parametrize("name", HANDSHAKES)
async def test_handshakes_that_come_to_nothing(stage, make, name, kind):
    behave, expected = HANDSHAKES[name]

    async def talk(reader, writer):
        await reader.read(1)
        await behave(reader, writer)
        writer.close()

    port = await raw(stage, talk)
    seen = await (await stage.prober()).ask(
        make.http(f"https://127.0.0.1:{port}/", timeout=make.short)
        if kind is ProbeKind.HTTP
        else Probe("a/b", "a", kind, Policy(timeout=timedelta(seconds=0.3)), host="127.0.0.1", port=port)
    )
    assert seen.failure is expected, seen
    assert seen.phases.tls is not None
    assert seen.phases.first_byte is None


async def test_old_tls_only_is_a_handshake_that_fails(stage, make, server_tls, ca_file):
    context = server_tls()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")  # nothing that is still offered today
    server = await stage.serve(make.response(b"ok"), tls=context)
    seen = await stage.ask(server.url(), ca=ca_file, timeout=timedelta(seconds=2))
    assert seen.failure is Failure.TLS_HANDSHAKE


async def test_a_server_that_speaks_before_the_handshake_is_none(stage, make):
    async def talk(reader, writer):
        writer.write(b"220 mail.example.fr ESMTP\r\n")
        await reader.read(1)
        writer.close()

    port = await raw(stage, talk)
    seen = await stage.ask(f"https://127.0.0.1:{port}/", timeout=timedelta(seconds=2))
    assert seen.failure is Failure.TLS_HANDSHAKE, seen
