"""Days that Vigie did not see, made by the rehearsal and shipped with the package: what was published, played again.

A reconstruction is no measure: whoever shows one says so (`NOTE`). The file is written by `make reconstruction`.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

from monitor.reports.day import CountryDay
from monitor.reports.day_written import day_of_values

SIXTH_OF_APRIL = date(2021, 4, 6)
SHIPPED: Mapping[date, str] = {SIXTH_OF_APRIL: "2021-04-06.json"}
NOTE = "Reconstitution\u00a0: 6\u00a0avril 2021, d’après les faits publiés, rejouée par la répétition"
NO_MEASURE = (
    "Ce n’est pas une mesure\u00a0: Vigie n’existait pas ce jour-là. Le scénario est écrit d’après la presse et les "
    "communiqués, avec des heures parfois proposées\u00a0; des serveurs d’essai l’ont joué, et la veille en a jugé "
    "comme elle juge de vrais services."
)


@cache
def reconstruction(day: date) -> CountryDay | None:
    """The shipped reconstruction of a day; None for all days but those of `SHIPPED`."""
    name = SHIPPED.get(day)
    if name is None:
        return None
    text = resources.files("monitor.reports").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return day_of_values(json.loads(text))
