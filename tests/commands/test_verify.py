"""`vigie verify` and the script that does without Vigie: an export is what was sealed, or they say where it is not."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitor.domain.record import KEYS, Record
from monitor.exports.tables import OBSERVATIONS
from monitor.reports.exported import PEOPLE
from monitor.store import Reader
from tests.commands.declaring import Vigie
from tests.commands.verifying import BEGIN, LATER, ROOT, said_by
from tests.sealed import export, tampered, verified, write_proof, written


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


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl", "a.csv.gz", "a.parquet"])
def test_an_export_is_confirmed_and_one_changed_line_is_named(
    vigie: Vigie, reader: Reader, tmp_path: Path, name: str, script: ModuleType, monkeypatch
) -> None:
    path = export(reader, tmp_path, name.removesuffix(".gz"))
    records = list(reader.records(BEGIN, LATER))
    for changed in (False, True):
        if changed:
            records[100] = records[100]._replace(http_status=201)
        if name == "a.parquet":
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
            said = "Export conforme : 366 observations, 3 jours, 6 sceaux publiés, du 2026-03-28 au 2026-03-30 inclus."
            assert said in out
        else:
            assert "contenu n’est pas celui qui fut scellé" in out
            assert records[100].probe in out
            assert "ligne" in out
        if name != "a.parquet":
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
    for language, separator in (("fr", ";"), ("en", ",")):
        titles = separator.join(one.titles[language] for one in OBSERVATIONS)
        assert titles.startswith(PEOPLE)
        (tmp_path / f"{language}.csv").write_text(f"{titles}\n2026-03-28 08:00:00\n", encoding="utf-8-sig")
    (tmp_path / "cut.csv.gz").write_bytes(b"\x1f\x8b")
    for words, sentence in (
        ((str(tmp_path / "b.csv"),), "manque à côté de l’export"),
        ((str(tmp_path / "a.xlsx"),), "ce format ne se vérifie pas"),
        ((str(tmp_path / "none.csv"),), "absent"),
        ((str(tmp_path / "fr.csv"),), "instants sont arrondis"),
        ((str(tmp_path / "en.csv"),), "instants sont arrondis"),
        ((str(tmp_path / "cut.csv.gz"),), "manque à côté de l’export"),
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
