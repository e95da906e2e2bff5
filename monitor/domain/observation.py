"""One answer, and the closed lists that describe it: Health, Stage, Failure (the table Failure → Health is a rule)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Self


class Health(StrEnum):
    """What a user would say of it. The order of combination is `SEVERITY`."""

    UP = "up"
    SLOW = "slow"
    WAITING = "waiting"
    RESTRICTED = "restricted"
    DOWN = "down"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


# docs/method.md, "Health": down > waiting > restricted > slow > up. A maintenance page is announced trouble: milder
# than any that is not, worse than slow. Unknown is no statement about the service, hence below all.
SEVERITY: Mapping[Health, int] = {
    Health.UNKNOWN: -1,
    Health.UP: 0,
    Health.SLOW: 1,
    Health.MAINTENANCE: 2,
    Health.RESTRICTED: 3,
    Health.WAITING: 4,
    Health.DOWN: 5,
}


class Stage(StrEnum):
    """The step at which an answer failed; `ours` means that the fault is on our side of the line."""

    OURS = "ours"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    EXCHANGE = "exchange"
    CONTENT = "content"


class Failure(Enum):
    """The closed list of failures: the value is ``stage/name`` as people meet it, `code` what the database keeps.

    Codes are for ever: never reuse or renumber one, historical rows hold them.
    """

    code: int
    health: Health

    def __new__(cls, word: str, code: int, health: Health) -> Self:
        """One member from its word, its stored code and the health that it means."""
        member = object.__new__(cls)
        member._value_ = word
        member.code = code
        member.health = health
        return member

    RESOLVE_NXDOMAIN = ("resolve/nxdomain", 10, Health.DOWN)
    RESOLVE_SERVFAIL = ("resolve/servfail", 11, Health.DOWN)
    RESOLVE_TIMEOUT = ("resolve/timeout", 12, Health.DOWN)
    RESOLVE_EMPTY = ("resolve/empty", 13, Health.DOWN)
    RESOLVE_PRIVATE_ANSWER = ("resolve/private_answer", 14, Health.DOWN)
    CONNECT_REFUSED = ("connect/refused", 20, Health.DOWN)
    CONNECT_TIMEOUT = ("connect/timeout", 21, Health.DOWN)
    CONNECT_RESET = ("connect/reset", 22, Health.DOWN)
    CONNECT_UNREACHABLE = ("connect/unreachable", 23, Health.DOWN)
    TLS_EXPIRED = ("tls/expired", 30, Health.DOWN)
    TLS_NOT_YET_VALID = ("tls/not_yet_valid", 31, Health.DOWN)
    TLS_WRONG_HOST = ("tls/wrong_host", 32, Health.DOWN)
    TLS_UNTRUSTED = ("tls/untrusted", 33, Health.DOWN)
    TLS_HANDSHAKE = ("tls/handshake", 34, Health.DOWN)
    TLS_TIMEOUT = ("tls/timeout", 35, Health.DOWN)
    EXCHANGE_TIMEOUT = ("exchange/timeout", 40, Health.DOWN)
    EXCHANGE_RESET = ("exchange/reset", 41, Health.DOWN)
    EXCHANGE_TRUNCATED = ("exchange/truncated", 42, Health.DOWN)
    EXCHANGE_MALFORMED = ("exchange/malformed", 43, Health.DOWN)
    EXCHANGE_SERVER_ERROR = ("exchange/server_error", 44, Health.DOWN)
    EXCHANGE_CLIENT_ERROR = ("exchange/client_error", 45, Health.DOWN)
    EXCHANGE_REDIRECT_LOOP = ("exchange/redirect_loop", 46, Health.DOWN)
    EXCHANGE_REDIRECT_FORBIDDEN = ("exchange/redirect_forbidden", 47, Health.DOWN)
    EXCHANGE_OVERLOADED = ("exchange/overloaded", 48, Health.WAITING)
    CONTENT_WAITING_ROOM = ("content/waiting_room", 50, Health.WAITING)
    CONTENT_RESTRICTED = ("content/restricted", 51, Health.RESTRICTED)
    CONTENT_MAINTENANCE = ("content/maintenance", 52, Health.MAINTENANCE)
    CONTENT_UNEXPECTED = ("content/unexpected", 53, Health.DOWN)
    CONTENT_TOO_LARGE = ("content/too_large", 54, Health.DOWN)
    CONTENT_UNDECODABLE = ("content/undecodable", 55, Health.DOWN)
    CONTENT_SLOW = ("content/slow", 56, Health.SLOW)
    OURS_BLOCKED = ("ours/blocked", 60, Health.UNKNOWN)
    OURS_OFFLINE = ("ours/offline", 61, Health.UNKNOWN)
    OURS_POLICY = ("ours/policy", 62, Health.UNKNOWN)
    OURS_STALLED = ("ours/stalled", 63, Health.UNKNOWN)
    OURS_STORAGE = ("ours/storage", 64, Health.UNKNOWN)
    OURS_BUG = ("ours/bug", 65, Health.UNKNOWN)

    @property
    def stage(self) -> Stage:
        """The step at which it happens."""
        return Stage(self.value.split("/")[0])

    @classmethod
    def from_code(cls, code: int) -> "Failure":
        """The member that the database calls `code`. Raises KeyError for a code of a newer Vigie."""
        return _BY_CODE[code]


_BY_CODE = {failure.code: failure for failure in Failure}

# What a switched-off ("dormant") service looks like: nothing there at all. docs/method.md, "Dormant".
ABSENCES = frozenset(
    {Failure.RESOLVE_NXDOMAIN, Failure.RESOLVE_EMPTY, Failure.CONNECT_REFUSED, Failure.CONNECT_UNREACHABLE}
)


@dataclass(frozen=True, slots=True)
class Phases:
    """Where the time of an answer went; None for a phase not reached, or that the kind of probe does not have."""

    resolve: timedelta | None = None
    connect: timedelta | None = None
    tls: timedelta | None = None
    first_byte: timedelta | None = None
    transfer: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate a server showed: SHA-256 of its DER form (64 hex digits), and the end of its validity (UTC).

    `issuer`: the organisation that signed it, else that authority's common name; 64 visible characters at most, None
    where it was not read. Hostile all the same: to be escaped wherever it is shown.
    """

    fingerprint: str
    not_after: datetime
    issuer: str | None = None

    def days_left(self, at: datetime) -> int:
        """Whole days of validity left at `at`, negative once it is over."""
        return (self.not_after - at) // timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer to one probe, as measured: evidence, append-only.

    Attributes:
        probe: id of the probe.
        vantage: the place it was asked from.
        at: when the question started (aware UTC, whole microseconds).
        took: monotonic duration of the whole exchange.
        failure: None when all was well.
        phases: durations by phase.
        http_status: of the final answer, where there was one.
        address: IP address that answered (textual), where a connection was made.
        bytes_read: size of the decoded body that was read.
        detail: short words of *ours* (never text of the site), at most 120 characters.
        final_host: the host that answered in the end, where redirects led to another than the one asked.
        marker: the place in the catalogue of what decided (``waiting_room/2``, or the name of a general marker), never
            text of the site.
        certificate: what the last server of the exchange showed over TLS.
        clock_offset: the server's own `Date` minus our clock, to the second, where it gave one.
        catalogue: version (digest) of the catalogue that asked.
        excerpt: redacted visible text of the page, at most 512 characters; kept only at a change of state, and never
            part of a row of observations. Hostile all the same: to be escaped wherever it is shown.
        come_back: how long a server that makes everybody wait asked us to stay away (at most 600 s): so long its answer
            speaks. Part of no row.
    """

    probe: str
    vantage: str
    at: datetime
    took: timedelta
    failure: Failure | None = None
    phases: Phases = field(default_factory=Phases)
    http_status: int | None = None
    address: str | None = None
    bytes_read: int | None = None
    detail: str = ""
    final_host: str | None = None
    marker: str | None = None
    certificate: Certificate | None = None
    clock_offset: timedelta | None = None
    catalogue: str = ""
    excerpt: str | None = None
    come_back: timedelta | None = None

    @property
    def family(self) -> int | None:
        """4 or 6: the IP version of `address`."""
        return None if self.address is None else 6 if ":" in self.address else 4

    @property
    def about_our_line(self) -> bool:
        """Whether a canary's answer says anything of our line: our own stalls and policies, or a refusal, do not."""
        return self.failure is None or self.failure.stage is not Stage.OURS or self.failure is Failure.OURS_OFFLINE

    @property
    def health(self) -> Health:
        """What this single answer says, before any confirmation."""
        return Health.UP if self.failure is None else self.failure.health
