"""`vigie export`, as people type it."""

import csv
import io
import json
import os
import signal
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from monitor import app
from monitor.commands import export as exporting
from monitor.domain.history import Correction
from monitor.domain.observation import Health, Observation
from monitor.domain.record import KEYS
from monitor.domain.service_verdict import Span
from monitor.exports.tables import TABLES, What
from monitor.store import open_store
from tests.commands.declaring import Vigie
from tests.three_days import DAY, EVIL, HOUR, MONDAY, PARIS, kept, seal

DAYS = ("--from", "2021-11-22", "--to", "2021-11-25")


@pytest.fixture
def book(monkeypatch, tmp_path: Path, vigie: Vigie) -> str:
    """A book of three days; the first two are sealed. In SQLite: one test asks each database for everything."""
    return opened(f"sqlite:///{tmp_path}/vigie.db", monkeypatch, tmp_path)


def opened(url: str, monkeypatch, folder: Path) -> str:
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    kept(url, folder)
    return url


def fine(answered: tuple[int, str, str]) -> str:
    code, out, err = answered
    assert (code, err) == (0, "")
    return out


def test_json_lines_of_everything_but_schools(vigie: Vigie, book: str) -> None:
    lines = [json.loads(line) for line in fine(vigie("export", "observations", *DAYS, "--format", "json")).splitlines()]
    assert len(lines) == 72 * 3
    assert {one["service"] for one in lines} == {"ent-a", "ent-nc", "canary"}, "never a school of a fleet unasked"
    assert tuple(lines[0]) == KEYS
    assert [one["detail"] for one in lines if one["failure"]] == [EVIL] * 3
    school = fine(vigie("export", "observations", *DAYS, "--format", "json", "--fleet", "pronote"))
    assert {json.loads(line)["probe"] for line in school.splitlines()} == {"pronote/0590001F"}


def test_for_people_what_was_chosen(vigie: Vigie, book: str, tmp_path: Path) -> None:
    path = tmp_path / "obs.csv"
    said = fine(vigie("export", "observations", *DAYS, "--service", "ent-a", "--output", path))
    assert said == f"{path} : 72 lignes, {path.stat().st_size} octets\n"
    head, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";")
    assert (head[0], rows[9][4], rows[9][0]) == ("Instant", "en panne", "2021-11-22 09:00:00")
    assert rows[9][17].startswith("'=cmd")
    package = json.loads((tmp_path / "obs.csv.datapackage.json").read_text())
    [resource] = package["resources"]
    assert [field["name"] for field in resource["schema"]["fields"]] == head
    assert (resource["bytes"], resource["rows"]) == (path.stat().st_size, 72)
    assert package["licenses"][0]["name"] == "etalab-2.0"
    assert package["vigie"]["choice"] == {"service": "ent-a"}
    assert not (tmp_path / "obs.csv.seals.json").exists(), "instants that are rounded prove nothing"


@pytest.mark.parametrize(("shape", "options"), [("csv", ["--raw"]), ("json", []), ("parquet", [])])
def test_exports_for_machines_are_verified_against_the_seals(
    vigie: Vigie, book: str, tmp_path: Path, shape: str, options: list[str]
) -> None:
    path = tmp_path / f"obs.{shape}"
    two_days = ("--from", "2021-11-22", "--to", "2021-11-24")
    fine(vigie("export", "observations", *two_days, "--format", shape, *options, "--output", path))
    assert (tmp_path / f"obs.{shape}.seals.json").exists()
    assert fine(vigie("verify", path))
    if shape != "parquet":
        path.write_bytes(path.read_bytes().replace(b"118.1", b"118.2", 1))
        assert vigie("verify", path)[0] == 1


def test_a_day_that_is_not_sealed_is_said_not_to_verify(vigie: Vigie, book: str, tmp_path: Path) -> None:
    said = fine(vigie("export", "observations", *DAYS, "--raw", "--output", tmp_path / "a.csv"))
    assert "le 24/11/2021 n’est pas scellé" in said
    code, out, _ = vigie("verify", tmp_path / "a.csv")
    assert (code, out.count("\n")) == (1, 2), "all of that day is one finding"
    assert "lignes 149 à 220 — hors des journées scellées" in out
    part = ("--from", "2021-11-22T08:00", "--to", "2021-11-24")
    said = fine(vigie("export", "observations", *part, "--format", "json", "--output", tmp_path / "b.json"))
    assert "le 22/11/2021 n’est pas scellé, ou pas en entier" in said
    assert "Remarque" not in fine(vigie("export", "observations", *DAYS, "--output", tmp_path / "people.csv"))
    code, _, err = vigie("verify", tmp_path / "people.csv")
    assert (code, "instants sont arrondis" in err) == (2, True)


def test_what_was_begun_before_answers_came_late_is_begun_again(
    vigie: Vigie, book: str, tmp_path: Path, monkeypatch
) -> None:
    days = ("--from", "2021-11-22", "--to", "2021-11-24")
    before = exporting.rows_of

    def cut(*asked):
        rows = before(*asked)
        return lambda piece: rows(piece) if piece.name == "2021-11-22" else (_ for _ in ()).throw(OSError(28, ""))

    monkeypatch.setattr(exporting, "rows_of", cut)
    assert vigie("export", "observations", *days, "--raw", "--output", tmp_path / "a.csv")[0] == 1
    assert (tmp_path / "a.csv.part.json").exists()
    store = open_store(book, kind="real")
    store.append([Observation("ent-a/login", "local", MONDAY + HOUR / 2, HOUR / 3600)])
    seal(store, book)
    store.close()
    monkeypatch.setattr(exporting, "rows_of", before)
    fine(vigie("export", "observations", *days, "--raw", "--output", tmp_path / "a.csv"))
    assert "Export conforme : 145 observations, 2 jours" in fine(vigie("verify", tmp_path / "a.csv"))


def test_spans_as_they_stand(vigie: Vigie, book: str, tmp_path: Path) -> None:
    store = open_store(book, kind="real")
    late = Span("ent-a", None, "", Health.SLOW, MONDAY + 9 * HOUR, MONDAY + 10 * HOUR)
    fixed = Correction("ent-a", None, "", MONDAY + 9 * HOUR, MONDAY + 11 * HOUR, MONDAY + DAY, (late,))
    store.correct([fixed])
    store.close()
    lines = [json.loads(line) for line in fine(vigie("export", "spans", *DAYS, "--format", "json")).splitlines()]
    assert {one["service"] for one in lines} == {"ent-a"}, "what the catalogue does not claim stays inside"
    told = [
        (one["health"], one["since"][11:13], one["until"] and one["until"][11:13]) for one in lines if not one["probe"]
    ]
    assert told == [("up", "23", "07"), ("down", "07", "08"), ("slow", "08", "09"), ("up", "10", None)]


def test_incidents_of_everything_or_of_a_territory(vigie: Vigie, book: str) -> None:
    every = [json.loads(line) for line in fine(vigie("export", "incidents", *DAYS, "--format", "json")).splitlines()]
    assert [one["culprit"] for one in every] == ["service:ent-a", "vantage:local"]
    assert (every[0]["services"], every[0]["explained"], every[0]["closed_at"][:13]) == (
        ["ent-a"],
        False,
        "2021-11-22T09",
    )
    some = fine(vigie("export", "incidents", *DAYS, "--territory", "A:lille", "--format", "json"))
    assert [json.loads(line)["culprit"] for line in some.splitlines()] == ["service:ent-a"]


def test_availability_by_day_of_a_territory(vigie: Vigie, book: str) -> None:
    said = fine(vigie("export", "availability", *DAYS, "--territory", "A:lille", "--by", "day", "--format", "json"))
    lines = [json.loads(line) for line in said.splitlines()]
    assert [one["period"] for one in lines[::4]] == ["2021-11-22", "2021-11-23", "2021-11-24"]
    first, school, whole, _ = lines[:4]
    assert (first["service"], first["hours"], first["unavailable_s"], first["available_s"]) == (
        "ent-a",
        "all",
        7200,
        79200,
    )
    assert (school["hours"], whole["service"], whole["available_s"]) == ("school", None, None)
    assert whole["availability"] == pytest.approx(first["availability"])
    said = fine(vigie("export", "availability", *DAYS, "--hours", "all", "--service", "ent-a", "--format", "json"))
    assert [json.loads(line)["period"] for line in said.splitlines()] == ["2021-11-22/2021-11-25"]


def test_observations_of_school_hours(vigie: Vigie, book: str) -> None:
    said = fine(vigie("export", "observations", *DAYS, "--service", "ent-a", "--hours", "school", "--format", "json"))
    hours = {datetime.fromisoformat(json.loads(line)["at"]).astimezone(PARIS).hour for line in said.splitlines()}
    assert (min(hours), max(hours)) == (8, 17)


def test_a_file_a_day_and_a_workbook(vigie: Vigie, book: str, tmp_path: Path) -> None:
    fine(vigie("export", "observations", *DAYS, "--format", "xlsx", "--split", "day", "--output", tmp_path / "o.xlsx"))
    names = sorted(path.name for path in tmp_path.glob("*.xlsx"))
    assert names == [f"o-2021-11-{day}.xlsx" for day in (22, 23, 24)]
    with zipfile.ZipFile(tmp_path / names[0]) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml")
        assert b"<f" not in sheet
        assert sheet.count(b"<row ") == 73


def test_everything_of_each_database(vigie: Vigie, database_url: str, monkeypatch, tmp_path: Path) -> None:
    opened(database_url, monkeypatch, tmp_path)
    for what in What:
        path = tmp_path / f"{what}.parquet"
        fine(vigie("export", what.value, *DAYS, "--format", "parquet", "--output", path))
        assert pq.read_schema(path).names == [one.key for one in TABLES[what]]
        assert pq.read_metadata(path).num_rows > 0


def test_every_mistake_at_once_and_the_mend(vigie: Vigie, book: str, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine")
    code, out, err = vigie("export", "spans", "--from", "2021-11-25", "--to", "2021-11-22", "--service", "ent-aa",
                           "--territory", "A:lile", "--fleet", "pronot", "--hours", "school", "--by", "day", "--raw",
                           "--lang", "de", "--format", "json", "--output", tmp_path / "there.csv")  # fmt: skip
    assert (code, out) == (2, "")
    for words in ("le début ne précède pas la fin", "un seul des trois", "Vouliez-vous écrire ent-a ?", "A:lille",
                  "Vouliez-vous écrire pronote ?", "--hours : pour", "--by : pour", "--raw : pour", "fr ou en"):  # fmt: skip
        assert words in err
    for name, words in (
        ("there.csv", "existe déjà. Ajoutez --force"),
        ("no/x.csv", "n’existe pas"),
        (".", "un dossier"),
    ):
        code, _, err = vigie("export", "spans", *DAYS, "--output", tmp_path / name)
        assert (code, words in err) == (2, True)
    assert (tmp_path / "there.csv").read_text() == "mine"
    code, _, err = vigie("export", "spans", "--from", "2999-01-01", "--to", "2999-01-02")
    assert (code, "pas encore passé" in err) == (2, True)
    fine(vigie("export", "spans", *DAYS, "--output", tmp_path / "there.csv", "--force"))
    assert (tmp_path / "there.csv").read_text("utf-8-sig").startswith("Service;")


@pytest.mark.parametrize(
    ("happens", "code", "words"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGTERM), 1, "Arrêté"),
        (lambda: os.kill(os.getpid(), signal.SIGINT), 130, "Interrompu."),
        (lambda: (_ for _ in ()).throw(OSError(28, "")), 1, "Plus de place sur le disque."),
    ],
)
def test_what_is_stopped_says_so_and_goes_on_later(
    vigie: Vigie, book: str, tmp_path: Path, monkeypatch, happens, code: int, words: str
) -> None:
    path, whole = tmp_path / "obs.csv", tmp_path / "whole.csv"
    fine(vigie("export", "observations", *DAYS, "--raw", "--output", whole))
    before = exporting.rows_of

    def cut(*asked):
        rows = before(*asked)

        def of(piece):
            if piece.name == "2021-11-23":
                happens()
            return rows(piece)

        return of

    monkeypatch.setattr(exporting, "rows_of", cut)
    said = vigie("export", "observations", *DAYS, "--raw", "--output", path)
    assert (said[0], words in said[2], path.exists()) == (code, True, False)
    assert (tmp_path / "obs.csv.part").exists()
    assert code == 130 or "reprend après le dernier jour entier" in said[2]
    monkeypatch.setattr(exporting, "rows_of", before)
    monkeypatch.setattr(app, "clock", lambda: datetime(2026, 11, 28, tzinfo=UTC))
    fine(vigie("export", "observations", *DAYS, "--raw", "--output", path))
    assert path.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("*.part*"))
