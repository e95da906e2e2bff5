"""Every word that Vigie uses is documented, and worded for people wherever people read it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import typer

from dashboard import wording
from monitor.__main__ import cli
from monitor.alerting.messages import LANGUAGES
from monitor.domain.announcement import AnnouncementKind
from monitor.domain.catalog import Audience, Level, ProbeKind, ServiceKind
from monitor.domain.notice import Silence
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason
from monitor.domain.uptime import Hours
from monitor.probes import KINDS
from monitor.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def _doc(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _section(title: str) -> str:
    """One section of docs/method.md."""
    found = re.search(rf"(?ms)^## {re.escape(title)}\n(.*?)(?=^## |\Z)", _doc("docs/method.md"))
    assert found, f"docs/method.md has no section {title!r}"
    return found.group(1)


@pytest.mark.parametrize("failure", Failure, ids=lambda one: one.value)
def test_every_failure_is_documented_with_its_health(failure: Failure) -> None:
    row = next((line for line in _section("Health").splitlines() if f"`{failure.value}`" in line), "")
    assert row.rstrip(" |").endswith(f"`{failure.health.value}`"), row


@pytest.mark.parametrize(
    ("members", "section"),
    [
        (Health, "Health"),
        (Reason, "Incidents and what is said about them"),
        (Silence, "Incidents and what is said about them"),
        (ProbeKind, "Kinds of probe"),
        (Audience, "Weights and territories"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_word_has_its_place_in_the_method(members: type[Health], section: str) -> None:
    text = _section(section)
    assert [one.value for one in members if f"`{one.value}`" not in text] == []


@pytest.mark.parametrize("kind", ProbeKind)
def test_every_kind_of_probe_has_its_function_and_its_paragraph(kind: ProbeKind) -> None:
    assert kind in KINDS
    assert re.search(rf"(?m)^- \*\*`{kind.value}`\*\* \S.{{40,}}", _section("Kinds of probe"))


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (wording.HEALTHS, Health),
        (wording.FAILURES, Failure),
        (wording.REASONS, Reason),
        (wording.LEVELS, Level),
        (wording.KINDS, ServiceKind),
        (wording.AUDIENCES, Audience),
        (wording.SAID, AnnouncementKind),
        (wording.HOURS, Hours),
        *((getattr(language, name), members) for language in LANGUAGES.values() for name, members in (
            ("states", Health), ("failures", Failure), ("marks", Reason), ("leads", Reason), ("audiences", Audience),
        )),
    ],
)  # fmt: skip
def test_every_word_is_worded_on_screen_and_in_letters(words: Mapping[object, object], members: type[Health]) -> None:
    assert set(words) == set(members)
    assert all(words.values())


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table(name: str) -> None:
    row = next(
        (line for line in _doc("docs/operating.md").splitlines() if line.startswith(f"| `VIGIE_{name.upper()}`")), ""
    )
    assert row.count("|") == 4, f"no row for VIGIE_{name.upper()}"


def test_the_table_of_settings_holds_no_ghost() -> None:
    rows = re.findall(r"(?m)^\| `VIGIE_([A-Z_]+)`", _doc("docs/operating.md"))
    known = {name.upper() for name in Settings.model_fields} | {"LOG"}
    assert set(rows) <= known


def _commands() -> Iterator[str]:
    root = typer.main.get_command(cli)
    for name, command in getattr(root, "commands", {}).items():
        inner = getattr(command, "commands", None)
        yield from (f"vigie {name} {one}" for one in inner) if inner else (f"vigie {name}",)


@pytest.mark.parametrize("command", list(_commands()))
def test_every_command_is_shown_to_people(command: str) -> None:
    assert command in _doc("README.md") + _doc("docs/operating.md")


def test_make_help_shows_every_target() -> None:
    makefile = _doc("Makefile")
    declared = re.search(r"(?m)^\.PHONY: (.*)$", makefile)
    assert declared
    assert {"up", "test", "rehearsal", "bench", "lint", "lock", "chaos", "clean"} <= set(declared.group(1).split())
    for target in declared.group(1).split():
        assert re.search(rf"(?m)^{target}:.*## \S", makefile), target
