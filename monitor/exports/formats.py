"""The formats of an export: what each is called, and its writer. A writer takes rows some at a time and keeps none."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from monitor.exports.about import About
from monitor.exports.columnar import parquet_writer
from monitor.exports.columns import Row
from monitor.exports.lines import json_writer, people_writer, raw_writer
from monitor.exports.workbook import workbook_writer

Put = Callable[[Sequence[Row]], None]


class Format(StrEnum):
    """In which format data are written."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Dress:
    """How rows are written: `raw` is of CSV alone, `language` of what is for people (CSV and XLSX)."""

    format: Format
    raw: bool = False
    language: str = "fr"

    @property
    def appendable(self) -> bool:
        """Whether a file that was cut after some rows can go on."""
        return self.format in {Format.CSV, Format.JSON}

    @property
    def for_people(self) -> bool:
        """Whether its titles and texts are those of people."""
        return self.format is Format.XLSX or (self.format is Format.CSV and not self.raw)

    @property
    def harmless(self) -> bool:
        """Whether a terminal can show it: binary files and the very texts of a probed site are not for its eyes."""
        return self.format is Format.JSON or (self.format is Format.CSV and not self.raw)


def writer(file: BinaryIO, about: About, dress: Dress, *, begun: bool = False) -> AbstractContextManager[Put]:
    """A context that gives `put(rows)`; at its end the file is whole, though neither flushed nor closed.

    `begun`: the file holds rows already (an appendable one only). Raises OSError, and TooManyRows of a workbook.
    """
    if dress.format is Format.CSV and dress.raw:
        return raw_writer(file, about.columns, begun=begun)
    return _WRITERS[dress.format](file, about, dress, begun)


_Writer = Callable[[BinaryIO, About, Dress, bool], AbstractContextManager[Put]]
_WRITERS: Mapping[Format, _Writer] = {
    Format.CSV: lambda file, about, dress, begun: people_writer(file, about.columns, dress.language, begun=begun),
    Format.JSON: lambda file, about, _, __: json_writer(file, about.columns),
    Format.PARQUET: lambda file, about, _, __: parquet_writer(file, about),
    Format.XLSX: lambda file, about, dress, _: workbook_writer(file, about, dress.language),
}
