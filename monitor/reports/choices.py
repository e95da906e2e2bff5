"""What the public may follow, as the catalogue has it: académies, départements, services, and codes of schools."""

from collections.abc import Iterable
from pathlib import Path

from monitor.config.territories import uai_prefixes
from monitor.config.uai import uai_fault
from monitor.desk.signup_form import Choices
from monitor.domain.catalog import Level
from monitor.domain.spelling import plain
from monitor.reports.country import country


def choices(config: Path | None, calendar: Path) -> Choices:
    """What may be followed, each list in the order of its names; read again once the catalogue has changed.

    Raises CatalogInvalid, CalendarInvalid and OSError.
    """
    catalog = country(config, calendar).catalog
    places = catalog.territories.values()
    of_departements = (Level.DEPARTEMENT, Level.COLLECTIVITE)
    return Choices(
        _sorted((one.code, one.name) for one in places if one.level is Level.ACADEMIE),
        _sorted((one.code, one.name) for one in places if one.level in of_departements),
        _sorted((one.id, one.name) for one in catalog.services.values()),
        school_fault,
    )


def school_fault(code: str) -> str | None:
    """What is wrong with the code of a school, and its mend, in one French sentence; None when it is sound."""
    fault = uai_fault(code, frozenset(uai_prefixes()))
    if fault is None:
        return None
    what, mend = (text.replace("U:", "") for text in fault)
    return f"{what[:1].upper()}{what[1:]}\u00a0: {mend}."


def _sorted(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(sorted(named, key=lambda pair: plain(pair[1])))
