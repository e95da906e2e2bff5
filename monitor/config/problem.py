"""What is wrong with a catalogue, in words that a French administrator can act on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Loc = tuple[str | int, ...]

_SHOWN = 60
_UNSHOWN = "(non répété)"
_ADDRESS = re.compile(r"://|[A-Za-z][A-Za-z0-9+.-]+:[^\s:]")  # a scheme is longer than the letter of a territory
_KEY = re.compile(r"(?=[A-Za-z_+/=-]*[0-9])[A-Za-z0-9_+/=]{16,}")  # letters and digits without a break


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


class FileInvalid(ValueError):  # noqa: N818 - as CatalogInvalid
    """A file that was imported cannot be read; `problems` holds every error, in French, with its place and its mend."""

    def __init__(self, name: str, problems: Iterable[str]) -> None:
        self.problems = tuple(typeset(problem) for problem in problems)
        count = f"{len(self.problems)} erreur{'s' if len(self.problems) > 1 else ''}"
        super().__init__("\n".join([typeset(f"{name} : {count}"), *(f"  {problem}" for problem in self.problems)]))


def dotted(loc: Loc) -> str:
    """``("services", 3, "url")`` as people write it: ``services[3].url``."""
    text = ""
    for part in loc:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = _UNSHOWN if _may_be_secret(part) or not part.isprintable() else part
            text += f".{name}" if text else name
    return text


def quoted(value: object) -> str:
    """A value of the file between French quotes. What looks like an address or a key is not repeated."""
    text = str(value)
    if _may_be_secret(text) or not text.isprintable():
        return f"« {_UNSHOWN} »"
    return f"« {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'} »"


def _may_be_secret(text: str) -> bool:
    return "@" in text or _ADDRESS.search(text) is not None or _KEY.search(text) is not None


def typeset(text: str) -> str:
    """French spaces that do not break, so that messages can be written plainly in the code."""
    text = text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return re.sub(r" (?=[;!?](?:\s|$))", "\u202f", re.sub(r" (?=:(?:\s|$))", "\u00a0", text))
