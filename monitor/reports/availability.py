"""Availability of services over a period, from what the books hold (docs/method.md, "Availability")."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Audience, Catalog, Service
from monitor.domain.rollup import Ground
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Uptime, uptime
from monitor.domain.weights import Weighting
from monitor.domain.window import Window, declared_for
from monitor.reports import current
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing, Reader


def availability_of(
    source: Source,
    service: Service,
    catalog: Catalog,
    clock: SchoolClock,
    windows: Iterable[Window],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> Uptime:
    """The availability of a service over [since, until), as known at `now`; without a database nothing is known.

    `windows` are those of the period (`declared.windows_of`), of whatever scope; `clock` says whose school hours.
    `now` is until when the verdict in force speaks: as `known_until` gives it. Raises StoreError.
    """
    spans = histories_of(source, (service,), since, until, now)[service.id]
    return uptime(spans, declared_for(service, windows, catalog, since, until), clock, since, until)


def histories_of(
    source: Source, services: Collection[Service], since: datetime, until: datetime, now: datetime
) -> dict[str, list[Span]]:
    """What is held of each of these services and touches [since, until), by id; under its former ids too.

    The verdict in force is among it, until `now`, and corrections stand over both. Raises StoreError.
    """
    reader = reader_of(source)
    try:
        told = {} if reader is None else _by_name(reader, services, since, until, now)
    except DatabaseMissing:
        told = {}
    return {one.id: [span for name in _names(one) for span in told.get(name, ())] for one in services}


def known_until(source: Source, now: datetime) -> datetime:
    """Until when the verdicts in force speak: the last snapshot, hence in a rehearsal where its time stands.

    A monitor that died a week ago vouches for nothing of that week. `now` where nothing was ever published.
    Raises StoreError.
    """
    published = current.snapshot(source)
    return now if published is None else min(now, datetime.fromisoformat(published.data["at"]))


def _by_name(
    reader: Reader, services: Collection[Service], since: datetime, until: datetime, now: datetime
) -> Mapping[str, list[Span]]:
    return reader.standing(since, until, [name for one in services for name in _names(one)], now)


def _names(service: Service) -> tuple[str, ...]:
    return tuple(dict.fromkeys((service.id, *service.formerly)))


def weights_in(
    ground: Ground, code: str, audiences: Collection[Audience] = ()
) -> tuple[Weighting, Mapping[str, float]]:
    """What each service weighs in a territory over its audiences, and the unit: never both units in one sum.

    Of these audiences alone, if any are given. Those that nobody counted stand aside where the country is weighed in
    people, unless there are no others.
    """
    figures = [one for one in ground.figures.get(code, ()) if not audiences or one.audience in audiences]
    alike = [one for one in figures if one.weighting is ground.weighting] or figures
    found: dict[str, float] = defaultdict(float)
    for figure in alike:
        for name, weight in figure.weights.items():
            found[name] += weight
    return next((one.weighting for one in alike), ground.weighting), dict(found)
