"""Redirects are followed by hand: five at most, never downwards, never inwards, with a jar that lives for one question."""

import logging
from datetime import timedelta

import pytest

from monitor.domain.catalog import Marker
from monitor.domain.observation import Failure


def moves(make, table):
    """A server that redirects path → location, and answers the rest with its own path."""

    async def answer(head, writer):
        path = head.split()[1].decode()
        if path in table:
            writer.write(make.response(b"", "302 Found", [("Location", table[path])]))
        else:
            writer.write(make.response(f"arrivé {path}".encode()))

    return answer


async def test_five_redirects_are_followed_and_each_is_a_fresh_connection(stage, make):
    server = await stage.serve(moves(make, {f"/{n}": f"/{n + 1}" for n in range(5)}))
    seen = await stage.ask(server.url("/0"), expect=Marker(contains=("arrivé /5",)))
    assert (seen.failure, seen.http_status, server.connections, server.most_at_once) == (None, 200, 6, 1)


async def test_six_are_too_many(stage, make):
    server = await stage.serve(moves(make, {f"/{n}": f"/{n + 1}" for n in range(6)}))
    seen = await stage.ask(server.url("/0"))
    assert (seen.failure, server.connections) == (Failure.EXCHANGE_REDIRECT_LOOP, 6)


async def test_a_circle_is_noticed_at_once(stage, make):
    server = await stage.serve(moves(make, {"/a": "/b", "/b": "/a"}))
    seen = await stage.ask(server.url("/a"))
    assert (seen.failure, server.connections) == (Failure.EXCHANGE_REDIRECT_LOOP, 2)


async def test_a_login_that_bounces_until_its_cookie_comes_back(stage, make):
    async def bounce(head, writer):
        if b"Cookie: seen=1" in head:
            writer.write(make.response(b"Identifiant"))
        else:
            writer.write(make.response(b"", "302 Found", [("Location", "/"), ("Set-Cookie", "seen=1; Path=/")]))

    server = await stage.serve(bounce)
    prober = await stage.prober()
    for _ in range(2):  # nothing is kept from one question to the next
        assert (await stage.ask(server.url(), prober=prober)).failure is None
    assert server.connections == 4


SOUND = ["seen=1", "seen=a b, c", 'seen="a,b"', "\tseen = {} ; Path=/", "__Host-s.e!n=%7B", "seen="]
UNSOUND = ["je ton=1", "a(b)=1", "é=1", "seen", "=1", "seen=é", "a\x01b=1", "seen=\x7f1", "jeton secret"]


@pytest.mark.parametrize("cookie", SOUND + UNSOUND)
async def test_only_cookies_that_can_go_back_reach_the_jar(stage, make, caplog, monkeypatch, cookie):
    async def answer(head, writer):
        moved = head.startswith(b"GET / ")
        headers = [("Location", "/in"), ("Set-Cookie", cookie), ("Set-Cookie", "other=1; Path=/")]
        writer.write(make.response(b"", "302 Found", headers) if moved else make.response(b"ok"))

    server, prober = await stage.serve(answer), await stage.prober()
    monkeypatch.setattr(
        logging.getLogger("aiohttp.internal"), "disabled", False
    )  # the jar itself has no reason to complain
    seen = await prober.ask(make.http(server.url("/")))
    assert (seen.failure, caplog.records) == (None, [])
    name = cookie.partition("=")[0].strip()
    sent = [
        pair.partition("=")[0]
        for pair in server.heads[1].decode().partition("\r\nCookie: ")[2].split("\r\n")[0].split("; ")
    ]
    assert sorted(sent) == sorted([name, "other"] if cookie in SOUND else ["other"])


async def test_aiohttp_has_no_voice(stage, make, caplog):
    await stage.prober()
    caplog.set_level(logging.DEBUG)
    for name in ("aiohttp.internal", "aiohttp.client"):
        logging.getLogger(name).warning("what a site sent")
    assert caplog.records == []


async def test_a_redirect_that_is_expected_is_the_answer(stage, make):
    server = await stage.serve(moves(make, {"/auth/login": "/auth/openid/login"}))
    seen = await stage.ask(server.url("/auth/login"), expect=Marker(status=(302,)))
    assert (seen.failure, seen.http_status, server.connections) == (None, 302, 1)


FORBIDDEN = [
    "ftp://127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "gopher://127.0.0.1:70/",
    "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:127.0.0.1]/", "http://2130706433/",
    "http://[fe80::1]/", "http://[::", "//192.168.1.1/", "http://0/", "http://127.0.0.1:99999/",
]  # fmt: skip


IMPOSSIBLE = ["https://a..b/login", f"http://{'a' * 64}.fr/", f"http://{'a.' * 130}fr/", "http://.fr/", "//..fr/"]


@pytest.mark.parametrize("location", FORBIDDEN + IMPOSSIBLE)
async def test_forbidden_ways(stage, make, location):
    server = await stage.serve(moves(make, {"/": location}))
    seen = await stage.ask(server.url())
    assert (seen.failure, server.connections) == (Failure.EXCHANGE_REDIRECT_FORBIDDEN, 1)


async def test_never_from_https_down_to_http(stage, make, server_tls, ca_file):
    plain = await stage.serve(make.response(b"ok"))
    server = await stage.serve(moves(make, {"/": plain.url()}), tls=server_tls())
    seen = await stage.ask(server.url(), ca=ca_file, timeout=timedelta(seconds=2))
    assert (seen.failure, server.connections, plain.connections) == (Failure.EXCHANGE_REDIRECT_FORBIDDEN, 1, 0)


async def test_up_from_http_to_https(stage, make, server_tls, ca_file):
    server = await stage.serve(make.response(b"ok"), tls=server_tls())
    plain = await stage.serve(moves(make, {"/": server.url()}))
    seen = await stage.ask(plain.url(), ca=ca_file, timeout=timedelta(seconds=2))
    assert seen.failure is None
    assert seen.phases.tls is not None


async def test_a_name_that_leads_inside_is_forbidden_to_redirects(stage, make, names):
    names.zone["dedans.example.fr"] = ["10.1.2.3"]
    server = await stage.serve(moves(make, {"/": "http://dedans.example.fr/"}))
    seen = await stage.ask(server.url(), prober=await stage.prober(resolvers=(names.address,)))
    assert seen.failure is Failure.EXCHANGE_REDIRECT_FORBIDDEN
    assert seen.http_status is None


async def test_what_the_catalogue_adds_stays_with_its_host(stage, make):
    other = await stage.serve(make.response(b"ok"))
    server = await stage.serve(moves(make, {"/": other.url("/").replace("http://", "http://user:pass@")}))
    seen = await stage.ask(server.url(), headers=(("X-Key", "k"),))
    assert seen.failure is None
    assert b"X-Key: k" in server.heads[0]
    assert b"X-Key" not in other.heads[0]
    assert b"Authorization" not in other.heads[0]


async def test_the_final_host_is_the_one_that_answers(stage, make):
    other = await stage.serve(make.response(b"ok"), host="127.0.0.2")
    server = await stage.serve(moves(make, {"/": other.url()}))
    assert (await stage.ask(server.url(), expect=Marker(final_host="127.0.0.2"))).failure is None
    seen = await stage.ask(server.url(), expect=Marker(final_host="127.0.0.1"))
    assert seen.failure is Failure.CONTENT_UNEXPECTED
    queue = await stage.ask(server.url(), waiting_room=(Marker(final_host="127.0.0.2"),))
    assert queue.failure is Failure.CONTENT_WAITING_ROOM
