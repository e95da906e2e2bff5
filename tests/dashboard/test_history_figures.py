"""Figures of availability: what grade a cell has, bars from zero, nothing counted is no bar, names without markup."""

from datetime import timedelta

import pytest

from dashboard.figures.cells import Cell, Grade, Row, cells, grade_of
from dashboard.figures.lost import Bar, lost, ranked
from dashboard.pages.history_drawn import key
from monitor.domain.uptime import Availability, Hours, Weighted

HOUR = timedelta(hours=1)


def weighted(share: float | None, coverage: float = 1.0) -> Weighted:
    return Weighted(Hours.ALL, share, coverage, 3)


@pytest.mark.parametrize(
    ("share", "coverage", "grade"),
    [
        (1.0, 1.0, Grade.WELL),
        (0.999, 1.0, Grade.WELL),
        (0.9989, 1.0, Grade.DENTED),
        (0.99, 0.5, Grade.DENTED),
        (0.9899, 1.0, Grade.HURT),
        (0.9499, 1.0, Grade.BAD),
        (0.0, 1.0, Grade.BAD),
        (1.0, 0.49, Grade.LITTLE),
        (None, 0.0, Grade.NOTHING),
    ],
)
def test_a_cell_is_as_bad_as_its_figure(share: float | None, coverage: float, grade: Grade) -> None:
    assert grade_of(weighted(share, coverage)) is grade


def test_kinds_of_cells_differ_in_more_than_colour_and_are_named_below() -> None:
    looks = {(one.value.colour, one.value.pattern, one.value.opacity) for one in Grade}
    assert len(looks) == len(Grade)
    shapes = {one.value.pattern for one in (Grade.WELL, Grade.HURT, Grade.BAD, Grade.LITTLE)}
    assert len(shapes) == 4
    assert [item.children[1] for item in key().children] == [one.value.words for one in Grade]


def test_cells_stand_in_their_row_and_column() -> None:
    rows = [Row("oct. 2026", [Cell("31", weighted(1.0), "a")]), Row("<b>nov.</b>", [Cell("1", weighted(0.5), "<i>&")])]
    figure = cells(rows, ("1", "31"), {"1": "1er"})
    [drawn] = figure["data"]
    assert (drawn["x"], drawn["base"]) == ([1, 0], pytest.approx([-0.43, 0.57]))
    assert drawn["marker"]["color"] == ["--up", "--down"]
    assert drawn["marker"]["pattern"]["shape"] == ["", "x"]
    assert drawn["hovertext"] == ["a", "i"]
    assert figure["layout"]["yaxis"]["ticktext"] == ["oct. 2026", "bnov./b"]
    assert figure["layout"]["yaxis"]["range"] == [1.5, -0.5]  # the first on top
    assert figure["layout"]["xaxis"]["ticktext"] == ["1er"]


def test_bars_begin_at_zero_and_what_is_not_counted_has_none() -> None:
    one = Availability(Hours.ALL, 9 * HOUR, HOUR, timedelta())
    figure = lost([Bar("1", one, "un"), Bar("2", weighted(None, 0.0), "rien"), Bar("3", weighted(0.5, 0.1), "peu")])
    [drawn] = figure["data"]
    assert drawn["y"] == [pytest.approx(10), None, pytest.approx(50)]
    assert drawn["marker"]["color"] == ["--down", "--unknown", "--unknown"]
    assert drawn["marker"]["pattern"]["shape"] == ["", ".", "."]
    assert figure["layout"]["yaxis"]["range"] == [0, pytest.approx(53)]
    assert lost([Bar("1", weighted(0.9999), "")])["layout"]["yaxis"]["range"] == [0, 1.0]  # not made to look grave
    assert lost([])["data"][0]["y"] == []


def test_many_bars_are_named_a_dozen_times() -> None:
    axis = lost([Bar(f"<{n}>", weighted(1.0), "") for n in range(366)])["layout"]["xaxis"]
    assert len(axis["tickvals"]) <= 12
    assert axis["ticktext"][:2] == ["0", "31"]


def test_services_are_ranked_lying_the_first_on_top() -> None:
    figure = ranked([Bar("A" * 60, weighted(0.8), "a"), Bar("<B>", weighted(1.0), "b")])
    assert figure["data"][0]["x"] == [pytest.approx(20), 0]
    assert figure["layout"]["yaxis"]["ticktext"] == ["A" * 25 + "…", "B"]
    assert figure["layout"]["yaxis"]["range"] == [1.5, -0.5]
