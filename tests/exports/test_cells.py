"""Texts of whoever, made harmless, and back again exactly."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.exports.cells import TRIGGERS, guarded, json_texts, people_texts, raw_texts, spelt, unguarded, unspelt
from monitor.exports.columns import Kind
from monitor.exports.tables import OBSERVATIONS, TABLES
from tests.exports.conftest import AT, HOSTILE

ANY = st.text(st.characters(exclude_categories=["Cs"])) | st.text("=+-@'\\u{}5ca0\0\n\t,;\" ")


@given(ANY)
def test_a_cell_for_people_is_harmless_and_gives_its_text_back(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell or cell[0] not in TRIGGERS or cell[0] == "'"
    assert all(char.isprintable() or char in "\u00a0\u202f\u3000" or char.isspace() for char in cell)
    assert not set("\r\n\t\x1b\x7f\x9b\u202e\u2066\u2028\u200b") & set(cell)
    if cell.startswith("'"):
        assert spelt(text)[0] in TRIGGERS
    # Opened with whatever separator, none of the cells that it falls into begins with a sign of a formula.
    assert not any(part.lstrip("\"' \u3000\u00a0")[:1] in set("=+-@＝") for part in re.split("[,;|]", cell)[1:])


@given(ANY)
def test_spelling_out_is_undone_and_leaves_plain_texts_alone(text: str) -> None:
    assert unspelt(spelt(text)) == text
    if text.isprintable() and "\\u{" not in text:
        assert spelt(text) is text


@given(ANY)
def test_json_is_exact_and_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    [found] = json_texts(Kind.TEXT)([text])
    assert json.loads(found) == text
    assert found.isprintable()


def test_values_for_machines_and_for_people() -> None:
    kinds = {one.kind: one for some in TABLES.values() for one in some if one.words is None}
    values = {
        Kind.TEXT: ("=a", "=a", "'=a", "'=a", '"=a"'),
        Kind.WORDS: (("a", "b"), "a b", "a b", "a b", '["a","b"]'),
        Kind.WHOLE: (-2, "-2", "-2", "-2", "-2"),
        Kind.TRUTH: (True, "true", "oui", "yes", "true"),
        Kind.SHARE: (0.25, "0.25", "0,25", "0.25", "0.25"),
        Kind.SECONDS: (1800.0, "1800", "1800", "1800", "1800"),
        Kind.MILLISECONDS: (118_100, "118.100", "118,100", "118.100", "118.1"),
        Kind.INSTANT: (AT, "2021-04-06T06:00:00.123456Z", "2021-04-06 08:00:00", "2021-04-06 08:00:00",
                       '"2021-04-06T06:00:00.123456Z"'),
    }  # fmt: skip
    assert set(values) == set(Kind)
    for kind, (value, *said) in values.items():
        ways = [raw_texts(kind), *(people_texts(kinds[kind], one) for one in ("fr", "en")), json_texts(kind)]
        assert [way([value])[0] for way in ways] == said
        nothing = "[]" if kind is Kind.WORDS else "null"
        assert [way([None])[0] for way in ways] == ["", "", "", nothing]


def test_people_read_words_where_machines_read_codes() -> None:
    [health] = [one for one in OBSERVATIONS if one.key == "health"]
    assert people_texts(health, "fr")(["down", "=x", None]) == ["en panne", "'=x", ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_begins_a_cell(text: str) -> None:
    assert guarded(text)[0] not in "=+-@＝\t\r\n"
