"""Text of people: what is refused, with its place, and what French needs and is not."""

import pytest

from monitor.desk.plain_text import text_faults, tidy


def faults(text: str, longest: int = 50, *, lines: bool = False) -> list[str]:
    return list(text_faults("Le texte", text, longest, lines=lines))


@pytest.mark.parametrize(
    "text", ["Mise à jour « 3.2 » : l’été…", "a\u00a0;\u202fb", "œ Œ Ÿ €", "<b>&amp;", "x" * 50, "👍"]
)
def test_what_french_is_written_with(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\0", "U+0000"), ("\t", "U+0009"), ("\x1b", "U+001B"), ("\x7f", "U+007F"), ("\x9b", "U+009B"),
        ("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u200b", "U+200B"), ("\ufeff", "U+FEFF"), ("\u2028", "U+2028"),
        ("\ud800", "U+D800"), ("\ue000", "U+E000"), ("\U000e0041", "U+E0041"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_refused_with_its_place(char: str, name: str) -> None:
    for lines in (False, True):
        [said] = faults(f"abc{char}d", lines=lines)
        assert name in said
        assert "position 4" in said
        assert char not in said
        assert said.isprintable() or "\u00a0" in said


def test_one_line_or_several() -> None:
    assert faults("a\nb", lines=True) == []
    [said] = faults("a\nb")
    assert "une ligne" in said


def test_every_fault_at_once() -> None:
    assert [len(faults("")), len(faults("x" * 51)), len(faults("\x1b" * 51))] == [1, 1, 2]
    assert "51 caractères, 50 au plus" in faults("x" * 51)[0]
    assert "et 50 autres" in faults("\x1b" * 51)[1]


def test_lines_of_every_system_are_lines() -> None:
    assert tidy("  a\r\nb\rc\n ") == "a\nb\nc"
