"""Nightly dumps: what is missing or has changed, whole, for everybody, and nothing that is not."""

import csv
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from monitor.config import load
from monitor.domain.history import Correction
from monitor.domain.observation import Observation
from monitor.domain.timetable import Timetable
from monitor.dumps import INDEX, Source, make_dumps, read_index
from monitor.store import open_desk_reader, open_reader, open_store
from tests.three_days import DAY, HOUR, MONDAY, kept, seal

MORNING = MONDAY + 3 * DAY + 4 * HOUR
Dumped = Callable[..., list[str]]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what is asked of the books is tried on each database where it stands."""
    return f"sqlite:///{tmp_path}/vigie.db"


@pytest.fixture
def source(database_url: str, tmp_path: Path) -> Iterator[Source]:
    kept(database_url, tmp_path)
    catalog = load(tmp_path / "probes.yaml").catalog
    with ExitStack() as stack:
        reader, desk = open_reader(database_url), open_desk_reader(database_url)
        stack.callback(reader.close)
        stack.callback(desk.close)
        yield Source(reader, desk, None, catalog, Timetable(catalog, None).clock_of, MORNING, "1.2.3")


@pytest.fixture
def dumped(source: Source, tmp_path: Path) -> Dumped:
    """dumped(field=…): the names of the files that a night makes."""
    return lambda **fields: [one.name for one in make_dumps(replace(source, **fields), tmp_path / "dumps")]


def test_a_night_makes_every_file_and_the_next_one_what_is_new(dumped: Dumped, tmp_path: Path) -> None:
    months = [
        f"{what}-2021-11.{end}"
        for what in ("spans", "incidents", "availability")
        for end in ("csv.gz", "parquet", "json")
    ]
    days = [f"observations-2021-11-{day}.{end}" for day in (23, 22) for end in ("parquet", "csv.gz")]
    assert dumped() == months + days
    assert dumped() == []
    (tmp_path / "dumps" / days[0]).unlink()
    assert dumped() == [days[0]]
    assert dumped(now=MORNING + DAY) == months, "the running month goes to the last midnight"


def test_the_index_says_what_stands_there(dumped: Dumped, tmp_path: Path) -> None:
    dumped()
    folder = tmp_path / "dumps"
    said = json.loads((folder / INDEX).read_text())
    assert (set(said), said["method"], said["licence"]["name"]) == (
        {"made_at", "licence", "method", "files"},
        1,
        "etalab-2.0",
    )
    for one in said["files"]:
        data = (folder / one["name"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        package = json.loads((folder / one["package"]).read_text())
        assert package["resources"][0]["hash"] == f"sha256:{one['sha256']}"
        assert (one["seals"] is None) is (one["what"] != "observations")
        if one["seals"]:
            assert json.loads((folder / one["seals"]).read_text())["seals"][0]["day"] in one["name"]
    first = said["files"][-1]
    assert (first["name"], first["from"], first["to"]) == (
        "spans-2021-11.parquet",
        "2021-10-31T23:00:00Z",
        "2021-11-24T23:00:00Z",
    )


def test_nothing_private_is_in_them(dumped: Dumped, tmp_path: Path) -> None:
    dumped()
    folder = tmp_path / "dumps"
    observed = pq.read_table(folder / "observations-2021-11-22.parquet")
    assert set(observed.column("service").to_pylist()) == {"ent-a", "ent-nc"}
    with gzip.open(folder / "observations-2021-11-22.csv.gz", "rt", encoding="utf-8", newline="") as file:
        assert [row["probe"] for row in csv.DictReader(file)] == observed.column("probe").to_pylist()
    lines = [json.loads(line) for line in (folder / "incidents-2021-11.json").read_text().splitlines()]
    assert [one["culprit"] for one in lines] == ["service:ent-a"]
    assert {json.loads(line)["service"] for line in (folder / "spans-2021-11.json").read_text().splitlines()} == {
        "ent-a"
    }
    for path in folder.iterdir():
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for word in (b"0590001F", b"canary", b"vantage:local", b"pronote"):
            assert word not in data, path.name


def test_late_answers_and_corrections_are_written_anew(dumped: Dumped, database_url: str, tmp_path: Path) -> None:
    dumped()
    store = open_store(database_url, kind="real")
    late = Observation("ent-a/login", "local", MONDAY + 30 * timedelta(minutes=1), timedelta(milliseconds=5))
    store.append([late])
    seal(store, database_url)
    store.correct([Correction("ent-a", None, "", MONDAY, MONDAY + HOUR, MONDAY + 2 * DAY, ())])
    store.close()
    made = dumped()
    assert [one for one in made if one.startswith("obs")] == [
        f"observations-2021-11-22.{end}" for end in ("parquet", "csv.gz")
    ]
    assert {one.partition("-")[0] for one in made[:-2]} == {"spans", "availability"}
    assert pq.read_metadata(tmp_path / "dumps" / made[-2]).num_rows == 49


def test_days_that_are_no_longer_kept_are_removed_and_nothing_else(dumped: Dumped, tmp_path: Path) -> None:
    dumped()
    folder = tmp_path / "dumps"
    (folder / "LISEZ-MOI.txt").write_text("of somebody else")
    (folder / "spans-2021-11.json.part").write_text("of a night that was cut")
    assert dumped(kept=2 * DAY) == []
    names = {path.name for path in folder.iterdir()}
    assert not [name for name in names if "2021-11-22" in name or name.endswith(".part")]
    assert "LISEZ-MOI.txt" in names
    assert "observations-2021-11-23.parquet" in names


def test_a_night_that_is_cut_leaves_the_index_as_it_was(source: Source, tmp_path: Path) -> None:
    folder = tmp_path / "dumps"
    night = make_dumps(source, folder)
    next(night)
    night.close()
    assert read_index(folder) == []
    assert list(make_dumps(source, folder))
    assert len(read_index(folder)) == 13


def test_an_index_that_cannot_be_read_makes_everything_anew(dumped: Dumped, tmp_path: Path) -> None:
    dumped()
    (tmp_path / "dumps" / INDEX).write_text('{"files": [{"name": 1}]}')
    assert len(dumped()) == 13
