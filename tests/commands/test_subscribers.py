"""`vigie recipients` about people who signed up for themselves: listed masked, exported whole, forgotten altogether."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.subscriber import Wish
from monitor.domain.window import Scope, ScopeKind
from monitor.store import open_desk
from tests.commands.declaring import Vigie, as_json
from tests.prepared import prepared


@pytest.fixture
def url(tmp_path: Path, monkeypatch) -> str:
    """Books in which one school's contact has also signed up, and waits to be confirmed; another has been."""
    at, url = datetime.now(UTC), f"sqlite:///{tmp_path}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    prepared(url, "real", at)
    (tmp_path / "liste.csv").write_text("uai,name,email,phone\n0590001F,Collège A,both@b.fr,\n", encoding="utf-8")
    with closing(open_desk(url)) as desk:
        desk.sign_up(Wish("both@b.fr", Scope(ScopeKind.TERRITORY, "U:0590002G"), "fr"), at)
        desk.sign_up(
            Wish("sure@b.fr", Scope(ScopeKind.SERVICE, "ent-a"), "en", school_hours=True), at + timedelta(minutes=1)
        )
        desk.confirm(desk.subscribers()[-1].id, at)
    return url


def test_they_are_listed_after_the_contacts_and_masked(vigie: Vigie, url: str) -> None:
    vigie("recipients", "import", "liste.csv")
    code, out, err = vigie("recipients", "list")
    assert (code, err) == (0, "")
    assert "both@b.fr" not in out
    lines = out.splitlines()
    assert [line.split()[1] for line in lines] == ["UAI", "0590001F", "Abonné", "b…@b.fr", "s…@b.fr"]
    assert "U:0590002G" in lines[3]
    assert lines[3].endswith("pas encore")
    assert lines[4].split()[2:4] == ["ent-a", "en"]
    assert "sure@b.fr" in vigie("recipients", "list", "--show")[1]
    found = as_json(vigie("recipients", "list", "--format", "json", "--show"))
    assert [one["email"] for one in found] == ["both@b.fr", "both@b.fr", "sure@b.fr"]
    assert ("uai" in found[0], found[2]["scope"]) == (True, {"kind": "service", "name": "ent-a"})
    of_school = as_json(vigie("recipients", "list", "--format", "json", "--uai", "0590002G"))
    assert [one["scope"]["name"] for one in of_school] == ["U:0590002G"]  # type: ignore[index]


def test_export_and_forget_know_both(vigie: Vigie, url: str) -> None:
    vigie("recipients", "import", "liste.csv")
    contact, subscriber = as_json(vigie("recipients", "export", "Both@b.fr"))
    assert contact["uai"] == "0590001F"
    assert set(subscriber) == {"id", "email", "scope", "language", "school_hours", "asked_at", "confirmed_at"}
    code, out, err = vigie("recipients", "forget", "both@b.fr")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["0590001F : b…@b.fr effacé.", "abonné : b…@b.fr effacé."]
    assert "Une liste importée plus tard" in out
    code, out, _ = vigie("recipients", "export", "both@b.fr")
    assert (code, json.loads(out)) == (1, [])
    [left] = as_json(vigie("recipients", "list", "--format", "json"))
    code, out, _ = vigie("recipients", "forget", str(left["id"]))
    assert (code, out) == (0, "abonné : s…@b.fr effacé.\n")
    assert vigie("recipients", "list") == (0, "Aucun contact n’est gardé.\n", "")
