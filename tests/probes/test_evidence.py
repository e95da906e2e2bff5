"""Evidence beside the answer, and nothing beyond it: no body, cookie or token anywhere."""

import asyncio
import hashlib
import json
import logging
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from multidict import CIMultiDict

from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy
from monitor.probes.evidence import Certificates, clock_offset, issuer_of
from monitor.store import open_store
from tests.prepared import prepared

NOW = datetime(2026, 11, 23, 8, 0, 0, 400_000, tzinfo=UTC)

OFFSETS = [
    ({"Date": "Mon, 23 Nov 2026 08:00:00 GMT"}, 0),
    ({"Date": "Mon, 23 Nov 2026 07:59:59 GMT"}, -1),
    ({"Date": "Mon, 23 Nov 2026 08:00:01 GMT"}, 1),
    ({"date": "Mon, 23 Nov 2026 09:00:00 GMT"}, 3600),
    ({"Date": "Tue, 24 Nov 2026 08:00:00 GMT"}, 86_400),
    ({"Date": "Sun, 22 Nov 2026 08:00:01 GMT"}, -86_399),
    ({"Date": "Tue, 24 Nov 2026 08:00:02 GMT"}, None),  # more than a day: no clock, but a page that was kept
    ({"Date": "Sun, 22 Nov 2026 07:59:59 GMT"}, None),
    ({"Date": "Sun, 06 Nov 1994 08:49:37 GMT"}, None),
    ({"Date": "Mon, +3 Nov 2026 08:00:00 GMT"}, None),
    ({"Date": "Mon, 23 Nov 2_26 08:00:00 GMT"}, None),
    ({"Date": "Mon, 23 Nov 2026 +8: 0:-0 GMT"}, None),
    ({"Date": "Mon, 23 Nov 2026 08-00-00 GMT"}, None),
    ({"Date": "Mon, 23 Nov 2026 08:00:00 GMT", "Age": "12"}, None),
    ({}, None),
    ({"Date": "Mon, 23 Nov 2026 08:00:00 CET"}, None),
    ({"Date": "Monday, 23-Nov-26 08:00:00 GMT"}, None),
    ({"Date": "Mon, 31 Feb 2026 08:00:00 GMT"}, None),
    ({"Date": "Mon, 23 Brr 2026 08:00:00 GMT"}, None),
    ({"Date": "Mon, xx Nov 2026 08:00:00 GMT"}, None),
    ({"Date": "Mon, 23 Nov ٢٠٢٦ 08:00:00 GMT"}, None),
    ({"Date": "x" * 29}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), OFFSETS)
def test_the_servers_clock(headers, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert clock_offset(CIMultiDict(headers), NOW) == expected


async def test_an_answer_bears_its_evidence(stage, make, server_tls, ca_file):
    ahead = datetime.now(UTC) + timedelta(hours=1)
    date = ahead.strftime("%a, %d %b %Y %H:%M:%S GMT")
    there = await stage.serve(
        make.response(b"ok", headers=[("Date", date)]), host="127.0.0.2", tls=server_tls("127.0.0.2")
    )
    here = await stage.serve(make.response(b"", "302 Found", [("Location", there.url())]))
    seen = await stage.ask(here.url(), prober=await stage.prober(catalogue="c0ffee"), ca=ca_file)
    assert (seen.failure, seen.final_host, seen.catalogue, seen.excerpt) == (None, "127.0.0.2", "c0ffee", None)
    assert timedelta(seconds=3590) <= seen.clock_offset <= timedelta(hours=1)
    assert seen.certificate.days_left(seen.at) in {28, 29, 30}
    assert (await stage.ask(there.url(), ca=ca_file)).final_host is None


@pytest.mark.parametrize("kind", [ProbeKind.HTTP, ProbeKind.TLS])
async def test_the_certificate_that_was_shown(stage, make, server_tls, ca_file, kind):
    server = await stage.serve(make.response(b"ok"), tls=server_tls(days=12))
    der = ssl.PEM_cert_to_DER_cert(await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", server.port)))
    where = {"url": server.url()} if kind is ProbeKind.HTTP else {"host": "127.0.0.1", "port": server.port}
    seen = await (await stage.prober()).ask(Probe("a/b", "a", kind, Policy(), ca=ca_file, **where))
    assert seen.failure is None
    assert seen.certificate.fingerprint == hashlib.sha256(der).hexdigest()
    assert abs(seen.certificate.not_after - (seen.at + timedelta(days=11))) < timedelta(minutes=2)


async def test_who_signed_it(stage, make, server_tls, ca_file):
    server = await stage.serve(make.response(b"ok"), tls=server_tls())
    seen = await stage.ask(server.url(), ca=ca_file)
    assert seen.certificate.issuer.startswith("trustme v")  # the organisation, not "Testing CA #…"


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ((("countryName", "US"), ("organizationName", "Let's Encrypt"), ("commonName", "R11")), "Let's Encrypt"),
        ((("countryName", "FR"), ("commonName", "Notre autorité")), "Notre autorité"),
        ((("organizationName", " \u200b\x07 "), ("commonName", "R11")), "R11"),
        ((("organizationName", "A\u202eB\x1b[31m\r\n  C\0"),), "AB[31m C"),
        ((("organizationName", "premier"), ("organizationName", "second")), "premier"),
        ((("organizationName", "x" * 63 + " yz"),), "x" * 63),
        ((("organizationName", "ﬁ\u0337"),), "fi"),
        ((("countryName", "FR"),), None),
        ((), None),
        (None, None),
    ],
)
def test_the_name_of_an_issuer_is_hostile_text(name, issuer):
    apart = name if name is None else tuple((pair,) for pair in name)
    assert issuer_of({"issuer": apart}) == issuer
    if name:
        assert issuer_of({"issuer": (name,)}) == issuer  # several in one part of the name, as X.501 lets them
    assert issuer_of({}) is None


async def test_a_certificate_is_read_once(server_tls, ca_file, stage, make):
    server = await stage.serve(make.response(b"ok"), tls=server_tls())
    prober = await stage.prober()
    one, other = [await stage.ask(server.url(), prober=prober, ca=ca_file) for _ in range(2)]
    assert one.certificate is other.certificate
    assert len(prober.tools.certificates._known) == 1


def test_known_certificates_are_bounded(monkeypatch):
    monkeypatch.setattr("monitor.probes.evidence.REMEMBERED", 3)

    class Shown:
        def __init__(self, number):
            self.number = number

        def getpeercert(self, binary_form):
            return bytes([self.number])

        def decoded(self):
            return {"notAfter": "Nov 23 08:00:00 2027 GMT"}

    certificates = Certificates()
    assert all(certificates.shown_by(Shown(number)) is not None for number in range(10))
    assert len(certificates._known) <= 3


async def test_what_decided_is_named(stage, make):
    server = await stage.serve(make.response(b"<p>patience</p>"))
    seen = await stage.ask(server.url(), waiting_room=(Marker(contains=("absent",)), Marker(contains=("patience",))))
    assert (seen.failure, seen.marker) == (Failure.CONTENT_WAITING_ROOM, "waiting_room/2")


async def test_a_failing_page_leaves_an_excerpt_and_a_good_one_none(stage, make):
    page = "<title>Indisponible</title><script>x</script><p>Le site est momentanément indisponible.</p>".encode()
    server = await stage.serve(make.response(page, headers=[("Content-Type", "text/html; charset=utf-8")]))
    assert (await stage.ask(server.url())).excerpt is None
    seen = await stage.ask(server.url(), expect=Marker(contains=("Identifiant",)))
    assert seen.excerpt == "Indisponible Le site est momentanément indisponible."


SECRET = "zk7QpX"  # short enough to escape every rule about long tokens


async def test_a_secret_is_nowhere(stage, make, names, tmp_path, caplog, monkeypatch):
    """Planted in a body, a script, a cookie, headers, a redirect's query, JSON: not in values, logs or the database."""
    caplog.set_level(logging.DEBUG)
    for logger in [logging.getLogger(name) for name in logging.root.manager.loggerDict]:
        if not logger.propagate:  # the others reach the root's handler
            monkeypatch.setattr(logger, "handlers", [*logger.handlers, caplog.handler])
    given = [("Set-Cookie", f"sid={SECRET}; Path=/"), ("X-Token", SECRET), ("Retry-After", SECRET), ("ETag", SECRET)]
    given += [
        ("Set-Cookie", f"jeton {SECRET}=1"),
        ("Set-Cookie", f"{SECRET}(1)={SECRET}; Path=/"),
        ("Set-Cookie", f"é{SECRET}=é"),
    ]
    hidden = (
        f"<script>jeton='{SECRET}'</script><!-- {SECRET} --><input value='{SECRET}'><p>token={SECRET}</p>dit".encode()
    )
    html = [("Content-Type", "text/html"), *given]

    async def answer(head, writer):
        path = head.split()[1].decode()
        said = {
            "/json": make.response(json.dumps({"jetonCAS": SECRET}).encode(), headers=[("Content-Type", "application/json"), *given]),
            "/json-as-html": make.response(json.dumps({"jetonCAS": SECRET}).encode(), headers=html),
            "/page": make.response(hidden, "503 Busy", html),
            "/go": make.response(b"", "302 Found", [("Location", f"/page?ticket={SECRET}"), *given]),
            "/nowhere": make.response(b"", "302 Found", [("Location", f"http://{SECRET}.example.fr/?a={SECRET}"), *given]),
            "/impossible": make.response(b"", "302 Found", [("Location", f"http://{SECRET}..fr/?a={SECRET}"), *given]),
            "/ftp": make.response(b"", "302 Found", [("Location", f"ftp://{SECRET}/"), *given]),
            "/broken": f"HTTP/1.1 200 {SECRET}\r\nX-{SECRET}: {SECRET}\r\nContent-Length: z{SECRET}\r\n\r\n{SECRET}".encode(),
            "/garbage": f"{SECRET}\r\n\r\n".encode(),
            "/packed": make.response(SECRET.encode(), headers=[("Content-Encoding", "gzip"), *html]),
            "/encoding": make.response(b"x", headers=[("Content-Encoding", SECRET), *html]),
            "/short": f"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{SECRET}".encode(),
        }  # fmt: skip
        writer.write(said.get(path, make.response(hidden, "500 Oops", html)))

    server = await stage.serve(answer)
    prober = await stage.prober(resolvers=(names.address,))
    paths = (
        "json",
        "json-as-html",
        "page",
        "go",
        "nowhere",
        "impossible",
        "ftp",
        "broken",
        "garbage",
        "packed",
        "encoding",
        "short",
        "any",
    )
    seen = [
        await prober.ask(Probe(f"a/{path}", "a", ProbeKind.HTTP, Policy(timeout=timedelta(seconds=3)), url=server.url(f"/{path}"),
                               expect=Marker(contains=("Identifiant",), json=(("jetonCAS", "x"),))))
        for path in paths
    ]  # fmt: skip
    assert all(each.failure is not None and each.failure is not Failure.OURS_BUG for each in seen)
    assert [each.excerpt for each in seen if each.excerpt] != []
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", datetime.now(UTC))
    store = open_store(url, kind="real")
    store.append(seen)
    store.close()
    places = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    places |= {"values": repr(seen).encode(), "logs": repr([vars(each) for each in caplog.records]).encode()}
    assert {name for name, text in places.items() if SECRET.encode().lower() in text.lower()} == set()
    assert len(places["vigie.db"]) > 4096


@pytest.mark.parametrize(
    ("status", "wait", "expected"), [("503 Busy", "300", 300), ("500 Oops", "300", None), ("429 No", "300", None)]
)
async def test_how_long_a_waiting_room_asks_to_wait(stage, make, status, wait, expected):
    server = await stage.serve(make.response(b"", status, [("Retry-After", wait)]))
    seen = await stage.ask(server.url())
    assert seen.come_back == (None if expected is None else timedelta(seconds=expected))
