"""Hostile texts in every format, read back by what people use: csv, the XML of a workbook, pyarrow, DuckDB."""

import csv
import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pyarrow.parquet as pq
import pytest

from monitor.domain.record import KEYS, cells
from monitor.exports import workbook
from monitor.exports.cells import unguarded, unspelt
from monitor.exports.formats import Dress, Format, writer
from monitor.exports.tables import OBSERVATIONS, TABLES, What
from monitor.exports.workbook import TooManyRows
from tests.exports.conftest import HOSTILE, about_of, record

RAW, PEOPLE = Dress(Format.CSV, raw=True), Dress(Format.CSV)
PLACES = [KEYS.index(key) for key in ("final_host", "marker", "detail", "issuer")]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_the_columns_of_observations_are_those_of_the_record() -> None:
    assert tuple(one.key for one in OBSERVATIONS) == KEYS


def test_raw_csv_is_the_cells_of_the_record_exactly(written, hostile) -> None:
    data = written(RAW, hostile)
    assert data.startswith(b"at,vantage,")
    head, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    assert tuple(head) == KEYS
    assert [tuple(row) for row in rows] == [cells(one) for one in hostile]
    assert gzip.decompress(written(Dress(Format.CSV, raw=True, gzip=True), hostile)) == data


def test_csv_for_people_opens_in_a_french_spreadsheet(written, hostile) -> None:
    data = written(PEOPLE, hostile)
    assert data.startswith(b"\xef\xbb\xbfInstant;")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert head == [one.titles["fr"] for one in OBSERVATIONS]
    assert data.count(b"\n") == len(hostile) + 1, "one line a row, whatever stands in it"
    for text, row in zip(HOSTILE, rows, strict=True):
        assert {unguarded(row[place]) for place in PLACES} == {text}
        assert not any(row[place][0] in "=+-@\t\r" for place in PLACES)
    assert (rows[3][0], rows[3][4], rows[3][6]) == ("2021-04-06 08:00:03", "en panne", "118,100")


def test_csv_for_people_in_english(written, hostile) -> None:
    data = written(Dress(Format.CSV, language="en"), hostile[:1]).decode("utf-8-sig")
    assert data.startswith("Instant,Vantage,")
    assert ",118.100," in data


def test_json_lines_are_exact(written, hostile) -> None:
    lines = written(Dress(Format.JSON), hostile).decode().splitlines()
    found = [json.loads(line) for line in lines]
    assert [tuple(one) for one in found] == [KEYS] * len(hostile)
    assert [one["detail"] for one in found] == list(HOSTILE)
    assert (found[0]["took_ms"], found[0]["failure"], found[1]["clock_offset_s"]) == (118.1, None, -1)


def test_parquet_is_exact_and_typed(written, hostile, tmp_path: Path) -> None:
    path = tmp_path / "observations.parquet"
    path.write_bytes(written(Dress(Format.PARQUET), hostile))
    table = pq.read_table(path)
    assert table.column("detail").to_pylist() == list(HOSTILE)
    assert str(table.schema.field("at").type) == "timestamp[us, tz=UTC]"
    assert json.loads(table.schema.metadata[b"vigie"])["licence"] == "etalab-2.0"
    assert table.schema.field("took_ms").metadata[b"unit"] == b"ms"


def test_duckdb_reads_the_same_of_every_format_for_machines(written, hostile, tmp_path: Path) -> None:
    asked = 'SELECT detail, epoch_us("at"::TIMESTAMPTZ), took_ms::DOUBLE, clock_offset_s::BIGINT FROM {} ORDER BY "at"'
    readers = {
        Format.CSV: "read_csv('{}', header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')",
        Format.JSON: "read_json('{}', format = 'newline_delimited')",
        Format.PARQUET: "'{}'",
    }
    expected = [(one.detail, one.at, 118.1, one.clock_offset_s) for one in hostile]
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        for shape, reader in readers.items():
            path = tmp_path / f"observations.{shape}"
            path.write_bytes(written(Dress(shape, raw=shape is Format.CSV), hostile))
            assert engine.execute(asked.format(reader.format(path))).fetchall() == expected, shape


def test_a_workbook_holds_texts_numbers_and_dates_and_never_a_formula(written, hostile) -> None:
    data = written(Dress(Format.XLSX), hostile)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = book.namelist()
        sheet, method = (book.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2))
        styles = book.read("xl/styles.xml").decode()
    assert not [name for name in names if "vba" in name or "external" in name.lower() or "sharedStrings" in name]
    rows = ET.fromstring(sheet).findall(f"{SHEET}sheetData/{SHEET}row")
    assert b"<f" not in sheet
    assert b"hyperlink" not in sheet
    assert b'state="frozen"' in sheet
    assert "dd/mm/yyyy hh:mm:ss" in styles
    texts = [unspelt(_unescaped(_text(row, "R"))) for row in rows[1:]]
    assert texts == [text[:32_000] for text in HOSTILE]
    first = {cell.get("r"): cell for cell in rows[1]}
    assert float(first["A2"].find(f"{SHEET}v").text) == pytest.approx(44292 + 8 / 24)
    assert (first["G2"].get("t"), float(first["G2"].find(f"{SHEET}v").text)) == (None, 118.1)
    said = "".join(ET.fromstring(method).itertext())
    for words in ("Licence Ouverte", "version 1", "06", "Une ligne par question posée", "Vigie 1.2.3"):
        assert words in said


def _text(row: ET.Element, column: str) -> str:
    [cell] = [one for one in row if str(one.get("r")).startswith(column)]
    return "".join(cell.itertext())


def _unescaped(text: str) -> str:
    """As a spreadsheet reads it: ``_x005F_`` is the underscore of a text that looks like an escape."""
    return text.replace("_x005F_", "_")


def test_a_workbook_refuses_more_rows_than_a_sheet_holds(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with (tmp_path / "a.xlsx").open("wb") as file:
        book = writer(file, about_of(), Dress(Format.XLSX))
        put = book.__enter__()
        put([record()] * 3)
        with pytest.raises(TooManyRows, match="--split month") as refused:
            put([record()])
        assert not book.__exit__(TooManyRows, refused.value, None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_parquet_that_was_cut_does_not_look_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with path.open("wb") as file:
        table = writer(file, about_of(), Dress(Format.PARQUET))
        table.__enter__()([record()])
        assert not table.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert path.read_bytes() == b"PAR1"


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("dress", [RAW, PEOPLE, *(Dress(one) for one in Format if one is not Format.CSV)])
def test_without_a_row_every_format_is_a_file_with_its_head(written, what: What, dress: Dress) -> None:
    data = written(dress, [], what)
    if dress.format is Format.PARQUET:
        assert pq.read_table(io.BytesIO(data)).column_names == [one.key for one in TABLES[what]]
    else:
        assert bool(data) is (dress.format is not Format.JSON)


def test_what_formats_need_is_loaded_where_they_are_written() -> None:
    """The monitor runs for years and writes no Parquet: its libraries would take 60 MB of it."""
    asked = "import sys, monitor.__main__; sys.exit(bool({'pyarrow', 'xlsxwriter'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
