"""What answers mean: status, markers, expectations, slowness."""

import asyncio
import json
from datetime import timedelta

import pytest

from monitor.domain.catalog import Marker
from monitor.domain.observation import Failure
from monitor.probes.base import Trace
from monitor.probes.exchange import Exchange

STATUSES = [
    ("200 OK", [], {}, None),
    ("204 No Content", [], {}, None),
    ("304 Not Modified", [], {}, Failure.CONTENT_UNEXPECTED),
    ("401 Unauthorized", [], {}, Failure.EXCHANGE_CLIENT_ERROR),
    ("401 Unauthorized", [], {"expect": Marker(status=(200, 401))}, None),
    ("403 Forbidden", [], {}, Failure.OURS_BLOCKED),
    ("403 Forbidden", [], {"expect": Marker(status=(403,))}, None),
    ("404 Not Found", [], {}, Failure.EXCHANGE_CLIENT_ERROR),
    ("429 Too Many", [], {}, Failure.OURS_BLOCKED),
    ("429 Too Many", [("Retry-After", "30")], {}, Failure.OURS_BLOCKED),
    ("429 Too Many", [], {"queue_on_429": True}, Failure.EXCHANGE_OVERLOADED),
    ("500 Oops", [], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("502 Bad Gateway", [], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("503 Busy", [], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("503 Busy", [("Retry-After", "600")], {}, Failure.EXCHANGE_OVERLOADED),
    ("503 Busy", [("Retry-After", "601")], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("503 Busy", [("Retry-After", "soon")], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("503 Busy", [("Retry-After", "-1")], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("503 Busy", [("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")], {}, Failure.EXCHANGE_OVERLOADED),
    ("503 Busy", [("Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT")], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("504 Gateway Timeout", [], {}, Failure.EXCHANGE_SERVER_ERROR),
    ("200 OK", [], {"expect": Marker(status=(204,))}, Failure.CONTENT_UNEXPECTED),
]


@pytest.mark.parametrize(("status", "headers", "probe", "expected"), STATUSES)
async def test_statuses(stage, make, status, headers, probe, expected):
    server = await stage.serve(make.response(b"", status, headers))
    seen = await stage.ask(server.url(), **probe)
    assert seen.failure is expected
    assert seen.http_status == int(status[:3])
    if expected is not None:
        assert f"HTTP\u00a0{status[:3]}" in seen.detail


PAGE = b"<p>bonjour</p>"
BEHIND = [
    b"\r\n",
    b"\n",
    b"!",
    b"<!-- cached -->",
    b"\0\r\n\r\n" * 3,
    b"HTTP/1.1 408 Request Time-out\r\n\r\n",
    b"HTTP/1.1 0\r\n",
    PAGE,
]
ENDED = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE),
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE),
    "nothing": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No\r\nContent-Length: 20\r\n\r\n",
    "not modified": b"HTTP/1.1 304 No\r\nContent-Length: 20\r\n\r\n",
}


def fed(*pieces):
    """The exchange after these pieces, and its failure."""
    loop = asyncio.get_running_loop()
    exchange = Exchange(loop, Trace(loop.time), frozenset())
    for piece in pieces:
        exchange.data_received(piece)
    if not exchange.done.done():
        exchange.connection_lost(None)
    error = exchange.done.exception()
    return exchange, error and error.finding.failure


@pytest.mark.parametrize("extra", BEHIND)
@pytest.mark.parametrize("name", ENDED)
async def test_what_comes_behind_the_end_is_no_part_of_the_answer_however_it_is_cut(name, extra):
    answer = ENDED[name]
    whole = answer + extra
    for pieces in ([whole], [answer, extra], [whole[:7], whole[7:]], [whole[n : n + 1] for n in range(len(whole))]):
        exchange, failure = fed(*pieces)
        assert (failure, exchange.head.code) == (None, int(answer[9:12]))
        assert bytes(exchange.body.read) == (PAGE if name in {"length", "chunks"} else b"")


async def test_what_breaks_before_the_end_is_malformed_however_it_is_cut():
    broken = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcdefgh\r\n0\r\n\r\n"
    for pieces in ([broken], [broken[:50], broken[50:]], [broken[n : n + 1] for n in range(len(broken))]):
        assert fed(*pieces)[1] is Failure.EXCHANGE_MALFORMED


LENGTHS = [
    (["Content-Length: 14", "Content-Length: 14"], None),
    (["content-length:14 ", "X: a", "CONTENT-LENGTH: 14", "Content-Length:  14"], None),
    (["Content-Length: 14, 14"], None),
    (["Content-Length: 14,14", "Content-Length: 14"], None),
    (["Content-Length: 14", "Content-Length: 15"], Failure.EXCHANGE_MALFORMED),
    (["Content-Length: 14, 15"], Failure.EXCHANGE_MALFORMED),
    (["Content-Length: 14", "Content-Length: 014"], Failure.EXCHANGE_MALFORMED),
    (["Content-Length: 14", "Content-Length: -14"], Failure.EXCHANGE_MALFORMED),
    (["Content-Length: 14,"], Failure.EXCHANGE_MALFORMED),
    (["Content-Length: 14", "Content-Length: 14", "Transfer-Encoding: chunked"], Failure.EXCHANGE_MALFORMED),
    (["Content-Length: 14", "Content-Length: 14", "no colon"], Failure.EXCHANGE_MALFORMED),
]


@pytest.mark.parametrize(("said", "expected"), LENGTHS)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
async def test_a_length_said_twice_is_one_where_both_say_the_same(said, expected, end):
    whole = b"HTTP/1.1 103 Hints\r\n\r\n" + end.join(["HTTP/1.1 200 OK", *said, "X-Last: 1", "", ""]).encode() + PAGE
    for pieces in ([whole], [whole[:80], whole[80:]], [whole[n : n + 1] for n in range(len(whole))]):
        exchange, failure = fed(*pieces)
        assert failure is expected, pieces
        if expected is None:
            assert (bytes(exchange.body.read), exchange.head.headers["X-Last"]) == (PAGE, "1")


async def test_a_page_whose_end_never_comes_is_a_timeout_although_all_its_text_is_there(stage, make):
    async def kept(head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n" + PAGE)
        await asyncio.sleep(5)

    server = await stage.serve(kept)
    seen = await stage.ask(server.url(), timeout=make.short, expect=Marker(contains=("bonjour",)))
    assert (seen.failure, seen.bytes_read) == (Failure.EXCHANGE_TIMEOUT, len(PAGE))


WAITING = (Marker(contains=("jamais là",)), Marker(contains=("jamais là", "/auth/public/img/tooload.")))


async def test_a_waiting_room_answers_200(stage, make):
    server = await stage.serve(make.response(b'<img src="/auth/public/img/tooload.svg">Identifiant'))
    seen = await stage.ask(server.url(), waiting_room=WAITING, expect=Marker(contains=("Identifiant",)))
    assert seen.failure is Failure.CONTENT_WAITING_ROOM
    assert seen.detail == "marqueur de file d’attente n°\u00a02"


async def test_markers_come_in_order_and_before_the_status(stage, make):
    server = await stage.serve(make.response(b"un deux trois quatre", "503 Busy"))
    marks = {"blocked": "quatre", "waiting_room": "trois", "maintenance": "deux", "restricted": "un"}
    seen = []
    while marks:
        answer = await stage.ask(server.url(), **{name: (Marker(contains=(text,)),) for name, text in marks.items()})
        seen.append(answer.failure)
        marks.pop(next(iter(marks)))
    assert seen == [
        Failure.OURS_BLOCKED,
        Failure.CONTENT_WAITING_ROOM,
        Failure.CONTENT_MAINTENANCE,
        Failure.CONTENT_RESTRICTED,
    ]


async def test_a_json_expectation(stage, make):
    body = json.dumps({"callBack": "", "CAS": {"actif": True}, "version": [2026, 1]}).encode()
    server = await stage.serve(make.response(body, headers=[("Content-Type", "application/json")]))
    paths = (("callBack", "present"), ("CAS.actif", True), ("version.0", 2026))
    assert (await stage.ask(server.url(), expect=Marker(json=paths))).failure is None
    seen = await stage.ask(server.url(), expect=Marker(json=(*paths, ("cgu", "present"))))
    assert (seen.failure, seen.detail) == (Failure.CONTENT_UNEXPECTED, "champ JSON absent\u00a0: cgu")
    assert (
        await stage.ask(server.url(), expect=Marker(json=(("CAS.actif", 1),)))
    ).failure is Failure.CONTENT_UNEXPECTED


async def test_an_expression_that_cannot_be_compiled_is_our_fault(stage, make):
    server = await stage.serve(make.response(b"x"))
    seen = await stage.ask(server.url(), expect=Marker(matches=("(?=x)",)))
    assert seen.failure is Failure.OURS_POLICY


async def test_all_well_but_late_is_slow(stage, make):
    async def late(head, writer):
        await asyncio.sleep(0.06)
        writer.write(make.response(b"ok"))

    server = await stage.serve(late)
    seen = await stage.ask(server.url(), slow=timedelta(seconds=0.05))
    assert (seen.failure, seen.detail) == (Failure.CONTENT_SLOW, "réponse au-delà de 0,05\u00a0s")
    assert seen.phases.first_byte >= timedelta(seconds=0.05)
    assert (await stage.ask(server.url())).failure is None


async def test_what_a_site_sends_never_reaches_the_detail(stage, make):
    secret = b"jetonCAS-5ecret"
    for status in ("200 OK", "302 Found", "403 No", "503 Busy"):
        headers = [
            ("Location", f"ftp://{secret.decode()}/"),
            ("Retry-After", secret.decode()),
            ("Set-Cookie", f"a={secret.decode()}"),
        ]
        server = await stage.serve(make.response(secret, status, headers))
        seen = await stage.ask(server.url(), expect=Marker(contains=("x",)))
        assert secret.decode() not in repr(seen)


async def test_the_head_of_a_request_is_honest_and_carries_what_the_probe_adds(stage, make):
    server = await stage.serve(make.response(b"ok"))
    await stage.ask(
        server.url("/x"), headers=(("Accept", "application/json"), ("User-Agent", "Mozilla"), ("Cookie", "a=b"))
    )
    head = server.heads[0].decode()
    assert head.startswith("GET /x HTTP/1.1\r\n")
    assert (
        "User-Agent: Vigie/0.1.0 (+mailto:vigie@example.org; availability probe of French school services)\r\n" in head
    )
    assert "Accept-Language: fr\r\n" in head
    assert "Accept: application/json\r\n" in head
    assert "gzip" in head
    assert "Mozilla" not in head
    assert "Cookie" not in head


async def test_phases_fit_into_the_whole(stage, make):
    async def answer(head, writer):
        await asyncio.sleep(0.03)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        await asyncio.sleep(0.03)
        writer.write(b"cd")

    server = await stage.serve(answer)
    seen = await stage.ask(server.url())
    phases = [seen.phases.connect, seen.phases.first_byte, seen.phases.transfer]
    assert seen.failure is None
    assert (seen.phases.resolve, seen.phases.tls) == (None, None)
    assert sum(phases, timedelta()) <= seen.took
    assert seen.phases.first_byte >= timedelta(seconds=0.025)
    assert seen.phases.transfer >= timedelta(seconds=0.025)
    assert seen.address == "127.0.0.1"


async def test_a_phase_that_ran_out_of_time_is_recorded(stage, make):
    async def half(head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        await asyncio.sleep(5)

    server = await stage.serve(half)
    seen = await stage.ask(server.url(), timeout=make.short)
    assert seen.failure is Failure.EXCHANGE_TIMEOUT
    assert seen.http_status == 200
    assert seen.phases.transfer >= timedelta(seconds=0.25)
    assert seen.phases.connect is not None
