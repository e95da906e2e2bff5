"""The stopwatch and the notes of one question."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import Enum

from monitor.domain.observation import Certificate, Phases, Stage


class Phase(Enum):
    """A stretch of an exchange that is timed apart.

    Attributes:
        field: name of its field of `Phases`.
        stage: the stage that is to blame when time runs out in it.
    """

    field: str
    stage: Stage

    def __init__(self, field: str, stage: Stage) -> None:
        self.field, self.stage = field, stage

    RESOLVE = ("resolve", Stage.RESOLVE)
    CONNECT = ("connect", Stage.CONNECT)
    TLS = ("tls", Stage.TLS)
    FIRST_BYTE = ("first_byte", Stage.EXCHANGE)
    TRANSFER = ("transfer", Stage.EXCHANGE)


class Trace:
    """Stopwatch and notes of one question. Reads the loop's clock only, hence true on a virtual one.

    Phases follow each other and never overlap, so that their sum cannot exceed `took`; over redirects each one adds up.
    Time spent waiting for our own turn, or judging what came back, belongs to neither.
    """

    __slots__ = (
        "_entered", "_paused_at", "_spent", "_started", "_waited",
        "address", "at", "bytes_read", "certificate", "clock", "clock_offset", "excerpt", "final_host", "heard",
        "host", "http_status", "phase", "port", "tried", "unmade",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.at: datetime | None = None
        self.phase: Phase | None = None
        self.address: str | None = None
        self.http_status: int | None = None
        self.bytes_read: int | None = None
        self.final_host: str | None = None
        self.certificate: Certificate | None = None
        self.clock_offset: timedelta | None = None
        self.excerpt: str | None = None
        self.host: str | None = None  # asked last, and its port
        self.port: int | None = None
        self.tried: Sequence[str] = ()  # addresses that a connection was tried to
        self.unmade: Collection[str] = ()  # addresses whose turn has not come yet
        self.heard = False
        self._entered: float | None = None
        self._spent: dict[str, float] = {}
        self._started: float | None = None
        self._paused_at: float | None = None
        self._waited = 0.0

    def enter(self, phase: Phase) -> None:
        """End the running phase and begin another."""
        self.leave()
        self.phase, self._entered = phase, self.clock()

    def leave(self) -> None:
        """End the running phase; its name is kept, because a failure right after it still belongs to its stage."""
        if self.phase is not None and self._entered is not None:
            name = self.phase.field
            self._spent[name] = self._spent.get(name, 0.0) + self.clock() - self._entered
            self._entered = None

    def pause(self) -> None:
        """Stop the watch, where it runs."""
        self.leave()
        if self._paused_at is None:
            self._paused_at = self.clock()

    def resume(self, now: Callable[[], datetime]) -> None:
        """The turn has come; the first one dates the question."""
        if self._started is None:
            self._started, self.at = self.clock(), now()
        elif self._paused_at is not None:
            self._waited += self.clock() - self._paused_at
        self._paused_at = self.phase = None

    @property
    def waited(self) -> float:
        """Seconds spent off the watch since the first turn came."""
        return self._waited

    def took(self) -> timedelta:
        """How long the question has been asked so far, waiting for our own turn left out."""
        if self._started is None:
            return timedelta()
        until = self.clock() if self._paused_at is None else self._paused_at
        return timedelta(seconds=until - self._started - self._waited)

    def phases(self) -> Phases:
        """Where the time went so far."""
        return Phases(**{name: timedelta(seconds=spent) for name, spent in self._spent.items()})
