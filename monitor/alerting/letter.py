"""What is sent in the end: one line and plain text, signed."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.alerting.clean import clean
from monitor.alerting.words import Words


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
    return Letter(title, "\n\n".join([*body, words.signature]) + "\n")
