"""Availability of services over a period, from what the books hold (docs/method.md, "Availability")."""

from collections.abc import Iterable
from datetime import datetime

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Catalog, Service
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Uptime, open_span, uptime
from monitor.domain.window import Window, declared_for
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
    Raises StoreError.
    """
    reader = reader_of(source)
    try:
        spans = [] if reader is None else _spans(reader, service, since, until, now)
    except DatabaseMissing:
        spans = []
    return uptime(spans, declared_for(service, windows, catalog, since, until), clock, since, until)


def _spans(reader: Reader, service: Service, since: datetime, until: datetime, now: datetime) -> list[Span]:
    """What was said of a service, under its former ids too, the verdict in force last."""
    ended = reader.spans(since, until, [service.id, *service.formerly], of_services=True)
    return [*ended, *(open_span(one, now) for one in reader.services() if one.service == service.id)]
