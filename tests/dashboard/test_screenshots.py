"""`make screenshots` knows every page: a new one without an example is a fault here already, not in a month."""

import re
from pathlib import Path

import pytest

from dashboard.app import PAGES
from dashboard.pages.carte import VIEWS
from tests.screenshots.addresses import shots
from tests.screenshots.sheet import write_sheet

from .conftest import a_document
from .routes import all_routes


def test_every_page_and_every_view_has_its_picture() -> None:
    document = a_document()
    found = {one.path: one for one in shots(document, all_routes())}
    assert f"/incidents/{document['incidents'][0]['id']}" in found
    assert {path for path in PAGES if "{" not in path} <= set(found)
    assert {f"/carte/{name}" for name in VIEWS} <= {one.partition("?")[0] for one in found}
    assert len({one.name for one in found.values()}) == len(found)
    assert [one.path for one in found.values() if one.code == 404 and "abonnement" not in one.path] == ["/rien"]
    assert not any(one.startswith(("/api", "/flux", "/badge", "/assets", "/donnees/fichiers")) for one in found)


def test_a_page_without_an_example_is_a_fault() -> None:
    with pytest.raises(LookupError, match=re.escape("/nouveau/{key}, /nouvelle/{key}")):
        shots(a_document(), {"/nouvelle/{key}", "/nouveau/{key}", "/methode"})
    english = shots(a_document(), {"/en", "/en/", "/en/service/{key}", "/en/incidents/{key}"})
    assert [(one.name, one.path) for one in english[:2]] == [("en", "/en"), ("en-incidents-un", f"/en/incidents/{a_document()['incidents'][0]['id']}")]  # fmt: skip


def test_the_contact_sheet_names_files_and_nothing_runs(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, {"<b>": [tmp_path / 'a"-light.png']})
    text = path.read_text(encoding="utf-8")
    assert "&lt;b&gt;" in text
    assert 'src="a&quot;-light.png"' in text
