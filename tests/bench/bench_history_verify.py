"""10,000 random mutations of an export, all of which both verifiers must see; and the time for a million rows.

VIGIE_BENCH_MUTATIONS=10000 VIGIE_BENCH_ROWS=1000000 python tests/bench/bench_history_verify.py
"""

import csv
import importlib.util
import io
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from pathlib import Path
from random import Random
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench_history_archive import BEGIN, DAY, END, day

from monitor.domain.record import KEYS, cells
from monitor.domain.seal import Seal
from monitor.reports import seals
from monitor.reports.digests import Digests
from monitor.store import Reader, open_reader, open_store, upgrade
from tests.sealed import answers, export, seal_all, tampered, verified, write_proof

ROOT = Path(__file__).parents[2]
WITHIN_S = 60.0


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verifier", ROOT / "docs" / "verifier.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(by: ModuleType, path: Path) -> int:
    """The exit code of the script, run in this process: starting ten thousand would measure Python."""
    sys.argv = ["verifier.py", str(path), str(path.parent / "sceaux.json")]
    with redirect_stdout(io.StringIO()):
        code: int = by.main()
    return code


def mutations(count: int, folder: Path, by: ModuleType) -> int:
    """How many were missed by either."""
    url, later = f"sqlite:///{folder}/vigie.db", END
    upgrade(url, "rehearsal", BEGIN)
    with closing(open_store(url, kind="rehearsal")) as store, closing(open_reader(url)) as reader:
        store.append(answers())
        seal_all(store, reader, later)
        missed = Counter[str]()
        tried = Counter[str]()
        for name in ("observations.csv", "observations.json"):
            for way, seen in _tried(count // 2, folder, name, reader, by):
                tried[way] += 1
                missed[way] += not seen
    for way, number in sorted(tried.items()):
        sys.stdout.write(f"{way:10} {number:6,} tried, {number - missed[way]:6,} seen by both\n")
    return missed.total()


def _tried(count: int, folder: Path, name: str, reader: Reader, by: ModuleType) -> Iterator[tuple[str, bool]]:
    path = export(reader, folder, name)
    proof, roots = (json.loads((folder / one).read_text()) for one in (f"{name}.seals.json", "sceaux.json"))
    assert not verified(path, proof, roots)
    assert said(by, path) == 0
    ways = tampered(list(reader.records(*_period(reader.seals()))), name, proof, Random(2026))
    for _ in range(count):
        way, data, claimed = next(ways)
        path.write_bytes(data)
        write_proof(path, claimed)
        yield way, bool(verified(path, claimed, roots)) and said(by, path) == 1


def _period(chain: list[Seal]) -> tuple:
    return min(one.since for one in chain), max(one.until for one in chain)


def a_million(rows: int, folder: Path, by: ModuleType) -> float:
    """Seconds that the script takes for a raw CSV of so many rows; those of `vigie verify` are printed beside."""
    url, digests = f"sqlite:///{folder}/million.db", Digests(DAY)
    upgrade(url, "rehearsal", BEGIN)
    path = folder / "million.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(KEYS)
        lines.writerows(map(cells, digests.through(day(rows // 1_440))))
    with closing(open_store(url, kind="rehearsal")) as store, closing(open_reader(url)) as reader:
        for found in digests.found():
            store.seal(found, END)
        write_proof(path, seals.proofs(reader, BEGIN, END))
        (folder / "sceaux.json").write_text(json.dumps(seals.published(reader.seals())))
    proof, roots = (json.loads((folder / one).read_text()) for one in ("million.csv.seals.json", "sceaux.json"))
    began, busy = time.perf_counter(), time.process_time()
    assert said(by, path) == 0
    script_s, busy_s = time.perf_counter() - began, time.process_time() - busy
    began = time.perf_counter()
    assert not verified(path, proof, roots)
    sys.stdout.write(
        f"{rows // 1_440 * 1_440:,} rows ({path.stat().st_size / 1e6:,.0f} MB): the script {script_s:.1f} s (at most "
        f"{WITHIN_S:g}; {busy_s:.1f} s of processor), vigie verify {time.perf_counter() - began:.1f} s\n"
    )
    return script_s


def main() -> int:
    by = script()
    with tempfile.TemporaryDirectory() as folder:
        missed = mutations(int(os.environ.get("VIGIE_BENCH_MUTATIONS", "10000")), Path(folder), by)
        took_s = a_million(int(os.environ.get("VIGIE_BENCH_ROWS", "1000000").split(",")[0]), Path(folder), by)
    return 0 if missed == 0 and took_s <= WITHIN_S else 1


if __name__ == "__main__":
    sys.exit(main())
