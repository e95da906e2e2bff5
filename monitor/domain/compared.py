"""Two periods beside each other, and when to compare them is not honest (docs/method.md, "Comparing two periods")."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LITTLE = 0.5  # coverage below which a figure rests on too little
APART = 0.2  # how far apart two coverages may be
_HAIR = 1e-9  # half that lacks the last bit of a float is half


class Doubt(StrEnum):
    """Why a comparison is not honest."""

    NOTHING = "nothing_counted"
    LITTLE = "little_coverage"
    APART = "coverage_apart"
    SERVICES = "other_services"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two periods: a figure of [since, until), the share of its hours that is counted, and whose time that is.

    `services` are the ids of those of which some time is counted, and which weigh something.
    """

    since: datetime
    until: datetime
    availability: float | None
    coverage: float
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed from an earlier period (`before`) to the one asked about (`now`), in the same hours."""

    now: Side
    before: Side

    @property
    def points(self) -> float | None:
        """By how many points (hundredths) availability rose; None where nothing is counted in one of them."""
        if self.now.availability is None or self.before.availability is None:
            return None
        return 100 * (self.now.availability - self.before.availability)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Everything that speaks against the comparison, in the order of `Doubt`; none: it is honest."""
        now, before = self.now, self.before
        if self.points is None:
            return (Doubt.NOTHING,)
        found = {
            Doubt.LITTLE: little(now.coverage) or little(before.coverage),
            Doubt.APART: abs(now.coverage - before.coverage) > APART + _HAIR,
            Doubt.SERVICES: now.services != before.services,
            Doubt.OVERLAP: now.since < before.until and before.since < now.until,
        }
        return tuple(doubt for doubt, raised in found.items() if raised)


def little(coverage: float) -> bool:
    """Whether a figure of that coverage (0..1) rests on too little to be quoted."""
    return coverage < LITTLE - _HAIR
