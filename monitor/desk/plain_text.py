"""Text that people write for everybody to read: plain, short, and without anything that a reader cannot see."""

import unicodedata
from collections.abc import Iterator

from monitor.domain.announcement import AnnouncementKind

LONGEST_AUTHOR = 80
LONGEST_REASON = 200
LONGEST_TEXT = {
    AnnouncementKind.ANNOUNCEMENT: 2_000,
    AnnouncementKind.STATEMENT: 2_000,
    AnnouncementKind.POSTMORTEM: 20_000,
}

# Controls, directions and what joins or hides (Cf), surrogates, private and unassigned characters, ends of lines and
# paragraphs: in a page, a feed or a terminal they could say something else than what was read and approved.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def tidy(text: str) -> str:
    """`text` with one line end for those of every system, and nothing empty around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def text_faults(where: str, text: str, longest: int, *, lines: bool = False) -> Iterator[str]:
    """What is wrong with a tidy text, one French sentence each, none if it is fine.

    `where` is what the sentences call it, `longest` its most characters; `lines`: it may have several.
    """
    if not text:
        yield f"{where}\u00a0: rien n’est écrit. Écrivez-le."
    if len(text) > longest:
        yield f"{where}\u00a0: {len(text)} caractères, {longest} au plus. Raccourcissez-le."
    unseen = [(place, char) for place, char in enumerate(text, 1) if _unseen(char, lines=lines)]
    if unseen:
        place, char = unseen[0]
        what = "le texte doit tenir sur une ligne" if char == "\n" else f"caractère invisible U+{ord(char):04X}"
        more = f" (et {len(unseen) - 1} autres)" if len(unseen) > 1 else ""
        yield f"{where}\u00a0: {what}, à la position {place}{more}. Retirez-le\u00a0: seul du texte simple est accepté."


def _unseen(char: str, *, lines: bool) -> bool:
    return unicodedata.category(char) in _UNSEEN and not (lines and char == "\n")
