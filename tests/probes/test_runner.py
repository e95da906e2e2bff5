"""Whatever happens becomes an observation; our own faults accuse nobody; time is the loop's."""

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.domain.gap import Excuse
from monitor.domain.observation import Failure, Observation, Stage
from monitor.domain.policy import Policy
from monitor.probes import KINDS, Prober, ProberSettings, open_prober, user_agent


def test_every_kind_has_its_line():
    assert set(KINDS) == set(ProbeKind)


async def test_an_observation_says_where_and_when(stage, make):
    server = await stage.serve(make.response(b"ok"))
    before = datetime.now(UTC)
    seen = await stage.ask(server.url(), prober=await stage.prober(vantage="lyon"))
    assert (seen.probe, seen.vantage) == ("ent/login", "lyon")
    assert before <= seen.at <= datetime.now(UTC)
    assert seen.at.tzinfo is UTC


async def test_a_bug_of_ours_is_named_and_logged_once_without_what_the_site_said(stage, make, caplog):
    async def broken(probe, asking):
        raise RuntimeError("quoted from the page: 5ecret")

    good = await stage.prober()
    prober = Prober(good.settings, {ProbeKind.HTTP: broken}, good.tools, good.now)
    with caplog.at_level(logging.ERROR):
        seen = [await prober.ask(make.http("http://127.0.0.1:1/")) for _ in range(3)]
    assert {each.failure for each in seen} == {Failure.OURS_BUG}
    assert len(caplog.records) == 1
    assert "runner.py" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "5ecret" not in caplog.text + repr(seen)


BAD_URLS = ["", "ftp://127.0.0.1/", "http://", "http:///x", "//127.0.0.1/", "http://[::", "http://a:b/", "http://user:pw@127.0.0.1/",
            "http://127.0.0.1:0/", "http://127.0.0.1:70000/", "file:///etc/passwd", None]  # fmt: skip


@pytest.mark.parametrize("url", BAD_URLS)
async def test_an_address_that_cannot_be_asked_is_our_fault(stage, url):
    seen = await stage.ask(url)
    assert (seen.failure, seen.took) == (Failure.OURS_POLICY, timedelta())


async def test_at_most_the_deadline_over_all_redirects(stage, make):
    async def on_and_on(head, writer):
        await asyncio.sleep(0.1)
        number = int(head.split()[1][1:])
        writer.write(make.response(b"", "302 Found", [("Location", f"/{number + 1}")]))

    server = await stage.serve(on_and_on)
    seen = await stage.ask(server.url("/0"), timeout=make.short)
    assert seen.failure is Failure.EXCHANGE_TIMEOUT
    assert timedelta(seconds=0.29) <= seen.took < timedelta(seconds=0.45)


class Skewed(asyncio.SelectorEventLoop):
    """A loop whose clock jumps when told to, as the rehearsal's does."""

    skew = 0.0

    def time(self):
        return super().time() + self.skew


def ask_across_a_jump(policy, jump):
    """Ask a server while which answers the loop's clock jumps by so many seconds."""

    async def story():
        async def late(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            asyncio.get_running_loop().skew += jump
            await asyncio.sleep(0)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            writer.close()

        async with AsyncExitStack() as stack:
            settings = ProberSettings("local", user_agent("0", None), ("127.0.0.0/8",))
            prober = await stack.enter_async_context(open_prober(settings, lambda: datetime.now(UTC)))
            listener = await stack.enter_async_context(await asyncio.start_server(late, "127.0.0.1", 0))
            url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
            return await prober.ask(Probe("a/b", "a", ProbeKind.HTTP, policy, url=url))

    with asyncio.Runner(loop_factory=Skewed) as runner:
        return runner.run(story())


def test_every_duration_is_the_loops_own():
    seen = ask_across_a_jump(Policy(), 6)
    assert timedelta(seconds=6) <= seen.phases.first_byte <= seen.took < timedelta(seconds=7)


def test_what_we_slept_through_is_ours_whatever_it_looks_like():
    # A suspended process or a stalled loop: answers wait for us, timers fire long after their time.
    assert ask_across_a_jump(Policy(), 6).failure is Failure.OURS_STALLED  # 6 s: it looks slow
    assert ask_across_a_jump(Policy(timeout=timedelta(seconds=3)), 60).failure is Failure.OURS_STALLED
    assert ask_across_a_jump(Policy(timeout=timedelta(seconds=3)), 3.5).failure is Failure.OURS_STALLED
    assert ask_across_a_jump(Policy(), 2).failure is None  # not slow, whoever took the time


def test_a_short_lapse_excuses_nobody_who_had_time_enough():
    """We slept 0.4 s of 2.4 s, the target for ever: it had its time."""

    async def story():
        async def mute(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            asyncio.get_running_loop().skew += 0.4
            await reader.read()
            writer.close()

        async with AsyncExitStack() as stack:
            settings = ProberSettings("local", user_agent("0", None), ("127.0.0.0/8",))
            prober = await stack.enter_async_context(open_prober(settings, lambda: datetime.now(UTC)))
            listener = await stack.enter_async_context(await asyncio.start_server(mute, "127.0.0.1", 0))
            url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
            patient = Policy(timeout=timedelta(seconds=2.4))
            return await prober.ask(Probe("a/b", "a", ProbeKind.HTTP, patient, url=url))

    with asyncio.Runner(loop_factory=Skewed) as runner:
        assert runner.run(story()).failure is Failure.EXCHANGE_TIMEOUT


PIECES = st.sampled_from(
    [b"HTTP/1.1 ", b"200 OK", b"302 Found", b"503", b"\r\n", b"\r\n\r\n", b"Content-Length: ", b"5", b"-1", b"Transfer-Encoding: chunked",
     b"Location: ", b"http://[::1]:1/", b"//", b"Set-Cookie: a=b", b"Content-Encoding: gzip", b"Content-Encoding: br", b"Content-Type: text/html; charset=",
     b"punycode", b"Retry-After: ", b"\xff\xfe", b"\0", b": ", b"zz\r\n", b"0\r\n\r\n", b"{\"a\":[", b"\x1f\x8b\x08", b"<meta charset=utf-16>"]
) | st.binary(max_size=20)  # fmt: skip
HEADS = st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: ", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                         b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n"])  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(HEADS, st.lists(PIECES, max_size=12).map(b"".join)), min_size=4, max_size=4))
def test_no_answer_whatsoever_raises_or_is_taken_for_our_bug(answers):
    async def story():
        async def say(reader, writer):
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET /q"):
                writer.write(b"".join(answers[int(head[6:7])]))
            writer.close()

        async with AsyncExitStack() as stack:
            settings_ = ProberSettings(
                "local", "Vigie/test", ("127.0.0.0/8",), resolvers=("127.0.0.1:1",), host_spacing=timedelta()
            )
            prober = await stack.enter_async_context(open_prober(settings_, lambda: datetime.now(UTC)))
            listener = await stack.enter_async_context(await asyncio.start_server(say, "127.0.0.1", 0))
            base = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
            marks = {
                "expect": Marker(json=(("a.0", "present"),), matches=("x+",)),
                "waiting_room": (Marker(contains=("attente",)),),
            }
            policy = Policy(timeout=timedelta(seconds=0.3))
            return [
                await prober.ask(Probe("a/b", "a", ProbeKind.HTTP, policy, url=f"{base}/q{n}", **marks))
                for n in range(4)
            ]

    for seen in asyncio.run(story()):
        assert isinstance(seen, Observation)
        assert seen.failure is not Failure.OURS_BUG, seen
        # The only resolver of this story is dead, and a redirect to a name finds that out: that is ours, and true.
        ours = seen.failure is not None and seen.failure.stage is Stage.OURS
        assert not ours or seen.failure in {Failure.OURS_BLOCKED, Failure.OURS_OFFLINE}
        assert len(seen.detail) <= 120
        assert sum(
            (
                each
                for each in (seen.phases.resolve, seen.phases.connect, seen.phases.first_byte, seen.phases.transfer)
                if each
            ),
            timedelta(),
        ) <= seen.took + timedelta(microseconds=5)


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("vigie@example.org", "(+mailto:vigie@example.org; "),
        ("https://vigie.example.org/contact", "(+https://vigie.example.org/contact; "),
        ("mailto:a@b.fr", "(+mailto:a@b.fr; "),
        (None, "(no contact given; "),
        ("  ", "(no contact given; "),
        ("a@b.fr\r\nX-Evil: 1", "(+"),
    ],
)
def test_the_user_agent_says_whom_to_write_to(contact, expected):
    said = user_agent("1.2.3", contact)
    assert said.startswith(f"Vigie/1.2.3 {expected}")
    assert said.isascii()
    assert said.isprintable()
    assert said.endswith("availability probe of French school services)")


async def test_bad_settings_are_said_before_anything_is_opened():
    with pytest.raises(ValueError, match="VIGIE_ALLOW_NETWORKS"):
        async with open_prober(ProberSettings("local", "x", allow_networks=("partout",)), lambda: datetime.now(UTC)):
            pass


async def test_whoever_refuses_us_is_left_alone_and_the_question_is_a_skip(stage, make):
    server = await stage.serve(make.response(b"", "429 Too Many", [("Retry-After", "120")]))
    prober = await stage.prober()
    first = await prober.ask(make.http(server.url()))
    second = await prober.ask(make.http(server.url()))
    assert first.failure is Failure.OURS_BLOCKED
    assert (second.probe, second.excuse, server.connections) == ("ent/login", Excuse.BACK_OFF, 1)
    assert timedelta(seconds=110) < second.until - second.at <= timedelta(seconds=120)


async def test_a_redirect_to_whoever_refused_us_is_not_followed(stage, make):
    closed = await stage.serve(make.response(b"", "403 Forbidden"))
    way = await stage.serve(make.response(b"", "302 Found", [("Location", closed.url())]))
    prober = await stage.prober()
    assert (await prober.ask(make.http(closed.url()))).failure is Failure.OURS_BLOCKED
    seen = await prober.ask(make.http(way.url()))
    assert (seen.excuse, closed.connections, way.connections) == (Excuse.BACK_OFF, 1, 1)


async def test_a_turn_that_would_come_after_the_next_slot_is_a_skip(stage, make):
    server = await stage.serve(make.response(b"ok"))
    prober = await stage.prober(host_spacing=timedelta(seconds=30))
    probe = Probe("a/b", "a", ProbeKind.HTTP, Policy(every=timedelta(seconds=10)), url=server.url())
    assert (await prober.ask(probe)).failure is None
    seen = await prober.ask(probe)
    assert (seen.excuse, server.connections) == (Excuse.COURTESY, 1)
