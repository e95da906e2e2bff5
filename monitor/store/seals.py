"""Rows of `seals`, `sealed_series` and `late_days`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from monitor.domain.observation import Observation
from monitor.domain.seal import Digested, Seal, SealedProbe, altered, leaves_of, lost, root_of, tree_of
from monitor.store.codec import instant, micros
from monitor.store.codes import Dictionaries
from monitor.store.days import bounds, day_numbered, day_of, number_of
from monitor.store.errors import StoreError
from monitor.store.seal_tables import late_days, sealed_series, seals
from monitor.store.streams import next_hour
from monitor.store.tables import series, words
from monitor.store.upsert import keep


class SealedAway(StoreError):  # noqa: N818 - a statement, as its family
    """Observations that were sealed are no more what they were: their day cannot be sealed again.

    `gone`: fewer are left of some probe, as after a retention; else they were changed.
    """

    def __init__(self, sentence: str, *, gone: bool) -> None:
        super().__init__(sentence)
        self.gone = gone


class Sealed:
    """Until when days are sealed, remembered between appends: what is older is late."""

    def __init__(self) -> None:
        self._until: int | None = None

    def forget(self) -> None:
        """Read it again the next time."""
        self._until = None

    def note(
        self, connection: Connection, new: Sequence[Observation], codes: Dictionaries, takes: Callable[[int], bool]
    ) -> list[dict[str, int]]:
        """The rows of `late_days` for new answers, those that are kept (`takes`); to be written after `codes`."""
        if not new:
            return []
        if self._until is None:
            self._until = connection.scalar(select(func.max(seals.c.until))) or 0
        # One comparison tells nearly always that there is nothing to do.
        if self._until == 0 or micros(min(one.at for one in new)) >= self._until:
            return []
        until = self._until
        late = {(day_of(one.at), one.vantage) for one in new if (at := micros(one.at)) < until and takes(at)}
        return [{"day": number_of(day), "vantage": codes.words[vantage]} for day, vantage in sorted(late)]


def note(connection: Connection, late: Sequence[dict[str, int]]) -> None:
    """Remember that these days are to be sealed anew."""
    keep(connection, late_days, late)


def unsealed(connection: Connection, until: datetime) -> list[date]:
    """Days of Paris that ended by `until` and whose answers are not (all) sealed, oldest first."""
    found = {day for day in late(connection) if bounds(day)[1] <= until}
    newest: int | None = connection.scalar(select(func.max(seals.c.until)))
    begin = instant(newest or 0)
    while begin < until and (hour := next_hour(connection, begin, until)) is not None:
        day = day_of(max(instant(hour * 3_600_000_000), begin))
        begin = bounds(day)[1]
        if begin <= until:
            found.add(day)
    return sorted(found)


def late(connection: Connection) -> set[date]:
    """Sealed days to which answers came since."""
    return {day_numbered(one) for one in connection.scalars(select(late_days.c.day).distinct())}


def sealed(connection: Connection) -> set[date]:
    """Days whose answers are all sealed, from whatever vantage."""
    return {day_numbered(one) for one in connection.scalars(select(seals.c.day).distinct())} - late(connection)


def chain(
    connection: Connection, first: date | None = None, last: date | None = None, newest: int | None = None
) -> list[Seal]:
    """Seals by vantage and number; of the days from `first` to `last` (both included), or the `newest` ones made."""
    query = _seals()
    if first is not None:
        query = query.where(seals.c.day >= number_of(first))
    if last is not None:
        query = query.where(seals.c.day <= number_of(last))
    if newest is not None:
        query = query.order_by(seals.c.sealed_at.desc(), seals.c.number.desc()).limit(newest)
    return sorted((_seal(row) for row in connection.execute(query)), key=lambda one: (one.vantage, one.number))


def digests(connection: Connection, vantage: str, seal: int) -> list[SealedProbe]:
    """What a seal of a vantage stands on, sorted by probe."""
    query = (
        select(series.c.probe, sealed_series.c.rows, sealed_series.c.digest)
        .join_from(sealed_series, series, sealed_series.c.series == series.c.id)
        .where(sealed_series.c.number == seal, series.c.vantage == vantage)
    )
    found = [SealedProbe(row.probe, row.rows, bytes(row.digest).hex()) for row in connection.execute(query)]
    return sorted(found, key=lambda one: one.probe)  # not by the database: each has a collation of its own


def add(connection: Connection, found: Digested, now: datetime, codes: Dictionaries) -> Seal | None:
    """Seal a day seen from a vantage; None where it is sealed like that already. Raises SealedAway."""
    vantage = codes.words[found.vantage]
    codes.write(connection)
    theirs = (late_days.c.day == number_of(found.day), late_days.c.vantage == vantage)
    late = connection.execute(select(late_days).where(*theirs)).first() is not None
    connection.execute(delete(late_days).where(*theirs))
    of_vantage = _seals().where(seals.c.vantage == vantage)
    last = _first(connection, of_vantage.order_by(seals.c.number.desc()))
    same_day = of_vantage.where(seals.c.day == number_of(found.day))
    before = _first(connection, same_day.order_by(seals.c.number.desc()))
    tree, rows = tree_of(leaves_of(found)), sum(one.rows for one in found.probes)
    if before is not None:
        if (before.tree, before.rows) == (tree, rows):
            return None
        _refuse(found, digests(connection, found.vantage, before.number), late=late)
    unrooted = Seal(
        number=1 if last is None else last.number + 1,
        day=found.day,
        since=found.since,
        until=found.until,
        vantage=found.vantage,
        rows=rows,
        tree=tree,
        previous="" if last is None else last.root,
        corrects=None if before is None else before.number,
        root="",
        sealed_at=now,
        record_version=found.record_version,
    )
    seal = replace(unrooted, root=root_of(unrooted))
    kept_rows = [_digest_row(seal.number, codes.series[one.probe, found.vantage], one) for one in found.probes]
    codes.write(connection)  # a probe may be known from the archive alone
    connection.execute(insert(seals), [_row(seal, vantage)])
    connection.execute(insert(sealed_series), kept_rows)
    return seal


def forgive(connection: Connection, day: date, vantage: str) -> None:
    """Leave a day as it is sealed, whatever came late."""
    theirs = select(words.c.id).where(words.c.text == vantage).scalar_subquery()
    connection.execute(delete(late_days).where(late_days.c.day == number_of(day), late_days.c.vantage == theirs))


_GONE = (
    "Des mesures scellées du {day} ne sont plus dans le registre ({count} sonde(s)) : ce jour reste scellé comme il "
    "l’était. S’il n’a pas été purgé, rétablissez une sauvegarde."
)
_CHANGED = (
    "Des mesures scellées du {day} ont été modifiées dans le registre ({count} sonde(s)) : ce jour n’est pas scellé de "
    "nouveau. Comparez avec une sauvegarde, et cherchez qui y a écrit."
)


def _refuse(found: Digested, kept: Sequence[SealedProbe], *, late: bool) -> None:
    """Raise SealedAway unless every sealed observation is there as it was, and more only where some came late."""
    day = f"{found.day:%d/%m/%Y}"
    if gone := lost(kept, found.probes):
        raise SealedAway(_GONE.format(count=len(gone), day=day), gone=True)
    if changed := altered(kept, found.probes):
        raise SealedAway(_CHANGED.format(count=len(changed), day=day), gone=False)
    if not late:
        before = {one.probe: one.rows for one in kept}
        more = [one for one in found.probes if before.get(one.probe) != one.rows]
        raise SealedAway(_CHANGED.format(count=len(more), day=day), gone=False)


def _seals() -> Select[Any]:
    return select(seals, words.c.text).join_from(seals, words, seals.c.vantage == words.c.id)


def _first(connection: Connection, query: Select[Any]) -> Seal | None:
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _seal(row)


def _seal(row: Row[Any]) -> Seal:
    tree, previous, root = (bytes(one).hex() for one in (row.tree, row.previous, row.root))
    return Seal(
        row.number,
        day_numbered(row.day),
        instant(row.since),
        instant(row.until),
        row.text,
        row.rows,
        tree,
        previous,
        row.corrects,
        root,
        instant(row.sealed_at),
        row.record_version,
    )


def _row(seal: Seal, vantage: int) -> dict[str, Any]:
    return {
        "vantage": vantage,
        "number": seal.number,
        "day": number_of(seal.day),
        "since": micros(seal.since),
        "until": micros(seal.until),
        "rows": seal.rows,
        "tree": bytes.fromhex(seal.tree),
        "previous": bytes.fromhex(seal.previous),
        "corrects": seal.corrects,
        "root": bytes.fromhex(seal.root),
        "sealed_at": micros(seal.sealed_at),
        "record_version": seal.record_version,
    }


def _digest_row(of: int, code: int, one: SealedProbe) -> dict[str, Any]:
    return {"number": of, "series": code, "rows": one.rows, "digest": bytes.fromhex(one.digest)}
