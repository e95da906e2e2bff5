"""« Ce qu’ils ont en commun »: the figures of the exact test as sentences and rows. What fails together, never why."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.components.culprits import KINDS, point, shared_by
from dashboard.dates import NB
from dashboard.incident_view import CauseView, Counted, IncidentView
from dashboard.model import View

HARDLY = 1e-6  # below that a chance is no longer told by its number
NOBODY = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; every cell is words."""

    point: str
    inside: str
    outside: str
    chance: str
    told: str


@dataclass(frozen=True, slots=True)
class CommonGround:
    """A section of an incident's page."""

    title: str
    sentence: str
    rows: tuple[Row, ...]


def common_ground(incident: IncidentView, view: View) -> CommonGround | None:
    """What is known of what the services have in common, None where nothing was looked at."""
    cause = incident.cause
    if cause is None or not (cause.test or cause.beaten or cause.ruled_out):
        return None
    several = len(incident.services) > 1
    title = "Ce qu’ils ont en commun" if several else "Ce qu’il a en commun avec d’autres"
    return CommonGround(title, _sentence(cause, view), tuple(_rows(cause, view, several=several)))


def _sentence(cause: CauseView, view: View) -> str:
    test = cause.test
    if test is None:
        return "Aucun point commun n’explique cet incident mieux que le hasard."
    shared = shared_by(cause.culprit, test.inside, view)
    several = test.unwell_inside > 1
    inside = f"{test.unwell_inside} service{'s' if several else ''} sur{NB}{test.inside} {shared}".rstrip()
    inside += f" {'ont été touchés' if several else 'a été touché'} au même moment"
    outside = f"{_of(test.unwell_outside, test.outside)} ailleurs" if test.outside else "rien d’autre n’est mesuré"
    if cause.explained:
        return f"{inside}, {outside}. Ce point commun explique l’incident mieux que le hasard."
    return f"{inside}, {outside}. Vigie ne peut ni le retenir ni l’écarter comme explication."


def _rows(cause: CauseView, view: View, *, several: bool) -> Iterator[Row]:
    if cause.test is not None:
        yield _row(cause.test, "Retenu, mieux que le hasard" if cause.explained else "Ni retenu ni écarté", view)
    for one in cause.beaten:
        yield _row(one, "Moins probable que le premier" if cause.explained else "Ni retenu ni écarté", view)
    for one in cause.ruled_out:
        yield _row(one, "Écarté par ce qui y répond encore", view)
    for kind in cause.undeclared if several else ():
        told = "Ni déclaré ni observé pour tous ces services, Vigie ne peut pas en juger"
        yield Row(KINDS.get(kind, kind), NOBODY, NOBODY, NOBODY, told)


def _row(one: Counted, told: str, view: View) -> Row:
    inside, outside = _of(one.unwell_inside, one.inside), _of(one.unwell_outside, one.outside)
    return Row(point(one.candidate, view), inside, outside if one.outside else NOBODY, odds(one.chance), told)


def _of(part: int, whole: int) -> str:
    return f"{part} sur{NB}{whole}"


def odds(chance: float) -> str:
    """How often chance alone would do it: ``1 fois sur 2 500``, two digits being enough."""
    if chance < HARDLY:
        return "moins d’une fois sur un million"
    times = round(1 / chance)
    if times <= 1:
        return "souvent"
    coarse = round(times, 2 - len(str(times)))
    return f"1{NB}fois sur{NB}{coarse:,}".replace(",", NB)
