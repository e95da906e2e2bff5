"""Blocks of the file → checked blocks, one by one, so that every error of the file is found at once."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.fields import Known, closest
from monitor.config.problem import Fault, Loc
from monitor.config.schema import POLICY_KEYS, ProbeBlock, ServiceBlock
from monitor.config.words import in_french

B = TypeVar("B", bound=BaseModel)

_ROUNDS = 4
# What stands for an obligatory key that is missing, so that the rest of its block is still checked. It never leaves
# this room: the file is refused.
_STAND_INS: dict[str, object] = {
    "id": "sans-identifiant",
    "name": "sans nom",
    "kind": "autre",
    "territories": ["N"],
    "to_env": "VIGIE_SANS_NOM",
    "vigie": 1,
}


_KNOWN_KEYS = frozenset({*ProbeBlock.model_fields, *ServiceBlock.model_fields})


@dataclass(frozen=True, slots=True)
class Taken(Generic[B]):
    """A block that passed, and where it stands.

    Attributes:
        lost: places inside the block that had to be left out because they were wrong; ``()`` is the whole block.
    """

    block: B
    loc: Loc
    lost: frozenset[Loc] = frozenset()

    def sound(self, *keys: str) -> bool:
        """Whether a check that rests on these keys would speak of what the author wrote."""
        return not any(not place or str(place[0]) in keys for place in self.lost)

    def aims(self, probe: str) -> bool:
        """Whether everything that says what its probe of this name asks was sound."""
        return all(place and paced_by(place[0]) is not None for place in self._below("probes", probe))

    def lost_pace(self, *way: str) -> frozenset[str]:
        """The keys of pace that were left out at the end of `way`, as far as one can tell."""
        lost: set[str] = set()
        for place in self._below(*way):
            if not place:
                return POLICY_KEYS
            if (key := paced_by(place[0])) is not None:
                lost.add(key)
        return frozenset(lost)

    def _below(self, *way: str) -> list[Loc]:
        """What was left out below `way`, seen from there; ``()`` where `way` itself was left out with what holds it."""
        places = ((place, min(len(place), len(way))) for place in self.lost)
        return [place[len(way) :] for place, shared in places if place[:shared] == way[:shared]]


@lru_cache(maxsize=1000)
def paced_by(key: str | int) -> str | None:
    """The key of pace that a key is, or was probably meant to be; None for any other."""
    if key in _KNOWN_KEYS:
        return str(key) if key in POLICY_KEYS else None
    return closest(str(key), POLICY_KEYS)


class Intake:
    """Checks blocks and gathers their faults. What is known to be wrong (duplicate keys, secrets) is left out first."""

    def __init__(self, known: Known, faults: Iterable[Fault]) -> None:
        self._known = known
        self.faults = list(faults)
        self._wrong: dict[Loc, list[Loc]] = {}
        for fault in self.faults:
            self._wrong.setdefault(fault.loc[:2], []).append(fault.loc)

    def take(self, model: type[B], raw: object, loc: Loc) -> Taken[B] | None:
        """The block, or what remains of it without its wrong keys; None when nothing can be made of it."""
        wrong = [place[len(loc) :] for place in self._wrong.get(loc[:2], ()) if place[: len(loc)] == loc]
        lost = {place for place in wrong if place}
        raw = _without(raw, wrong) if wrong else raw
        for attempt in range(_ROUNDS):
            try:
                block = model.model_validate(raw, context=self._known)
            except ValidationError as error:
                details = error.errors(include_url=False)
            else:
                return Taken(block, loc, frozenset(lost))
            details = _without_echoes(details)
            places = [_written(_place(detail["loc"]), raw) for detail in details]
            # Later rounds only see what our own leaving out brought about.
            if attempt == 0:
                self.faults += [
                    Fault((*loc, *place), *in_french(detail, model))
                    for place, detail in zip(places, details, strict=True)
                ]
            if () in places:
                return None
            lost.update(places)
            raw = _without(raw, places)
        return None


def _without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """A list whose only item is wrong counts as empty for pydantic; the item says it better."""
    below = {detail["loc"][:-1] for detail in details}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in below]


def _place(loc: tuple[int | str, ...]) -> Loc:
    """Pydantic marks a wrong key of a mapping by a last part of its own."""
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _written(place: Loc, raw: object) -> Loc:
    """Where it stands in the file: a list of one may be written as its only item, and has no place 0 there."""
    way: list[int | str] = []
    for part in place:
        if isinstance(part, int) and isinstance(raw, dict):
            continue
        way.append(part)
        try:
            raw = raw[part]  # type: ignore[index]  # whatever cannot be entered ends in the exceptions below
        except (LookupError, TypeError):
            raw = None
    return tuple(way)


def _without(raw: Any, places: list[Loc]) -> Any:
    """A copy without the values at these places; obligatory keys get a stand-in, a wrong item takes its list along."""
    copy = deepcopy(raw)
    for place in places:
        holder, key = copy, None
        for part in place:
            if isinstance(holder, dict) and part in holder:
                parent, key = holder, part
                holder = holder[part]
            else:
                break
        if key is not None:
            del parent[key]
    for place in places:
        if place and isinstance(copy, dict) and place[0] not in copy and place[0] in _STAND_INS:
            copy[str(place[0])] = _STAND_INS[str(place[0])]
    return copy
