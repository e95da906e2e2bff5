"""XLSX: one sheet that people read, and one that says what it is. Nothing in it can run."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from monitor.exports.about import About, facts
from monitor.exports.cells import paris_time, spelt
from monitor.exports.columns import Column, Kind, Row
from monitor.exports.tables import TITLES

MOST_ROWS = 1_048_575  # of a sheet, its head left out
_FORMATS = {
    Kind.INSTANT: "dd/mm/yyyy hh:mm:ss",
    Kind.MILLISECONDS: "#,##0.000",
    Kind.SECONDS: "#,##0",
    Kind.SHARE: "0.000%",
    Kind.WHOLE: "0",
}
_WIDTHS = {Kind.INSTANT: 19, Kind.TEXT: 20, Kind.WORDS: 30}
_NARROW = 13
_LONGEST = 32_000  # of a cell, below the 32,767 that the format allows
Put = Callable[[Sequence[Row]], None]


class TooManyRows(ValueError):  # noqa: N818 - named for what it says
    """More rows than a sheet holds."""

    def __init__(self) -> None:
        super().__init__(
            "Plus de 1\u202f048\u202f575 lignes\u00a0: une feuille de classeur n’en contient pas davantage. Ajoutez "
            "--split month ou --split day pour un classeur par mois ou par jour, ou choisissez --format csv ou parquet."
        )


@contextmanager
def workbook_writer(file: BinaryIO, about: About, language: str) -> Iterator[Put]:
    """Rows under titles of people, dates in the time of Paris. Raises TooManyRows, OSError."""
    # Rows wait on the disk beside the file: where there is room for it there is room for them.
    name = getattr(file, "name", None)
    beside = name.parent if isinstance(name, Path) else None
    with tempfile.TemporaryDirectory(prefix=".vigie-", dir=beside) as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "use_zip64": True,
        }
        book = xlsxwriter.Workbook(file, options)
        # Otherwise two files of the same rows would differ by when they were made.
        book.set_properties({"created": about.made_at.replace(tzinfo=None), "title": about.title(language)})
        sheet = _headed(book, about, language)
        cells = [_cell_of(book, sheet, one, language) for one in about.columns]
        last = 0

        def put(rows: Sequence[Row]) -> None:
            nonlocal last
            if last + len(rows) > MOST_ROWS:
                raise TooManyRows
            for row in rows:
                last += 1
                for place, (write, value) in enumerate(zip(cells, row, strict=True)):
                    if value is not None:
                        write(last, place, value)

        yield put
        sheet.autofilter(0, 0, last, len(about.columns) - 1)
        _method(book, about, language)
        try:
            book.close()
        except FileCreateError as trouble:
            raise trouble.args[0] from None


def _headed(book: Any, about: About, language: str) -> Any:
    sheet = book.add_worksheet(TITLES[about.what][language])
    for place, one in enumerate(about.columns):
        sheet.set_column(place, place, _width(one, language))
    sheet.freeze_panes(1, 0)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for place, one in enumerate(about.columns):
        sheet.write_string(0, place, one.titles[language], head)
    return sheet


def _width(one: Column, language: str) -> int:
    return max(_WIDTHS.get(one.kind, _NARROW), min(len(one.titles[language]) + 2, 30))


def _cell_of(book: Any, sheet: Any, one: Column, language: str) -> Callable[[int, int, Any], None]:
    """What writes a cell of a column: by the type of the column, never by what a text looks like."""
    shown = book.add_format({"num_format": _FORMATS[one.kind]}) if one.kind in _FORMATS else None
    truths = {"fr": ("non", "oui"), "en": ("no", "yes")}[language]
    ways: Mapping[Kind, Callable[[int, int, Any], None]] = {
        Kind.INSTANT: lambda row, place, value: sheet.write_datetime(row, place, _wall(value), shown),
        Kind.MILLISECONDS: lambda row, place, value: sheet.write_number(row, place, value / 1000, shown),
        Kind.TRUTH: lambda row, place, value: sheet.write_string(row, place, truths[value]),
        Kind.WORDS: lambda row, place, value: sheet.write_string(row, place, spelt(" ".join(value))[:_LONGEST]),
        Kind.TEXT: lambda row, place, value: sheet.write_string(row, place, spelt(value)[:_LONGEST]),
    }
    return ways.get(one.kind, lambda row, place, value: sheet.write_number(row, place, value, shown))


def _wall(us: int) -> datetime:
    """What a clock in Paris showed: a workbook knows no zone."""
    return paris_time(us).replace(tzinfo=None)


def _method(book: Any, about: About, language: str) -> None:
    sheet = book.add_worksheet("Méthode" if language == "fr" else "Method")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    said = facts(about, language)
    columns = [(one.titles[language], f"{one.key}\u00a0: {one.abouts[language]}") for one in about.columns]
    for row, (title, words) in enumerate([*said, ("", ""), *columns]):
        sheet.write_string(row, 0, title, bold)
        sheet.write_string(row, 1, spelt(words), wrapped)
