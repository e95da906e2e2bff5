"""What a column of an export is: its key for machines, its title for people, its type and unit.

A row is a tuple of values under its columns, None where nothing is known; which values, `Kind` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.config.problem import typeset

Row = Sequence[object]
LANGUAGES = ("fr", "en")


class Kind(StrEnum):
    """How a value is kept in a row."""

    TEXT = "text"  # str
    WORDS = "words"  # tuple of str, without spaces in them unless the column says so
    WHOLE = "whole"  # int
    TRUTH = "truth"  # bool
    SHARE = "share"  # float of 0..1
    SECONDS = "seconds"  # float
    MILLISECONDS = "milliseconds"  # int, of microseconds
    INSTANT = "instant"  # int, microseconds since 1970 UTC


UNITS: Mapping[Kind, str] = {Kind.SECONDS: "s", Kind.MILLISECONDS: "ms", Kind.SHARE: "1"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: stable English name, in JSON, Parquet and the raw CSV.
        titles, abouts: by language, what people read above the column, and what it holds.
        unit: of its numbers; None for what has none.
        words: by language, what people read instead of a text that is one of a closed list; machines read the text.
    """

    key: str
    kind: Kind
    titles: Mapping[str, str]
    abouts: Mapping[str, str]
    unit: str | None
    words: Mapping[str, Mapping[str, str]] | None = None


def column(
    key: str,
    kind: Kind,
    titles: tuple[str, str],
    abouts: tuple[str, str],
    unit: str | None = None,
    *,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> Column:
    """A column; titles and descriptions in the order of `LANGUAGES`, its unit by its kind unless given."""
    called, said = (dict(zip(LANGUAGES, (typeset(pair[0]), pair[1]), strict=True)) for pair in (titles, abouts))
    return Column(key, kind, called, said, unit or UNITS.get(kind), words)
