"""What a column of an export is: its key for machines, its title for people, its type and unit.

A row is a tuple of values under its columns, None where nothing is known; which values, `Kind` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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
        hostile: whether its texts come from a probed site.
    """

    key: str
    kind: Kind
    titles: Mapping[str, str]
    abouts: Mapping[str, str]
    unit: str | None
    hostile: bool = False


def column(
    key: str,
    kind: Kind,
    titles: tuple[str, str],
    abouts: tuple[str, str],
    unit: str | None = None,
    *,
    hostile: bool = False,
) -> Column:
    """A column; titles and descriptions in the order of `LANGUAGES`, its unit by its kind unless given."""
    french, english = (dict(zip(LANGUAGES, pair, strict=True)) for pair in (titles, abouts))
    return Column(key, kind, french, english, unit or UNITS.get(kind), hostile)
