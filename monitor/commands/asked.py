"""Which probes a word of the command line means: a service, one probe, a school, a fleet."""

from collections.abc import Mapping
from difflib import get_close_matches

from monitor.commands.shown import visible
from monitor.config import Config
from monitor.domain.catalog import Probe
from monitor.domain.fleet import School

_LONGEST_WORD = 100  # the comparison is quadratic


def probes_of(config: Config, word: str) -> Mapping[str, Probe]:
    """The probes by id (of a school: ``FLEET/UAI``) that a word means.

    A word is the id of a service, of a probe (``ent-a/login``, ``canary/c1``) or of a fleet, a UAI, or FLEET/UAI.
    Raises ValueError with the mend.
    """
    catalog, fleets = config.catalog, config.fleets
    if (service := catalog.services.get(word)) is not None:
        return {probe.id: probe for probe in service.probes}
    if word in fleets:
        return {f"{word}/{one.uai}": one.probe for one in fleets[word].schools if one.probe is not None}
    known = {probe.id: probe for probe in catalog.probes()}
    if word in known:
        return {word: known[word]}
    schools = _schools(config, word)
    if not schools:
        raise ValueError(_unknown(word, [*catalog.services, *fleets, *known]))
    if asked := {name: one.probe for name, one in schools.items() if one.probe is not None}:
        return asked
    raise ValueError(f"Établissement {', '.join(schools)}\u00a0: jamais interrogé, son chef n’a pas donné son accord.")


def _schools(config: Config, word: str) -> dict[str, School]:
    fleet, _, uai = word.rpartition("/")
    return {
        f"{one.id}/{school.uai}": school
        for one in config.fleets.values()
        if fleet in {"", one.id}
        for school in one.schools
        if school.uai == uai.upper()
    }


def _unknown(word: str, known: list[str]) -> str:
    near = get_close_matches(word[:_LONGEST_WORD], known, n=1)
    rather = f" (peut-être {near[0]}\u202f?)" if near else ""
    forms = "un service, une sonde (ent-a/login, canary/c1), une flotte, un code UAI ou FLOTTE/UAI"
    return f"Inconnu du catalogue\u00a0: {visible(word[:_LONGEST_WORD])}{rather}. Donnez {forms}."
