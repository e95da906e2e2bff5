"""The French words of `vigie availability`: definitions, doubts, shares, durations, parts of a period."""

from collections.abc import Callable, Mapping

from monitor.config.problem import typeset
from monitor.domain.catalog import Audience
from monitor.domain.compared import Doubt
from monitor.domain.parts import By, Part
from monitor.domain.uptime import Hours
from monitor.domain.weights import Weighting
from monitor.reports.said import NOTHING

HOURS: Mapping[Hours, str] = {Hours.ALL: "jour et nuit", Hours.SCHOOL: "heures scolaires"}
UNITS: Mapping[Weighting, str] = {
    Weighting.DEPARTEMENT: "pondération par département",
    Weighting.PUPILS: "pondération par effectifs",
}
AUDIENCES: Mapping[Audience, str] = {
    Audience.ECOLE: "écoles",
    Audience.COLLEGE: "collèges",
    Audience.LYCEE: "lycées",
    Audience.PRIVE: "enseignement privé",
    Audience.PERSONNELS: "personnels",
    Audience.TOUS: "écoles, collèges et lycées",
}
DEFINITION = typeset(
    "Disponibilité : part du temps compté pendant laquelle les usagers pouvaient travailler (tout répond, ou répond "
    "lentement). Indisponible : file d’attente, panne, accès restreint, maintenance non déclarée à l’avance. "
    "Exclu : ce qui n’est pas connu, et les fenêtres déclarées. Couverture : part du temps demandé qui est comptée ; "
    "en dessous de 50 %, elle est trop faible pour que le chiffre soit cité seul."
)
OUTAGES = typeset(
    "Interruption : temps indisponible d’un seul tenant, coupé aux bornes de la période ; ce qui était déclaré n’y "
    "compte pas. Incidents : ceux qui ont commencé dans la période. Détection : de la première mauvaise réponse à la "
    "confirmation ; rétablissement : de la première mauvaise réponse au retour, sur les incidents finis (moyennes)."
)
COMPARISON = typeset(
    "Comparaison : différence des deux disponibilités, en points. Elle n’est pas honnête si l’une des couvertures est "
    "trop faible, si elles sont éloignées de plus de 20 points, si ce ne sont pas les mêmes services qui sont comptés, "
    "ou si les périodes se recouvrent."
)
DOUBTS: Mapping[Doubt, str] = {
    Doubt.NOTHING: "rien n’est compté dans l’une des deux périodes",
    Doubt.LITTLE: "la couverture de l’une des deux périodes est trop faible (moins de 50 %)",
    Doubt.APART: "les deux couvertures sont éloignées de plus de 20 points",
    Doubt.SERVICES: "ce ne sont pas les mêmes services qui sont comptés",
    Doubt.OVERLAP: "les deux périodes se recouvrent",
}
TOO_LITTLE = "couverture trop faible"
PARTS: Mapping[By, str] = {
    By.PERIOD: "Période",
    By.MONTH: "Mois",
    By.DAY: "Jour",
    By.HOUR: "Heure",
    By.WEEKDAY: "Jour de la semaine",
    By.GRID: "Heure",
}
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_NAMES: Mapping[By, Callable[[Part], str]] = {
    By.PERIOD: lambda _: "tout",
    By.MONTH: lambda part: f"{_MONTHS[part[1] - 1]} {part[0]}",
    By.DAY: lambda part: f"{part[2]:02}/{part[1]:02}/{part[0]}",
    By.HOUR: lambda part: f"{part[0]}\u00a0h",
    By.WEEKDAY: lambda part: WEEKDAYS[part[0]],
    By.GRID: lambda part: f"{WEEKDAYS[part[0]]} {part[1]}\u00a0h",
}


def named(by: By, part: Part) -> str:
    """``avril 2021``, ``06/04/2021``, ``8 h``, ``mardi``, ``mardi 8 h``."""
    return _NAMES[by](part)


def points(value: float | None) -> str:
    """``+1,500 point``, ``−0,020 point``, ``+2,000 points``."""
    if value is None:
        return NOTHING
    unit = "point" if abs(value) < 2 else "points"
    return f"{value:+.3f}\u00a0{unit}".replace(".", ",").replace("-", "\u2212")
