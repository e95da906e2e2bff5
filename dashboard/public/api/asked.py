"""What a question may say: its parameters as data, read strictly. Every fault of a question is said at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dashboard.dates import PARIS

FIRST_YEAR, LAST_YEAR = 2000, 2100
PAGE_MOST = 10_000
PER_PAGE_MOST = 500
INSTANT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$"
CURSOR = r"^\d{1,17}-\d{1,3}$"
ID = r"^[A-Za-z0-9:._/-]{1,120}$"
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NEVER_INSTANT = (
    "«\u00a0{name}\u00a0» n’est pas une date\u00a0: écrivez 2026-11-24 (jour de Paris) ou 2026-11-24T08:00:00Z."
)


class NotSoError(Exception):
    """A question that is not answered: the code of HTTP, and one French text for whoever asked."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `schema` is its JSON schema; `read` gives its value or raises ValueError with a sentence."""

    name: str
    says: str
    schema: Mapping[str, Any]
    read: Callable[[str, str], Any]
    default: Any = None


def read(items: Sequence[tuple[str, str]], parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The values of a question by name, defaults included. Raises NotSoError (422) with every fault."""
    known = {one.name: one for one in parameters}
    found: dict[str, Any] = {one.name: one.default for one in parameters}
    faults: list[str] = []
    given = [name for name, _ in items]
    if unknown := set(given) - set(known):
        faults.append(_unknown(len(unknown), list(known)))
    for name, text in items:
        if name not in known:
            continue
        if given.count(name) > 1:
            faults.append(f"«\u00a0{name}\u00a0» est écrit plusieurs fois\u00a0: une seule suffit.")
            continue
        try:
            found[name] = known[name].read(name, text)
        except ValueError as fault:
            faults.append(str(fault))
    if faults:
        raise NotSoError(422, " ".join(dict.fromkeys(faults)))
    return found


def _unknown(count: int, known: list[str]) -> str:
    """Names that are not known are not repeated: anybody may have written them into a link."""
    what = "Un paramètre n’est pas connu" if count == 1 else f"{count}\u00a0paramètres ne sont pas connus"
    return (
        f"{what}. Cette adresse prend {', '.join(known)}." if known else f"{what}\u00a0: cette adresse n’en prend pas."
    )


def whole(name: str, says: str, default: int, most: int) -> Parameter:
    """A whole number from 1 on."""

    def number(name: str, text: str) -> int:
        if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= most:
            raise ValueError(f"«\u00a0{name}\u00a0» doit être un nombre entier de 1 à {most}.")
        return int(text)

    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter(name, says, schema, number, default)


def choice(name: str, says: str, words: Sequence[str], default: str | None = None) -> Parameter:
    """One of a few words."""

    def word(name: str, text: str) -> str:
        if text not in words:
            raise ValueError(f"«\u00a0{name}\u00a0» est l’un de\u00a0: {', '.join(words)}.")
        return text

    schema = {"type": "string", "enum": list(words)} | ({} if default is None else {"default": default})
    return Parameter(name, says, schema, word, default)


def name_of(name: str, says: str) -> Parameter:
    """An identifier, as other answers give it."""
    return Parameter(name, says, {"type": "string", "pattern": ID}, lambda named, text: _matching(named, text, ID))


def cursor(name: str, says: str) -> Parameter:
    """Where a page of answers ended."""
    return Parameter(
        name, says, {"type": "string", "pattern": CURSOR}, lambda named, text: _matching(named, text, CURSOR)
    )


def moment(name: str, says: str) -> Parameter:
    """A day of Paris, or an instant with its offset."""
    return Parameter(name, says, {"type": "string", "pattern": INSTANT}, _instant)


def _matching(name: str, text: str, pattern: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(f"«\u00a0{name}\u00a0» n’est pas écrit comme Vigie l’écrit.")
    return text


def _instant(name: str, text: str) -> datetime:
    never = _NEVER_INSTANT.format(name=name)
    if not re.fullmatch(INSTANT, text, re.ASCII):
        raise ValueError(never)
    try:
        found = datetime.fromisoformat(text)
        at = (found if found.tzinfo else found.replace(tzinfo=PARIS)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(never) from None
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        raise ValueError(f"«\u00a0{name}\u00a0» doit être entre l’an {FIRST_YEAR} et l’an {LAST_YEAR}.")
    return at


def period(since: datetime, until: datetime, most_days: int, hours_more: int = 0) -> None:
    """Raises NotSoError (422) for a period that is turned round, empty or too long."""
    if since >= until:
        raise NotSoError(
            422,
            "«\u00a0from\u00a0» doit venir avant «\u00a0to\u00a0», qui n’est pas compris.",
        )
    if (until - since).total_seconds() > (most_days * 24 + hours_more) * 3600:
        days = f"{most_days}\u00a0jours" if most_days > 1 else "un jour"
        raise NotSoError(422, f"La période demandée est trop longue\u00a0: {days} au plus.")
