"""The ledger of what was not measured, until it is written: a slot is an answer, a skip or a gap, with its excuse."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.domain.gap import NOTICED, Excuse, Gap, Skip
from monitor.domain.observation import Observation

EVERY_PROBE = ""


class Ledger:
    """Gathers gaps; those of one probe and excuse that follow each other without an answer are one."""

    def __init__(self, vantage: str) -> None:
        self._vantage = vantage
        self._open: dict[str, Gap] = {}
        self._unwritten: dict[tuple[str, datetime, Excuse], Gap] = {}
        self._absence: Gap | None = None
        self._slept_until: datetime | None = None
        self._lost: dict[str, Gap] = {}

    @property
    def unwritten(self) -> tuple[Gap, ...]:
        """What the store has not been given yet; one that goes on comes again, longer, under the same `since`."""
        return tuple(self._unwritten.values())

    def written(self, gaps: Iterable[Gap]) -> None:
        """The store has these."""
        for gap in gaps:
            if self._unwritten.get((gap.probe, gap.since, gap.excuse)) == gap:
                del self._unwritten[gap.probe, gap.since, gap.excuse]
            if gap.excuse is Excuse.STORAGE:
                self._lost.pop(gap.probe, None)

    def answered(self, probe: str) -> None:
        """An answer ends what was open: the next skip is another one."""
        self._open.pop(probe, None)

    def skipped(self, skip: Skip, slot: timedelta) -> None:
        """A question that was not asked: one slot, which lasts until the next."""
        self._extend(Gap(skip.probe, self._vantage, skip.at, skip.at + slot, 1, skip.excuse))

    def waited(self, probe: str, since: datetime, until: datetime) -> None:
        """A question whose turn came so late that its slot looks empty: no slot is lost, and the hole is explained."""
        self._note(Gap(probe, self._vantage, since, until, 0, Excuse.COURTESY))

    def passed_over(self, probe: str, slots: int, since: datetime, until: datetime) -> None:
        """Slots that passed while the last question was still under way, unless we were not there at all."""
        away = self._absence
        if away is None or until - away.until > NOTICED or since < away.since - NOTICED:
            self._extend(Gap(probe, self._vantage, since, until, slots, Excuse.BUSY))

    def absent(self, excuse: Excuse, since: datetime, until: datetime) -> None:
        """Nobody was asked at all. Slots that seemed to pass during a long question just now passed during this."""
        self._absence = Gap(EVERY_PROBE, self._vantage, since, until, 0, excuse)
        if excuse is Excuse.ASLEEP:
            self._slept_until = until
        for key, gap in tuple(self._unwritten.items()):
            if gap.excuse is Excuse.BUSY and gap.since >= since - NOTICED and gap.until <= until + NOTICED:
                del self._unwritten[key]
                self._open.pop(gap.probe, None)
        self._note(self._absence)

    def away_during(self, at: datetime) -> bool:
        """Whether we were not there while a question that began at `at`, and was answered just now, was under way."""
        return self._slept_until is not None and at < self._slept_until

    def given_up(self, answers: Sequence[Observation]) -> None:
        """Answers that no store took and memory could not hold."""
        by_probe: dict[str, list[Observation]] = {}
        for answer in answers:
            by_probe.setdefault(answer.probe, []).append(answer)
        for probe, lost in by_probe.items():
            last, before = lost[-1], self._lost.get(probe)
            since, slots = (lost[0].at, 0) if before is None else (before.since, before.slots)
            gap = Gap(probe, self._vantage, since, last.at + last.took, slots + len(lost), Excuse.STORAGE)
            self._lost[probe] = gap  # one for as long as the store refuses: memory has an end
            self._note(gap)

    def _extend(self, gap: Gap) -> None:
        before = self._open.get(gap.probe)
        if before is not None and before.excuse is gap.excuse:
            gap = replace(before, until=max(before.until, gap.until), slots=before.slots + gap.slots)
        self._open[gap.probe] = gap
        self._note(gap)

    def _note(self, gap: Gap) -> None:
        self._unwritten[gap.probe, gap.since, gap.excuse] = gap
