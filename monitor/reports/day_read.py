"""A day of the country out of the books: what services were, and everything that follows from it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from monitor.domain.catalog import Catalog, Operator, Service, ServiceKind
from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.interval import merged
from monitor.domain.method import METHOD
from monitor.domain.rollup import Ground, share_of, survey
from monitor.reports import current
from monitor.reports.availability import histories_of, known_until
from monitor.reports.basis import Books, ground_of
from monitor.reports.country import country
from monitor.reports.day import CountryDay, IncidentDay, Pause, ServiceDay
from monitor.reports.day_courses import place_courses, second, service_course
from monitor.reports.sources import reader_of
from monitor.store import Reader
from monitor.store.days import bounds, day_of

KEPT_FOR = timedelta(minutes=10)  # what happened then may still be corrected, and its incidents may still be closed
KEPT_MOST = 16
WORTH_SAYING = timedelta(minutes=2)  # a pause that a scrubber by minutes can show

_keeping = Lock()
_kept: dict[tuple[str, date], tuple[datetime, CountryDay]] = {}


class NotHeld(LookupError):  # noqa: N818 - what people read is the sentence of the page
    """A day of which the books hold nothing: `first` is the first that they hold, None before any measure."""

    def __init__(self, day: date, first: date | None) -> None:
        super().__init__(day.isoformat())
        self.first = first


def country_day(books: Books, day: date, now: datetime) -> CountryDay:
    """The day as it is known at `now`; a past one is kept for ten minutes.

    Raises NotHeld for a day before the first measure or after the last one; StoreError, CatalogInvalid and OSError.
    """
    with _keeping:
        at, found = _kept.get((books.url, day), (None, None))
    if at is not None and found is not None and at <= now < at + KEPT_FOR:
        return found
    found = _read(books, day, now)
    if found.until == bounds(day)[1]:
        with _keeping:
            while len(_kept) >= KEPT_MOST:
                del _kept[next(iter(_kept))]
            _kept[books.url, day] = now, found
    return found


def held_days(books: Books, now: datetime) -> tuple[date, date] | None:
    """The first and the last day of which the books hold anything; None before any measure. Raises StoreError."""
    reader = reader_of(books.url)
    first = None if reader is None else _first(reader)
    last = day_of(known_until(books.url, now))
    return None if first is None or last < first else (first, last)


def _read(books: Books, day: date, now: datetime) -> CountryDay:
    reader = reader_of(books.url)
    first = None if reader is None else _first(reader)
    known = known_until(books.url, now)
    if reader is None or first is None or not first <= day <= day_of(known):
        raise NotHeld(day, first)
    since, end = bounds(day)
    identity = reader.identity()
    scenario = identity.scenario if identity is not None and identity.kind == "rehearsal" else None
    catalog, ground = _weighed(books, scenario)
    until = second(min(end, known))
    histories = histories_of(reader, tuple(catalog.services.values()), since, until, known)
    courses = {name: service_course(spans, since, until) for name, spans in histories.items()}
    incidents = [one for one in reader.incidents_touching(since, until) if not one.ours]
    blind = merged((max(second(a), since), min(second(b), until)) for a, b in reader.blind(since, until))
    return CountryDay(
        day=day,
        since=since,
        until=until,
        services=tuple(_service(one, catalog.services[one], courses) for one in courses),
        places=place_courses(courses, catalog, ground),
        incidents=tuple(_incident(one, catalog, ground) for one in incidents),
        blind=blind,
        pauses=tuple(_pauses(reader.gaps(since, until, ()), since, until)),
        method=METHOD,
        weighting=ground.weighting.value,
        scenario=scenario,
    )


def _first(reader: Reader) -> date | None:
    """A real book begins when it is made; answers that it let go of since are remembered by their spans."""
    identity, oldest = reader.identity(), reader.oldest()
    made = identity.created_at if identity is not None and identity.kind == "real" else None
    found = [at for at in (oldest, made) if at is not None]
    return day_of(min(found)) if found else None


def _weighed(books: Books, scenario: str | None) -> tuple[Catalog, Ground]:
    """The catalogue and what weighs where; in a rehearsal with the services that its scenario alone names."""
    here = country(books.config, books.calendar)
    if scenario is None:
        return here.catalog, ground_of(books, here)
    published = current.snapshot(books.url)
    catalog = _with_published(here.catalog, published.data if published is not None else {})
    return catalog, survey(catalog)


def _with_published(catalog: Catalog, snapshot: Mapping[str, Any]) -> Catalog:
    services, operators = dict(catalog.services), dict(catalog.operators)
    for one in snapshot.get("services", ()):
        places = tuple(code for code in one["territories"] if code in catalog.territories) or ("N",)
        made = Service(one["id"], one["name"], ServiceKind(one["kind"]), (), places, operator=one["operator"])
        services.setdefault(one["id"], made)
        if one["operator"]:
            operators.setdefault(one["operator"], Operator(one["operator"], one["operator_name"] or one["operator"]))
    return replace(catalog, services=services, operators=operators)


def _service(name: str, service: Service, courses: Mapping[str, Any]) -> ServiceDay:
    return ServiceDay(name, service.name, service.kind.value, service.national, service.dormant, courses[name])


def _incident(one: Incident, catalog: Catalog, ground: Ground) -> IncidentDay:
    kind, _, name = one.culprit.partition(":")
    shared = catalog.operators[name].name if kind == "operator" and name in catalog.operators else name
    if kind == "service" and name in catalog.services:
        shared = catalog.services[name].name
    share = max((share_of(ground, code, one.services) for code in one.territories), default=0.0)
    uncounted = not share and "N" in one.territories  # national services colour no territory: a nought would lie
    return IncidentDay(
        id=one.id,
        culprit=one.culprit,
        shared=shared,
        worst=one.worst,
        opened=second(one.opened_at),
        confirmed=second(one.confirmed_at),
        recovered=None if one.recovered_at is None else second(one.recovered_at),
        closed=None if one.closed_at is None else second(one.closed_at),
        services=one.services,
        territories=one.territories,
        share=None if uncounted else round(share, 3),
        absorbed_into=one.absorbed_into,
    )


def _pauses(gaps: Iterable[Gap], since: datetime, until: datetime) -> Iterable[Pause]:
    """Stretches without any question, by reason, each put together; what lasted less than two minutes is no news."""
    whole = [gap for gap in gaps if not gap.probe and not gap.excuse.skip]
    for excuse in Excuse:
        mine = ((max(second(g.since), since), min(second(g.until), until)) for g in whole if g.excuse is excuse)
        for begin, end in merged(mine):
            if end - begin >= WORTH_SAYING:
                yield Pause(begin, end, excuse)
