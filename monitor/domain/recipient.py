"""Official contacts of schools: what an address must look like, and what a list of them changes in what is kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

LANGUAGES = ("fr", "en")
LONGEST_NAME = 200
_LONGEST_EMAIL, _LONGEST_LOCAL = 254, 64  # RFC 5321, 4.5.3.1: a path of 256 less its angle brackets

# RFC 5322, 3.2.3, without quoted local parts (no school has one) and without the backtick. The first sign is a letter,
# a digit or `_`: nothing that a spreadsheet takes for a formula, nor a mail program for an option.
_LOCAL = re.compile(r"[a-z0-9_][a-z0-9!#$%&'*+/=?^_{|}~-]*(?:\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:xn--[a-z0-9-]{0,58}[a-z0-9]|[a-z]{2,63})")
# International, or as dialled in France and its islands; six digits in New Caledonia, eight in French Polynesia.
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}|0[1-9][0-9]{8}|[2-9][0-9]{5}|[48][0-9]{7}")
_BETWEEN_DIGITS = re.compile(r"[ .()\u00a0\u202f-]")
_DIALLED_WITH_0 = ("+33", "+262", "+508", "+590", "+594", "+596")
_FORMULA = frozenset("=+-@")


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of a list: an official contact of a school, as `Recipient` keeps it.

    `language`: None where the list does not say; then what is kept stays, French where nothing is.
    """

    uai: str
    name: str
    email: str
    phone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may be told about a school, kept in the desk: one for each school and e-mail address.

    Attributes:
        email, phone: in the form of `email_of`, `phone_of`. Personal: to be masked wherever they need not be seen.
        added_at, changed_at: when they came, and when anything of them last changed (aware UTC).
    """

    id: str
    uai: str
    name: str
    email: str
    phone: str | None
    language: str
    added_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A recipient as kept, and as a list would have them."""

    before: Recipient
    after: Recipient


@dataclass(frozen=True, slots=True)
class Merge:
    """What a list changes. Nobody leaves by being absent from it: a list may be one département's only."""

    added: tuple[Contact, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Recipient, ...]
    absent: tuple[Recipient, ...]


def email_of(text: str) -> str | None:
    """An e-mail address in small letters, as it is compared and kept; None for anything else.

    The part before the @ may tell capitals apart (RFC 5321, 2.4); no mailbox of a school does, and two rows that differ
    by a capital would be told everything twice.
    """
    if not text.isascii():  # before lower(): of the sign of Kelvin it makes a plain k
        return None
    email = text.lower()
    local, _, domain = email.partition("@")
    fits = len(email) <= _LONGEST_EMAIL and len(local) <= _LONGEST_LOCAL
    return email if fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else None


def phone_of(text: str) -> str | None:
    """A telephone number as its digits, with + where it is international; None for anything else."""
    digits = _BETWEEN_DIGITS.sub("", text.replace("(0)", ""))
    phone = f"+{digits[2:]}" if digits.startswith("00") else digits
    return phone if _PHONE.fullmatch(phone) else None


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would compute a cell that holds this text."""
    return text[:1] in _FORMULA


def masked_email(email: str) -> str:
    """Enough of an address for whoever knows it to recognise it: ``ce.0590001f@ac-lille.fr`` → ``c…@ac-lille.fr``."""
    _, _, domain = email.partition("@")
    return f"{email[:1]}…@{domain}"


def masked_phone(phone: str) -> str:
    """The last two digits of a number."""
    return f"…{phone[-2:]}"


def same_phone(one: str, other: str) -> bool:
    """Whether two numbers (see `phone_of`) reach the same telephone: ``0320000000`` is ``+33320000000``."""
    if one.startswith("+"):
        one, other = other, one
    return one == other or (one.startswith("0") and other in {f"{code}{one[1:]}" for code in _DIALLED_WITH_0})


def concerned(recipients: Iterable[Recipient], what: str) -> tuple[Recipient, ...]:
    """Those that an id, an e-mail address or a telephone number names."""
    what = what.strip()
    email, phone = email_of(what), phone_of(what)
    return tuple(
        one
        for one in recipients
        if one.id == what
        or one.email == email
        or (phone is not None and one.phone is not None and same_phone(phone, one.phone))
    )


def merge(known: Iterable[Recipient], contacts: Iterable[Contact]) -> Merge:
    """What a list of contacts, each school and address once, changes among the recipients that are known."""
    left = {(one.uai, one.email): one for one in known}
    added: list[Contact] = []
    changed: list[Change] = []
    unchanged: list[Recipient] = []
    for contact in contacts:
        before = left.pop((contact.uai, contact.email), None)
        if before is None:
            added.append(contact)
            continue
        language = contact.language or before.language
        after = replace(before, name=contact.name, phone=contact.phone, language=language)
        if after == before:
            unchanged.append(before)
        else:
            changed.append(Change(before, after))
    return Merge(tuple(added), tuple(changed), tuple(unchanged), tuple(left.values()))
