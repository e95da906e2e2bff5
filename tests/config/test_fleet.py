"""`fleets:` and their lists of schools: what spreadsheets write is read, what is wrong is named with its line."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import CatalogInvalid, Config, Problem, load, uai_check_letter
from monitor.config.fleet_list import FAULTS_MOST, written
from monitor.config.territories import uai_prefixes

KEYS = {"id": "lille", "name": '"Lille"', "profile": "entcore", "file": "ecoles.csv", "operator": "edifice"}


def fleet_block(**keys: str) -> str:
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in {**KEYS, **keys}.items()) + "}\n"


FLEETS = "fleets:\n" + fleet_block()
HEADER = "uai,name,url,territory,pupils,agreed"
ONE = "0590001F,Collège Un,https://un.example/pronote,D:59,400,oui"
Listed = Callable[..., Config]


def uai(digits: str) -> str:
    return digits + uai_check_letter(digits)


@pytest.fixture
def listed(tmp_path: Path, write: Callable[[str], Path]) -> Listed:
    """The configuration of a catalogue whose fleet has this list."""

    def make(
        *lines: str, header: str = HEADER, fleets: str = FLEETS, encoding: str = "utf-8", end: str = "\n"
    ) -> Config:
        (tmp_path / "ecoles.csv").write_bytes(end.join([header, *lines]).encode(encoding))
        return load(write(fleets))

    return make


@pytest.fixture
def wrong(listed: Listed) -> Callable[..., tuple[Problem, ...]]:
    def refuse(*lines: str, **how: str) -> tuple[Problem, ...]:
        with pytest.raises(CatalogInvalid) as caught:
            listed(*lines, **how)
        return caught.value.problems

    return refuse


def test_a_fleet_has_one_probe_for_each_school_whose_head_agreed(listed: Listed) -> None:
    other = f"{uai('0590002')},Collège Deux,https://deux.example,,,non"
    fleet = listed(ONE, other).fleets["lille"]
    assert (fleet.name, fleet.operator, fleet.budget, fleet.every.total_seconds()) == ("Lille", "edifice", 1.0, 300)
    one, two = fleet.schools
    assert (one.uai, one.name, one.territory, one.stratum, one.pupils) == (
        "0590001F",
        "Collège Un",
        "D:59",
        "A:lille",
        400,
    )
    assert one.probe is not None
    assert (one.probe.id, one.probe.service, one.probe.url) == (
        "lille/0590001F", "lille", "https://un.example/pronote/auth/login",
    )  # fmt: skip
    assert one.probe.expect.contains == ("login",)
    assert one.probe.policy.interval.__self__.every.total_seconds() == 300  # type: ignore[attr-defined]
    assert (two.agreed, two.probe, two.pupils, two.territory) == (False, None, None, "D:59")


def test_without_fleets_there_are_none(loaded: Callable[..., Config]) -> None:
    assert loaded("").fleets == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(listed: Listed, encoding: str, separator: str, end: str) -> None:
    lines = [ONE.replace(",", separator), separator * 5, ""]
    found = listed(*lines, header=HEADER.upper().replace(",", separator), encoding=encoding, end=end)
    (school,) = found.fleets["lille"].schools
    assert (school.name, school.agreed) == ("Collège Un", True)


@pytest.mark.parametrize("word", ["oui", "OUI", "true", "1"])
def test_agreement_is_said_by_a_few_words(listed: Listed, word: str) -> None:
    assert listed(ONE.replace(",oui", f",{word}")).fleets["lille"].schools[0].agreed


@pytest.mark.parametrize("word", ["non", "False", "0"])
def test_refusal_too(listed: Listed, word: str) -> None:
    assert not listed(ONE.replace(",oui", f",{word}")).fleets["lille"].schools[0].agreed


@pytest.mark.parametrize(
    ("digits", "stratum", "territory"),
    [
        ("7200001", "A:corse", "D:2B"),
        ("9830001", "C:988", "C:988"),
        ("9740001", "A:la-reunion", "D:974"),
        ("0620001", "A:lille", "D:62"),
    ],
)
def test_the_code_says_where_the_school_is(listed: Listed, digits: str, stratum: str, territory: str) -> None:
    school = listed(f"{uai(digits).lower()},École,https://x.example,,,oui").fleets["lille"].schools[0]
    assert (school.uai, school.stratum, school.territory) == (uai(digits), stratum, territory)


@pytest.mark.parametrize("code", ["D:59", "A:lille", ""])
def test_a_territory_that_holds_the_school_may_be_given(listed: Listed, code: str) -> None:
    assert listed(ONE.replace("D:59", code)).fleets["lille"].schools[0].stratum == "A:lille"


CASES = [
    pytest.param("0590001F", "0590001A", "uai", "lettre de contrôle fausse", "« 0590001F »", id="check letter"),
    pytest.param("0590001F", "59", "uai", "mal formé", "sept chiffres", id="malformed uai"),
    pytest.param("https://un", "ftp://un", "url", "URL absolue", "https://", id="not http"),
    pytest.param(
        "https://un", "https://moi:secret@un", "url", "identifiant ou mot de passe", "retirez-le", id="credentials"
    ),
    pytest.param("/pronote", "/pronote?x=1", "url", "« ? »", "adresse de base", id="query"),
    pytest.param("D:59", "D:999", "territory", "territoire inconnu : « D:999 »", "« D:59 »", id="unknown territory"),
    pytest.param("D:59", "A:lyon", "territory", "d’une autre école : « A:lyon »", "« D:59 »", id="another's territory"),
    pytest.param("D:59", "N", "territory", "d’une autre école", "« D:59 »", id="the country places nobody"),
    pytest.param(",400,", ",beaucoup,", "pupils", "effectif illisible : « beaucoup »", "nombre entier", id="pupils"),
    pytest.param(",400,", ",999999,", "pupils", "effectif illisible", "nombre entier", id="too many pupils"),
    pytest.param(",oui", ",peut-être", "agreed", "ni oui ni non : « peut-être »", "chef d’établissement", id="agreed"),
    pytest.param(",oui", ",", "agreed", "ni oui ni non", "« oui » seulement", id="agreement not said"),
    pytest.param("Collège Un", "", "name", "nom vide", "300 caractères", id="no name"),
    pytest.param("Collège Un", "Coll\x1b[31mège", "name", "illisible", "300 caractères", id="control characters"),
]


@pytest.mark.parametrize(("sound", "spoilt", "column", "what", "mend"), CASES)
def test_each_error_says_its_line_its_column_and_its_mend(
    wrong: Callable[..., tuple[Problem, ...]], sound: str, spoilt: str, column: str, what: str, mend: str
) -> None:
    before = f"{uai('0590002')},Deux,https://deux.example,,,non"
    (problem,) = wrong(before, ONE.replace(sound, spoilt))
    assert (problem.line, problem.where) == (15, "fleets[0].file")
    assert f"ecoles.csv, ligne 3, colonne «\u00a0{column}\u00a0»" in problem.what
    assert what in f"{problem}".replace("\u00a0", " ").replace("\u202f", " ")
    assert mend in problem.mend.replace("\u00a0", " ")
    assert "secret@" not in str(problem)


def test_every_error_is_told_at_once_in_the_order_of_the_file(wrong: Callable[..., tuple[Problem, ...]]) -> None:
    lines = [f"{uai(f'059{number:04}')},École,https://e{number}.example,,x,oui" for number in range(1, 13)]
    found = wrong(*lines)
    assert [int(one.what.split("ligne ")[1].split(",")[0]) for one in found] == list(range(2, 14))


def test_codes_and_addresses_are_given_once(wrong: Callable[..., tuple[Problem, ...]]) -> None:
    found = wrong(ONE, "0590001f,Autre,https://UN.example/pronote/,,,non")
    assert [("uai" in one.what, "déjà donné ligne 2" in one.what) for one in found] == [(True, True), (False, True)]


def test_a_line_that_is_too_short_or_too_long_is_named(wrong: Callable[..., tuple[Problem, ...]]) -> None:
    found = wrong("0590001F,Un", ONE + ",de trop", '"0590002G","à\nla ligne"')
    assert ["ligne 2" in found[0].what, "ligne 3" in found[1].what, "ligne 4" in found[2].what] == [True] * 3
    assert "2 cases au lieu de 6" in found[0].what
    assert "1 case au lieu de 6" in wrong("0590001F")[0].what


def test_columns_that_are_missing_or_written_twice_are_named(wrong: Callable[..., tuple[Problem, ...]]) -> None:
    found = wrong(ONE, header="uai,name,url,territory,effectif,agreed,uai")
    said = "".join(one.what for one in found).replace("\u00a0", " ")
    assert "« uai » : colonne écrite deux fois" in said
    assert "« pupils » : colonne absente" in said
    assert len(found) == 2


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "colonne"), (HEADER.encode(), "sans école"), (b"\x81\x8d\xff", "fichier illisible"),
        (HEADER.encode() + b'\n"' + b"x" * 200_000, "CSV"),
    ],
)  # fmt: skip
def test_what_is_no_list_at_all_is_refused(write: Callable[[str], Path], tmp_path: Path, raw: bytes, what: str) -> None:
    (tmp_path / "ecoles.csv").write_bytes(raw)
    with pytest.raises(CatalogInvalid, match=what):
        load(write(FLEETS))


def test_a_missing_list_says_how_to_make_it(problems: Callable[..., tuple[Problem, ...]], tmp_path: Path) -> None:
    (problem,) = problems(FLEETS)
    assert "ecoles.csv" in problem.what
    assert "absent" in problem.what
    assert "vigie fleet import FICHIER --fleet lille" in problem.mend
    (tmp_path / "ecoles.csv").mkdir()
    assert "illisible" in problems(FLEETS)[0].what


def test_a_huge_list_is_not_even_read(problems: Callable[..., tuple[Problem, ...]], tmp_path: Path) -> None:
    with (tmp_path / "ecoles.csv").open("wb") as file:
        file.truncate(20_000_001)
    assert "démesuré" in problems(FLEETS)[0].what


def test_one_mistake_repeated_is_counted_beyond_a_thousand(wrong: Callable[..., tuple[Problem, ...]]) -> None:
    lines = [
        f"{uai(f'059{number:04}')},École,https://e{number}.example,,x,oui" for number in range(1, FAULTS_MOST + 21)
    ]
    found = wrong(*lines)
    assert len(found) == FAULTS_MOST + 1
    assert "et 20 autres erreurs" in found[-1].what


FLEET_CASES = [
    pytest.param("budget: 0", "budget", "budget impossible", "jusqu’à 2", id="no budget"),
    pytest.param("budget: 2.1", "budget", "budget impossible", "jusqu’à 2", id="too fast"),
    pytest.param("budget: .nan", "budget", "budget impossible", "jusqu’à 2", id="not a number"),
    pytest.param("budget: true", "budget", "budget impossible", "jusqu’à 2", id="no number"),
    pytest.param("every: 4m", "every", "trop souvent", "5m", id="one school too often"),
    pytest.param("profile: entkore", "profile", "profil inconnu", "entcore", id="unknown profile"),
    pytest.param("operator: edifise", "operator", "exploitant inconnu", "edifice", id="unknown operator"),
    pytest.param("id: canary", "id", "déjà pris", "autre identifiant", id="the canaries' name"),
    pytest.param("fichier: x", "fichier", "clé inconnue", "file", id="unknown key"),
]


@pytest.mark.parametrize(("key", "where", "what", "mend"), FLEET_CASES)
def test_a_fleet_that_cannot_be_is_refused(
    wrong: Callable[..., tuple[Problem, ...]], key: str, where: str, what: str, mend: str
) -> None:
    name, _, value = key.partition(": ")
    (problem,) = wrong(ONE, fleets="fleets:\n" + fleet_block(**{name: value}))
    assert problem.where == f"fleets[0].{where}"
    assert what in problem.what
    assert mend in problem.mend


def test_what_is_wrong_in_the_block_is_told_once_and_the_list_is_left_alone(
    wrong: Callable[..., tuple[Problem, ...]],
) -> None:
    found = wrong("n’importe quoi", fleets="fleets:\n" + fleet_block(file="3", budget="9", profile="3"))
    assert sorted(one.where for one in found) == ["fleets[0].budget", "fleets[0].file", "fleets[0].profile"]


def test_the_fleets_of_one_operator_share_its_two_questions_a_second(
    listed: Listed, wrong: Callable[..., tuple[Problem, ...]], tmp_path: Path
) -> None:
    lists = {"deux": uai("0590002"), "trois": uai("0590003")}
    for name, code in lists.items():
        (tmp_path / f"{name}.csv").write_text(
            f"{HEADER}\n{code},École,https://{name}.example,,,oui\n", encoding="utf-8"
        )
    two = FLEETS + fleet_block(id="deux", file="deux.csv", budget="0.5")
    assert len(listed(ONE, fleets=two + fleet_block(id="trois", file="trois.csv", budget="0.5")).fleets) == 3
    (problem,) = wrong(ONE, fleets=two + fleet_block(id="trois", file="trois.csv", budget="0.6"))
    assert problem.where == "fleets[2].budget"
    assert "il reste 0,5 par seconde" in problem.mend


def test_two_fleets_never_ask_the_same_school(wrong: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = wrong(ONE, fleets=FLEETS + fleet_block(id="deux", budget="0.5"))
    assert problem.where == "fleets[1].file"
    assert "0590001F" in problem.what


def test_a_fleet_may_not_bear_the_name_of_a_service(wrong: Callable[..., tuple[Problem, ...]]) -> None:
    service = 'services:\n  - {id: lille, name: A, kind: ent, profile: entcore, url: "https://a.example", territories: ["D:59"]}\n'
    (problem,) = wrong(ONE, fleets=service + FLEETS)
    assert "déjà pris" in problem.what


def test_a_profile_must_have_a_question_for_a_school(head: str, write: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "ecoles.csv").write_text(f"{HEADER}\n{ONE}\n", encoding="utf-8")
    profile = "  autre: {probes: {x: {%s}}}\n"

    def said(probe: str) -> str:
        with pytest.raises(CatalogInvalid) as caught:
            load(write(FLEETS.replace("entcore", "autre"), head=head + profile % probe))
        (problem,) = caught.value.problems
        return problem.what.replace("\u00a0", " ")

    assert "sans sonde « http » qui compte" in said('kind: tls, host: "{host}"')
    assert "sans sonde « http » qui compte" in said('kind: http, url: "{url}/x", counts_for: slow')
    assert "« {domain} »" in said('kind: http, url: "https://{domain}/x", expect: {contains: [x]}')


def test_a_profile_that_is_refused_for_itself_is_not_refused_again(
    head: str, write: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "ecoles.csv").write_text(f"{HEADER}\n{ONE}\n", encoding="utf-8")
    bad_timeout = '  autre: {probes: {x: {kind: http, url: "{url}/x", timeout: 10, expect: {contains: [x]}}}}\n'
    for profile in ("  autre: 3\n", bad_timeout):
        with pytest.raises(CatalogInvalid) as caught:
            load(write(FLEETS.replace("entcore", "autre"), head=head + profile))
        assert [one.where.split(".")[0] for one in caught.value.problems] == ["profiles"]
    without = '  autre: {probes: {x: {kind: http, url: "{url}/x"}}}\n'
    service = (
        'services:\n  - {id: s, name: A, kind: ent, profile: autre, url: "https://a.example", territories: ["D:59"]}\n'
    )
    with pytest.raises(CatalogInvalid) as caught:
        load(write(service + FLEETS.replace("entcore", "autre"), head=head + without))
    assert len(caught.value.problems) == 1  # what the profile lacks is told once, however many ask by it


def test_a_school_may_be_asked_more_seldom(listed: Listed) -> None:
    fleet = listed(ONE, fleets="fleets:\n" + fleet_block(every="10m", budget="2")).fleets["lille"]
    assert (fleet.every.total_seconds(), fleet.budget) == (600, 2.0)


def test_markers_that_name_the_schools_own_host_are_built_for_each(
    head: str, write: Callable[..., Path], tmp_path: Path
) -> None:
    two = f"{uai('0590002')},Deux,https://deux.example/x,,,oui"
    (tmp_path / "ecoles.csv").write_text(f"{HEADER}\n{ONE}\n{two}\n", encoding="utf-8")
    profile = '  autre: {probes: {x: {kind: http, url: "{url}/", expect: {contains: [x], final_host: "{host}"}}}}\n'
    fleet = load(write(FLEETS.replace("entcore", "autre"), head=head + profile)).fleets["lille"]
    probes = [school.probe for school in fleet.schools if school.probe is not None]
    assert [probe.expect.final_host for probe in probes] == ["un.example", "deux.example"]
    assert [probe.url for probe in probes] == ["https://un.example/pronote/", "https://deux.example/x/"]


def test_the_digest_changes_with_the_list(listed: Listed) -> None:
    assert listed(ONE).digest == listed(ONE).digest
    assert listed(ONE).digest != listed(ONE.replace("oui", "non")).digest


def test_a_list_may_be_tried_in_place_of_the_catalogues(write: Callable[[str], Path], tmp_path: Path) -> None:
    tried = tmp_path / "autre.csv"
    tried.write_text(f"{HEADER}\n{ONE}\n", encoding="utf-8")
    second = FLEETS + fleet_block(id="deux", file="absent.csv")
    found = load(write(second), {"lille": tried}).fleets
    assert (len(found["lille"].schools), len(found["deux"].schools)) == (1, 0)
    assert found["lille"].file == str(tmp_path / "ecoles.csv")
    assert len(load(write(FLEETS), {"": tried}).fleets["lille"].schools) == 1
    with pytest.raises(CatalogInvalid, match="absent"):
        load(write(FLEETS), {"lille": tmp_path / "nowhere.csv"})


def test_what_is_written_is_read_back(listed: Listed, tmp_path: Path) -> None:
    two = f'{uai("0590002").lower()};"Deux ; ""bis""";https://deux.example/;A:lille;;non'
    before = listed(ONE.replace(",", ";"), two, header=HEADER.replace(",", ";"), encoding="cp1252")
    text = written(reversed(before.fleets["lille"].schools))
    assert text.splitlines()[:2] == [HEADER, ONE]
    after = listed(*text.splitlines()[1:])
    assert after.fleets["lille"].schools == before.fleets["lille"].schools


def test_twenty_thousand_schools_are_read_in_a_moment(listed: Listed) -> None:
    prefixes = sorted(uai_prefixes())
    codes = [uai(f"{prefixes[number % 100]}{number // 100 + 1:04}") for number in range(20_000)]
    began = time.process_time()
    found = listed(*(f"{code},École,https://{code.lower()}.example.net/pronote,,300,oui" for code in codes))
    assert len(found.fleets["lille"].schools) == 20_000
    assert time.process_time() - began < 5  # 0.7 s on an idle machine; the bound only catches a square
