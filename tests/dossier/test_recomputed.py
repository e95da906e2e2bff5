"""The commands that a report prints: whoever types them gets its digest again."""

import json
import re
import shlex
from html import unescape

import pytest

from monitor.dossier.page import _percent_gone
from tests.dossier.conftest import Vigie


def commands_of(page: str, program: str) -> list[list[str]]:
    found = re.findall(rf"^[^\n]*?(vigie {program} [^\n<]*)", page, re.MULTILINE)
    return [shlex.split(unescape(one))[2:] for one in found if "--" in one]


@pytest.mark.parametrize(
    "asked",
    [
        ("--month", "2021-11", "--service", "ent-nord"),
        ("--month", "2021-11", "--contract", "contrat.yaml"),
        ("--from", "2021-11-08", "--to", "2021-11-10", "--contract", "contrat.yaml"),
        ("--from", "2021-11-08T07:30", "--to", "2021-11-08T09:30:00.5", "--service", "ent-nord"),
    ],
)
def test_the_printed_command_gives_the_printed_digest(quick: Vigie, tmp_path, asked) -> None:
    page = quick(*asked)[1]
    (words,) = commands_of(page, "report")
    assert quick(*words)[0] == 0
    found = json.loads((tmp_path / "rapport.json").read_text())["sha256"]
    assert f"<code>{found}</code>" in page
    whole_days = "T" not in asked[1]
    assert ("vigie verify reponses.csv" in page) is whole_days


def test_a_month_of_which_nothing_is_known_says_so_in_the_terminal(quick: Vigie) -> None:
    code, _, err = quick("--month", "2019-11", "--service", "ent-nord", "--output", "vide.html")
    assert code == 1
    assert "Rien n’y est compté" in err


def test_a_cell_says_100_only_of_an_hour_that_was_wholly_gone() -> None:
    assert [_percent_gone(one) for one in (0, 0.004, 0.985, 0.997, 1)] == ["", "<1", "98", ">99", "100"]


def test_the_margin_is_explained_and_a_grouping_is_not_a_cause(quick: Vigie) -> None:
    page = quick("--month", "2021-11", "--contract", "contrat.yaml")[1]
    assert "Sans conclusion, elle n’est qu’indicative" in page
    assert "la fiche dit si une cause commune est établie ou non" in page
