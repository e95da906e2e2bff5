"""The formats of an export: what each is called, and its writer. A writer takes rows some at a time and keeps none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from gzip import GzipFile
from typing import BinaryIO, cast

from monitor.exports.about import About
from monitor.exports.columns import Row
from monitor.exports.lines import json_writer, people_writer, raw_writer

Put = Callable[[Sequence[Row]], None]


class Format(StrEnum):
    """In which format data are written."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Dress:
    """How rows are written: `raw` is of CSV alone, `language` of what is for people (CSV and XLSX).

    `gzip`: the whole file is packed, as nightly dumps of CSV are.
    """

    format: Format
    raw: bool = False
    language: str = "fr"
    gzip: bool = False

    @property
    def ending(self) -> str:
        """How the name of such a file ends, without its first dot."""
        return f"{self.format}.gz" if self.gzip else self.format.value

    @property
    def appendable(self) -> bool:
        """Whether a file that was cut after some rows can go on."""
        return self.format in {Format.CSV, Format.JSON} and not self.gzip

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
    if dress.gzip:
        return _packed(file, about, replace(dress, gzip=False))
    if dress.format is Format.CSV and dress.raw:
        return raw_writer(file, about.columns, begun=begun)
    return _WRITERS[dress.format](file, about, dress, begun)


@contextmanager
def _packed(file: BinaryIO, about: About, dress: Dress) -> Iterator[Put]:
    """The same rows give the same bytes: neither a name nor an hour stands in the file."""
    with (
        GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed,
        # What a GzipFile is, its types do not say: it has all of a binary file that a writer uses.
        writer(cast("BinaryIO", packed), about, dress) as put,
    ):
        yield put


# Loaded where they are used: every command knows of formats, and pyarrow takes some 60 MB.


def _parquet(file: BinaryIO, about: About) -> AbstractContextManager[Put]:
    from monitor.exports.columnar import parquet_writer  # noqa: PLC0415

    return parquet_writer(file, about)


def _workbook(file: BinaryIO, about: About, language: str) -> AbstractContextManager[Put]:
    from monitor.exports.workbook import workbook_writer  # noqa: PLC0415

    return workbook_writer(file, about, language)


_Writer = Callable[[BinaryIO, About, Dress, bool], AbstractContextManager[Put]]
_WRITERS: Mapping[Format, _Writer] = {
    Format.CSV: lambda file, about, dress, begun: people_writer(file, about.columns, dress.language, begun=begun),
    Format.JSON: lambda file, about, _, __: json_writer(file, about.columns),
    Format.PARQUET: lambda file, about, _, __: _parquet(file, about),
    Format.XLSX: lambda file, about, dress, _: _workbook(file, about, dress.language),
}
