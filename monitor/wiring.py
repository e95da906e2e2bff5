"""What `app` wires the rooms with: the contracts between them, as values and protocols."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from monitor.alerting import Message, Outcome
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.evaluation import Change
from monitor.domain.fleet import Fleet
from monitor.domain.gap import Skip
from monitor.domain.hush import Declared
from monitor.domain.networks import NOWHERE, Networks
from monitor.domain.notice import Subscription
from monitor.domain.observation import Observation
from monitor.domain.timetable import Timetable
from monitor.domain.vitals import PERIOD
from monitor.domain.weights import Pupils
from monitor.domain.window import Window
from monitor.signups import Signups
from monitor.store import Resend, Store, Telling

T = TypeVar("T")


def _nothing() -> None:
    """Nothing is asked sooner."""


def _unwatched() -> None:
    """Nobody watches over Vigie itself."""


def _forgotten(_: Probe, __: Observation) -> None:
    """Nothing is recalled: what asks has never been refused."""


def _nobody(_: object) -> None:
    """Nobody listens."""


async def _no_wishes(_: datetime) -> Sequence[Resend]:
    """Nobody asked for anything to be sent again."""
    return ()


class Asks(Protocol):
    """What asks a probe's question; a failure is an answer, never an exception."""

    async def ask(self, probe: Probe) -> Observation | Skip:
        """One question, one answer, or why it was not asked."""
        ...


class Sends(Protocol):
    """What carries a message out; a failure is an outcome, never an exception."""

    async def send(self, message: Message) -> Outcome:
        """One message, one outcome."""
        ...

    async def pulse(self) -> bool:
        """Whether what sends is alive; it is started anew where it is not."""
        ...


class Hears(Protocol):
    """Whoever may hear something, read again from where people register."""

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """As of the last refresh."""
        ...

    async def refresh(self) -> bool:
        """Look again; whether anybody came, left or changed. Trouble is logged, never raised."""
        ...


class Declares(Protocol):
    """What people declared; a desk that cannot be read is no exception: what was last read holds."""

    async def look(self, now: datetime) -> Declared:
        """What may keep news back at that instant."""
        ...


class Works(Protocol):
    """Runs a blocking call of the store where it may block: a thread, or inline in a rehearsal."""

    async def __call__(self, call: Callable[[], T], /) -> T:
        """The call's own result or exception."""
        ...


async def _no_windows() -> tuple[Window, ...] | None:
    """Nobody ever declared a window."""
    return ()


class NothingDeclared:
    """Nobody declared anything: rehearsals, tests."""

    async def look(self, now: datetime) -> Declared:  # noqa: ARG002 - whatever the instant
        """Nothing."""
        return Declared()


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches the watchman.

    Attributes:
        ping: calls whoever waits for heartbeats; OSError says why it was not accepted. None: nobody waits.
        every: between two heartbeats.
        resolver: whether our name servers answer; None: not watched.
        drill_at: hour of Paris of the daily drill; None: no drill.
    """

    ping: Callable[[], Awaitable[None]] | None = None
    every: timedelta = PERIOD
    resolver: Callable[[], Awaitable[bool]] | None = None
    drill_at: time | None = None


@dataclass(frozen=True, slots=True)
class Wiring:
    """What `app` wires the pipeline with.

    Attributes:
        subscriptions: those of the catalogue; `readership`, where there is one, gives them and all others.
        addresses: Apprise URL by subscription id, live where there is a readership; who has none is told nothing.
        timetable: the school clock of every service: how often to ask it, and how long an answer speaks.
        now: the instant, scenario time in a rehearsal; wall: the wall clock, for the freshness of what is published.
        awake: seconds of a clock that goes on while the machine is suspended.
        warnings: French sentences of the moment about Vigie itself.
        pupils: how many there are by (département, audience), from the official directory; None without one.
        networks: whose network an address lies in, from the operator's table; without one nothing is observed of it.
        fleets: schools of which a few are asked in turn.
        rehearsal: name of the scenario, None in real life; rehearsal_note: what it is made of, in a few French words.
        sender: None keeps every telling queued (a rehearsal sends nothing).
        declared: what people declared about messages and maintenance.
        windows: every maintenance window that was ever declared; None while the desk cannot be read.
        recall: tells what asks of a refusal (ours/blocked) from before it was started.
        vouch: asks our own line now, because an answer may confirm something.
        seconds: a second Apprise URL by subscription id, for when the first fails.
        rates: messages a second by gateway, see `alerting.gateways.rate_of`.
        wishes: messages that somebody asked, from an instant on, to be sent again.
        public: the subscribers of the public; None where Vigie writes to none.
        watch: who watches Vigie itself; None: nobody does (a rehearsal).
        vitals: how Vigie itself is, as plain values for the snapshot; None where nobody watches.
        keep_days: for how many days answers are kept; None: for ever.
        held: each says the first day of Paris whose answers somebody still needs, however old; None: nobody does.
        changed, told: listeners of every evaluation that found something and of every row queued.
    """

    catalog: Catalog
    subscriptions: tuple[Subscription, ...]
    addresses: Mapping[str, str]
    prober: Asks
    store: Store
    timetable: Timetable
    sender: Sends | None
    now: Callable[[], datetime]
    wall: Callable[[], datetime]
    awake: Callable[[], float]
    work: Works
    warnings: Callable[[], tuple[str, ...]]
    version: str
    vantage: str
    pupils: Pupils | None = None
    networks: Networks = NOWHERE
    fleets: tuple[Fleet, ...] = ()
    readership: Hears | None = None
    public_url: str | None = None
    seconds: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
    wishes: Callable[[datetime], Awaitable[Sequence[Resend]]] = _no_wishes
    rehearsal: str | None = None
    rehearsal_note: str | None = None
    declared: Declares = field(default_factory=NothingDeclared)
    windows: Callable[[], Awaitable[tuple[Window, ...] | None]] = _no_windows
    public: Signups | None = None
    vouch: Callable[[], None] = _nothing
    recall: Callable[[Probe, Observation], None] = _forgotten
    watch: Watch | None = None
    vitals: Callable[[], Mapping[str, object] | None] = _unwatched
    keep_days: int | None = None
    held: tuple[Callable[[], Awaitable[date | None]], ...] = ()
    changed: Callable[[Change], None] = _nobody
    told: Callable[[Telling], None] = _nobody

    @property
    def readers(self) -> tuple[Subscription, ...]:
        """Everybody who may hear something, as of the last look."""
        return self.subscriptions if self.readership is None else self.readership.subscriptions
