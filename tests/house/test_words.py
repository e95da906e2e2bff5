"""Every sentence that pages say has its English, none is left over, and both say the same things in the same places."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("words", ROOT / "tools" / "words.py")
assert SPEC
assert SPEC.loader
words = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(words)

HOLES = re.compile(r"\{\w+\}|%\(\w+\)s|</?\w[^<>]*>|%%")
CALLED = {"_": 1, "N_": 1, "NN_": 2, "ngettext": 2}


@pytest.fixture(scope="module")
def said() -> Catalog:
    return words.said()


@pytest.fixture(scope="module")
def kept() -> Catalog:
    return words.read()


def sides(one: Message) -> Iterator[tuple[str, str]]:
    """Each French sentence beside its English."""
    french = one.id if isinstance(one.id, tuple) else (one.id,)
    yield from zip(french, words.strings(one), strict=True)


def test_every_sentence_is_translated_and_none_is_left_over(said: Catalog, kept: Catalog) -> None:
    ours, theirs = ({(one.id, one.context) for one in each if one.id} for each in (said, kept))
    assert len(ours) > 500
    assert ours - theirs == set(), "run `make words`, then translate what it prints"
    assert theirs - ours == set(), "run `make words`"
    assert words.lacking(kept) == []


def test_both_sides_have_the_same_holes_and_the_same_tags(kept: Catalog) -> None:
    pairs = [pair for one in kept if one.id for pair in sides(one)]
    assert [pair for pair in pairs if len({tuple(sorted(HOLES.findall(side))) for side in pair}) > 1] == []


def test_english_is_typeset_as_english(kept: Catalog) -> None:
    french = re.compile("[\u00a0\u202f ][:;?!»]|[\u00a0\u202f ]%(?!\\()|[«»]|\\d,\\d\\d?\\b(?!\\d)|\\d h \\d")
    assert [english for one in kept if one.id for _, english in sides(one) if french.search(english)] == []


def test_the_file_is_as_the_tool_writes_it(said: Catalog, kept: Catalog) -> None:
    kept.update(said, no_fuzzy_matching=True)
    assert words.catalogue_of("en").read_bytes() == words.written(kept), "run `make words`"


def literals() -> Iterator[tuple[str, object]]:
    """What modules ask to be translated, as Python reads them."""
    for file in sorted((ROOT / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in CALLED:
                given = [one.value for one in node.args[: CALLED[name]] if isinstance(one, ast.Constant)]
                if len(given) == CALLED[name]:
                    yield file.name, given[0] if len(given) == 1 else tuple(given)


def test_nothing_that_is_asked_for_escapes_the_tool(said: Catalog) -> None:
    """Extractors do not look into the holes of an f-string."""
    found = list(literals())
    known = {one.id for one in said} | {one.id[0] for one in said if isinstance(one.id, tuple)}
    assert len(found) > 150
    assert [one for one in found if one[1] not in known] == []
