"""From the words of JSON to values."""

from datetime import UTC, datetime

from monitor.domain.observation import Failure


def instant(text: str) -> datetime:
    """An RFC 3339 instant as aware UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def maybe_instant(text: str | None) -> datetime | None:
    """The same where null is allowed."""
    return None if text is None else instant(text)


def maybe_failure(word: str | None) -> Failure | None:
    """A failure by its word, None where there is none."""
    return None if word is None else Failure(word)  # type: ignore[call-arg]  # by value; mypy reads __new__
