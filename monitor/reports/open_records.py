"""What anybody may read of the measures, in small bounded pieces: a month of incidents, some answers of a service."""

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from monitor.domain.observation import Observation
from monitor.domain.snapshot import incident_document
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing


def incidents_of(source: Source, since: datetime, until: datetime) -> tuple[dict[str, Any], ...]:
    """Incidents that were open at some moment of [since, until), the first opened first, as the snapshot writes them.

    Without those of our own line. The share affected is that of the moment of publication, hence null here. None
    without a database. Raises StoreError.
    """
    try:
        reader = reader_of(source)
        found = [] if reader is None else reader.incidents_touching(since, until)
    except DatabaseMissing:
        return ()
    return tuple(incident_document(one, None) for one in found if not one.ours)


def newest_answers(
    source: Source, probes: Sequence[str], since: datetime, until: datetime, most: int
) -> tuple[Observation, ...]:
    """The newest answers of these probes with since <= at < until, the newest first, `most` at most.

    Probe by probe: each is a seek into the hours asked about, whatever else was measured in them. None without a
    database. Raises StoreError.
    """
    try:
        reader = reader_of(source)
        if reader is None:
            return ()
        each = [reader.some_answers(one, since, until, most, newest=True)[::-1] for one in probes]
    except DatabaseMissing:
        return ()
    return tuple(islice(merge(*each, key=_order, reverse=True), most))


def _order(answer: Observation) -> tuple[datetime, str, str]:
    return answer.at, answer.probe, answer.vantage
