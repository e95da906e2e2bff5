"""What goes into the store and comes out of it beside the domain's own values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.domain.delivery import Via
from monitor.domain.incident import Incident
from monitor.domain.notice import Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict

Kind = Literal["real", "rehearsal"]
TellingState = Literal["queued", "sent", "dead", "merged", "folded"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one evaluation changed; all of it is saved, or none.

    Attributes:
        verdicts, services, incidents: those that changed, as they are now.
        spans: verdicts that have ended.
        snapshot: the new snapshot as JSON bytes, None if it did not change.
        published_at: wall time of publication of `snapshot`.
        gone, gone_services: ids of probes and services that the catalogue no longer holds: their verdicts are deleted,
            from every vantage; their history (observations, spans, incidents) stays.
    """

    verdicts: tuple[Verdict, ...]
    services: tuple[ServiceVerdict, ...]
    spans: tuple[Span, ...]
    incidents: tuple[Incident, ...]
    snapshot: bytes | None
    published_at: datetime
    gone: tuple[str, ...] = ()
    gone_services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """One message to one subscription, stored before any attempt to send it.

    Attributes:
        id: computed by the caller, so that queueing the same notice twice is queueing it once.
        state: ``queued`` until ``sent``, or ``dead`` when given up, or ``merged`` when a later one says it too;
            ``folded`` when the letter of another telling, `folded_into`, tells of it: title and body are then what it
            would have said by itself.
        attempts: times that sending was tried; `tried_at` the last of them, `outcome` what came of it.
        next_try_at: not before this instant; None: at once.
        claimed_until: whoever claimed it may be sending it until then; None: nobody.
        via: the destination of the last attempt.
        requeued_at: when somebody asked for it to be sent again.
        share, reach, explained: what it said, as in `Told`.
    """

    id: str
    subscription: str
    incident: str
    reason: Reason
    health: Health
    title: str
    body: str
    created_at: datetime
    state: TellingState = "queued"
    attempts: int = 0
    next_try_at: datetime | None = None
    outcome: str = ""
    tried_at: datetime | None = None
    claimed_until: datetime | None = None
    via: Via | None = None
    requeued_at: datetime | None = None
    share: float | None = None
    reach: int | None = None
    explained: bool | None = None
    folded_into: str | None = None

    @property
    def told(self) -> Told:
        """What its reader last heard once this is said."""
        facts = (self.share, self.reach, self.explained)
        return Told(self.subscription, self.incident, self.reason, self.health, self.created_at, *facts)


@dataclass(frozen=True, slots=True)
class ToldOf:
    """How many messages were written about an incident for one reason, from the first to the last of them.

    `sent`: those that were delivered, by themselves or in a letter with others.
    """

    reason: Reason
    messages: int
    sent: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What came of one attempt to send a telling: its state from then on, and when to try again if it is queued."""

    telling: str
    state: TellingState
    at: datetime
    outcome: str
    next_try_at: datetime | None = None
    via: Via | None = None


@dataclass(frozen=True, slots=True)
class Resend:
    """A wish that a telling that was given up be sent again."""

    telling: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the evaluation needs after a restart.

    `incidents`: open, or closed in the 24 h before the newest observation; `told`: the last telling about each of them.
    """

    verdicts: tuple[Verdict, ...]
    services: tuple[ServiceVerdict, ...]
    incidents: tuple[Incident, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a database says of itself. `scenario` names the scenario of a rehearsal, None in real life."""

    kind: Kind
    created_at: datetime
    scenario: str | None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What was visible on the page of one answer, redacted: hostile text, to be escaped wherever it is shown."""

    probe: str
    vantage: str
    at: datetime
    text: str
