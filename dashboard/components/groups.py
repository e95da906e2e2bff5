"""Groups of services against their control groups, in words: what differs, what the exact test said, what is unsure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.components.availability import exact_percent
from dashboard.components.common_ground import odds
from dashboard.dates import NB
from monitor.domain.compared import Doubt
from monitor.reports.at_once import Moment
from monitor.reports.groups import Half, Line
from monitor.reports.sharing import Shared

NOTHING = "–"
HARDLY = 0.005  # points below which two figures are the same as printed
ORDER = ("explained", "possible", "ruled_out")


@dataclass(frozen=True, slots=True)
class By:
    """One way of grouping: its word in addresses, what a group is called, and services that say nothing of it."""

    word: str
    one: str
    several: str
    undeclared: str


BY: Mapping[Shared, By] = {
    Shared.OPERATOR: By("exploitant", "Exploitant", "exploitants", "sans exploitant déclaré"),
    Shared.PLATFORM: By("plateforme", "Plateforme", "plateformes", "sans plateforme commune"),
    Shared.HOSTER: By("hebergeur", "Hébergeur déclaré", "hébergeurs déclarés", "sans hébergeur déclaré"),
    Shared.ISSUER: By(
        "autorite", "Autorité de certification", "autorités de certification", "dont aucun certificat n’a été observé"
    ),
    Shared.TERRITORY: By("territoire", "Académie", "académies", "nationaux, hors des académies"),
}
DOUBTS: Mapping[Doubt, str] = {
    Doubt.NOTHING: "rien à comparer",
    Doubt.LITTLE: "à ne pas citer\u00a0: couverture trop faible",
    Doubt.APART: "à ne pas citer\u00a0: couvertures trop éloignées",
}


def figure(half: Half) -> str:
    """``99,98 %``, or that nothing is counted."""
    share = half.together.availability
    return NOTHING if share is None else exact_percent(share)


def coverage(half: Half) -> str:
    """The share of the hours asked about that is counted, rounded down; ``<1 %`` rather than a nought."""
    share = half.together.coverage
    return f"{math.floor(share * 100)}{NB}%" if share >= 0.01 or not share else f"<{NB}1{NB}%"


def unwell(half: Half) -> str:
    """``3 sur 16``: the services that were unavailable at some moment, of those that were measured."""
    return f"{half.unwell} sur{NB}{half.measured}" if half.measured else NOTHING


def signed(points: float | None) -> str:
    """``−2,5 points``; ``0`` where no printed digit differs."""
    if points is None:
        return NOTHING
    if abs(points) < HARDLY:
        return f"0{NB}point"
    size = abs(points)
    number = f"{size:.2f}" if size < 1 else f"{size:.1f}"
    return f"{'−' if points < 0 else '+'}{number.replace('.', ',')}{NB}point{'s' if size >= 2 else ''}"


def told(line: Line) -> str:
    """What the figure says when a row is pointed at."""
    inside, control = line.inside, line.control
    parts = [
        f"Groupe, {counted(inside.services)}{NB}: {figure(inside)}",
        f"Témoins, {counted(control.services)}{NB}: {figure(control)}",
        f"Écart{NB}: {signed(line.points)}",
        *(DOUBTS[doubt] for doubt in line.doubts),
    ]
    return "<br>".join(parts)


def counted(number: int) -> str:
    """``1 service``, ``16 services``."""
    return f"{number}{NB}service{'s' if number > 1 else ''}"


def doubts(line: Line) -> str:
    """Why a difference is not to be quoted; empty where it is."""
    return f"{NB}; ".join(DOUBTS[doubt] for doubt in line.doubts)


def tested(line: Line) -> str:
    """What the exact test said of a group over the incidents of the period: by how many, the best in figures."""
    if not line.tested:
        return "Aucun incident de la période n’a mis ce point commun à l’épreuve"
    number = {verdict: sum(one.told == verdict for one in line.tested) for verdict in ORDER}
    if number["explained"]:
        best = min(one.count.chance for one in line.tested if one.told == "explained")
        return f"Explique {_incidents(number['explained'])} mieux que le hasard ({odds(best)})"
    if number["possible"]:
        return f"Ni retenu ni écarté, pour {_incidents(number['possible'])}"
    return f"Écarté par ce qui y répondait encore, pour {_incidents(number['ruled_out'])}"


def instant_row(name: str, one: Moment, by: Shared) -> tuple[str, str, str, str, str]:
    """One group at an instant: name, inside, elsewhere, chance, what can be said; as an incident's page says it."""
    chance = NOTHING if one.chance is None else odds(one.chance)
    return name, _of(one.unwell_inside, one.inside), _of(one.unwell_outside, one.outside), chance, _said(one, by)


def _said(one: Moment, by: Shared) -> str:
    if one.explained:
        return "Retenu, mieux que le hasard"
    if not one.unwell_inside:
        return "Tout y répond" if one.inside else "Aucun état connu"
    if one.ruled_out:
        return "Écarté par ce qui y répond encore"
    if one.chance is None:
        return "Un territoire n’est pas une cause" if by is Shared.TERRITORY else "Trop peu pour un test"
    return "Ni retenu ni écarté"


def _of(part: int, whole: int) -> str:
    return f"{part} sur{NB}{whole}" if whole else NOTHING


def _incidents(number: int) -> str:
    return f"{number}{NB}incident{'s' if number > 1 else ''}"


def headline(ranked: Sequence[Line], by: Shared, when: str) -> str:
    """One sentence: what was compared, and the group furthest below its controls that may be quoted."""
    words = BY[by]
    if not ranked:
        return f"{when}, rien à classer{NB}: aucun groupe n’a trois services mesurés et des témoins."
    sure = [one for one in ranked if not one.doubts]
    if not sure:
        return f"{when}, aucun écart ne peut être cité{NB}: trop peu de temps a été mesuré."
    lowest = sure[0]
    points = lowest.points or 0.0
    number = f"{len(ranked)}{NB}{words.several}" if len(ranked) > 1 else f"1{NB}groupe"
    if points > -HARDLY:
        return f"{when}, aucun groupe n’est en dessous de ses témoins ({number})."
    return f"{when}, {lowest.group.name} est le plus en dessous de ses témoins{NB}: {signed(points)[1:]} de moins."
