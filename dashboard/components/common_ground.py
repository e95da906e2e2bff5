"""« Ce qu’ils ont en commun »: the figures of the exact test as sentences and rows. What fails together, never why."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.components.culprits import KINDS, point, shared_by
from dashboard.incident_view import CauseView, Counted, IncidentView
from dashboard.model import View
from dashboard.numerals import grouped
from dashboard.tongue import _, ngettext

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
    title = _("Ce qu’ils ont en commun") if several else _("Ce qu’il a en commun avec d’autres")
    return CommonGround(title, _sentence(cause, view), tuple(_rows(cause, view, several=several)))


def _sentence(cause: CauseView, view: View) -> str:
    test = cause.test
    if test is None:
        return _("Aucun point commun n’explique cet incident mieux que le hasard.")
    shared = shared_by(cause.culprit, test.inside, view)
    inside = ngettext(
        "{part} service sur\u00a0{whole}{shared} a été touché au même moment",
        "{part} services sur\u00a0{whole}{shared} ont été touchés au même moment",
        test.unwell_inside,
    ).format(part=test.unwell_inside, whole=test.inside, shared=f" {shared}" if shared else "")
    outside = _("rien d’autre n’est mesuré")
    if test.outside:
        outside = _("{part} sur\u00a0{whole} ailleurs").format(part=test.unwell_outside, whole=test.outside)
    if cause.explained:
        return _("{inside}, {outside}. Ce point commun explique l’incident mieux que le hasard.").format(
            inside=inside, outside=outside
        )
    return _("{inside}, {outside}. Vigie ne peut ni le retenir ni l’écarter comme explication.").format(
        inside=inside, outside=outside
    )


def _rows(cause: CauseView, view: View, *, several: bool) -> Iterator[Row]:
    if cause.test is not None:
        yield _row(cause.test, _("Retenu, mieux que le hasard") if cause.explained else _("Ni retenu ni écarté"), view)
    for one in cause.beaten:
        yield _row(one, _("Moins probable que le premier") if cause.explained else _("Ni retenu ni écarté"), view)
    for one in cause.ruled_out:
        yield _row(one, _("Écarté par ce qui y répond encore"), view)
    for kind in cause.undeclared if several else ():
        told = _("Ni déclaré ni observé pour tous ces services, Vigie ne peut pas en juger")
        yield Row(_(KINDS.get(kind, kind)), NOBODY, NOBODY, NOBODY, told)


def _row(one: Counted, told: str, view: View) -> Row:
    inside, outside = _of(one.unwell_inside, one.inside), _of(one.unwell_outside, one.outside)
    return Row(point(one.candidate, view), inside, outside if one.outside else NOBODY, odds(one.chance), told)


def _of(part: int, whole: int) -> str:
    return _("{part} sur\u00a0{whole}").format(part=part, whole=whole)


def odds(chance: float) -> str:
    """How often chance alone would do it: ``1 fois sur 2 500``, two digits being enough."""
    if chance < HARDLY:
        return _("moins d’une fois sur un million")
    times = round(1 / chance)
    if times <= 1:
        return _("souvent")
    coarse = round(times, 2 - len(str(times)))
    return _("1\u00a0fois sur\u00a0{count}").format(count=grouped(coarse, "\u00a0"))
