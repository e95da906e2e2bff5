"""A CSV as people's spreadsheets write it: its text, its separator, its titles."""

from collections.abc import Collection

_SEPARATORS = (",", ";", "\t")


def text_of(raw: bytes) -> str:
    """UTF-8 with or without its mark, else what a French spreadsheet writes. Raises UnicodeDecodeError."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def titles(cells: list[str]) -> list[str]:
    """The names of columns, in small letters."""
    return [cell.strip().strip('"').lower() for cell in cells]


def separator_of(text: str, columns: Collection[str]) -> str:
    """What parts the cells of the first line: whatever finds most of the columns there."""
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=lambda one: len(set(titles(first.split(one))) & set(columns)))
