"""The read side of the measures, for screens and reports: it cannot write, and holds nothing up."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from monitor.domain.answer_tally import Grain
from monitor.domain.gap import Gap
from monitor.domain.history import Correction
from monitor.domain.incident import Incident
from monitor.domain.observation import Observation
from monitor.domain.record import Record
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.sheet import EvidenceSheet
from monitor.domain.tally import Stretch
from monitor.domain.usual import Latency
from monitor.domain.verdict import Verdict
from monitor.store import (
    corrections,
    deliveries,
    excerpts,
    gaps,
    incidents,
    latencies,
    observations,
    readings,
    rollups,
    sheets,
    snapshots,
    streams,
    verdicts,
)
from monitor.store.days_read import DaysRead
from monitor.store.latencies import Known
from monitor.store.place import Place
from monitor.store.rollups import ProbeTally
from monitor.store.seal_reading import SealReading
from monitor.store.values import Excerpt, Telling, TellingState, ToldOf


def open_reader(url: str) -> "Reader":
    """Open the measures for reading. Raises DatabaseMissing, DatabaseOlder, DatabaseNewer and other StoreErrors."""
    place = Place.of(url)
    reader = Reader(place)
    try:
        reader.identity()
    except BaseException:
        reader.close()
        raise
    return reader


class Reader(SealReading, DaysRead):
    """The measures, for reading, from any thread. Each method sees one instant of the database; raises StoreError.

    PostgreSQL is given 5 s a statement.
    """

    def snapshot(self) -> tuple[bytes, str] | None:
        """The current snapshot as JSON bytes and its etag (without quotation marks); None before the first."""
        with self._reading() as connection:
            return snapshots.current(connection)

    def observations(
        self, probes: Sequence[str], since: datetime, until: datetime, newest: int | None = None
    ) -> list[Observation]:
        """Observations of these probes with since <= at < until, oldest first; of them the `newest` ones, if given.

        With all their evidence, but for the `excerpts`.
        """
        with self._reading() as connection:
            return list(observations.between(connection, probes, since, until, newest))

    def records(self, since: datetime, until: datetime, probes: Collection[str] | None = None) -> Iterator[Record]:
        """Observations with since <= at < until as flat records, of these probes or of all; however many, some MB.

        By hour (UTC), then vantage and probe, then instant. Unlike the other methods it reads bit by bit: what is added
        or removed meanwhile is seen or not.
        """
        with self._reading() as connection:
            order = streams.ranked(connection, probes)
        begin = since
        while order and begin < until:
            with self._reading() as connection:
                hour = streams.next_hour(connection, begin, until)
            if hour is None:
                return
            for part in streams.parts(order):
                with self._reading() as connection:
                    found = streams.records(connection, hour, part, since, until)
                yield from found
            begin = streams.after(hour)

    def heard(self, probes: Collection[str], vantage: str, since: datetime, until: datetime) -> list[Observation]:
        """Answers to these probes from one vantage with since <= at < until, oldest first.

        Of each what judging needs and no more: when, how long, which failure, which address, whose certificate.
        """
        with self._reading() as connection:
            return list(readings.heard(connection, probes, vantage, since, until))

    def instants(
        self, probes: Collection[str], since: datetime, until: datetime
    ) -> dict[tuple[str, str], list[datetime]]:
        """When these probes were asked, since <= at < until, by (probe, vantage), oldest first."""
        with self._reading() as connection:
            return observations.instants(connection, probes, since, until)

    def latencies(self, probes: Sequence[str], since: datetime, until: datetime) -> list[Latency]:
        """How long these probes took in the closed hours that begin at since <= … < until; by series, oldest first."""
        with self._reading() as connection:
            return list(latencies.of_probes(connection, probes, since, until))

    def answers_by(self, grain: Grain, probes: Collection[str], since: datetime, until: datetime) -> list[ProbeTally]:
        """What is kept for ever of these probes: tallies of what begins at since <= … < until and is over.

        By series, oldest first; days are days of Paris. Where a stretch has hours of both kinds they stand side by
        side: merged they are all hours.
        """
        with self._reading() as connection:
            return list(rollups.tallies(connection, probes, since, until, grain))

    def usuals(self, vantage: str, probes: Sequence[str] | None = None) -> Known:
        """What is held to be usual, by probe and whether in school hours; of these probes or of all."""
        with self._reading() as connection:
            return latencies.all_usuals(connection, vantage, probes)

    def last_good(self, vantage: str) -> list[Observation]:
        """Of every probe the last good answer from a vantage that its verdict knows, if it is still kept."""
        with self._reading() as connection:
            return list(readings.last_good(connection, vantage))

    def excerpts(self, probes: Sequence[str], since: datetime, until: datetime) -> list[Excerpt]:
        """What was kept of the pages of these probes' answers with since <= at < until, oldest first."""
        with self._reading() as connection:
            return list(excerpts.between(connection, probes, since, until))

    def gaps(self, since: datetime, until: datetime, probes: Sequence[str] | None = None) -> list[Gap]:
        """Gaps that touch [since, until), whole, oldest first; of these probes, or of all.

        Those of every probe (`probe` "") are always among them.
        """
        with self._reading() as connection:
            return list(gaps.overlapping(connection, since, until, probes))

    def incidents_touching(self, since: datetime, until: datetime) -> list[Incident]:
        """Incidents that were open at some moment of [since, until), as they are now; the first opened first."""
        with self._reading() as connection:
            return list(incidents.touching(connection, since, until))

    def spans(
        self, since: datetime, until: datetime, services: Sequence[str] | None = None, *, of_services: bool = False
    ) -> list[Span]:
        """Ended spans that touch [since, until), whole, oldest first; `of_services`: not those of probes.

        As they stand after every correction. One may reach into the verdict in force: whoever lays that beside them
        lays the `corrections` over both (`monitor.domain.history.corrected`).
        """
        with self._reading() as connection:
            chosen = None if services is None else tuple(services)
            return corrections.history(connection, since, until, chosen, of_services=of_services)

    def corrections(self, since: datetime, until: datetime, services: Sequence[str] | None = None) -> list[Correction]:
        """Corrections of history that touch [since, until), in the order they were made."""
        with self._reading() as connection:
            return corrections.touching(connection, since, until, None if services is None else tuple(services))

    def verdicts(self, probes: Sequence[str] | None = None) -> list[Verdict]:
        """The verdicts in force, of these probes or of all."""
        with self._reading() as connection:
            return [one for one in verdicts.all_verdicts(connection) if probes is None or one.probe in probes]

    def services(self) -> list[ServiceVerdict]:
        """The services' verdicts in force."""
        with self._reading() as connection:
            return list(verdicts.all_services(connection))

    def incidents_named(self, ids: Collection[str]) -> dict[str, Incident]:
        """The incidents of these ids, those that are known, by id."""
        with self._reading() as connection:
            return {one.id: one for one in incidents.named(connection, ids)}

    def incidents(self, closed_after: datetime | None = None) -> list[Incident]:
        """Incidents that are open, or were closed at or after an instant (None: all); the first opened first."""
        with self._reading() as connection:
            return list(incidents.live(connection, closed_after))

    def incidents_starting(self, beginning: str, most: int) -> list[Incident]:
        """Incidents whose id begins so, in the order of their ids, `most` at most."""
        with self._reading() as connection:
            return list(incidents.starting(connection, beginning, most))

    def newest_incidents(self, most: int, before: str | None = None) -> list[Incident]:
        """Incidents of services, not of our own line, the newest first, `most` at most; older than that id, if given.

        An id begins with the second of its opening: their order is that of the openings, and a seek.
        """
        with self._reading() as connection:
            return list(incidents.newest(connection, most, before))

    def sheet(self, incident: str) -> tuple[EvidenceSheet, datetime] | None:
        """The evidence sheet of an incident and when it was frozen; None where none was."""
        with self._reading() as connection:
            return sheets.frozen(connection, incident)

    def sheet_digest(self, incident: str) -> str | None:
        """The SHA-256 of the text of an incident's frozen sheet, in hexadecimal; None where none was frozen."""
        with self._reading() as connection:
            return sheets.digest(connection, incident)

    def some_answers(
        self, probe: str, since: datetime, until: datetime, most: int, *, newest: bool
    ) -> list[Observation]:
        """The oldest or the newest observations of a probe with since <= at < until, `most` at most; oldest first."""
        with self._reading() as connection:
            return readings.some(connection, probe, since, until, most, newest=newest)

    def blind(self, since: datetime, until: datetime) -> list[Stretch]:
        """When our own line showed nothing, as far as it touches [since, until); to `until` where it still does not."""
        with self._reading() as connection:
            return list(sheets.blind(connection, since, until))

    def asked_once(self, services: Collection[str]) -> dict[str, list[str]]:
        """Ids of all the probes that were ever asked for these services, sorted, by service."""
        with self._reading() as connection:
            return sheets.asked_once(connection, services)

    def tellings(self, state: TellingState | None = None, most: int | None = None) -> list[Telling]:
        """Messages in a state, or in any, the newest queued first; `most` at most, if given."""
        with self._reading() as connection:
            return list(deliveries.listed(connection, state, most))

    def told_of(self, incident: str) -> list[ToldOf]:
        """How many messages an incident gave rise to, by reason, in the order in which the first of each was written.

        Numbers and instants alone: neither to whom nor what.
        """
        with self._reading() as connection:
            return list(deliveries.told_of(connection, incident))

    def tellings_named(self, ids: Collection[str]) -> dict[str, Telling]:
        """The messages of these ids, those that are known, by id."""
        with self._reading() as connection:
            return deliveries.named(connection, ids)
