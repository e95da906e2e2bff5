"""The list of behaviours: what each server of the house does, and what `vigie check` must say of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.place import Place, Talk

Block = Mapping[str, Any]
Expected = str | None | tuple[str | None, ...]
Start = Callable[["Place"], Awaitable[Block]]
Answer = Callable[["Talk"], Awaitable[None]]

HASTE = {"timeout": "3s", "slow": "2s"}  # where the deadline itself is what must be seen
PATIENCE = {
    "timeout": "15s",
    "slow": "14s",
}  # everywhere else: a busy machine must not turn a good answer into a bad one


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way of answering.

    Attributes:
        name: what the catalogue calls its service; its host name is ``NAME.test``.
        family: the part of the exchange that it disturbs.
        says: what it does, in one line.
        expected: what is expected of one question after the other, ``stage/name`` or None for well; mostly a single one.
        why: the rule that the expectation rests on.
        start: opens its servers and gives the keys of its probe.
        block: keys of the probe that do not depend on a server's address.
    """

    name: str
    family: str
    says: str
    expected: tuple[str | None, ...]
    why: str
    start: Start
    block: Block


BEHAVIOURS: dict[str, Behaviour] = {}


class Family:
    """Registers the behaviours of one part of the exchange, in the order of their file."""

    def __init__(self, name: str) -> None:
        self.name = name

    def builds(self, name: str, expected: Expected, says: str, why: str, **block: Any) -> Callable[[Start], Start]:
        """The function opens what it needs at its place, and gives the keys of its probe."""

        def note(start: Start) -> Start:
            answers = expected if isinstance(expected, tuple) else (expected,)
            if name in BEHAVIOURS:
                raise ValueError(f"two behaviours are called {name}")
            BEHAVIOURS[name] = Behaviour(name, self.name, says, answers, why, start, {**PATIENCE, **block})
            return start

        return note

    def answers(self, name: str, expected: Expected, says: str, why: str, **block: Any) -> Callable[[Answer], Answer]:
        """The function answers one HTTP request."""

        def note(answer: Answer) -> Answer:
            self.builds(name, expected, says, why, **block)(_listening(answer))
            return answer

        return note

    def sends(self, name: str, answer: bytes, expected: Expected, says: str, why: str, **block: Any) -> None:
        """These bytes for everybody, then the connection is closed."""

        async def send(talk: "Talk") -> None:
            await talk.send(answer)

        self.answers(name, expected, says, why, **block)(send)


def _listening(answer: Answer) -> Start:
    async def start(place: "Place") -> Block:
        await place.listen(answer)
        return {"url": place.url()}

    return start
