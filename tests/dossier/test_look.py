"""A report speaks the language of the screens: same colours, same marks, same words, same type."""

from importlib.resources import files

import pytest

from dashboard import theme, wording
from dashboard.components import marks
from dashboard.dates import MONTHS as SCREEN_MONTHS
from monitor.domain.contract import Outcome
from monitor.domain.observation import Health
from monitor.domain.weights import Weighting
from monitor.dossier import look, words
from monitor.dossier.page import UNITS
from monitor.reports.said import share


def test_the_palette_is_that_of_the_screens() -> None:
    for place, palette in enumerate((theme.LIGHT, theme.DARK)):
        assert {name: pair[place] for name, pair in look.BASE.items()} == {
            name: getattr(palette, name) for name in look.BASE
        }
        for health in Health:
            fills, inks = look.STATES[health]
            assert theme.Tint(fills[place], inks[place]) == palette.states[health]
            assert look.BASE[look.MARKS[health][place]][place] == theme.mark_on(palette, health)


def test_marks_words_and_type_are_those_of_the_screens() -> None:
    assert look.SHAPES == marks.SHAPES
    assert {health: words.HEALTHS[health] for health in Health} == {
        health: wording.HEALTHS[health].fr for health in Health
    }
    assert words.MONTHS == SCREEN_MONTHS
    ours, theirs = files("monitor.dossier") / "assets", files("dashboard") / "assets" / "fonts"
    for name in ("atkinson-400.woff2", "atkinson-700.woff2", "OFL.txt"):
        assert (ours / name).read_bytes() == (theirs / name).read_bytes()


def test_every_outcome_and_unit_is_worded() -> None:
    assert set(words.OUTCOMES) == set(look.OUTCOME_MARKS) == set(Outcome)
    assert set(UNITS) == set(Weighting)


@pytest.mark.parametrize(
    "text", ['"} body{display:none} a{content:"', "</style><script>", "\\", "é \n\x00", "plain 1 2"]
)
def test_no_text_leaves_its_css_string(text: str) -> None:
    spelt = look.css_text(text)
    assert spelt[0] == spelt[-1] == '"'
    inside = spelt[1:-1]
    assert not set(inside) & set('"<>{};\n\x00 ')
    digits = iter(inside.split("\\"))
    read = next(digits) + "".join(chr(int(one[:6], 16)) + one[6:] for one in digits)
    assert read == text


def test_a_share_is_rounded_down() -> None:
    assert share(0.9999999).startswith("99,999")
