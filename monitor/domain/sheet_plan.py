"""What a sheet reads of the books, and what the catalogue says of the incident when it is drawn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from monitor.domain.account import Period, Question
from monitor.domain.attribution import bonds_of
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.incident import Incident
from monitor.domain.observation import Observation
from monitor.domain.rollup import Ground, share_of
from monitor.domain.sheet import LIMITS, Extent, Limits, Named
from monitor.domain.tally import Stretch
from monitor.domain.ties import DECLARED_KINDS, kinds

BEFORE = timedelta(minutes=60)  # of the opening: what an incident is compared with
AFTER = timedelta(minutes=15)  # of the end: the good answers that prove it


def period_of(incident: Incident, now: datetime) -> Period:
    """What the sheet of an incident looks at; one that is not over lasts until `now`."""
    ended = max(incident.opened_at, min(incident.recovered_at or incident.closed_at or now, now))
    return Period(incident.opened_at - BEFORE, incident.opened_at, ended, max(ended, min(ended + AFTER, now)))


def ends_of(period: Period, limits: Limits = LIMITS) -> tuple[Stretch, Stretch]:
    """The two stretches that are read of each probe: all of a period, or the first and the last of a long one."""
    lasted = period.until - period.since
    if lasted > 2 * limits.each_end:
        return (period.since, period.since + limits.each_end), (period.until - limits.each_end, period.until)
    middle = period.since + lasted / 2
    return (period.since, middle), (middle, period.until)


def joined(
    first: Sequence[Observation], last: Sequence[Observation], period: Period, limits: Limits = LIMITS
) -> tuple[tuple[Observation, ...], Stretch | None]:
    """A probe's answers of both ends, oldest first, and the stretch between them of which not all was read.

    `first` and `last` hold the oldest and the newest answers of their end, one more than is read if there are more.
    """
    most, ((_, until), (since, _)) = limits.answers_each_end, ends_of(period, limits)
    whole = len(first) <= most and len(last) <= most and until == since
    kept = (*first[:most], *last[-most:])
    if whole:
        return kept, None
    return kept, (first[:most][-1].at if first else until, last[-most:][0].at if last else since)


def questions_of(
    incident: Incident, catalog: Catalog, forgotten: Mapping[str, Sequence[str]] | None = None
) -> tuple[Question, ...]:
    """The probes of an incident, one of each service first; of our own line, the canaries.

    `forgotten`: ids of the probes that were asked once for services that the catalogue no longer holds.
    """
    if incident.ours:
        return tuple(_question(canary) for canary in catalog.canaries)
    asked = [list(_of_service(name, catalog, forgotten or {})) for name in incident.services]
    rounds = chain.from_iterable(zip_longest(*asked))
    return tuple(one for one in rounds if one is not None)


def _of_service(service: str, catalog: Catalog, forgotten: Mapping[str, Sequence[str]]) -> Iterator[Question]:
    if (known := catalog.services.get(service)) is not None:
        return map(_question, known.probes)
    return (Question(probe, service) for probe in forgotten.get(service, ()))


def _question(probe: Probe) -> Question:
    return Question(probe.id, probe.service, probe.kind, probe.target)


def extent_of(incident: Incident, catalog: Catalog, ground: Ground, limits: Limits = LIMITS) -> Extent:
    """Whom an incident concerns, as the catalogue says now."""
    shares = ((share_of(ground, code, incident.services), code) for code in incident.territories)
    share, where = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return Extent(
        services=tuple(_service(name, catalog) for name in incident.services[: limits.probes]),
        services_in_all=len(incident.services),
        territories=tuple(_territory(code, catalog) for code in incident.territories),
        share=share,
        share_in=where if share else None,
        names=tuple(_candidate(one, catalog) for one in _candidates(incident)),
        undeclared=_undeclared(incident, catalog),
    )


def _service(name: str, catalog: Catalog) -> Named:
    known = catalog.services.get(name)
    return Named(name, known.name if known else name)


def _territory(code: str, catalog: Catalog) -> Named:
    known = catalog.territories.get(code)
    return Named(code, known.name if known else code)


def _candidates(incident: Incident) -> Iterable[str]:
    """The culprit, and whatever the cause weighs."""
    told, cause = [incident.culprit], incident.cause
    if cause is not None:
        told += [cause.culprit, *(one.candidate for one in (*cause.beaten, *cause.ruled_out))]
    return dict.fromkeys(told)


def _candidate(candidate: str, catalog: Catalog) -> Named:
    kind, _, name = candidate.partition(":")
    known = catalog.services.get(name) if kind == "service" else None
    operator = catalog.operators.get(name) if kind == "operator" else None
    named = known or operator
    return Named(candidate, named.name if named else name)


def _undeclared(incident: Incident, catalog: Catalog) -> tuple[str, ...]:
    """What is not declared of its services: as the cause says, else as the catalogue does."""
    if incident.cause is not None:
        return incident.cause.undeclared
    ties = bonds_of(catalog).ties
    known = [kinds(ties[name].shared) for name in incident.services if name in ties]
    return tuple(kind for kind in DECLARED_KINDS if any(kind not in each for each in known))
