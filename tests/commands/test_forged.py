"""Exports that somebody forged with care: both verifiers see it, or say what they cannot prove."""

import json
import shutil
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitor.domain.record import KEYS, cells
from monitor.store import Reader
from tests.commands.declaring import Vigie
from tests.commands.verifying import BEGIN, LATER, said_by
from tests.sealed import export, verified, write_proof, written


def test_a_whole_that_is_left_out_is_told_by_both(
    vigie: Vigie, reader: Reader, tmp_path: Path, script: ModuleType, monkeypatch
) -> None:
    path = export(reader, tmp_path, "a.csv")
    proof = json.loads((tmp_path / "a.csv.seals.json").read_text())
    records = list(reader.records(BEGIN, LATER))
    for claim in proof["seals"]:
        if claim["vantage"] == "ailleurs":
            claim["probes"] = []
    write_proof(path, proof)
    path.write_bytes(written("a.csv", [one for one in records if one.vantage == "local"]))
    for code, out in (vigie("verify", str(path))[:2], said_by(script, path, monkeypatch)):
        assert (code, out.count("Remarque") >= 3) == (0, True), "true of what is there, and no more than that"
        assert "ailleurs" in out
        assert "ent-4/login" in out
    for claim in proof["seals"]:
        claim["probes"] = []
    write_proof(path, proof)
    path.write_bytes(written("a.csv", []))
    for code, out in (vigie("verify", str(path))[:2], said_by(script, path, monkeypatch)):
        assert (code, "annonc" in out) == (1, True), "nothing is no proof of anything"


@pytest.mark.parametrize(
    "line",
    [
        lambda one: json.dumps({**one, "http_status": str(one["http_status"])}),
        lambda one: json.dumps({**one, "took_ms": f"{one['took_ms']:.3f}"}),
        lambda one: json.dumps(list(one.items())),
        lambda one: json.dumps([list(one), list(one.values())]),
        lambda one: "[" * 100_000,
        lambda one: "",
    ],
)
def test_values_that_are_written_otherwise_are_seen_by_both(
    reader: Reader, tmp_path: Path, line, script: ModuleType, monkeypatch
) -> None:
    path = export(reader, tmp_path, "a.json")
    proof, roots = (json.loads(one.read_text()) for one in (tmp_path / "a.json.seals.json", tmp_path / "sceaux.json"))
    lines = path.read_text().splitlines()
    lines[5] = line(json.loads(lines[5]))
    path.write_text("\n".join(lines) + "\n")
    assert verified(path, proof, roots)
    assert said_by(script, path, monkeypatch)[0] == 1


def test_a_parquet_of_other_types_is_none(vigie: Vigie, reader: Reader, tmp_path: Path) -> None:
    path = export(reader, tmp_path, "a.csv").with_suffix(".parquet")
    shutil.copy(tmp_path / "a.csv.seals.json", tmp_path / "a.parquet.seals.json")
    rows = [cells(one) for one in reader.records(BEGIN, LATER)]
    texts = {key: pa.array([row[place] or None for row in rows], pa.string()) for place, key in enumerate(KEYS)}
    pq.write_table(pa.table(texts), path)
    code, out, _ = vigie("verify", str(path))
    assert (code, "ligne 1 — ce n’est pas une observation" in out) == (1, True)


def test_the_script_obeys_no_word_of_a_file(reader: Reader, tmp_path: Path, script: ModuleType, monkeypatch) -> None:
    path = export(reader, tmp_path, "a.csv")
    proof = json.loads((tmp_path / "a.csv.seals.json").read_text())
    for version in ("1", True, 1.0):
        write_proof(path, {**proof, "version": version})
        assert said_by(script, path, monkeypatch)[0] == 1, "a version is a whole number"
    proof["seals"][0]["day"] = proof["seals"][0]["probes"][0]["probe"] = "\x1b]0;\x07"
    write_proof(path, proof)
    code, out = said_by(script, path, monkeypatch)
    assert (code, "\x1b" in out) == (1, False)
    path.write_bytes(b"")
    assert said_by(script, path, monkeypatch)[0] == 1
