"""`vigie verify` and the script that does without Vigie: an export is what was sealed, or they say where it is not."""

import csv
import gzip
import importlib.util
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from datetime import datetime
from pathlib import Path
from random import Random
from types import ModuleType
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitor.domain.record import KEYS, Record, cells
from monitor.reports.exported_cells import TITLES
from monitor.store import Reader, open_reader, open_store, upgrade
from monitor.store.days import bounds
from tests.commands.declaring import Vigie
from tests.sealed import FIRST, answers, export, seal_all, tampered, verified, write_proof, written

ROOT = Path(__file__).resolve().parents[2]
LATER = bounds(FIRST.replace(month=5))[0]
BEGIN = bounds(FIRST)[0]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    url = f"sqlite:///{folder}/vigie.db"
    upgrade(url, "real", LATER)
    with closing(open_store(url, kind="real")) as store, closing(open_reader(url)) as reader:
        store.append(answers())
        seal_all(store, reader, LATER)
    return folder


@pytest.fixture
def reader(book: Path, monkeypatch) -> Iterator[Reader]:
    url = f"sqlite:///{book}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    with closing(open_reader(url)) as opened:
        yield opened


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verifier", ROOT / "docs" / "verifier.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said_by(script: ModuleType, path: Path, monkeypatch) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["verifier.py", str(path), str(path.parent / "sceaux.json")])
    with redirect_stdout(io.StringIO()) as out:
        code = script.main()
    return code, out.getvalue()


def for_people(records: list[Record]) -> bytes:
    """The CSV with French titles and exact instants."""
    paris, text = ZoneInfo("Europe/Paris"), io.StringIO()
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(TITLES)
    for record in records:
        row = list(cells(record))
        for place, key in enumerate(KEYS):
            if key in {"at", "certificate_not_after"} and row[place]:
                at = datetime.fromisoformat(row[place]).astimezone(paris)
                row[place] = at.isoformat(sep=" ").replace(".", ",")
            elif key.endswith("_ms"):
                row[place] = row[place].replace(".", ",")
            elif key == "detail":
                row[place] = row[place].replace("\\u{", "\\u{5c}u{").replace("\n", "\\u{a}")
                row[place] = f"'{row[place]}" if row[place][:1] in {"=", "'"} else row[place]
        lines.writerow(row)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_parquet(path: Path, records: list[Record]) -> None:
    """Typed as an export is: milliseconds are floats."""
    columns = {}
    for place, key in enumerate(KEYS):
        values = [one[place] for one in records]
        if key in {"at", "certificate_not_after"}:
            columns[key] = pa.array(values, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
        elif key.endswith("_ms"):
            columns[key] = pa.array([None if one is None else one / 1000 for one in values], pa.float64())
        elif key in {"http_status", "bytes_read", "clock_offset_s"}:
            columns[key] = pa.array(values, pa.int64())
        else:
            columns[key] = pa.array(values, pa.string())
    pq.write_table(pa.table(columns), path)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl", "a.csv.gz", "people.csv", "a.parquet"])
def test_an_export_is_confirmed_and_one_changed_line_is_named(
    vigie: Vigie, reader: Reader, tmp_path: Path, name: str, script: ModuleType, monkeypatch
) -> None:
    path = export(reader, tmp_path, name.removesuffix(".gz"))
    records = list(reader.records(BEGIN, LATER))
    for changed in (False, True):
        if changed:
            records[100] = records[100]._replace(http_status=201)
        if name == "people.csv":
            path.write_bytes(for_people(records))
        elif name == "a.parquet":
            as_parquet(path, records)
        elif name.endswith(".gz"):
            path.unlink(missing_ok=True)
            path = tmp_path / name
            path.write_bytes(gzip.compress(written("a.csv", records)))
            shutil.copy(tmp_path / "a.csv.seals.json", tmp_path / "a.csv.gz.seals.json")
        else:
            path.write_bytes(written(name, records))
        code, out, err = vigie("verify", str(path))
        assert (code, err) == (int(changed), "")
        if not changed:
            assert "Export conforme : 366 observations, 3 jours, 6 sceaux publiés" in out
        else:
            assert "contenu n’est pas celui qui fut scellé" in out
            assert records[100].probe in out
            assert "ligne" in out
        if name not in {"people.csv", "a.parquet"}:
            assert said_by(script, path, monkeypatch)[0] == int(changed)
    assert vigie("verify", str(path), "--roots", str(tmp_path / "sceaux.json"))[0] == 1


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_every_way_of_tampering_is_seen_by_both(
    reader: Reader, tmp_path: Path, name: str, script: ModuleType, monkeypatch
) -> None:
    some = [f"ent-{n}/login" for n in (0, 2)] + ["neuf/page"]
    path = export(reader, tmp_path, name, some)
    proof, roots = (json.loads(one.read_text()) for one in (tmp_path / f"{name}.seals.json", tmp_path / "sceaux.json"))
    records = list(reader.records(BEGIN, LATER, some))
    assert verified(path, proof, roots) == []
    assert said_by(script, path, monkeypatch)[0] == 0
    ways = tampered(records, name, proof, Random(5))
    for _ in range(150):
        way, data, claimed = next(ways)
        path.write_bytes(data)
        write_proof(path, claimed)
        assert verified(path, claimed, roots), way
        assert said_by(script, path, monkeypatch)[0] == 1, way


def test_a_list_of_another_vigie_confirms_nothing(vigie: Vigie, reader: Reader, tmp_path: Path) -> None:
    path = export(reader, tmp_path, "a.csv")
    (tmp_path / "other.json").write_text('{"version": 1, "seals": []}')
    code, out, _ = vigie("verify", str(path), "--roots", str(tmp_path / "other.json"))
    assert code == 1
    assert out.count("n’est pas celui qui est publié") == 6


def test_hostile_words_are_shown_and_not_obeyed(vigie: Vigie, reader: Reader, tmp_path: Path) -> None:
    path = export(reader, tmp_path, "a.csv")
    records = list(reader.records(BEGIN, LATER))
    path.write_bytes(written("a.csv", [*records, records[-1]._replace(probe="z\x1b[2J\n/x")]))
    code, out, _ = vigie("verify", str(path))
    assert code == 1
    assert "\x1b" not in out
    assert "\\u{1b}" in out


def test_a_file_that_was_cut_says_so(vigie: Vigie, reader: Reader, tmp_path: Path) -> None:
    path = export(reader, tmp_path, "a.csv")
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes())[:-200])
    code, out, err = vigie("verify", str(packed))
    assert (code, err) == (1, "")
    assert "ligne coupée" in out
    assert "lignes" in out


def test_what_cannot_be_verified_is_said_in_one_sentence(vigie: Vigie, reader: Reader, tmp_path: Path) -> None:
    path = export(reader, tmp_path, "a.csv")
    (tmp_path / "b.csv").write_bytes(path.read_bytes())
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "c.json").write_text("[]")
    rounded = tmp_path / "people.csv"
    rounded.write_text(f"{';'.join(TITLES)}\n2026-03-28 08:00:00{';' * 22}\n", encoding="utf-8")
    shutil.copy(tmp_path / "a.csv.seals.json", tmp_path / "people.csv.seals.json")
    for words, sentence in (
        ((str(tmp_path / "b.csv"),), "manque à côté de l’export"),
        ((str(tmp_path / "a.xlsx"),), "ce format ne se vérifie pas"),
        ((str(tmp_path / "none.csv"),), "absent"),
        ((str(rounded),), "arrondit les instants"),
        ((str(path), "--roots", str(tmp_path / "c.json")), "ce n’est pas une liste de sceaux"),
        ((str(path), "--roots", "http://127.0.0.1/sceaux.json"), "seul https"),
    ):
        code, out, err = vigie("verify", *words)
        assert (code, out) == (2, ""), err
        assert sentence in err
        assert err.count("\n") == 1
    (tmp_path / "a.csv.seals.json").write_text("{")
    code, out, _ = vigie("verify", str(path))
    assert (code, "preuve" in out) == (1, True)


def test_the_script_runs_alone(reader: Reader, tmp_path: Path) -> None:
    path = export(reader, tmp_path, "a.csv")
    source = (ROOT / "docs" / "verifier.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 100
    command = [sys.executable, "-I", str(ROOT / "docs" / "verifier.py")]
    for words, code in (([], 2), ([str(path), "sceaux.json"], 0), ([str(tmp_path / "none.csv"), "sceaux.json"], 2)):
        done = subprocess.run([*command, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert done.stderr == ""
