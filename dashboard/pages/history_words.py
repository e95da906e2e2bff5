"""The words of `/carte/disponibilite`: whose, when, how much, in French."""

from datetime import date

from dashboard import dates
from dashboard.figures.cells import Figure
from dashboard.pages.history_asked import Asked, midnight
from dashboard.wording import AUDIENCES, LEVELS
from monitor.domain.catalog import Catalog, Level, Territory
from monitor.domain.compared import little
from monitor.domain.parts import By, Part
from monitor.domain.spelling import plain
from monitor.reports.counted_words import TOO_LITTLE, WEEKDAYS, named
from monitor.reports.said import share

NB = dates.NB
_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def whose(asked: Asked, catalog: Catalog) -> str:
    """Who the page is about: ``France``, ``ENT Hauts-de-France``, ``Edifice, Académie de Lille, lycée``."""
    said = [catalog.services[name].name for name in asked.services]
    if asked.operator is not None:
        said.append(catalog.operators[asked.operator].name)
    if asked.place is not None and (not said or not asked.country):
        said.append(place_title(catalog.territories[asked.place]))
    if asked.audience is not None:
        said.append(AUDIENCES[asked.audience].fr)
    return ", ".join(said)


def place_title(place: Territory) -> str:
    """``Académie de Lille``, ``Région académique Grand Est``, ``Nord (département)``."""
    if place.level is Level.ACADEMIE:
        return f"Académie {'d’' if plain(place.name[:1]) in 'aeiouy' else 'de '}{place.name}"
    if place.level is Level.REGION:
        return f"Région académique {place.name}"
    return place.name if place.level is Level.PAYS else f"{place.name} ({LEVELS[place.level].fr.lower()})"


def span(first: date, last: date) -> str:
    """``du lundi 2 novembre 2026 au mardi 3 novembre 2026``; of one day ``mardi 6 avril 2021``."""
    begin, end = (dates.long_day(midnight(day)) for day in (first, last))
    return f"le {begin}" if first == last else f"du {begin} au {end}"


def part_name(by: By, part: Part) -> str:
    """``6 avril 2021``, ``avril 2021``, ``mardi``, ``8 h``."""
    if by is By.DAY:
        return f"{'1er' if part[2] == 1 else part[2]}{NB}{dates.MONTHS[part[1] - 1]} {part[0]}"
    return WEEKDAYS[part[0]] if by is By.WEEKDAY else named(by, part)


def short_name(by: By, part: Part) -> str:
    """The same for an axis: ``06/04``, ``avr. 2021``."""
    if by is By.DAY:
        return f"{part[2]:02}/{part[1]:02}"
    if by is By.MONTH:
        return f"{_MONTHS[part[1] - 1]} {part[0]}"
    return f"{WEEKDAYS[part[0]][:3]}." if by is By.WEEKDAY else named(by, part)


def said_of(name: str, one: Figure) -> str:
    """What is said of a bar or a cell where somebody points at it."""
    if one.availability is None:
        return f"{name}{NB}: rien de compté"
    doubt = f" ({TOO_LITTLE})" if little(one.coverage) else ""
    return f"{name}{NB}: disponibilité {share(one.availability)}, couverture {share(one.coverage, 1)}{doubt}"
