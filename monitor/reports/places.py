"""The places of France as they lie in each other, from the official codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from monitor.config.territories import load_territories
from monitor.domain.catalog import Territory


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a place lies in, the nearest first and without the country, and what lies in it, in display order."""

    above: tuple[Territory, ...]
    below: tuple[Territory, ...]


@cache
def _places() -> Mapping[str, Territory]:
    return load_territories()


def surroundings(code: str) -> Surroundings:
    """What is around a place; nothing for one that no official list has."""
    places, above = _places(), list[Territory]()
    place = places.get(code)
    while place is not None and place.parent not in {None, "N"}:
        place = places.get(place.parent or "")
        if place is not None:
            above.append(place)
    return Surroundings(tuple(above), tuple(one for one in places.values() if one.parent == code))
