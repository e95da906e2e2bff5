"""The official directory as it is published, in its several shapes, and as Vigie keeps it."""

import json
import time
import tracemalloc
from datetime import UTC, date, datetime

import pytest

from monitor.config.directory_official import FAULTS_MOST, read_official
from monitor.config.directory_table import DirectoryInvalid, Imported, load_directory, load_pupils, save_directory
from monitor.config.problem import FileInvalid
from monitor.config.territories import load_territories, official_departements
from monitor.domain.catalog import Audience, Level
from monitor.domain.directory import Directory, pupils_of
from tests.config.annuaire import TITLES, as_csv, as_json, record, uai

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


@pytest.fixture
def read(tmp_path):
    def make(content, name="annuaire"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_official(path)

    return make


@pytest.fixture
def refused(read):
    def make(content):
        with pytest.raises(DirectoryInvalid) as caught:
            read(content)
        return [problem.replace("\u00a0", " ") for problem in caught.value.problems]

    return make


SOME = [
    record(1),
    record(2, type_etablissement="Collège", nombre_d_eleves=400, nom_etablissement="Collège Jean-Moulin"),
    record(3, "069", type_etablissement="Lycée", code_departement="069", nombre_d_eleves=900, nom_commune="Lyon  3e"),
    record(
        4, "069", type_etablissement="EREA", code_departement="069", nombre_d_eleves=90, date_maj_ligne="2026-11-20"
    ),
    record(5, type_etablissement="Lycée", statut_public_prive="Privé", nombre_d_eleves=300),
]
NUMBERS = {
    ("D:59", Audience.ECOLE): 100,
    ("D:59", Audience.COLLEGE): 400,
    ("D:69", Audience.LYCEE): 990,
    ("D:59", Audience.PRIVE): 300,
}


@pytest.mark.parametrize(
    "content",
    [
        as_csv(SOME),
        "\ufeff" + as_csv(SOME, labels=True),
        as_csv(SOME, separator=","),
        as_csv(SOME, separator="\t").encode("cp1252"),
        as_csv(SOME, labels=True).replace("Type_etablissement", "Type établissement"),
        as_json(SOME),
        json.dumps(SOME, indent=2),
        "\n".join(json.dumps(one) for one in SOME),
        as_json([{"datasetid": "x", "recordid": "y", "fields": one} for one in SOME]),
        as_json([{title: one[key] for title, key in TITLES.items()} for one in SOME]),
        json.dumps({"total_count": len(SOME), "results": SOME}),
        json.dumps({"nhits": len(SOME), "records": [{"fields": one} for one in SOME]}),
    ],
    ids=["csv", "labels", "comma", "tab", "older", "json", "indented", "lines", "v1", "titles", "page", "page-v1"],
)
def test_every_shape_is_read_alike(read, content):
    found = read(content)
    assert pupils_of(found.directory.schools) == NUMBERS
    assert found.as_of == date(2026, 11, 20)
    assert found.remarks == ()
    college = found.directory.of(uai(2))
    assert (college.name, college.town, college.place) == ("Collège Jean-Moulin", "Lille", "D:59")
    assert found.directory.of(uai(3, "069")).town == "Lyon 3e"


@pytest.mark.parametrize(
    ("code", "ours"),
    [("059", "D:59"), ("59", "D:59"), ("001", "D:01"), ("1", "D:01"), ("02A", "D:2A"), ("2b", "D:2B"), ("971", "D:971"),
     ("975", "C:975"), ("978", "C:978"), ("988", "C:988")],
)  # fmt: skip
def test_official_codes_are_ours(read, code, ours):
    """Schools of Saint-Martin have codes that begin with 971: the column tells where they are."""
    (only,) = read(as_csv([record(1, "971", code_departement=code)])).directory.schools
    assert only.place == ours


def test_every_departement_and_collectivite_has_its_official_code():
    levels = (Level.DEPARTEMENT, Level.COLLECTIVITE)
    places = [place for place in load_territories().values() if place.level in levels]
    official = official_departements()
    assert len(places) == 107
    assert {official[place.code[2:].zfill(3)] for place in places} == {place.code for place in places}


def test_what_is_no_open_school_is_left_out_and_counted(read):
    found = read(
        as_csv(
            [
                record(1, etat="A FERMER"),
                record(2, etat="FERME", identifiant_de_l_etablissement="pas un code"),
                record(3, etat="A OUVRIR"),
                record(4, type_etablissement="Service Administratif", code_departement="999"),
                record(5, type_etablissement="Médico-social"),
                record(6, type_etablissement="Conservatoire"),
            ]
        )
    )
    assert [one.uai for one in found.directory.schools] == [uai(1)]
    assert [remark.replace("\u00a0", " ") for remark in found.remarks] == [
        "Établissements fermés ou pas encore ouverts, laissés de côté : 2.",
        "Lignes qui ne sont pas d’une école (administration, orientation, médico-social) : 2.",
        "Lignes d’un type inconnu, « Conservatoire », laissées de côté : 1.",
    ]


def test_a_school_on_two_lines_is_one_school(read):
    found = read(
        as_csv([record(1, nombre_d_eleves=None), record(1, nombre_d_eleves=250), record(1, nombre_d_eleves=90)])
    )
    (only,) = found.directory.schools
    assert only.pupils == 250
    assert found.remarks[0].startswith("Lignes de plus pour un code UAI déjà lu")


def test_what_is_not_published_is_said(read):
    found = read(as_csv([record(1, nombre_d_eleves=None, statut_public_prive="-", nom_etablissement=None)]))
    (only,) = found.directory.schools
    assert (only.pupils, only.private, only.audience, only.name) == (None, None, Audience.ECOLE, "Ecole sans nom")
    assert [remark.split(",")[0] for remark in found.remarks] == [
        "Écoles sans effectif publié",
        "Écoles sans statut publié",
    ]


def test_names_stand_on_one_line_in_signs_that_print(read):
    found = read(as_csv([record(1, nom_etablissement=" Ecole\u00a0du\nLac\u200b ", nom_commune="A" * 999)]))
    (only,) = found.directory.schools
    assert (only.name, len(only.town)) == ("Ecole du Lac", 300)


@pytest.mark.parametrize(("written", "number"), [(61, 61), ("61", 61), (61.0, 61), ("61,0", 61), (0, 0)])
def test_numbers_as_spreadsheets_write_them(read, written, number):
    (only,) = read(as_json([record(1, nombre_d_eleves=written)])).directory.schools
    assert only.pupils == number


def test_days_in_either_order_and_none_that_is_no_day(read):
    days = ["2026-11-15T00:00:00+00:00", "21/11/2026", "31/02/2027", "hier"]
    found = read(as_csv([record(n, date_maj_ligne=day) for n, day in enumerate(days)]))
    assert found.as_of == date(2026, 11, 21)


def test_every_error_at_once_with_its_line_and_mend(refused):
    found = refused(
        as_csv(
            [
                record(1, identifiant_de_l_etablissement="0590001A"),
                record(2, nombre_d_eleves="beaucoup"),
                record(3, nombre_d_eleves=200_000, identifiant_de_l_etablissement="12"),
                record(4, code_departement="099"),
                record(5, code_departement="099"),
            ]
        )
        + "coupée;en"
    )
    assert found == [
        f"ligne 2 — lettre de contrôle fausse dans le code UAI « 0590001A » → écrivez « {uai(1)} » ou vérifiez les chiffres",
        "ligne 3 — nombre_d_eleves illisible : « beaucoup » → un nombre entier, ou rien",
        "ligne 4 — code UAI mal formé → sept chiffres et une lettre, par exemple « 0590001F »",
        "ligne 4 — nombre_d_eleves illisible : « 200000 » → un nombre entier, ou rien",
        "ligne 7 — enregistrement incomplet ou coupé → téléchargez-le de nouveau",
        "ligne 5 — code_departement inconnu : « 099 », lignes : 2 → trois signes comme « 059 », « 02A », « 971 », ou les "
        "nôtres : « 59 », « 2A »",
    ]


def test_a_column_filled_wrongly_is_counted_beyond_a_point(refused):
    found = refused(as_csv([record(n, nombre_d_eleves="x") for n in range(FAULTS_MOST + 5)]))
    assert len(found) == FAULTS_MOST + 1
    assert found[-1].startswith("et 5 autres erreurs")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "ligne 1 — autre chose"),
        ("<html><body>Erreur</body></html>", "ligne 1 — autre chose"),
        (as_csv(SOME).replace("nombre_d_eleves", "effectif"), "ligne 1 — colonnes absentes : nombre_d_eleves"),
        (as_csv([]), "fichier — aucune école ouverte"),
        ("[]", "fichier — aucune école ouverte"),
        (as_json(SOME)[:-1], "enregistrement 6 — JSON illisible ou coupé"),
        (as_json(SOME)[:-30], "enregistrement 5 — JSON illisible ou coupé"),
        ('[{"a": nope}' + " " * 10, "enregistrement 1 — JSON illisible ou coupé"),
        ("[3]", "enregistrement 1 — enregistrement incomplet"),
        (json.dumps({"total_count": 66460, "results": SOME}), "fichier — une page de 5 enregistrements sur 66460"),
        (b"\xff\xfe\x81", "octets qui ne sont pas du texte"),
        (as_csv(SOME) + '"' + "x" * 200_000, "CSV illisible"),
    ],
)
def test_what_is_no_such_export_is_refused(refused, content, said):
    assert any(said in problem and "→" in problem for problem in refused(content))


def test_broken_json_is_given_up_without_reading_it_all_again_and_again(refused):
    began = time.process_time()
    assert "illisible" in refused("[" + '{"a": nope}' * 2_000_000)[0]
    assert time.process_time() - began < 5


def test_a_whole_country_is_read_in_seconds_and_little_memory(tmp_path):
    """66,000 lines of 72 columns, as the real export has; its peak is far below the file's own size."""
    rows = as_csv([record(n % 10_000, f"{1 + n // 10_000:03}", code_departement="059") for n in range(66_000)])
    head, body = rows.split("\r\n", 1)
    wide = "\r\n".join(
        [head + ";colonne" * 59, *(line + ";" + "x" * 10 + ";" * 58 for line in body.split("\r\n")[:-1])]
    )
    path = tmp_path / "annuaire.csv"
    path.write_text(wide, encoding="utf-8")
    began = time.process_time()
    found = read_official(path)
    assert time.process_time() - began < 10
    assert len(found.directory.schools) == 66_000
    tracemalloc.start()
    save_directory(tmp_path / "kept.csv", Imported(NOW, found.as_of, found.directory))
    assert load_pupils(tmp_path / "kept.csv") == pupils_of(found.directory.schools)
    assert tracemalloc.get_traced_memory()[1] < 8_000_000  # what the monitor does at its start
    tracemalloc.stop()


def test_what_is_kept_reads_back(read, tmp_path):
    found = read(as_csv([*SOME, record(9, statut_public_prive="-", nombre_d_eleves=None, nom_commune='L"Î;le,\tx')]))
    path = tmp_path / "new" / "directory.csv"
    save_directory(path, Imported(NOW, found.as_of, found.directory))
    back = load_directory(path)
    assert (back.at, back.as_of, back.directory.schools) == (NOW, found.as_of, found.directory.schools)
    assert load_pupils(path) == pupils_of(found.directory.schools)
    save_directory(path, Imported(NOW, None, Directory(())))
    assert load_directory(path).as_of is None
    assert [one.name for one in path.parent.iterdir()] == ["directory.csv"]


def test_nothing_imported_is_nothing(tmp_path):
    assert load_directory(tmp_path / "none.csv") is None
    assert load_pupils(tmp_path / "none.csv") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vigie-directory", "autre"), (",1,2026", ",2,2026"), ("2026-11-28", "hier"), ("D:59", "D:59x"), ("ecole", "creche"),
        ("prive", "semi"), (",400\n", ",bof\n"), (",5\n", ",6\n"), ("uai,name", "code,name"), (",400\n", "\n"),
    ],
)  # fmt: skip
def test_a_spoilt_file_is_said_with_its_mend(read, tmp_path, old, new):
    found, path = read(as_csv(SOME)), tmp_path / "directory.csv"
    save_directory(path, Imported(NOW, found.as_of, found.directory))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    for load in (load_directory, load_pupils):
        with pytest.raises(FileInvalid, match="refaites") as caught:
            load(path)
        assert str(path) in str(caught.value)
