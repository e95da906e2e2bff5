"""The folder of files: read again when its index changes, and nothing of it trusted."""

import json

import pytest

from dashboard.dumps import Dumps, last_day
from dashboard.public.donnees import period_words, size_words

from .opened import with_files


def test_the_index_is_read_again_when_it_changes(tmp_path):
    dumps = Dumps(tmp_path)
    assert dumps.listed() is None
    with_files(tmp_path, days=1)
    assert len(dumps.listed().files) == 3
    with_files(tmp_path, days=2)
    listed = dumps.listed()
    assert [one.since for one in listed.files] == sorted((one.since for one in listed.files), reverse=True)
    assert dumps.listed() is listed
    (tmp_path / "index.json").unlink()
    assert dumps.listed() is None
    assert dumps.path_of("incidents.jsonl") is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"files": 3}', '{"files": [{"name": "x"}]}', '{"files": [[]]}', '"\\ud800']
)
def test_an_index_that_cannot_be_understood_is_none_and_is_said(tmp_path, caplog, text):
    (tmp_path / "index.json").write_text(text)
    assert Dumps(tmp_path).listed() is None
    assert len(caplog.records) == 1


def test_an_index_names_no_file_outside_and_no_link(tmp_path):
    folder = with_files(tmp_path / "dumps", days=1)
    (tmp_path / "outside").write_text("x")
    index = json.loads((folder / "index.json").read_text())
    index["files"] += [
        index["files"][0] | {"name": name}
        for name in ("../outside", "/etc/passwd", "link.csv", "gone.csv", ".hidden", "")
    ]
    (folder / "link.csv").symlink_to(tmp_path / "outside")
    (folder / "index.json").write_text(json.dumps(index))
    dumps = Dumps(folder)
    assert [
        dumps.path_of(name)
        for name in ("../outside", "/etc/passwd", "link.csv", "gone.csv", ".hidden", "", "secret.env")
    ] == [None] * 7
    assert dumps.path_of("incidents.jsonl")[0] == folder / "incidents.jsonl"
    assert dumps.path_of("index.json")[0] == folder / "index.json"
    assert dumps.proof_of("observations-2026-11-23.csv") == "observations-2026-11-23.csv.seals.json"
    assert dumps.proof_of("incidents.jsonl") is None


def test_a_broken_description_takes_the_columns_away_and_nothing_else(tmp_path, caplog):
    folder = with_files(tmp_path, days=1)
    assert [one.name for one in Dumps(folder).listed().columns["observations"]] == ["at", "took_ms"]
    for path in folder.glob("observations*.datapackage.json"):
        path.write_text("{")
    assert list(Dumps(folder).listed().columns) == ["incidents"]
    assert caplog.records


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("observations-2026-11-23.csv", "2026-11-23"),
        ("a-2026-11-01-2026-11-30.csv", "2026-11-30"),
        ("incidents.csv", None),
    ],
)
def test_the_last_day_of_a_name(name, day):
    assert last_day(name) == day


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-11-23", "2026-11-24", "Lundi 23 novembre 2026"),
        ("2026-11-01", "2026-12-01", "Du dimanche 1er novembre 2026 au lundi 30 novembre 2026"),
        ("2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z", "Lundi 23 novembre 2026"),
        ("<b>", "\x1b", "<b> – "),
    ],
)
def test_periods_are_said_in_days_of_paris(since, until, words):
    assert period_words(since, until) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 octet"), (999, "999 octets"), (140_012, "140,0 ko"), (12_300_000, "12,3 Mo"), (4 * 10**9, "4,0 Go")],
)
def test_sizes_are_said(size, words):
    assert size_words(size).replace("\u00a0", " ") == words
