"""The digests of a day, gathered while its records pass by on their way to somewhere else."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from monitor.domain.record import Record
from monitor.domain.seal import Digested, SealedProbe, canonical_line
from monitor.store.days import bounds


class Digests:
    """Of one day of Paris, from every vantage; its records must come in the order of their stream."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._hashes = defaultdict[tuple[str, str], Any](hashlib.sha256)  # its type has no public name
        self._rows = defaultdict[tuple[str, str], int](int)

    def through(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records."""
        for key, part in groupby(records, key=lambda one: (one.vantage, one.probe)):
            taken, rows = self._hashes[key], 0
            for rows, record in enumerate(part, 1):  # noqa: B007 - the last number is their count
                taken.update(canonical_line(record))
                yield record
            self._rows[key] += rows

    def found(self) -> list[Digested]:
        """What has passed, by vantage."""
        begin, end = bounds(self._day)
        by_vantage = defaultdict[str, list[SealedProbe]](list)
        for vantage, probe in sorted(self._hashes):
            key = vantage, probe
            by_vantage[vantage].append(SealedProbe(probe, self._rows[key], self._hashes[key].hexdigest()))
        return [Digested(self._day, begin, end, vantage, tuple(probes)) for vantage, probes in by_vantage.items()]


def digested(day: date, records: Iterable[Record]) -> list[Digested]:
    """The digests of a day's records, by vantage."""
    digests = Digests(day)
    for _ in digests.through(records):
        pass
    return digests.found()
