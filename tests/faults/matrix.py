"""Expected against observed: the run of the whole house, and what is printed of it."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.house import House, Seen, open_house
from tests.faults.registry import BEHAVIOURS, Behaviour

WELL = "up"
ABSENT = "no observation"


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of one behaviour: what was expected, what `vigie check` said."""

    behaviour: Behaviour
    number: int
    expected: str
    observed: str
    seen: Seen

    @property
    def right(self) -> bool:
        """Whether failure, stage and health are what they should be."""
        return self.expected == self.observed and (self.seen["health"] == "up") == (self.expected == WELL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out: every cell, and the behaviours at whose forbidden address somebody knocked."""

    cells: tuple[Cell, ...]
    tripped: tuple[str, ...]
    took_s: float

    @property
    def wrong(self) -> list[Cell]:
        """The disagreements."""
        return [cell for cell in self.cells if not cell.right]

    @property
    def fine(self) -> bool:
        """Whether all was named for what it is, and nobody knocked where nobody may."""
        return not self.wrong and not self.tripped


async def run(behaviours: Mapping[str, Behaviour] = BEHAVIOURS) -> Outcome:
    """Open the house and ask all of it: once those that never change, round after round those that do."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with open_house(behaviours.values()) as house:
        steady = [one for one in behaviours.values() if len(one.expected) == 1]
        changing = [one for one in behaviours.values() if len(one.expected) > 1]
        cells = [cell for part in await asyncio.gather(_once(house, steady), _rounds(house, changing)) for cell in part]
        return Outcome(tuple(cells), tuple(house.zone.tripped), loop.time() - started)


async def _once(house: House, behaviours: Sequence[Behaviour], number: int = 1) -> list[Cell]:
    if not behaviours:
        return []
    seen = {one["service"]: one for one in await house.check([one.name for one in behaviours])}
    return [_cell(one, number, seen.get(one.name)) for one in behaviours]


async def _rounds(house: House, behaviours: Sequence[Behaviour]) -> list[Cell]:
    cells: list[Cell] = []
    for number in range(1, max((len(one.expected) for one in behaviours), default=0) + 1):
        house.zone.round = number
        cells += await _once(house, [one for one in behaviours if len(one.expected) >= number], number)
    return cells


def _cell(behaviour: Behaviour, number: int, seen: Seen | None) -> Cell:
    expected = behaviour.expected[number - 1] or WELL
    if seen is None:
        return Cell(behaviour, number, expected, ABSENT, {"health": None})
    return Cell(behaviour, number, expected, seen["failure"] or WELL, seen)


def lines(outcome: Outcome) -> Iterator[str]:
    """The matrix, the disagreements, the totals."""
    yield from _grid(outcome.cells)
    for cell in outcome.wrong:
        yield from ("", *disagreement(cell))
    for name in outcome.tripped:
        yield f"\nA FORBIDDEN ADDRESS WAS ASKED: {name}"
    right, total = len(outcome.cells) - len(outcome.wrong), len(outcome.cells)
    yield ""
    by_family = Counter(cell.behaviour.family for cell in outcome.cells)
    yield ", ".join(f"{family} {count}" for family, count in by_family.items())
    named = len({cell.behaviour.name for cell in outcome.cells})
    share = "100 %" if right == total else f"{100 * right / total:.1f} %"
    yield f"{named} behaviours, {total} answers, {right} right: {share} ({outcome.took_s:.1f} s)"


def disagreement(cell: Cell) -> Iterator[str]:
    """One answer that was called by a wrong name, with what is known of it."""
    one, seen = cell.behaviour, cell.seen
    yield f"✗ {one.family}/{one.name}, answer {cell.number}: {one.says}"
    yield f"    expected {cell.expected} ({one.why})"
    said = {key: seen.get(key) for key in ("health", "detail", "http_status", "address", "phases_ms", "took_ms")}
    yield f"    observed {cell.observed} {said}"


def _grid(cells: Sequence[Cell]) -> Iterator[str]:
    counted = Counter((cell.expected, cell.observed) for cell in cells)
    columns = sorted({name for pair in counted for name in pair}, key=_order)
    number = {name: place for place, name in enumerate(columns, 1)}
    yield f"{'expected ↓   observed →':<32}" + "".join(f"{number[name]:>4}" for name in columns)
    for row in (name for name in columns if any(pair[0] == name for pair in counted)):
        figures = "".join(f"{counted[row, column] or '·':>4}" for column in columns)
        yield f"{number[row]:>3} {row:<28}{figures}"
    for name in columns:
        if not any(pair[0] == name for pair in counted):
            yield f"{number[name]:>3} {name:<28} (never expected)"


def _order(name: str) -> tuple[Any, ...]:
    stages = ("resolve", "connect", "tls", "exchange", "content", "ours")
    stage = name.partition("/")[0]
    return (0 if name == WELL else 1 + stages.index(stage) if stage in stages else 9, name)
