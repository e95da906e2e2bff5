"""`vigie recipients`, as whoever keeps the lists of a rectorat types it, on each database."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config import uai_check_letter
from tests.commands.declaring import Vigie, as_json
from tests.prepared import prepared

PARIS = ZoneInfo("Europe/Paris")
HEAD = "uai,name,email,phone,language\n"
ONE = "0590001F,Collège A,ce.0590001f@ac-lille.fr,03 20 00 00 12,\n"
TWO = "0590002G,École B,ce.0590002g@ac-lille.fr,,en\n"
COMMAND = ("recipients", "import", "liste.csv")


@pytest.fixture
def now(database_url: str, monkeypatch) -> datetime:
    """The instant from which the test counts; the books are ready."""
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    at = datetime.now(UTC)
    prepared(database_url, "real", at)
    return at


@pytest.fixture
def liste(tmp_path: Path):
    def write(*lines: str) -> None:
        (tmp_path / "liste.csv").write_text(HEAD + "".join(lines), encoding="utf-8")

    return write


def everybody(vigie: Vigie) -> list[dict[str, object]]:
    return as_json(vigie("recipients", "list", "--show", "--format", "json"))


def test_a_list_is_shown_first_then_kept_then_changed(vigie: Vigie, liste, now) -> None:
    liste(ONE, TWO)
    code, out, err = vigie(*COMMAND, "--dry-run")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "ajouté : 0590001F, Collège A, c…@ac-lille.fr, …12",
        "ajouté : 0590002G, École B, c…@ac-lille.fr, en",
        "Contacts ajoutés : 2 ; modifiés : 0 ; inchangés : 0.",
        "Essai : rien n’est écrit.",
    ]
    assert everybody(vigie) == []
    assert vigie(*COMMAND) == (0, "Contacts ajoutés : 2 ; modifiés : 0 ; inchangés : 0.\n", "")
    before = everybody(vigie)
    assert [(one["uai"], one["email"], one["phone"], one["language"]) for one in before] == [
        ("0590001F", "ce.0590001f@ac-lille.fr", "0320000012", "fr"),
        ("0590002G", "ce.0590002g@ac-lille.fr", None, "en"),
    ]
    assert vigie(*COMMAND) == (0, "Contacts ajoutés : 0 ; modifiés : 0 ; inchangés : 2.\n", "")
    liste("0590001F,Collège C,ce.0590001f@ac-lille.fr,0320000034,en\n")
    code, out, err = vigie(*COMMAND, "--dry-run", "--show")
    assert out.splitlines() == [
        "modifié : 0590001F, ce.0590001f@ac-lille.fr : nom « Collège A » → « Collège C » ; "
        "téléphone 0320000012 → 0320000034 ; langue fr → en",
        "Contacts ajoutés : 0 ; modifiés : 1 ; inchangés : 0.",
        "Contacts gardés que le fichier ne nomme pas : 1. Ils restent ; « vigie recipients forget » en efface un.",
        "Essai : rien n’est écrit.",
    ]
    assert everybody(vigie) == before
    assert vigie(*COMMAND)[0] == 0
    after = everybody(vigie)
    assert (after[0]["id"], after[0]["name"], after[1]) == (before[0]["id"], "Collège C", before[1])
    assert (after[0]["added_at"] == before[0]["added_at"]) is (after[0]["changed_at"] > before[0]["changed_at"]) is True


def test_a_wrong_list_is_one_message_and_changes_nothing(vigie: Vigie, liste, now) -> None:
    liste(ONE, "0590001G,,a,1,de\n", ONE)
    for more in ((), ("--dry-run",)):
        code, out, err = vigie(*COMMAND, *more)
        assert (code, out) == (2, "")
        assert err.splitlines()[0] == "liste.csv : 6 erreurs"
        assert [line.split(" — ")[0].strip() for line in err.splitlines()[1:]] == [
            "ligne 3 · uai", "ligne 3 · name", "ligne 3 · email", "ligne 3 · phone", "ligne 3 · language",
            "ligne 4 · email",
        ]  # fmt: skip
    assert everybody(vigie) == []
    code, out, err = vigie("recipients", "import", "absent.csv")
    assert (code, out) == (2, "")
    assert "absent.csv : 1 erreur" in err


def test_addresses_are_masked_unless_asked_for(vigie: Vigie, liste, now, caplog) -> None:
    caplog.set_level("DEBUG")
    liste(ONE, TWO)
    vigie(*COMMAND)
    code, out, err = vigie("recipients", "list")
    assert (code, err) == (0, "")
    assert "ce.0590001f" not in out
    assert "0320000012" not in out
    for words in ("0590001F", "Collège A", "c…@ac-lille.fr", "…12", "École B"):
        assert words in out
    assert (
        out.splitlines()[1][13:]
        == "0590001F  Collège A  c…@ac-lille.fr  …12        fr      " + f"{now.astimezone(PARIS):%d/%m/%Y}"
    )
    assert [one["email"] for one in as_json(vigie("recipients", "list", "--format", "json"))] == ["c…@ac-lille.fr"] * 2
    out = vigie("recipients", "list", "--show", "--uai", "0590002g")[1]
    assert "ce.0590002g@ac-lille.fr" in out
    assert "0590001F" not in out
    assert "pour ces établissements" in vigie("recipients", "list", "--uai", "0590003H")[1]
    code, out, err = vigie("recipients", "list", "--uai", "0590001G")
    assert (code, out) == (2, "")
    assert "écrivez « 0590001F »" in err
    assert "ac-lille" not in caplog.text


def test_columns_of_which_nothing_is_kept_are_said(vigie: Vigie, tmp_path, now) -> None:
    (tmp_path / "liste.csv").write_text(f"uai,name,email,phone,langue\n{ONE}", encoding="utf-8")
    code, _, err = vigie(*COMMAND)
    assert (code, err) == (0, "Colonnes dont Vigie ne garde rien : « langue ».\n")


def test_whoever_is_forgotten_is_exported_no_more(vigie: Vigie, liste, now) -> None:
    liste(ONE, "0590002G,École B,ce.0590001f@ac-lille.fr,,\n", TWO)
    vigie(*COMMAND)
    found = as_json(vigie("recipients", "export", "CE.0590001F@ac-lille.fr"))
    assert found == [one for one in everybody(vigie) if one["email"] == "ce.0590001f@ac-lille.fr"]
    assert [one["uai"] for one in found] == ["0590001F", "0590002G"]
    assert set(found[0]) == {"id", "uai", "name", "email", "phone", "language", "added_at", "changed_at"}
    assert [one["uai"] for one in as_json(vigie("recipients", "export", "+33 3 20 00 00 12"))] == ["0590001F"]
    code, out, err = vigie("recipients", "forget", "ce.0590001f@ac-lille.fr")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["0590001F : c…@ac-lille.fr effacé.", "0590002G : c…@ac-lille.fr effacé."]
    code, out, err = vigie("recipients", "export", "ce.0590001f@ac-lille.fr")
    assert (code, json.loads(out), err) == (1, [], "")
    code, out, err = vigie("recipients", "forget", "ce.0590001f@ac-lille.fr")
    assert (code, out) == (2, "")
    assert "Aucun destinataire" in err
    assert "0590001f" not in err
    [left] = everybody(vigie)
    assert vigie("recipients", "forget", left["id"])[0] == 0
    assert vigie("recipients", "list") == (0, "Aucun contact n’est gardé.\n", "")


def test_nothing_is_written_where_no_book_is(vigie: Vigie, liste, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    liste(ONE)
    for words in (COMMAND, (*COMMAND, "--dry-run"), ("recipients", "list"), ("recipients", "forget", "a@b.fr")):
        code, out, err = vigie(*words)
        assert (code, out) == (2, "")
        assert "vigie db upgrade" in err
    assert not (tmp_path / "none.db").exists()


def test_ten_thousand_at_once(vigie: Vigie, liste, now) -> None:
    """A few seconds by a wide margin: what is watched for is a commit a line, or a look through all of them a line."""
    schools = [f"{59 * 10_000 + number:07}" for number in range(10_000)]
    lines = [f"{one}{uai_check_letter(one)},Collège {one},ce.{one}@ac-lille.fr,0320000000,\n" for one in schools]
    liste(*lines)
    began = time.monotonic()
    assert "ajoutés : 10000" in vigie(*COMMAND)[1]
    liste(*(line.replace("Collège", "Lycée") for line in lines))
    assert "modifiés : 10000" in vigie(*COMMAND)[1]
    assert len(vigie("recipients", "list")[1].splitlines()) == 10_001
    assert time.monotonic() - began < 30
