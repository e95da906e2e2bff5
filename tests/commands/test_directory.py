"""`vigie directory` as people type it."""

import json

import pytest
from typer.testing import CliRunner

from monitor.commands.directory import directory
from monitor.config.directory_table import load_directory
from monitor.config.territories import load_territories
from monitor.domain.catalog import Level
from tests.config.annuaire import as_csv, as_json, record, uai
from tests.config.conftest import HEAD

SERVICE = """services:
  - {id: ent-nord, name: "ENT du Nord", kind: ent, profile: entcore, url: "https://ent.example", operator: edifice,
     territories: ["D:59"], audience: [college]}
"""


@pytest.fixture
def typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "probes.yaml").write_text(HEAD + SERVICE, encoding="utf-8")
    env = {"COLUMNS": "200", "VIGIE_DIRECTORY": "", "VIGIE_CONFIG": str(tmp_path / "probes.yaml")}

    def run(*words, **more):
        words = [str(word) for word in words]
        return CliRunner().invoke(directory, words, env={**env, **more}, catch_exceptions=False)

    return run


@pytest.fixture
def given(tmp_path):
    def make(*records, name="annuaire.csv"):
        text = as_json(list(records)) if name.endswith("json") else as_csv(list(records))
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return make


def plain(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


COLLEGE = record(1, type_etablissement="Collège", nombre_d_eleves=1400)
FAR = record(2, "983", code_departement="988", nombre_d_eleves=50)


def test_import_says_what_it_kept_and_what_it_left_out(typed, given, tmp_path):
    ended = typed("import", given(COLLEGE, FAR, record(3, etat="FERME"), record(4, nombre_d_eleves=None)))
    assert ended.exit_code == 0, ended.stderr
    said = plain(ended.stdout)
    assert "Lille 2 0 1 400 0 0" in said
    assert "Nouvelle-Calédonie 1 50 0 0 0" in said
    assert "Ensemble 3 50 1 400 0 0" in said
    assert "3 écoles, 1 450 élèves ; annuaire à jour au 15/11/2026, lu le" in said
    assert "Les effectifs pèsent" in said
    assert "data/directory.csv : écrit." in said
    assert "Établissements fermés ou pas encore ouverts, laissés de côté : 1." in plain(ended.stderr)
    assert "Écoles sans effectif publié, qui ne pèsent rien : 1." in plain(ended.stderr)
    kept = load_directory(tmp_path / "data" / "directory.csv")
    assert [one.uai for one in kept.directory.schools] == [uai(1), uai(4), uai(2, "983")]


def test_a_second_import_shows_what_changed(typed, given):
    typed("import", given(COLLEGE, FAR))
    assert "Rien n’a changé" in plain(typed("import", given(FAR, COLLEGE, name="annuaire.json")).stdout)
    ended = typed("import", given({**COLLEGE, "nombre_d_eleves": 1300}, record(7), record(8)))
    said = "Écoles, depuis le dernier import : 2 ajoutées, 1 retirées, 1 modifiées ; élèves : +50."
    assert said in plain(ended.stdout)
    ended = typed("import", given(COLLEGE))
    assert "élèves : \u2212100." in plain(ended.stdout)


def test_a_dry_run_shows_the_same_and_writes_nothing(typed, given, tmp_path):
    typed("import", given(COLLEGE))
    before = (tmp_path / "data" / "directory.csv").read_bytes()
    ended = typed("import", given(COLLEGE, FAR), "--dry-run")
    assert ended.exit_code == 0
    assert "1 ajoutées, 0 retirées" in plain(ended.stdout)
    assert "Essai : rien n’est écrit." in plain(ended.stdout)
    assert (tmp_path / "data" / "directory.csv").read_bytes() == before


def test_every_error_is_told_and_the_old_directory_kept(typed, given, tmp_path):
    typed("import", given(COLLEGE))
    before = (tmp_path / "data" / "directory.csv").read_bytes()
    wrong = [
        record(1, code_departement="099"),
        record(2, nombre_d_eleves="?"),
        record(3, identifiant_de_l_etablissement="?"),
    ]
    ended = typed("import", given(*wrong))
    assert (ended.exit_code, ended.stdout) == (2, "")
    said = plain(ended.stderr)
    assert "annuaire.csv : 3 erreurs" in said
    assert "ligne 2 — code_departement inconnu : « 099 »" in said
    assert "ligne 3 — nombre_d_eleves illisible" in said
    assert "ligne 4 — code UAI mal formé" in said
    assert (tmp_path / "data" / "directory.csv").read_bytes() == before
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["directory.csv"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import",), "Il manque l’argument"),
        (("import", "absent.csv"), "absent"),
        (("import", "."), "dossier"),
        (("status", "--directory", "spoilt.csv"), "refaites « vigie directory import »"),
    ],
)
def test_what_cannot_be_read(typed, tmp_path, words, said):
    (tmp_path / "spoilt.csv").write_text("?", encoding="utf-8")
    if len(words) == 1:
        assert typed(*words).exit_code == 2
        return
    ended = typed(*words)
    assert ended.exit_code == 2
    assert said in plain(ended.stderr)


def test_a_place_that_cannot_be_written(typed, given, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    ended = typed("import", given(COLLEGE), "--directory", "file/directory.csv")
    assert ended.exit_code == 2
    assert "écriture impossible" in plain(ended.stderr)


def test_a_spoilt_directory_is_said_and_replaced(typed, given, tmp_path):
    (tmp_path / "spoilt.csv").write_text("?", encoding="utf-8")
    ended = typed("import", given(COLLEGE), VIGIE_DIRECTORY=str(tmp_path / "spoilt.csv"))
    assert ended.exit_code == 0
    assert "fichier abîmé" in plain(ended.stderr)
    assert load_directory(tmp_path / "spoilt.csv").directory.of(uai(1))


def test_an_extract_does_not_weigh_and_says_what_lacks(typed, given, tmp_path):
    assert "il manque des effectifs" in plain(typed("import", given(FAR)).stdout)
    assert "(Nord)" in plain(typed("status").stdout)
    (tmp_path / "probes.yaml").write_text(
        HEAD + SERVICE.replace('["D:59"]', '["R:32", "R:84", "R:44"]'), encoding="utf-8"
    )
    assert "Aisne, " in plain(typed("status").stdout)
    assert " autres)" in plain(typed("status").stdout)


def test_a_catalogue_that_nobody_can_read_decides_nothing(typed, given, tmp_path):
    (tmp_path / "probes.yaml").write_text("vigie: 2\n", encoding="utf-8")
    ended = typed("import", given(COLLEGE))
    assert ended.exit_code == 0
    assert "Le catalogue a des erreurs" in plain(ended.stdout)


def test_status_without_a_directory_is_no(typed):
    ended = typed("status")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "Aucun annuaire importé (data/directory.csv) : la pondération est par département." in plain(ended.stderr)


def test_status_for_people_and_machines(typed, given):
    typed("import", given(COLLEGE, FAR))
    said = plain(typed("status").stdout)
    assert "Ensemble 2 50 1 400 0 0" in said
    assert "annuaire à jour au 15/11/2026" in said
    shown = json.loads(typed("status", "--format", "json").stdout)
    assert (shown["as_of"], shown["schools"], shown["pupils"]) == ("2026-11-15", 2, 1450)
    assert shown["imported_at"].endswith("Z")
    assert shown["academies"][0] == {
        "code": "A:lille", "name": "Lille", "schools": 1, "pupils": {"ecole": 0, "college": 1400, "lycee": 0, "prive": 0},
    }  # fmt: skip


def test_totals_name_every_academie(typed, given):
    places = load_territories().values()
    every = [place for place in places if place.level in (Level.DEPARTEMENT, Level.COLLECTIVITE)]
    given(*(record(n, code_departement=place.code[2:]) for n, place in enumerate(every)))
    shown = json.loads(typed("status", "--format", "json").stdout or "{}")
    assert shown == {}
    typed("import", "annuaire.csv")
    shown = json.loads(typed("status", "--format", "json").stdout)
    assert len(shown["academies"]) == 30 + 3
    assert sum(one["schools"] for one in shown["academies"]) == 107


def test_a_school_is_found_by_words_or_by_its_code_with_the_services_that_serve_it(typed, given, tmp_path):
    lycee = record(5, type_etablissement="Lycée", nombre_d_eleves=900)
    assert typed("import", given(COLLEGE, FAR, lycee)).exit_code == 0
    listed = json.loads(typed("search", uai(1).lower(), "--format", "json").stdout)
    assert [(one["uai"], one["level"], one["services"]) for one in listed] == [(uai(1), "college", ["ent-nord"])]
    everybody = json.loads(typed("search", listed[0]["town"][:4], "--format", "json").stdout)
    assert {one["uai"]: one["services"] for one in everybody}[uai(5)] == []  # an ENT of collèges is none of a lycée
    shown = typed("search", *listed[0]["name"].split())
    assert (shown.exit_code, "ent-nord" in shown.stdout, uai(1) in shown.stdout) == (0, True, True)


def test_what_is_not_found_is_said_with_a_mend(typed, given):
    without = typed("search", "baggio")
    assert (without.exit_code, "directory import" in without.stderr) == (2, True)
    typed("import", given(COLLEGE))
    nobody = typed("search", "zzz")
    assert (nobody.exit_code, "moins de mots" in plain(nobody.stderr)) == (1, True)
    assert json.loads(typed("search", "zzz", "--format", "json").stdout) == []
