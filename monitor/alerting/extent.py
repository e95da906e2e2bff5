"""Where an incident bites: in three words for a title, by name for a body, and at what local time overseas."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerting.clean import clean
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog, Level, Territory

PARIS = ZoneInfo("Europe/Paris")
NAMED = 12  # longer lists are not read on a telephone; the page has them all
LEVELS_SAID = 2  # in a title: « 2 académies et 1 département »; beyond, their number
_ZONES = 6


def places(codes: tuple[str, ...], catalog: Catalog) -> list[Territory]:
    """The known territories among `codes`, those that lie inside another of them left out."""
    known = [catalog.territories[code] for code in dict.fromkeys(codes) if code in catalog.territories]
    chosen = {territory.code for territory in known}
    return [territory for territory in known if chosen.isdisjoint(catalog.ancestors(territory.code))]


def in_title(codes: tuple[str, ...], catalog: Catalog, words: Words) -> str:
    """« 3 académies », the one territory's name, or the country."""
    found = places(codes, catalog)
    if not found or any(territory.level is Level.PAYS for territory in found):
        return words.country if found else ""
    if len(found) == 1:
        return words.place(found[0].level, clean(found[0].name))
    if len({territory.level for territory in found}) > LEVELS_SAID:
        return words.territories.format(count=len(found))
    counts = Counter(territory.level for territory in found)
    return words.joiner.join(f"{n} {words.levels[level][n > 1]}" for level, n in counts.items())


def in_body(codes: tuple[str, ...], catalog: Catalog, words: Words) -> str:
    """Names of the territories, at most a dozen of them, then how many more."""
    found = places(codes, catalog)
    if any(territory.level is Level.PAYS for territory in found):
        return words.country
    return listed([words.place(territory.level, clean(territory.name)) for territory in found], words)


def listed(names: Sequence[str], words: Words, most: int = NAMED) -> str:
    """The first of some names, then how many more."""
    shown, left = ", ".join(names[:most]), len(names) - most
    return words.others[left > 1].format(places=shown, count=left) if left > 0 else shown


def local_times(at: datetime, codes: tuple[str, ...], catalog: Catalog, words: Words) -> str:
    """The same instant overseas, one entry a time zone, each preceded by a comma; empty when all live on Paris time."""
    zones: dict[str, str] = {}
    for territory in places(codes, catalog):
        if territory.timezone != PARIS.key:
            zones.setdefault(territory.timezone, clean(territory.name))
    entries = [
        words.local_time.format(clock=words.clock(at.astimezone(ZoneInfo(zone))), place=name)
        for zone, name in list(zones.items())[:_ZONES]
    ]
    return "".join(f", {entry}" for entry in entries)
