import pytest

from dashboard.theme import DARK, LIGHT, Palette, contrast, css_variables, mark_on
from monitor.domain.observation import Health

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_of_black_on_white_is_the_standards_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@PALETTES
def test_every_word_can_be_read_on_paper(palette: Palette):
    inks = {"ink": palette.ink, "soft": palette.soft} | {h.value: t.ink for h, t in palette.states.items()}
    assert {name: round(c, 2) for name, ink in inks.items() if (c := contrast(ink, palette.paper)) < 4.5} == {}


@PALETTES
def test_every_mark_stands_out_on_its_colour(palette: Palette):
    ratios = {h.value: contrast(mark_on(palette, h), palette.states[h].fill) for h in Health}
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < 3} == {}


@PALETTES
def test_no_two_states_share_a_colour(palette: Palette):
    assert len({tint.fill for tint in palette.states.values()}) == len(Health) == len(palette.states)


def test_the_sheet_names_every_state_in_both_themes():
    sheet = css_variables()
    for health in Health:
        assert sheet.count(f"--{health.value}:") == 2
        assert f".s-{health.value}{{" in sheet
