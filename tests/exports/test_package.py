"""What stands beside a file: until when anything is known, and that a rehearsal was no measure."""

import json
from datetime import timedelta
from pathlib import Path

from monitor.exports.about import facts
from monitor.exports.formats import Dress, Format
from monitor.exports.package import described
from monitor.exports.saving import Saved
from monitor.exports.tables import What
from tests.exports.conftest import DAY, about_of

SAVED = Saved(Path("etats.csv"), 1, 10, "0" * 64)


def package_of(**said) -> dict:
    return json.loads(described(about_of(What.SPANS, **said), Dress(Format.CSV, raw=True), SAVED))


def test_an_open_state_lasts_until_what_is_known() -> None:
    known = DAY + timedelta(hours=9)
    assert package_of(known=known)["vigie"]["known_until"] == f"{known:%Y-%m-%dT%H:%M:%S}.000Z"
    assert package_of(known=DAY + timedelta(days=3))["vigie"]["known_until"] == package_of()["vigie"]["to"]
    assert package_of()["vigie"]["known_until"] is None
    assert "Connu jusqu’au" in dict(facts(about_of(What.SPANS, known=known), "fr"))


def test_a_rehearsal_is_no_measure() -> None:
    played = package_of(rehearsal=True)
    assert played["title"].startswith("RÉPÉTITION")
    assert "rien de ceci n’a eu lieu" in played["sources"][0]["title"]
    assert "mesures" not in played["sources"][0]["title"]
    assert not package_of()["title"].startswith("RÉPÉTITION")
