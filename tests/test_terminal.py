"""What `vigie status` says, letter by letter where French has its rules."""

from io import StringIO

from rich.console import Console

from monitor import terminal

SHOWN = {"rehearsal": None, "blind": False, "at": "2026-11-23T07:00:00.000Z", "coverage": 0.998, "warnings": []}


def printed(*services: dict[str, object]) -> str:
    text = StringIO()
    console = Console(file=text, width=200)  # markup on: what is printed must not rest on the console
    for part in terminal.snapshot({**SHOWN, "services": services}):
        console.print(part)
    return text.getvalue()


def test_a_percentage_keeps_its_distance() -> None:
    assert "100\u00a0% des services mesurés." in printed()


def test_a_failure_is_text_and_no_markup() -> None:
    one = {"health": "down", "name": "[b]ENT[/c]", "since": "2026-11-23T06:00:00.000Z", "failure": "[/b]"}
    assert "[/b]" in printed(one)
    assert "[b]ENT[/c]" in printed(one)
