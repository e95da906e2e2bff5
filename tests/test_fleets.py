"""A fleet of 8,000 schools on one provider: asked within the budget, nobody who did not agree, and a true share."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.config import load
from monitor.config.territories import uai_prefixes
from monitor.config.uai import uai_check_letter
from monitor.domain.catalog import Probe
from monitor.domain.fleet import Fleet
from monitor.domain.gap import Excuse, Skip
from monitor.domain.line import Line
from monitor.domain.observation import Failure, Observation
from monitor.fleets import MOST_AT_ONCE, Answered, Fleets
from monitor.pace import Pacer
from monitor.probes import ProberSettings, open_prober
from monitor.rehearsal.clock import VirtualLoop
from tests.domain.small import T0
from tests.domain.test_fleet import school

CATALOGUE = """\
vigie: 1
canaries:
  - {id: un, kind: http, url: "http://un.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
  - {id: deux, kind: http, url: "http://deux.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
  - {id: trois, kind: http, url: "http://trois.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
  - {id: quatre, kind: http, url: "http://quatre.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
operators:
  - {id: editeur, name: "Éditeur"}
profiles:
  instance:
    probes:
      page: {kind: http, url: "{url}/InfoMobileApp.json", expect: {json: {version: present}}}
fleets:
  - {id: ecoles, name: "Écoles", profile: instance, file: ecoles.csv, operator: editeur}
"""
SCHOOLS, BREAKS_AT, MINUTES = 8000, 300.0, 30


def kept_in(heard: list[Answered]) -> Callable[[Answered], Answered]:
    """Keeps every answer as it came."""

    def accept(said: Answered) -> Answered:
        heard.append(said)
        return said

    return accept


def uais() -> Iterator[str]:
    """Sound codes, one département after the other."""
    for number in itertools.count(1):
        for prefix in sorted(uai_prefixes()):
            digits = f"{prefix}{number:04}"
            yield digits + uai_check_letter(digits)


class Provider(asyncio.Protocol):
    """A provider of our own on loopback: raw HTTP, one request a connection; notes who was asked, and when."""

    def __init__(self, asked: list[tuple[float, str]], broken: set[str]) -> None:
        self._asked, self._broken, self._held = asked, broken, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._loop = transport, asyncio.get_running_loop()
        assert isinstance(self._loop, VirtualLoop)
        self._loop.wire.taken()  # virtual time does not pass over a request on its way

    def data_received(self, data: bytes) -> None:
        uai, now = data.split(b"/", 2)[1].decode(), self._loop.time()
        self._asked.append((now, uai))
        ill = now >= BREAKS_AT and uai in self._broken
        body = b"" if ill else b'{"version": [2026]}'
        status = b"500 Internal Server Error" if ill else b"200 OK"
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        self._transport.write(head % (status, len(body)) + body)
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        assert isinstance(self._loop, VirtualLoop)
        self._loop.wire.left()


def played(scene: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(scene)


def clock() -> Any:
    return T0 + timedelta(seconds=asyncio.get_running_loop().time())


async def run_for(fleets: Fleets, seconds: float, *more: tuple[str, timedelta, Callable[[], Awaitable[None]]]) -> None:
    pacer, stop = Pacer(asyncio.get_running_loop()), asyncio.Event()
    for name, every, tick in (*fleets.beats(), *more):
        pacer.add_tick(name, every, tick)
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await pacer.run(stop)


class Morning:
    """Half an hour of a fleet of 8,000, of which 40 % of one académie break after five minutes."""

    def __init__(self, folder: Path) -> None:
        self.codes = list(itertools.islice(uais(), SCHOOLS))
        self.agreed = {uai for number, uai in enumerate(self.codes) if number % 8}
        self.asked: list[tuple[float, str]] = []
        self.heard: list[Answered] = []
        self.documents: dict[int, dict[str, dict[str, Any]]] = {}
        self._folder = folder

    async def play(self) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Provider(self.asked, self.broken), "127.0.0.1", 0)
        self.fleet = self._fleet(server.sockets[0].getsockname()[1])
        lille = sorted(one.uai for one in self.fleet.schools if one.agreed and one.stratum == "A:lille")
        self.broken = set(lille[: round(len(lille) * 0.4)])
        self.truth = len(self.broken) / len(lille)
        settings = ProberSettings(vantage="local", user_agent="Vigie/test", allow_networks=("127.0.0.0/8",))
        async with open_prober(settings, clock) as prober:
            fleets = Fleets([self.fleet], prober.ask, clock, kept_in(self.heard))

            async def look() -> None:
                (document,) = fleets.document(clock())
                self.documents[round(loop.time() / 60)] = {one["territory"]: one for one in document["shares"]}  # type: ignore[attr-defined]

            await run_for(fleets, MINUTES * 60 + 1, ("look", timedelta(minutes=1), look))
            await fleets.land(timedelta(seconds=1))
        server.close()

    def _fleet(self, port: int) -> Fleet:
        lines = [
            f"{uai};École {uai};http://127.0.0.1:{port}/{uai};;{200 + number % 700};{'oui' if uai in self.agreed else 'non'}"
            for number, uai in enumerate(self.codes)
        ]
        (self._folder / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
        text = "\r\n".join(["uai;name;url;territory;pupils;agreed", *lines])
        (self._folder / "ecoles.csv").write_bytes(text.encode("cp1252"))
        return load(self._folder / "probes.yaml").fleets["ecoles"]


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    made = Morning(tmp_path_factory.mktemp("fleet"))
    played(made.play())
    return made


def test_the_provider_is_never_asked_faster_than_the_budget(morning: Morning) -> None:
    times = [at for at, _ in morning.asked]
    assert len(times) > 0.95 * MINUTES * 60
    assert min(after - before for before, after in itertools.pairwise(times)) >= 1 - 1e-6


def test_nobody_is_asked_who_did_not_agree_and_nobody_twice_within_five_minutes(morning: Morning) -> None:
    assert {uai for _, uai in morning.asked} <= morning.agreed
    assert len(morning.agreed) == 7000
    last: dict[str, float] = {}
    for at, uai in morning.asked:
        assert at - last.get(uai, -300) >= 300 - 1e-6
        last[uai] = at


def test_every_answer_is_handed_on_like_any_other(morning: Morning) -> None:
    assert all(isinstance(one, Observation) for one in morning.heard)
    assert [one.probe.split("/")[1] for one in morning.heard] == [uai for _, uai in morning.asked]


def test_the_share_affected_is_known_within_a_quarter_of_an_hour_and_the_others_are_well(morning: Morning) -> None:
    before, after = morning.documents[5], morning.documents[20]
    assert (before["A:lille"]["share"], before["N"]["share"]) == (0.0, 0.0)
    lille = after["A:lille"]
    assert 0.2 < lille["low"] <= morning.truth <= lille["high"] < 0.6
    assert lille["population"] == sum(one.stratum == "A:lille" for one in morning.fleet.schools if one.agreed)
    others = [one for code, one in after.items() if code not in {"A:lille", "N"} and one["share"] is not None]
    assert len(others) > 25
    assert all(one["share"] == one["low"] == 0.0 for one in others)
    whole = len(morning.broken) / len(morning.agreed)
    assert after["N"]["low"] <= whole <= after["N"]["high"] <= 0.03
    assert after["N"]["as_of"].startswith("2021-04-06T06:")


def test_where_trouble_is_suspected_it_is_asked_more_densely(morning: Morning) -> None:
    strata = {one.uai: one.stratum for one in morning.fleet.schools}

    def asked(since: float, until: float) -> Counter[str]:
        return Counter(strata[uai] for at, uai in morning.asked if since <= at < until)

    quiet, troubled = asked(0, BREAKS_AT), asked(BREAKS_AT + 600, BREAKS_AT + 900)
    assert troubled["A:lille"] >= 2 * quiet["A:lille"]
    assert all(troubled[code] <= 1.5 * quiet[code] for code in quiet if code != "A:lille")


def small(number: int, budget: float) -> Fleet:
    return Fleet("f", "Flotte", "editeur", tuple(school(one) for one in range(number)), budget)


def said(probe: Probe, failure: Failure | None = None) -> Observation:
    return Observation(probe.id, "local", clock(), timedelta(seconds=0.1), failure)


def test_a_provider_that_does_not_answer_is_not_asked_more_at_once() -> None:
    under_way, most = 0, 0

    async def hang(probe: Probe) -> Observation:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(10)
        under_way -= 1
        return said(probe, Failure.EXCHANGE_TIMEOUT)

    async def scene() -> list[Answered]:
        heard: list[Answered] = []
        fleets = Fleets([small(3000, 2.0)], hang, clock, kept_in(heard))
        await run_for(fleets, 605)
        (document,) = fleets.document(clock())
        assert document["shares"][1]["share"] == 1.0  # type: ignore[index]
        await fleets.land(timedelta(0))
        assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("f/")]
        return heard

    assert 250 <= len(played(scene())) <= 300
    assert most == MOST_AT_ONCE


def test_a_late_loop_never_catches_up() -> None:
    starts: list[float] = []

    async def ask(probe: Probe) -> Observation:
        starts.append(asyncio.get_running_loop().time())
        return said(probe)

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)

        async def stall() -> None:
            loop.jump(2.3)  # the loop does nothing for that long: a suspended machine, a long collection of garbage

        await run_for(
            Fleets([small(3000, 2.0)], ask, clock, lambda said: said), 600, ("stall", timedelta(seconds=7), stall)
        )

    played(scene())
    assert len(starts) > 500
    assert min(after - before for before, after in itertools.pairwise(starts)) >= 0.5 - 1e-9


def test_while_our_own_line_is_blind_nobody_is_asked_and_nobody_is_accused() -> None:
    async def scene() -> None:
        loop, starts = asyncio.get_running_loop(), []
        failure: Failure | None = None

        async def ask(probe: Probe) -> Observation:
            starts.append(loop.time())
            return said(probe, failure)

        fleets = Fleets([small(3000, 1.0)], ask, clock, lambda said: said)

        def lille() -> tuple[float | None, int]:
            share = fleets.document(clock())[0]["shares"][1]  # type: ignore[index]
            return share["share"], share["sample"]

        fleets.see(Line(blind=False, seen_at=None))
        await run_for(fleets, 60.5)
        assert fleets.document(clock())[0]["shares"] == []  # our line was never seen yet
        seen = clock()
        fleets.see(Line(blind=False, seen_at=seen))
        assert lille() == (0.0, 60)
        failure = Failure.CONNECT_UNREACHABLE
        await run_for(fleets, 30.5)
        assert lille() == (0.0, 60)  # nobody vouched for our line since
        fleets.see(Line(blind=True, seen_at=seen))
        asked = len(starts)
        await run_for(fleets, 30)
        assert len(starts) == asked
        failure = None
        fleets.see(Line(blind=False, seen_at=clock()))
        assert lille() == (0.0, 60)
        await run_for(fleets, 30.5)
        fleets.see(Line(blind=False, seen_at=clock()))
        share, sample = lille()
        assert share == 0.0
        assert 50 <= sample <= 60

    played(scene())


def test_what_courtesy_did_not_let_pass_is_handed_on_and_is_no_answer() -> None:
    async def refuse(probe: Probe) -> Skip:
        return Skip(probe.id, clock(), Excuse.COURTESY)

    async def scene() -> None:
        heard: list[Answered] = []
        fleets = Fleets([small(100, 1.0)], refuse, clock, kept_in(heard))
        await run_for(fleets, 20.5)
        assert {type(one) for one in heard} == {Skip}
        assert fleets.document(clock())[0]["shares"][0]["sample"] == 0  # type: ignore[index]

    played(scene())


def test_a_bug_of_ours_does_not_stop_the_round(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[str] = []

    async def ask(probe: Probe) -> Observation:
        asked.append(probe.id)
        if len(asked) == 3:
            raise RuntimeError("a bug")
        return said(probe)

    async def scene() -> None:
        heard: list[Answered] = []
        await run_for(Fleets([small(100, 1.0)], ask, clock, kept_in(heard)), 10.5)
        assert len(heard) == len(asked) - 1 == 9

    played(scene())
    assert "la ronde continue" in caplog.text


def test_after_a_restart_nobody_is_asked_too_soon_and_what_was_heard_counts() -> None:
    async def scene() -> None:
        heard: list[Answered] = []
        again: list[Answered] = []

        async def ask(probe: Probe) -> Observation:
            return said(probe, Failure.CONTENT_WAITING_ROOM if probe.id.endswith("1X") else None)

        first = Fleets([small(200, 1.0)], ask, clock, kept_in(heard))
        await run_for(first, 120.5)
        second = Fleets([small(200, 1.0)], ask, clock, kept_in(again))
        strangers = [
            Observation("ent/login", "local", clock(), timedelta()),
            Observation("f/9999999X", "local", clock(), timedelta()),
        ]
        second.resume([*reversed([one for one in heard if isinstance(one, Observation)]), *strangers])
        shares = [one.document(clock())[0]["shares"] for one in (first, second)]
        assert shares[0] == shares[1]
        assert shares[0][0]["sample"] > 0  # type: ignore[index]
        await run_for(second, 60.5)
        assert {one.probe for one in again}.isdisjoint({one.probe for one in heard})

    played(scene())


def test_the_document_says_how_much_is_asked() -> None:
    async def scene() -> None:
        async def ask(probe: Probe) -> Observation:
            return said(probe)

        fleets = Fleets([small(400, 0.5)], ask, clock, lambda said: said)
        await run_for(fleets, 90.5)
        (document,) = fleets.document(clock())
        assert {key: document[key] for key in ("id", "name", "operator", "budget_per_s", "schools")} == {
            "id": "f", "name": "Flotte", "operator": "editeur", "budget_per_s": 0.5, "schools": 400,
        }  # fmt: skip
        assert document["asked_per_s"] == pytest.approx(0.5, abs=0.04)

    played(scene())
