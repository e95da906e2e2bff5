"""docs/exports.md lists every column as it is; every word of a closed list has its word for people."""

import re
from pathlib import Path

import pytest

from monitor.domain.observation import Health
from monitor.domain.uptime import Hours
from monitor.exports.columns import LANGUAGES, Column
from monitor.exports.tables import HEALTH_WORDS, HOURS_WORDS, TABLES, TITLES, What

DOCUMENT = Path(__file__).parents[2] / "docs" / "exports.md"


def line(one: Column) -> str:
    unit = one.unit or ""
    return f"| `{one.key}` | {one.titles['fr']} | {one.kind} | {unit} | {one.abouts['en']} |"


def section(what: What) -> list[str]:
    head = ["| key | title | type | unit | what it holds |", "|---|---|---|---|---|"]
    return [f"### {what}", "", *head, *map(line, TABLES[what])]


@pytest.mark.parametrize("what", What)
def test_every_column_is_documented_as_it_is(what: What) -> None:
    found = re.search(rf"(?ms)^### {what}$.*?(?=^### |\Z)", DOCUMENT.read_text(encoding="utf-8"))
    assert found
    assert found.group().rstrip().splitlines() == section(what)


def test_every_word_has_its_word_in_both_languages() -> None:
    for words, members in ((HEALTH_WORDS, Health), (HOURS_WORDS, Hours)):
        assert set(words) == set(LANGUAGES)
        assert all(set(some) == {one.value for one in members} and all(some.values()) for some in words.values())
    assert all(set(TITLES[what]) == set(LANGUAGES) for what in What)


@pytest.mark.parametrize("what", What)
def test_titles_and_keys_name_one_column_each(what: What) -> None:
    for names in (
        [one.key for one in TABLES[what]],
        *([one.titles[lang] for one in TABLES[what]] for lang in LANGUAGES),
    ):
        assert len(set(names)) == len(names)
