"""The evidence sheet: what was asked, what answered, what was not seen (docs/method.md, "Evidence sheet")."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.account import Account, Period, Side, Where
from monitor.domain.attribution import Attribution
from monitor.domain.gap import Excuse
from monitor.domain.incident import Turn
from monitor.domain.observation import Failure, Health, Stage
from monitor.domain.saturation import Sign


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the books a sheet reads: the cost of an incident of days over hundreds of probes has an end.

    Attributes:
        probes: at most so many, one of each service first.
        each_end: of what is longer than twice that, the first and the last so long.
        answers_each_end: of a probe, at each end.
    """

    probes: int = 120
    each_end: timedelta = timedelta(hours=12)
    answers_each_end: int = 600


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id, and what people call it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One place that answered (or a status, a catalogue): how many answers, how many of them bad."""

    where: Where
    name: str
    answers: int
    bad: int


@dataclass(frozen=True, slots=True)
class Others:
    """How many more of a kind a sheet does not name."""

    where: Where
    names: int
    answers: int


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many answers failed at one step."""

    stage: Stage
    answers: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """What was not measured for one reason.

    Attributes:
        every_probe: whether nobody at all was asked; then `probes` and `slots` are 0.
        gaps, slots, probes: how many gaps, slots within them (whole gaps are counted) and probes that had them.
        since, until: from the first to the last of it, within what the sheet looks at.
        lasted: how long at least one of the probes was not measured for that reason.
    """

    excuse: Excuse
    every_probe: bool
    gaps: int
    slots: int
    probes: int
    since: datetime
    until: datetime
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Blind:
    """A stretch during which our own line showed nothing."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """Whom an incident concerns, as the catalogue said when the sheet was drawn.

    Attributes:
        services: those that it has ever held, as many as the sheet reads of; `services_in_all`: how many there are.
        share: the greatest share (0..1) of the users of one of its territories, which is `share_in`; 0.0 where no
            territory counts it (a national service).
        names: what people call the culprit and the candidates that the cause names.
        undeclared: kinds of tie that some of its services do not declare, or that were not observed of them.
    """

    services: tuple[Named, ...] = ()
    services_in_all: int = 0
    territories: tuple[Named, ...] = ()
    share: float = 0.0
    share_in: str | None = None
    names: tuple[Named, ...] = ()
    undeclared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceSheet:
    """All that stands behind one incident, as plain counts.

    Attributes:
        method: version of docs/method.md.
        period: what was looked at. before, during: all probes together.
        probes: one account each; `probes_in_all`: how many its services have. limits: how much was read of each.
        seen: where answers came from while it lasted, under which catalogue. others: what of that is not named.
        unseen, blind: what was not measured, and why.
        signs: what is compatible with a saturation; none of them alone proves one.
    """

    incident: str
    culprit: str
    method: int
    opened_at: datetime
    confirmed_at: datetime
    worst: Health
    failure: Failure | None
    recovered_at: datetime | None
    closed_at: datetime | None
    absorbed_into: str | None
    turns: tuple[Turn, ...]
    cause: Attribution | None
    extent: Extent
    period: Period
    limits: Limits
    probes: tuple[Account, ...]
    probes_in_all: int
    before: Side
    during: Side
    stages: tuple[StageCount, ...]
    seen: tuple[Seen, ...]
    others: tuple[Others, ...]
    unseen: tuple[Unseen, ...]
    blind: tuple[Blind, ...]
    watch_until: datetime | None = None
    signs: tuple[Sign, ...] = ()

    @property
    def never_seen(self) -> tuple[str, ...]:
        """The probes that were never seen working."""
        return tuple(one.question.probe for one in self.probes if one.never_seen)

    @property
    def cut_short(self) -> bool:
        """Whether there was more than the limits let it read."""
        return self.probes_in_all > len(self.probes) or any(one.unread_since is not None for one in self.probes)
