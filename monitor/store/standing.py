"""What is held of services: spans that have ended, the verdict in force, and corrections over both."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.domain.history import corrected
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import open_span
from monitor.store import corrections, verdicts
from monitor.store.codec import instant
from monitor.store.derived_tables import corrections as correction_rows
from monitor.store.tables import service_verdicts, spans, words


def by_service(
    connection: Connection, since: datetime, until: datetime, names: Collection[str] | None, known: datetime
) -> dict[str, list[Span]]:
    """The spans of services, not of their probes, that touch [since, until), by name; of these names or of all (None).

    The verdict in force is among them: it speaks until `known`.
    """
    chosen = None if names is None else tuple(names)
    ended = corrections.history(connection, since, until, chosen, of_services=True)
    held = verdicts.of_services(connection, chosen)
    in_force = [open_span(one, known) for one in held if one.since < min(known, until)]
    found = defaultdict[str, list[Span]](list)
    for span in corrected([*ended, *in_force], corrections.touching(connection, since, until, chosen)):
        if span.probe is None:
            found[span.service].append(span)
    return found


def first(connection: Connection, names: Collection[str]) -> datetime | None:
    """The first instant of which anything is known of a service that has, or had, these names."""
    numbers = select(words.c.id).where(words.c.text.in_(names))
    found = [
        connection.scalar(select(func.min(table.c.since)).where(table.c.service.in_(numbers), table.c.probe == 0))
        for table in (spans, correction_rows)
    ]
    in_force = select(func.min(service_verdicts.c.since)).where(service_verdicts.c.service.in_(names))
    earliest = min((at for at in (*found, connection.scalar(in_force)) if at is not None), default=None)
    return None if earliest is None else instant(earliest)
