"""`vigie fleet` as people type it: a list checked before it is kept, shares read from the last snapshot."""

import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from monitor.commands.fleet import fleets
from monitor.config import load
from monitor.store import Evaluation, open_store
from tests.config.conftest import HEAD
from tests.prepared import prepared

HEADER = "uai;name;url;territory;pupils;agreed"
LINES = ("0590001F;Collège Un;https://un.example/;;400;oui", "0620001P;Collège Deux;https://deux.example;;;non")
FLEETS = (
    'fleets:\n  - {id: ecoles, name: "Écoles", profile: entcore, file: ecoles.csv, operator: edifice, budget: 0.5}\n'
)
SECOND = '  - {id: autres, name: "Autres", profile: entcore, file: autres.csv, operator: edifice}\n'
SHARE = {
    "territory": "A:lille", "share": 0.4, "low": 0.29, "high": 0.52, "pupils_share": None, "sample": 60,
    "population": 160, "since": "2026-11-23T07:00:00.000Z", "as_of": "2026-11-23T07:14:00.000Z",
}  # fmt: skip
SILENT = {
    **SHARE,
    "territory": "C:988",
    "share": None,
    "low": None,
    "high": None,
    "since": None,
    "as_of": None,
    "sample": 0,
}
SHOWN = {
    "id": "ecoles", "name": "Écoles", "operator": "edifice", "budget_per_s": 1.0, "asked_per_s": 0.983, "schools": 7000,
    "shares": [SHARE, SILENT],
}  # fmt: skip

Vigie = Callable[..., Result]


@pytest.fixture
def vigie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vigie:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "probes.yaml").write_text(HEAD + FLEETS, encoding="utf-8")
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "probes.yaml"))
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/vigie.db")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> Result:
        return CliRunner().invoke(fleets, words, catch_exceptions=False)

    return run


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., None]:
    def make(*shown: dict[str, object]) -> None:
        url, now = f"sqlite:///{tmp_path}/vigie.db", datetime.now(UTC)
        prepared(url, "real", now)
        store = open_store(url, kind="real")
        store.save(Evaluation((), (), (), (), json.dumps({"fleets": shown}).encode(), now))
        store.close()

    return make


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_a_sound_list_is_kept_where_the_catalogue_names_it(vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_bytes("\r\n".join([HEADER, *LINES]).encode("cp1252"))
    ended = vigie("import", "export.csv")
    assert ended.exit_code == 0
    said = plain(ended.stdout)
    assert "Lille 2 1" in said
    assert "2 écoles, 1 avec l’accord de leur chef. Au budget de 0,5 par seconde, un tour complet dure 5 min." in said
    kept = (tmp_path / "ecoles.csv").read_text(encoding="utf-8")
    assert kept.splitlines()[1:] == [
        "0590001F,Collège Un,https://un.example,D:59,400,oui", "0620001P,Collège Deux,https://deux.example,D:62,,non",
    ]  # fmt: skip
    assert [school.agreed for school in load(tmp_path / "probes.yaml").fleets["ecoles"].schools] == [True, False]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ecoles.csv", "export.csv", "probes.yaml"]


def test_every_error_is_told_and_nothing_is_written(vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / "ecoles.csv").write_text("what was there", encoding="utf-8")
    wrong = [LINES[0].replace("0590001F", "0590001A"), LINES[1].replace("non", "bof")]
    (tmp_path / "export.csv").write_text("\n".join([HEADER, *wrong]), encoding="utf-8")
    ended = vigie("import", "export.csv", "--fleet", "ecoles")
    assert ended.exit_code == 2
    said = plain(ended.stderr)
    assert "2 erreurs" in said
    assert "export.csv, ligne 2, colonne « uai »" in said
    assert "export.csv, ligne 3, colonne « agreed »" in said
    assert (tmp_path / "ecoles.csv").read_text(encoding="utf-8") == "what was there"


def test_a_list_that_cannot_be_written_leaves_nothing_behind(vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("\n".join([HEADER, *LINES]), encoding="utf-8")
    (tmp_path / "ecoles.csv").mkdir()
    ended = vigie("import", "export.csv")
    assert ended.exit_code == 2
    assert not list(tmp_path.glob(".*"))


def test_the_fleet_must_be_named_where_there_are_several(vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("\n".join([HEADER, *LINES]), encoding="utf-8")
    (tmp_path / "probes.yaml").write_text(HEAD + FLEETS + SECOND, encoding="utf-8")
    ended = vigie("import", "export.csv")
    assert (ended.exit_code, "ecoles, autres" in ended.stderr) == (2, True)
    ended = vigie("import", "export.csv", "--fleet", "ecole")
    assert (ended.exit_code, "peut-être ecoles ?" in plain(ended.stderr)) == (2, True)
    assert vigie("import", "export.csv", "--fleet", "autres").exit_code == 0
    assert stat.S_ISREG((tmp_path / "autres.csv").stat().st_mode)


def test_without_fleets_there_is_nothing_to_import_into(vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("\n".join([HEADER, *LINES]), encoding="utf-8")
    (tmp_path / "probes.yaml").write_text(HEAD, encoding="utf-8")
    ended = vigie("import", "export.csv")
    assert (ended.exit_code, "aucune flotte" in ended.stderr) == (2, True)


def test_status_shows_the_share_with_its_interval_its_sample_and_its_instants(vigie: Vigie, publish) -> None:
    publish(SHOWN)
    ended = vigie("status")
    assert ended.exit_code == 0
    said = plain(ended.stdout)
    assert "Écoles : 7000 écoles interrogées par roulement, 0,983 par seconde." in said
    assert "Lille 40 % 29 % à 52 % 60 sur 160 08:00:00 08:14:00" in said
    assert "Nouvelle-Calédonie trop peu de réponses 0 sur 160" in said


def test_status_for_machines_and_of_one_fleet(vigie: Vigie, publish) -> None:
    publish(SHOWN, {**SHOWN, "id": "autres"})
    assert [one["id"] for one in json.loads(vigie("status", "--format", "json").stdout)] == ["ecoles", "autres"]
    assert json.loads(vigie("status", "autres", "--format", "json").stdout) == [{**SHOWN, "id": "autres"}]
    ended = vigie("status", "autre")
    assert (ended.exit_code, "peut-être autres ?" in plain(ended.stderr)) == (2, True)


def test_status_says_why_no_fleet_is_asked(vigie: Vigie, publish, tmp_path: Path, monkeypatch) -> None:
    publish()
    (tmp_path / "ecoles.csv").write_text("\n".join([HEADER, *LINES]), encoding="utf-8")
    monkeypatch.delenv("VIGIE_CONTACT", raising=False)
    for words in (("status",), ("status", "ecoles")):
        ended = vigie(*words)
        assert ended.exit_code == 1
        assert "sans VIGIE_CONTACT, aucune flotte n’est interrogée" in plain(ended.stderr)
        assert "déclarez-en" not in ended.stderr
    monkeypatch.setenv("VIGIE_CONTACT", "vigie@example.org")
    assert "le catalogue en déclare : lancez « vigie up »" in plain(vigie("status").stderr)
    (tmp_path / "ecoles.csv").unlink()
    assert "« vigie validate »" in plain(vigie("status").stderr)
    (tmp_path / "probes.yaml").write_text(HEAD, encoding="utf-8")
    assert "déclarez-en une" in plain(vigie("status").stderr)


def test_before_any_snapshot_the_answer_is_no(vigie: Vigie, publish) -> None:
    assert vigie("status").exit_code == 1
    publish()
    ended = vigie("status")
    assert (ended.exit_code, "Aucune flotte" in ended.stderr) == (1, True)
