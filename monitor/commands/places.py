"""Places as people name them: the codes of territories, and whose hour is meant."""

from collections.abc import Mapping
from difflib import get_close_matches

from monitor.config.problem import quoted, typeset
from monitor.config.territories import school, uai_prefixes
from monitor.config.uai import uai_fault
from monitor.domain.catalog import Territory

HOUR_OF = {
    "Europe/Paris": "de Paris",
    "America/Cayenne": "de Cayenne",
    "America/Guadeloupe": "de la Guadeloupe",
    "America/Marigot": "de Marigot",
    "America/Martinique": "de la Martinique",
    "America/Miquelon": "de Miquelon",
    "America/St_Barthelemy": "de Saint-Barthélemy",
    "Indian/Mayotte": "de Mayotte",
    "Indian/Reunion": "de La Réunion",
    "Pacific/Noumea": "de Nouméa",
    "Pacific/Tahiti": "de Tahiti",
    "Pacific/Wallis": "de Wallis",
}


def territory_of(code: str, places: Mapping[str, Territory]) -> Territory:
    """The territory of a code as people write it, or a ValueError with the mend."""
    if code.startswith("U:"):
        if fault := uai_fault(code[2:], frozenset(uai_prefixes())):
            raise ValueError(typeset(f"{quoted(code)} : {fault[0]} → {fault[1]}"))
        return school(code[2:], places)
    if code in places:
        return places[code]
    near = get_close_matches(code, [*places, *(place.name for place in places.values())])
    hints = [f"{place.code} ({place.name})" for place in places.values() if {place.code, place.name} & set(near)]
    rather = f"Plutôt : {', '.join(hints)}." if hints else "Un code comme N, R:32, A:lille, D:59 ou U:0590001F."
    raise ValueError(typeset(f"Territoire inconnu {quoted(code)}. {rather}"))
