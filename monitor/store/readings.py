"""Readings of `observations` for a purpose: a few answers of one probe, what judging needs of many."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from monitor.domain.observation import Certificate, Observation
from monitor.store.codec import HOUR_US, failure_of, instant, micros
from monitor.store.observations import in_hours, select_observations, value_of
from monitor.store.tables import certificates, evidence, observations, series, verdicts, words

_ADDRESS = words.alias("address_word")
_ISSUER = words.alias("issuer_word")


def some(
    connection: Connection, probe: str, since: datetime, until: datetime, most: int, *, newest: bool
) -> list[Observation]:
    """The oldest or the newest observations of a probe with since <= at < until, `most` at most; oldest first."""
    first, last = micros(since), micros(until)
    # Its numbers first: left to find them by a join, SQLite reads whole hours of all probes.
    numbers = connection.scalars(select(series.c.id).where(series.c.probe == probe)).all()
    order = (observations.c.hour, observations.c.at, observations.c.series)
    query = (
        select_observations()
        .where(in_hours(first, last), observations.c.series.in_(numbers))
        .where(observations.c.at >= first, observations.c.at < last)
        .order_by(*(column.desc() if newest else column for column in order))
        .limit(most)
    )
    rows = connection.execute(query).all()
    return [value_of(tuple(row)) for row in (reversed(rows) if newest else rows)]


def heard(
    connection: Connection, probes: Collection[str], vantage: str, since: datetime, until: datetime
) -> Iterator[Observation]:
    """Answers to `probes` from one vantage with since <= at < until, oldest first: what judging needs, no more."""
    first, last = micros(since), micros(until)
    query = (
        select(
            observations.c.series,
            observations.c.at,
            observations.c.took_us,
            observations.c.failure,
            _ADDRESS.c.text,
            evidence.c.certificate,
            _ISSUER.c.text,
        )
        .outerjoin(_ADDRESS, observations.c.address == _ADDRESS.c.id)
        .outerjoin(evidence, observations.c.evidence == evidence.c.id)
        .outerjoin(_ISSUER, evidence.c.issuer == _ISSUER.c.id)
        .where(in_hours(first, last), observations.c.at >= first, observations.c.at < last)
        .order_by(observations.c.at, observations.c.series)
    )
    # Matched here: a catalogue may hold more probes than a database takes values.
    wanted = set(probes)
    known = connection.execute(select(series).where(series.c.vantage == vantage))
    names = {row.id: row.probe for row in known if row.probe in wanted}
    certified = connection.execute(select(certificates))
    shown = {row.id: Certificate(row.fingerprint, instant(row.not_after)) for row in certified}
    signed: dict[tuple[int, str | None], Certificate] = {}
    for number, at, took, failure, address, certificate, issuer in connection.execute(query):
        if number in names:
            if certificate is not None and (certificate, issuer) not in signed:
                signed[certificate, issuer] = replace(shown[certificate], issuer=issuer)
            yield Observation(
                names[number],
                vantage,
                instant(at),
                timedelta(microseconds=took),
                failure_of(failure),
                address=address,
                certificate=signed.get((certificate, issuer)),
            )


def last_good(connection: Connection, vantage: str) -> Iterator[Observation]:
    """Of every probe the last good answer that its verdict at this vantage knows, if it is still kept."""
    given = verdicts.c.last_good_at
    query = (
        select_observations()
        .join(verdicts, verdicts.c.series == series.c.id)
        # The whole key of each answer: a seek a probe, however long ago it was.
        .where(series.c.vantage == vantage, observations.c.hour == given // HOUR_US, observations.c.at == given)
    )
    return (value_of(tuple(row)) for row in connection.execute(query))
