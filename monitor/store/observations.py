"""Rows of `observations`: integers only."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, not_, or_, select

from monitor.domain.observation import Certificate, Failure, Observation, Phases
from monitor.store.arrivals import Columns
from monitor.store.codec import HOUR_US, MOST, code_of, duration_us, failure_of, instant, micros
from monitor.store.codes import Dictionaries, Evidence
from monitor.store.tables import certificates, evidence, observations, series, verdicts, words

DAY = timedelta(hours=24)
HOURS_NAMED = 24 * 31
_ADDRESS = words.alias("address_word")
_DETAIL = words.alias("detail_word")
_FINAL_HOST = words.alias("final_host_word")
_MARKER = words.alias("marker_word")
_CATALOGUE = words.alias("catalogue_word")
_ISSUER = words.alias("issuer_word")
_TEXTS = len(observations.columns)  # where the texts begin in a row of `select_observations`
_NOTHING: Evidence = (None, None, None, "")
_STATUSES = 2**15 - 1
_SECOND = timedelta(seconds=1)


def row_of(observation: Observation, codes: Dictionaries) -> Columns:
    """The columns of `observations`, in the table's order. Raises TypeError for a naive instant."""
    at, phases, status, size = (
        micros(observation.at),
        observation.phases,
        observation.http_status,
        observation.bytes_read,
    )
    offset, beside = (
        observation.clock_offset,
        (observation.final_host, observation.marker, observation.certificate, observation.catalogue),
    )
    return (
        at // HOUR_US,
        codes.series[observation.probe, observation.vantage],
        at,
        duration_us(observation.took),
        duration_us(phases.resolve),
        duration_us(phases.connect),
        duration_us(phases.tls),
        duration_us(phases.first_byte),
        duration_us(phases.transfer),
        code_of(observation.failure),
        status if status is None or status < _STATUSES else _STATUSES,
        None if observation.address is None else codes.words[observation.address],
        size if size is None or size < MOST else MOST,
        codes.words[observation.detail] if observation.detail else None,
        None if beside == _NOTHING else codes.evidence[beside],
        # A server's date may be any: what four bytes do not hold is kept as the most that they do.
        None if offset is None else max(-MOST, min(round(offset / _SECOND), MOST)) if offset else 0,
    )


def select_observations() -> Select[Any]:
    """Observations with their texts, as `value_of` reads them; the caller adds what it looks for."""
    return (
        select(
            observations,
            series.c.probe,
            series.c.vantage,
            _ADDRESS.c.text,
            _DETAIL.c.text,
            _FINAL_HOST.c.text,
            _MARKER.c.text,
            certificates.c.fingerprint,
            certificates.c.not_after,
            _ISSUER.c.text,
            _CATALOGUE.c.text,
        )
        .join_from(observations, series, observations.c.series == series.c.id)
        .outerjoin(_ADDRESS, observations.c.address == _ADDRESS.c.id)
        .outerjoin(_DETAIL, observations.c.detail == _DETAIL.c.id)
        .outerjoin(evidence, observations.c.evidence == evidence.c.id)
        .outerjoin(_FINAL_HOST, evidence.c.final_host == _FINAL_HOST.c.id)
        .outerjoin(_MARKER, evidence.c.marker == _MARKER.c.id)
        .outerjoin(certificates, evidence.c.certificate == certificates.c.id)
        .outerjoin(_ISSUER, evidence.c.issuer == _ISSUER.c.id)
        .outerjoin(_CATALOGUE, evidence.c.catalogue == _CATALOGUE.c.id)
    )


def value_of(row: Sequence[Any]) -> Observation:
    """The observation of one row of `select_observations`. Raises DatabaseNewer for an unknown failure."""
    probe, vantage, address, detail, final_host, marker, fingerprint, not_after, issuer, catalogue = row[_TEXTS:]
    return Observation(
        probe=probe,
        vantage=vantage,
        at=instant(row[2]),
        took=timedelta(microseconds=row[3]),
        failure=failure_of(row[9]),
        phases=Phases(*(None if us is None else timedelta(microseconds=us) for us in row[4:9])),
        http_status=row[10],
        address=address,
        bytes_read=row[12],
        detail=detail or "",
        final_host=final_host,
        marker=marker,
        certificate=None if fingerprint is None else Certificate(fingerprint, instant(not_after), issuer),
        clock_offset=None if row[15] is None else timedelta(seconds=row[15]),
        catalogue=catalogue or "",
    )


def in_hours(first: int, last: int) -> ColumnElement[bool]:
    """The hours from `first` to `last` (µs): named one by one each is a seek of its own, too many are read in order."""
    hours = range(first // HOUR_US, last // HOUR_US + 1)
    if len(hours) > HOURS_NAMED:
        return observations.c.hour.between(hours[0], hours[-1])
    return observations.c.hour.in_(list(hours))


def between(
    connection: Connection, probes: Iterable[str], since: datetime, until: datetime, newest: int | None = None
) -> Iterator[Observation]:
    """Observations of `probes` with since <= at < until, oldest first; of them the `newest` ones only, if given."""
    first, last = micros(since), micros(until)
    query = (
        select_observations()
        .where(in_hours(first, last), series.c.probe.in_(list(probes)))
        .where(observations.c.at >= first, observations.c.at < last)
        .order_by(observations.c.at.desc(), observations.c.series.desc())
        .limit(newest)
    )
    # Turned round here: the newest have to be found before they can be put in order.
    rows = connection.execute(query).all()
    return (value_of(tuple(row)) for row in reversed(rows))


def instants(
    connection: Connection, probes: Collection[str], since: datetime, until: datetime
) -> dict[tuple[str, str], list[datetime]]:
    """When each (probe, vantage) was asked with since <= at < until, oldest first: nothing else of the answers."""
    first, last = micros(since), micros(until)
    query = (
        select(observations.c.series, observations.c.at)
        .where(in_hours(first, last), observations.c.at >= first, observations.c.at < last)
        .order_by(observations.c.at)
    )
    wanted = set(probes)
    names = {row.id: (row.probe, row.vantage) for row in connection.execute(select(series)) if row.probe in wanted}
    found: dict[tuple[str, str], list[datetime]] = {}
    for number, at in connection.execute(query):
        if number in names:
            found.setdefault(names[number], []).append(instant(at))
    return found


def newest(connection: Connection) -> datetime | None:
    """The instant of the newest observation, None in an empty database."""
    hour = connection.scalar(select(func.max(observations.c.hour)))
    at = connection.scalar(select(func.max(observations.c.at)).where(observations.c.hour == hour))
    return None if at is None else instant(at)


def unjudged(connection: Connection, fleets: Iterable[str]) -> Iterator[Observation]:
    """Observations newer than the last that their verdict knows, within 24 h of the newest of all; oldest first.

    The schools of `fleets` have no verdicts and are left out.
    """
    end = newest(connection)
    if end is None:
        return iter(())
    floor, last = micros(end - DAY), micros(end)
    query = (
        select_observations()
        .outerjoin(verdicts, verdicts.c.series == series.c.id)
        .where(in_hours(floor, last), not_(_of_fleets(fleets)))
        .where(observations.c.at > func.coalesce(verdicts.c.last_at, floor - 1), observations.c.at >= floor)
        .order_by(observations.c.at, observations.c.series)
    )
    return (value_of(tuple(row)) for row in connection.execute(query))


def lately(connection: Connection, fleets: Iterable[str], since: datetime) -> Iterator[Observation]:
    """Observations of the schools of `fleets` from `since` on, oldest first."""
    end = newest(connection)
    if end is None:
        return iter(())
    first = micros(since)
    query = (
        select_observations()
        .where(in_hours(first, max(first, micros(end))), _of_fleets(fleets), observations.c.at >= first)
        .order_by(observations.c.at, observations.c.series)
    )
    return (value_of(tuple(row)) for row in connection.execute(query))


def refusals(connection: Connection, since: datetime) -> Iterator[Observation]:
    """Answers from `since` on that refused us (ours/blocked), oldest first."""
    end = newest(connection)
    if end is None:
        return iter(())
    first, refused = micros(since), observations.c.failure == Failure.OURS_BLOCKED.code
    query = (
        select_observations()
        .where(in_hours(first, max(first, micros(end))), observations.c.at >= first, refused)
        .order_by(observations.c.at, observations.c.series)
    )
    return (value_of(tuple(row)) for row in connection.execute(query))


def _of_fleets(fleets: Iterable[str]) -> ColumnElement[bool]:
    return or_(false(), *(series.c.probe.startswith(f"{fleet}/", autoescape=True) for fleet in fleets))
