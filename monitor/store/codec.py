"""From domain words to columns and back: instants, durations, failures, healths, texts."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from monitor.domain.gap import Excuse
from monitor.domain.observation import Failure
from monitor.store.errors import DatabaseNewer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_US = 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)
# What four bytes hold. Longer durations (35 min 47 s) or bigger bodies are kept as this: one row must not sink a batch.
MOST = 2**31 - 1

Word = TypeVar("Word", bound=StrEnum)


def micros(at: datetime) -> int:
    """Microseconds since 1970 UTC. Raises TypeError for a naive instant."""
    since = at - EPOCH
    return since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds


def instant(us: int) -> datetime:
    """The aware UTC instant of `micros`."""
    return EPOCH + timedelta(microseconds=us)


def maybe_micros(at: datetime | None) -> int | None:
    """As `micros`; None stays None."""
    return None if at is None else micros(at)


def maybe_instant(us: int | None) -> datetime | None:
    """As `instant`; None stays None."""
    return None if us is None else instant(us)


def duration_us(took: timedelta | None) -> int | None:
    """Whole microseconds, at most `MOST`; None stays None."""
    if took is None:
        return None
    us = took // _MICROSECOND
    return us if us < MOST else MOST  # noqa: FURB136 -- min() costs as much as all the rest, six times a row


def code_of(failure: Failure | None) -> int | None:
    """What the database keeps of a failure."""
    return None if failure is None else failure.code


def failure_of(code: int | None) -> Failure | None:
    """The failure of a stored code. Raises DatabaseNewer for a code that only a newer Vigie knows."""
    if code is None:
        return None
    try:
        return Failure.from_code(code)
    except KeyError:
        raise newer(f"échec n° {code}") from None


def excuse_of(code: int) -> Excuse:
    """The excuse of a stored code. Raises DatabaseNewer for a code that only a newer Vigie knows."""
    try:
        return Excuse.from_code(code)
    except KeyError:
        raise newer(f"motif n° {code}") from None


def word_of(words: type[Word], text: str) -> Word:
    """The member that a stored word names. Raises DatabaseNewer for a word that only a newer Vigie knows."""
    try:
        return words(text)
    except ValueError:
        raise newer(f"« {text} »") from None


def clean(text: str) -> str:
    """`text` without what a database cannot hold: NUL (PostgreSQL) and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def newer(what: str) -> DatabaseNewer:
    """What to raise for a word that only a newer Vigie knows."""
    return DatabaseNewer(
        f"La base contient un mot inconnu de cette version de Vigie ({what}) : elle a été écrite par une version plus "
        "récente. Mettez Vigie à jour."
    )
