"""The fake France on the wire: its pages of the day, its ways of failing, what it does with strange requests."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.domain.catalog import Catalog, Probe, ProbeKind, Service, ServiceKind
from monitor.domain.observation import Failure, Observation
from monitor.rehearsal.france import FakeFrance
from monitor.rehearsal.scenario import Mode, Scenario

BEGINS = datetime(2021, 4, 6, 5, tzinfo=UTC)
DAY = timedelta(hours=12)
Every = Callable[..., Scenario]
Stage = Callable[..., Any]


def test_slow_answers_take_six_seconds_to_the_millisecond(small: Catalog, everywhere: Every, on_stage: Stage) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> tuple[Observation, Observation]:
        usual, impatient = small.services["ent-a"].probes[0], small.services["ent-k"].probes[0]
        return await ask(usual), await ask(impatient)

    usual, impatient = on_stage(small, everywhere(Mode.SLOW, list(small.services)), play)
    assert usual.took == timedelta(seconds=6)
    assert impatient.took == timedelta(seconds=3)  # halfway between its slow (1 s) and its timeout (5 s)


def test_healthy_answers_take_their_own_time_and_always_the_same(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> list[timedelta]:
        return [(await ask(probe)).took for probe in small.probes()]

    took = on_stage(small, everywhere(Mode.OK, ()), play)
    assert took == on_stage(small, everywhere(Mode.OK, ()), play)
    assert len(set(took)) > 1
    assert all(timedelta(seconds=0.06) <= one <= timedelta(seconds=0.4) for one in took)


def test_one_intermittent_answer_in_three_fails_for_each_probe(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> list[list[bool]]:
        return [[(await ask(probe)).failure is None for _ in range(9)] for probe in small.services["ent-a"].probes]

    scenario = everywhere(Mode.INTERMITTENT, ["ent-a"])
    rounds = on_stage(small, scenario, play)
    for answers in rounds:
        assert [answers[at : at + 3].count(False) for at in (0, 3, 6)] == [1, 1, 1]
    assert rounds == on_stage(small, scenario, play)


def test_both_ways_of_being_down_are_played(small: Catalog, everywhere: Every, on_stage: Stage) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> set[Failure | None]:
        return {(await ask(probe)).failure for service in small.services.values() for probe in service.probes}

    down = on_stage(small, everywhere(Mode.DOWN, list(small.services)), play)
    assert down == {Failure.EXCHANGE_TIMEOUT, Failure.EXCHANGE_RESET}


def test_when_our_own_line_is_cut_nothing_answers_not_even_the_canaries(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> tuple[set[Failure | None], timedelta]:
        observations = await asyncio.gather(*(ask(probe) for probe in small.probes()))
        return {seen.failure for seen in observations}, observations[0].took

    assert on_stage(small, everywhere(Mode.DOWN, ["*"]), play) == ({Failure.EXCHANGE_TIMEOUT}, timedelta(seconds=3))


def test_canaries_answer_whatever_happens_to_the_others(small: Catalog, everywhere: Every, on_stage: Stage) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> Failure | None:
        return (await ask(small.canaries[0])).failure

    assert on_stage(small, everywhere(Mode.DOWN, list(small.services)), play) is None


async def raw(france: FakeFrance, probe: Probe, request: bytes | None = None) -> bytes:
    """What the wire carries in answer to `request`, by default a plain GET of the probe's path."""
    rewritten = france.rewrite(probe)
    assert rewritten is not None
    assert rewritten.url is not None
    host, _, path = rewritten.url.removeprefix("http://").partition("/")
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(request or f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("at", "picture", "words"),
    [
        (BEGINS, "tooload.png", "logique de quota"),
        (datetime(2021, 4, 18, 21, 59, 59, tzinfo=UTC), "tooload.png", "logique de quota"),
        (datetime(2021, 4, 18, 22, 0, 1, tzinfo=UTC), "tooload.svg", "3 minutes"),
        (datetime(2021, 4, 26, 6, tzinfo=UTC), "tooload.svg", "3 minutes"),
    ],
)
def test_the_waiting_room_of_entcore_is_the_one_of_its_day(
    at: datetime, picture: str, words: str, small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(france: FakeFrance, _: object) -> tuple[bytes, bytes]:
        login, context = small.services["ent-a"].probes
        return await raw(france, login), await raw(france, context)

    scenario = everywhere(Mode.WAITING_PAGE_200, ["ent-a"])
    days = replace(scenario, steps=(replace(scenario.steps[0], end=at + DAY),))
    login, context = on_stage(small, days, play, begins=at)
    assert login.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"/auth/public/img/{picture}" in login.decode()
    assert words in login.decode()
    assert all(f'lang="{language}"'.encode() in login for language in ("fr", "es", "en"))
    assert context.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"callBack"' in context


def test_a_step_under_a_former_id_plays_the_service_of_today(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> Failure | None:
        return (await ask(renamed.probes[0])).failure

    renamed = replace(small.services["ent-c"], formerly=("ent-ancien",))
    catalog = replace(small, services={renamed.id: renamed})
    assert on_stage(catalog, everywhere(Mode.HTTP_502, ["ent-ancien"]), play) is Failure.EXCHANGE_SERVER_ERROR


def test_targets_keep_path_and_query_and_what_is_no_connection_is_not_played(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(france: FakeFrance, ask: Callable[[Probe], Any]) -> tuple[Probe | None, list[Probe | None], Any]:
        return france.rewrite(mixed.probes[0]), [france.rewrite(probe) for probe in mixed.probes[2:]], await ask(tcp)

    tcp = Probe("m/tcp", "m", ProbeKind.TCP, host="m.invalid", port=993)
    mixed = Service(
        "m", "M", ServiceKind.AUTRE,
        (
            Probe("m/page", "m", ProbeKind.HTTP, url="https://m.invalid/a/b?c=d&e=%C3%A9"), tcp,
            Probe("m/tls", "m", ProbeKind.TLS, host="m.invalid", port=443),
            Probe("m/dns", "m", ProbeKind.DNS, host="m.invalid"),
        ),
    )  # fmt: skip
    catalog = replace(small, services={"m": mixed})
    page, unplayed, seen = on_stage(catalog, everywhere(Mode.OK, ()), play)
    assert page is not None
    assert page.url is not None
    assert page.url.startswith("http://127.0.0.1:")
    assert page.url.endswith("/a/b?c=d&e=%C3%A9")
    assert unplayed == [None, None]
    assert seen.failure is None


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /nowhere HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /auth/login HTTP/1.1\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET /auth/login HTTP/1.1\r\nX: " + b"x" * 20_000, b"400"),
    ],
)
def test_strange_requests_get_an_answer_and_nothing_else(
    request_: bytes, status: bytes, small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(france: FakeFrance, _: object) -> bytes:
        return await raw(france, small.services["ent-a"].probes[0], request_)

    assert on_stage(small, everywhere(Mode.OK, ()), play).split(b" ")[1] == status


def test_a_head_request_gets_no_body(small: Catalog, everywhere: Every, on_stage: Stage) -> None:
    async def play(france: FakeFrance, _: object) -> bytes:
        return await raw(france, small.services["ent-a"].probes[0], b"HEAD /auth/login HTTP/1.1\r\n\r\n")

    head, _, body = on_stage(small, everywhere(Mode.OK, ()), play).partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    assert body == b""


def test_a_client_that_says_nothing_does_not_hold_up_the_day(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(france: FakeFrance, ask: Callable[[Probe], Any]) -> float:
        rewritten = france.rewrite(small.canaries[0])
        assert rewritten is not None
        assert rewritten.url is not None
        host, port = rewritten.url.removeprefix("http://").partition("/")[0].split(":")
        _, writer = await asyncio.open_connection(host, port)
        began = time.monotonic()
        for probe in [*small.probes()] * 4:
            assert (await ask(probe)).failure is None
            await asyncio.sleep(60)
        writer.close()
        return time.monotonic() - began

    assert on_stage(small, everywhere(Mode.OK, ()), play) < 60


def test_leaving_breaks_off_whatever_still_waits(small: Catalog, everywhere: Every, on_stage: Stage) -> None:
    async def play(france: FakeFrance, ask: Callable[[Probe], Any]) -> int:
        waiting = [asyncio.ensure_future(ask(probe)) for probe in small.probes()]
        await asyncio.sleep(2)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return len(waiting)

    assert on_stage(small, everywhere(Mode.DOWN, ["*"]), play) == len(list(small.probes()))


def test_the_same_half_hour_twice_gives_the_same_observations(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    modes = [*Mode] * 2
    steps = everywhere(Mode.OK, [*small.services]).steps
    written = tuple(replace(step, mode=mode) for step, mode in zip(steps, modes, strict=False))
    scenario = replace(everywhere(Mode.OK, ()), steps=written)

    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> list[Observation]:
        seen: list[Observation] = []

        async def watch(probe: Probe, first: float) -> None:
            await asyncio.sleep(first)
            for _ in range(30):
                began = asyncio.get_running_loop().time()
                seen.append(await ask(probe))
                await asyncio.sleep(began + 60 - asyncio.get_running_loop().time())

        await asyncio.gather(*(watch(probe, number * 0.37) for number, probe in enumerate(small.probes())))
        return seen

    once, again = on_stage(small, scenario, play), on_stage(small, scenario, play)
    assert len(once) == 30 * len(list(small.probes()))
    assert once == again


def test_an_expression_that_no_page_can_be_made_up_for_does_not_make_a_false_outage(
    small: Catalog, everywhere: Every, on_stage: Stage
) -> None:
    async def play(_: FakeFrance, ask: Callable[[Probe], Any]) -> Failure | None:
        return (await ask(odd.probes[0])).failure

    ent = small.services["ent-k"]
    probe = replace(ent.probes[0], expect=replace(ent.probes[0].expect, json=(), matches=("[a-z]{12}-[0-9]{4}",)))
    odd = replace(ent, probes=(probe,))
    assert on_stage(replace(small, services={odd.id: odd}), everywhere(Mode.OK, ()), play) is None
