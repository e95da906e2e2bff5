"""Blocks of the file → checked blocks, one by one, so that every error of the file is found at once."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.fields import Known
from monitor.config.problem import Fault, Loc
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


@dataclass(frozen=True, slots=True)
class Taken(Generic[B]):
    """A block that passed, where it stands, and which of its keys had to be left out because they were wrong."""

    block: B
    loc: Loc
    left_out: frozenset[str] = frozenset()

    def sound(self, *keys: str) -> bool:
        """Whether a check that rests on these keys would speak of what the author wrote."""
        return self.left_out.isdisjoint(keys)


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
        left_out = {str(place[0]) for place in wrong if place}
        raw = _without(raw, wrong) if wrong else raw
        for attempt in range(_ROUNDS):
            try:
                block = model.model_validate(raw, context=self._known)
            except ValidationError as error:
                details = error.errors(include_url=False)
            else:
                return Taken(block, loc, frozenset(left_out))
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
            left_out |= {str(place[0]) for place in places}
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
