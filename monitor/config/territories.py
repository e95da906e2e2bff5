"""The places of France, from the packaged official codes (sources and licences: data/SOURCES.md)."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from monitor.domain.catalog import Level, Territory

_LEVELS = {"departement": (Level.DEPARTEMENT, "D"), "collectivite": (Level.COLLECTIVITE, "C")}


def load_territories() -> dict[str, Territory]:
    """Every territory by its code, in display order: country, régions, académies, départements, collectivités.

    A collectivité without an académie has the country as parent. Each call returns a new dict.
    """
    places = [Territory("N", "France", Level.PAYS, None), *_regions(), *_academies(), *_departements()]
    return {place.code: place for place in places}


@cache
def uai_prefixes() -> dict[str, str]:
    """The first three digits of a UAI → code of the département or collectivité that gives them."""
    return {row["uai_prefix"]: f"{_LEVELS[row['type']][1]}:{row['code']}" for row in _rows("departements")}


@cache
def official_departements() -> dict[str, str]:
    """The code of a département as the ministry's files write it → ours: ``059``, ``59`` → `D:59`; ``02A`` → `D:2A`.

    The API gives three signs (``001``, ``02A``, ``988``); spreadsheets drop noughts (``1``, ``01``, ``2A``).
    """
    found = {}
    for row in _rows("departements"):
        code = row["code"]
        for written in (code, code.zfill(3), code.lstrip("0")):
            found[written] = f"{_LEVELS[row['type']][1]}:{code}"
    return found


def school(uai: str, places: Mapping[str, Territory]) -> Territory:
    """The territory of one school, named by its sound UAI. Raises KeyError for a prefix that nobody gives."""
    parent = places[uai_prefixes()[uai[:3]]]
    return Territory(f"U:{uai}", f"Établissement {uai}", Level.SCHOOL, parent.code, parent.timezone, parent.zone)


def _rows(name: str) -> list[dict[str, str]]:
    text = files("monitor.config").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _regions() -> Iterator[Territory]:
    for row in _rows("regions"):
        yield Territory(f"R:{row['code']}", row["name"], Level.REGION, "N", row["timezone"], row["zone"])


def _academies() -> Iterator[Territory]:
    for row in _rows("academies"):
        yield Territory(
            f"A:{row['slug']}", row["name"], Level.ACADEMIE, f"R:{row['region']}", row["timezone"], row["zone"]
        )


def _departements() -> Iterator[Territory]:
    for row in _rows("departements"):
        level, letter = _LEVELS[row["type"]]
        parent = f"A:{row['academie']}" if row["academie"] else "N"
        yield Territory(f"{letter}:{row['code']}", row["name"], level, parent, row["timezone"], row["zone"] or None)
