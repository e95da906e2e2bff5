"""What is sent in the end: one line and plain text, signed."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.alerting.clean import clean
from monitor.alerting.words import Words
from monitor.domain.recipient import looks_like_formula

BULLET = "- "  # ours, before a line of a list


@dataclass(frozen=True, slots=True)
class Letter:
    """One line of at most 120 characters (60 for a head of school), and plain text."""

    title: str
    body: str


def sealed(words: Words, title: str, lines: Iterable[str], rehearsal: str | None) -> Letter:
    """A letter of these paragraphs, signed, and marked where it is a rehearsal's."""
    body = list(lines)
    if rehearsal:
        title = words.rehearsal.format(title=title)
        body.insert(0, words.rehearsal_note.format(name=clean(rehearsal)))
    text = "\n\n".join([*body, words.signature])
    return Letter(title, "\n".join(_as_text(line) for line in text.split("\n")) + "\n")


def _as_text(line: str) -> str:
    """A line that begins with a name somebody chose: no spreadsheet that it is put into may compute it."""
    return f"'{line}" if looks_like_formula(line) and not line.startswith(BULLET) else line
