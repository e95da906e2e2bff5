"""Our own faults: whatever happens to our machine, nobody else is accused of it."""

import asyncio
import resource
import signal
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace

from tests.faults.house import House, Seen, open_house
from tests.faults.matrix import WELL
from tests.faults.place import Place, Talk, reply
from tests.faults.registry import BEHAVIOURS, HASTE, Behaviour, Block

CROWD = 60
THINKS_S = 1.2  # long enough for all of the crowd to be on the line at once
UNHURRIED = {"timeout": "6s", "slow": "3s"}  # asleep for 4 s, we must not call anybody slow either
FEW_FILES = 40  # descriptors: enough to start, too few for the crowd
ASLEEP_S = 4.0
STALLED, OFFLINE = "ours/stalled", "ours/offline"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of ours.

    Attributes:
        says: what happens to us.
        must: words of which at least one answer must be, so that the fault is known to have happened.
        may: words that all answers must be of.
        ask: makes it happen, and gives the answers.
    """

    says: str
    must: frozenset[str]
    may: frozenset[str]
    ask: Callable[[House], Awaitable[list[Seen]]]


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered under one fault."""

    name: str
    fault: Fault
    counts: Mapping[str, int]

    @property
    def fine(self) -> bool:
        """Whether nobody was accused, and the fault was seen."""
        said = set(self.counts)
        return bool(said) and said <= self.fault.may and (not self.fault.must or bool(said & self.fault.must))


def crowd() -> list[Behaviour]:
    """Services that are well, and take their time; every other one is asked by name."""

    async def think(talk: Talk) -> None:
        await asyncio.sleep(THINKS_S)
        await talk.send(reply())

    async def start(place: Place) -> Block:
        await place.listen(think)
        number = int(place.name.rpartition("-")[2])
        return {"url": place.url(host=place.named() if number % 2 else None)}

    well = BEHAVIOURS["well"]
    return [
        replace(well, name=f"foule-{number}", start=start, block=HASTE if number % 3 == 0 else UNHURRIED)
        for number in range(CROWD)
    ]


async def few_files(house: House) -> list[Seen]:
    """As many descriptors as a starved machine leaves."""
    low = (FEW_FILES, FEW_FILES)
    return await house.check(before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, low))


async def silent_resolver(house: House) -> list[Seen]:
    """All our resolvers are silent, for every name."""
    with ExitStack() as stack:
        mute = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in house.resolvers]
        for sock in mute:
            sock.bind(("127.0.0.1", 0))
        return await house.check(VIGIE_RESOLVERS=_servers(mute))


async def dead_resolver(house: House) -> list[Seen]:
    """Nobody listens where our resolver should be."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        where = _servers([sock])
    return await house.check(VIGIE_RESOLVERS=where)


async def suspended(house: House) -> list[Seen]:
    """The process is suspended for 4 s while everybody is on the line."""

    async def suspend(child: asyncio.subprocess.Process) -> None:
        while not house.met and child.returncode is None:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        child.send_signal(signal.SIGSTOP)
        await asyncio.sleep(ASLEEP_S)
        child.send_signal(signal.SIGCONT)

    return await house.check(meanwhile=suspend)


def _servers(socks: list[socket.socket]) -> str:
    return ",".join(f"127.0.0.1:{sock.getsockname()[1]}" for sock in socks)


FAULTS: Mapping[str, Fault] = {
    "few-files": Fault(
        "40 file descriptors for 60 questions", frozenset({STALLED}), frozenset({STALLED, WELL}), few_files
    ),
    "silent-resolver": Fault("no resolver answers", frozenset({OFFLINE}), frozenset({OFFLINE, WELL}), silent_resolver),
    "dead-resolver": Fault("no resolver is there", frozenset({OFFLINE}), frozenset({OFFLINE, WELL}), dead_resolver),
    "suspended": Fault("suspended for 4 s in the middle", frozenset(), frozenset({STALLED, WELL}), suspended),
}


async def suffer(name: str) -> Told:
    """One fault, in a house of its own."""
    async with open_house(crowd()) as house:
        seen = await FAULTS[name].ask(house)
    return Told(name, FAULTS[name], Counter(one["failure"] or WELL for one in seen))


async def suffer_all() -> list[Told]:
    """Every fault, side by side."""
    return await asyncio.gather(*(suffer(name) for name in FAULTS))


def lines(told: list[Told]) -> Iterator[str]:
    """One line a fault."""
    yield "our own faults: nobody else may be accused"
    for one in told:
        words = ", ".join(f"{count} {word}" for word, count in sorted(one.counts.items()))
        wanted = " or ".join(sorted(one.fault.may))
        yield f"{'✓' if one.fine else '✗'} {one.name:<16} {one.fault.says}: {words}" + (
            "" if one.fine else f" (expected {wanted})"
        )
