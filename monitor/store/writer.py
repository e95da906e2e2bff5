"""The store: the only writer of the measures, of which there is one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from monitor.domain.digest import Sent
from monitor.domain.gap import Gap
from monitor.domain.incident import Incident
from monitor.domain.notice import Told
from monitor.domain.observation import Observation
from monitor.domain.vitals import Drill
from monitor.store import (
    excerpts,
    gaps,
    incidents,
    observations,
    readings,
    seals,
    snapshots,
    spans,
    tables,
    tellings,
    verdicts,
    watched,
)
from monitor.store.errors import translated
from monitor.store.outgoing import Outgoing
from monitor.store.place import Place
from monitor.store.sealing import Sealing
from monitor.store.upsert import grow, keep, replace
from monitor.store.values import Evaluation, Kind, State
from monitor.store.writing_book import START


def open_store(url: str, *, kind: Kind) -> "Store":
    """Take the lock and open both books, which `upgrade` has prepared.

    Raises DatabaseBusy, DatabaseMissing, DatabaseOlder, DatabaseNewer, DatabaseWrongKind, DatabaseUnreachable,
    DatabaseDamaged, DatabaseReadOnly, StoreError (bad URL).
    """
    place = Place.of(url)
    with translated(place.label):
        return Store(place, kind)


class Store(Outgoing, Sealing):
    """The measures, open for writing. Not for several threads at once.

    Every method raises StoreError; then nothing was written. After an error the store stays usable: it reconnects
    and rereads what it kept in memory. PostgreSQL is given 3 s a statement, what is read of the past 60 s.
    """

    def append(self, new: Sequence[Observation], missed: Sequence[Gap] = ()) -> None:
        """Store answers, and what was not measured, in one transaction: all or none.

        Known observations (same probe, vantage, instant) are ignored; so is the excerpt of one that has one already.
        A gap that goes on is given again under the same `since`: of its row (probe, vantage, `since`, excuse) the later
        end and the greater count stay. So giving anything twice, or late, changes nothing. A day that was sealed
        already is marked, to be sealed anew.
        """
        with self._writing() as connection:
            rows = [observations.row_of(one, self._codes) for one in new]
            kept = [excerpts.excerpt_row(one, self._codes) for one in new if one.excerpt]
            gap_rows = [gaps.gap_row(one, self._codes) for one in missed]
            late = self._sealed.note(connection, new, self._codes)
            self._codes.write(connection)
            observations.insert_rows(connection, rows)
            seals.note(connection, late)
            keep(connection, tables.excerpts, kept)
            grow(connection, tables.gaps, gap_rows)

    def note(self, missed: Sequence[Gap]) -> None:
        """Store what was not measured, as `append` does, without any answer."""
        self.append((), missed)

    def newest(self) -> datetime | None:
        """The instant of the newest observation, None in an empty database: a monitor was alive then."""
        with self._writing(START) as connection:
            return observations.newest(connection)

    def unjudged(self, fleets: Sequence[str] = ()) -> list[Observation]:
        """Observations that no verdict knows: newer than their verdict's `last_at`, or without a verdict; oldest first.

        Only those within 24 h of the newest observation: what is older says nothing about now. The schools of these
        `fleets` are left out: they have no verdicts.
        """
        with self._writing(START) as connection:
            return list(observations.unjudged(connection, fleets))

    def lately(self, fleets: Sequence[str], since: datetime) -> list[Observation]:
        """What the schools of these fleets answered from `since` on, oldest first."""
        with self._writing(START) as connection:
            return list(observations.lately(connection, fleets, since))

    def refusals(self, since: datetime) -> list[Observation]:
        """The answers from `since` on that refused us (ours/blocked), oldest first."""
        with self._writing(START) as connection:
            return list(observations.refusals(connection, since))

    def state(self) -> State:
        """Everything that the evaluation needs after a restart."""
        with self._writing(START) as connection:
            newest = observations.newest(connection)
            live = tuple(incidents.live(connection, None if newest is None else newest - observations.DAY))
            return State(
                verdicts=tuple(verdicts.all_verdicts(connection)),
                services=tuple(verdicts.all_services(connection)),
                incidents=live,
                told=tellings.last_told(connection, [incident.id for incident in live]),
            )

    def last_good(self, vantage: str) -> list[Observation]:
        """Of every probe the last good answer that its verdict knows, in no order; none where it is kept no longer."""
        with self._writing(START) as connection:
            return list(readings.last_good(connection, vantage))

    def save(self, evaluation: Evaluation) -> None:
        """Store what an evaluation changed in one transaction: all or none. Saving the same twice changes nothing.

        A span without length is left out; where two spans begin at the same instant, the later word counts.
        """
        with self._writing() as connection:
            lasting = [span for span in evaluation.spans if span.until > span.since]
            verdict_rows = [verdicts.verdict_row(verdict, self._codes) for verdict in evaluation.verdicts]
            span_rows = [spans.span_row(span, self._codes) for span in lasting]
            self._codes.write(connection)
            replace(connection, tables.verdicts, verdict_rows)
            replace(connection, tables.service_verdicts, [verdicts.service_row(one) for one in evaluation.services])
            replace(connection, tables.spans, span_rows)
            replace(connection, tables.incidents, [incidents.incident_row(one) for one in evaluation.incidents])
            verdicts.withdraw(connection, evaluation.gone, evaluation.gone_services)
            if evaluation.snapshot is not None:
                snapshots.publish(connection, evaluation.snapshot, evaluation.published_at)

    def unended(self, since: datetime) -> tuple[list[Incident], list[Told]]:
        """Incidents that ended since an instant without everybody who heard of them hearing it; their last tellings."""
        with self._writing(START) as connection:
            names = tellings.unended(connection, since)
            found = sorted(incidents.named(connection, names), key=lambda one: one.id)
            return found, list(tellings.last_told(connection, names))

    def incidents_named(self, ids: Collection[str]) -> list[Incident]:
        """The incidents of these ids, those that are known."""
        with self._writing() as connection:
            return list(incidents.named(connection, ids))

    def sent(self, since: datetime) -> Sent:
        """What became of the messages of the time since an instant."""
        with self._writing() as connection:
            return tellings.counted(connection, since)

    def told(self) -> list[Told]:
        """The last telling of each subscription about each incident of `state`, whatever became of its delivery."""
        return list(self.state().told)

    def due_since(self, now: datetime) -> datetime | None:
        """Since when the queued telling that has been due for longest is due and was not tried; None: none is due."""
        with self._writing() as connection:
            return watched.due_since(connection, now)

    def last_drill(self, drills: Collection[str]) -> Drill | None:
        """The newest of these drills (incidents of tellings) that was queued, and whether it has arrived."""
        with self._writing() as connection:
            return watched.last_drill(connection, drills)
