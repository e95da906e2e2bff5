"""What the services of an incident have in common, in words: what fails together, with its counts; never why."""

from collections.abc import Iterator

from monitor.alerting.extent import listed
from monitor.alerting.subject import name_of
from monitor.alerting.words import Words
from monitor.domain.attribution import Count
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident

_RULED_OUT_SHOWN = 3


def in_common(incident: Incident, catalog: Catalog, words: Words) -> Iterator[str]:
    """A line each: what the test gives, what a control rules out, what is not declared; last, what is not known."""
    cause, said = incident.cause, words.groups
    if cause is not None and cause.test is not None:
        verdict = said.explained if cause.explained else said.undecided
        point = said.point.format(point=_point(cause.culprit, catalog, words))
        yield f"{point} {verdict.format(counts=_counts(cause.test, words))}"
    if cause is not None and cause.ruled_out:
        told = [_ruled_out(one, catalog, words) for one in cause.ruled_out]
        yield said.ruled_out[len(told) > 1].format(points=listed(told, words, _RULED_OUT_SHOWN))
    if cause is not None and len(incident.services) > 1 and cause.undeclared:
        kinds = ", ".join(said.undeclared_kinds.get(kind, kind) for kind in cause.undeclared)
        yield said.undeclared.format(kinds=kinds)
    yield words.cause_unknown


def _counts(test: Count, words: Words) -> str:
    said = words.groups
    inside = said.inside.format(unwell=test.unwell_inside, all=test.inside)
    outside = said.outside.format(unwell=test.unwell_outside, all=test.outside) if test.outside else ""
    return f"{inside}, {outside or said.nothing_outside}"


def _ruled_out(one: Count, catalog: Catalog, words: Words) -> str:
    point = _point(one.candidate, catalog, words)
    return words.groups.ruled_out_one.format(point=point, unwell=one.unwell_inside, all=one.inside)


def _point(candidate: str, catalog: Catalog, words: Words) -> str:
    point = words.groups.points.get(candidate.partition(":")[0], "{name}")
    return point.format(name=name_of(candidate, catalog))
