"""What is wrong with a catalogue, in words that a French administrator can act on."""

import re
from dataclasses import dataclass
from pathlib import Path

Loc = tuple[str | int, ...]

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place of the file. `line` is set only where the place cannot tell it."""

    loc: Loc
    what: str
    mend: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of the catalogue.

    Attributes:
        line: line of the file, counted from 1; None when the file as a whole is meant.
        where: dotted path in the file, such as ``services[3].probes.login.url``; empty for the file as a whole.
        what: what is wrong, in French. mend: what would be right, in French.
    """

    line: int | None
    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        """One line for the terminal."""
        place = " · ".join(part for part in (f"ligne {self.line}" if self.line else "", self.where) if part)
        return f"{place or 'fichier'} — {self.what} → {self.mend}"


class CatalogInvalid(Exception):  # noqa: N818 - named for what it says, not for what it is
    """The catalogue cannot be used; `problems` holds every error of the file, sorted by line."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = problems
        super().__init__(path, problems)

    def __str__(self) -> str:
        """The whole message, in French, one error a line."""
        count = f"{len(self.problems)} erreur{'s' if len(self.problems) > 1 else ''}"
        return "\n".join([typeset(f"{self.path} : {count}"), *(f"  {problem}" for problem in self.problems)])


def dotted(loc: Loc) -> str:
    """``("services", 3, "url")`` as people write it: ``services[3].url``."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def quoted(value: object) -> str:
    """A value of the file between French quotes. Addresses are not repeated: one of them may hold a secret."""
    text = str(value)
    if "://" in text or "@" in text:
        return "« (adresse) »"
    return f"« {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'} »"


def typeset(text: str) -> str:
    """French spaces that do not break, so that messages can be written plainly in the code."""
    text = text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return re.sub(r" (?=[;!?](?:\s|$))", "\u202f", re.sub(r" (?=:(?:\s|$))", "\u00a0", text))
