"""Figures of durations, phases, failures and hours: gaps stay gaps, bars add up, what was not measured is hatched."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from dashboard.figures import hours
from dashboard.figures.durations import durations, runs
from dashboard.figures.failures import ROWS_MOST, failures, height_px, kinds
from dashboard.figures.measured import lasting_ms, share, took, wall
from dashboard.figures.phases import PHASE_WORDS, TONES, phases
from dashboard.pages.heures_words import rule_of, sentence
from dashboard.theme import css_variables
from dashboard.wording import FAILURES
from monitor.domain.answer_tally import PHASES, AnswerTally
from monitor.domain.calendar import ALWAYS_CLASS, Closed
from monitor.domain.observation import Failure, Health
from monitor.reports.durations import Step
from monitor.reports.hours import REST_ROW, Cell, Hourly, Measure, Question
from monitor.store.days import begins
from tests.rolled import tally

EIGHT = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR, DAY, MS = timedelta(hours=1), timedelta(days=1), timedelta(milliseconds=1)
MONDAY = date(2026, 11, 16)


def steps(*given: tuple[AnswerTally, Health | None]) -> list[Step]:
    said = [(tally, {} if health is None else {health: HOUR}) for tally, health in given]
    return [Step(EIGHT + n * HOUR, EIGHT + (n + 1) * HOUR, *one) for n, one in enumerate(said)]


def traces(figure, **facts) -> list:
    return [one for one in figure["data"] if all(one.get(key) == value for key, value in facts.items())]


GAP = steps(
    (tally(10, 200), Health.UP), (tally(10, 400), Health.UP), (AnswerTally(), None), (tally(10, 300), Health.DOWN)
)


def test_no_line_and_no_band_leads_over_a_gap():
    figure = durations(GAP, [])
    assert [len(run) for run in runs(GAP)] == [2, 1]
    for one in traces(figure, mode="lines", hoverinfo="skip"):
        assert one["x"].count(None) == 2  # a run ends where nothing was measured, and at the end
        assert not any(wall(GAP[2].since) < x < wall(GAP[2].until) for x in one["x"] if x)
    bands = [one for one in figure["data"] if one.get("fill") == "toself"]
    assert [one["opacity"] for one in bands] == sorted(one["opacity"] for one in bands)
    for one in bands:
        low, high = min(y for y in one["y"] if y), max(y for y in one["y"] if y)
        assert 0 < low <= high


def test_the_axis_is_logarithmic_and_holds_every_quantile_and_the_threshold():
    figure = durations(GAP, [timedelta(seconds=4)])
    axis = figure["layout"]["yaxis"]
    values = [y for one in traces(figure, type="scatter") for y in one["y"] if y]
    assert axis["type"] == "log"
    assert 10 ** axis["range"][0] < min(values) <= max(values) < 10 ** axis["range"][1]
    assert max(values) == 4000
    [line] = traces(figure, name="seuil")
    assert "4\u00a0s" in line["text"][0]


def test_the_strip_says_each_state_by_colour_texture_and_height():
    strip = traces(durations(GAP, []), yaxis="y2")
    assert [(one["name"], one["marker"]["color"], one["marker"]["pattern"]["shape"], one["y"]) for one in strip] == [
        ("Tout répond", "--up", "", [0.45]),
        ("En panne", "--down", "x", [1]),
    ]


def test_an_instant_is_drawn_where_clocks_in_paris_showed_it():
    assert datetime.fromtimestamp(wall(EIGHT) / 1000, UTC).hour == 8


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_state_that_lasts_over_a_change_of_clocks_ends_where_the_next_begins(day: date):
    edges = [begins(day - DAY), begins(day + DAY), begins(day + 2 * DAY)]
    given = [Step(*edges[n : n + 2], AnswerTally(), {health: DAY}) for n, health in enumerate((Health.UP, Health.DOWN))]
    up, down = traces(durations(given, []), yaxis="y2")
    assert up["x"][0] + up["width"][0] == down["x"][0]


def test_what_lies_in_the_hour_that_comes_twice_is_as_wide_as_it_lasts():
    once = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30, and an hour later again
    assert lasting_ms(once, once + HOUR) == HOUR / MS


def test_an_empty_period_is_an_empty_figure():
    empty = steps((AnswerTally(), None), (AnswerTally(), None))
    for figure in (durations(empty, []), phases(empty)):
        assert not any(x for one in figure["data"] for x in one["x"])
        assert figure["layout"]["xaxis"]["range"] == [wall(EIGHT), wall(EIGHT) + 2 * 3_600_000]
        assert json.dumps(figure)


def test_stacked_phases_are_as_high_as_the_mean_answer_and_each_begins_where_the_one_before_ends():
    *bands, pointed = phases(GAP)["data"]
    assert [one["name"] for one in bands] == list(PHASE_WORDS.values())
    means = [sum(one.phases, timedelta()) / MS for one in GAP if one.phases]
    assert pointed["y"] == pytest.approx(means, abs=0.01)
    assert {y for y in bands[0]["y"] if y is not None} >= {0.0}
    for one, other in pairwise(bands):
        assert {y for y in one["y"] if y} & {y for y in other["y"] if y}
    assert set(pointed["y"]) <= {y for y in bands[-1]["y"] if y}


def test_each_phase_has_words_and_neighbours_differ():
    assert list(PHASE_WORDS) == list(TONES) == list(PHASES)
    for one, other in pairwise(TONES.values()):
        assert abs(one - other) >= 0.15


def test_failures_have_a_row_each_with_their_words_the_most_frequent_on_top():
    some = list(Failure)[: ROWS_MOST + 2]
    given = steps(*((tally(10, 200, {kind: n + 1}), Health.UP) for n, kind in enumerate(some)))
    figure = failures(given)
    assert [kind for kind, _ in kinds(given)] == list(reversed(some))
    assert len(figure["data"]) == len(figure["layout"]["annotations"]) == ROWS_MOST
    top = figure["layout"]["annotations"][0]
    assert top["text"].replace("<br>", " ").startswith(FAILURES[some[-1]].fr.rstrip("."))
    assert figure["data"][0]["base"] == [ROWS_MOST - 1]
    assert height_px(given) > height_px(given[:1])


def test_a_slow_answer_is_no_failure():
    assert kinds(steps((tally(10, 200, {Failure.CONTENT_SLOW: 3}), Health.SLOW))) == []


@pytest.mark.parametrize(("ms", "words"), [(4.2, "4,2 ms"), (85.4, "85 ms"), (123, "120 ms"), (999, "1 s"), (1240, "1,2 s"), (12_600, "13 s")])  # fmt: skip
def test_durations_in_words(ms: float, words: str):
    assert took(ms).replace("\u00a0", " ") == words


@pytest.mark.parametrize(("value", "words"), [(0, "0 %"), (0.00001, "<0,1 %"), (0.0523, "5,2 %"), (0.99999, ">99,9 %"), (1, "100 %")])  # fmt: skip
def test_a_share_is_never_rounded_to_all_or_nothing(value: float, words: str):
    assert share(value).replace("\u00a0", " ").replace("< ", "<").replace("> ", ">") == words


def found(measure: Measure = Measure.FAILURES, days: int = 8) -> Hourly:
    """Monday to Monday, the last in the holidays; trouble on Mondays at eight; nothing measured at three."""
    asked = Question(measure, (), ALWAYS_CLASS, "Europe/Paris", MONDAY, MONDAY + (days - 1) * DAY, EIGHT)
    every = [MONDAY + n * DAY for n in range(days)]
    closed = {day: Closed.WEEKEND if day.weekday() > 4 else None for day in every} | {MONDAY + 7 * DAY: Closed.HOLIDAYS}
    school = {day: ((7.5, 13.0 if day.weekday() == 2 else 18.0),) for day in every if closed[day] is None}
    cells = {(day, hour): cell(measure, day, hour) for day in every for hour in range(24)}
    return Hourly(asked, cells, closed, school)


def cell(measure: Measure, day: date, hour: int) -> Cell:
    if hour == 3:
        return Cell(whole=1.0)
    bad = 0.5 if (day.weekday(), hour) == (0, 8) else 0.0
    return Cell(1 - bad if measure is Measure.AVAILABILITY else bad, 1.0, 1.0, tally(10, 200 + 1000 * (bad > 0)).sketch)


def test_the_week_has_weekdays_and_a_row_for_holidays():
    figure = hours.week(found())
    [heat] = traces(figure, type="heatmap")
    assert figure["layout"]["yaxis"]["ticktext"] == list(hours.ROWS)
    assert heat["z"][0][8] == heat["z"][REST_ROW][8] == 0.5
    assert heat["z"][1][8] == 0.0
    assert {row[3] for row in heat["z"]} == {None}


def test_a_public_holiday_is_not_told_as_holidays():
    """The row of days without class holds both."""
    day = MONDAY + 2 * DAY
    asked = Question(Measure.FAILURES, (), ALWAYS_CLASS, "Europe/Paris", day, day, EIGHT)
    armistice = Hourly(asked, {(day, 8): Cell(0.5, 1.0, 1.0)}, {day: Closed.PUBLIC}, {})
    assert sentence(armistice).startswith(
        "Pendant les vacances et les jours fériés entre 8\u00a0h et 9\u00a0h, 50\u00a0%"
    )


def test_school_hours_are_framed_once_in_the_week_and_wednesday_is_short():
    [frame] = traces(hours.week(found()), name="heures scolaires")
    assert max(x for x in frame["x"] if x) == 18.0
    assert min(x for x in frame["x"] if x) == 7.5
    assert (13.0, 2.5) in set(zip(frame["x"], frame["y"], strict=True))
    assert frame["x"].count(None) == 1


def test_what_was_not_measured_is_hatched_and_no_tint():
    [hatch] = traces(hours.week(found()), name="pas assez mesuré")
    assert set(hatch["x"]) == {3}
    assert hatch["marker"]["pattern"]["shape"]
    [daily] = traces(hours.days(found()), name="pas assez mesuré")
    assert (set(daily["base"]), set(daily["y"]), len(daily["x"])) == ({3}, {1}, 8)


def test_an_hour_in_which_all_failed_is_not_said_to_be_unmeasured():
    """It has a share of failures, and no duration."""
    failed = Hourly(found(Measure.DURATION, 1).question, {(MONDAY, 8): Cell(1.0, 1.0, 1.0)}, {MONDAY: None}, {})
    [heat] = traces(hours.week(failed), type="heatmap")
    assert (heat["z"][0][8], heat["text"][0][8].partition("<br>")[2]) == (None, "pas assez de bonnes réponses")
    [hatch] = traces(hours.week(failed), name="pas assez de bonnes réponses")
    assert 8 in hatch["x"]
    assert "ou dont aucune réponse n’a été bonne" in rule_of(failed.question, together=False)
    assert "bonne" not in rule_of(found(Measure.AVAILABILITY).question, together=False)


def test_each_day_is_told_apart_by_a_texture_above_it():
    figure = hours.days(found())
    bands = {one["name"]: one for one in traces(figure, type="bar") if one["base"] and one["base"][0] < 0}
    assert {name: len(one["x"]) for name, one in bands.items()} == {"Week-end": 2, "Vacances": 1}
    assert len({one["marker"]["pattern"]["shape"] for one in bands.values()}) == 2
    [frame] = traces(figure, name="heures scolaires")
    assert frame["x"].count(None) == 3  # Monday and Tuesday, Wednesday, Thursday and Friday


@pytest.mark.parametrize("measure", Measure)
def test_the_worst_is_the_loudest(measure: Measure):
    [heat] = traces(hours.week(found(measure)), type="heatmap")
    loud = heat["colorscale"][0 if measure is Measure.AVAILABILITY else 1][1]
    assert loud != "--up"
    assert heat["z"][0][8] == pytest.approx(heat["zmin"] if measure is Measure.AVAILABILITY else heat["zmax"])


def test_every_colour_of_the_figures_is_one_of_the_style_sheet():
    known = set(re.findall(r"(--[a-z-]+):", css_variables()))
    drawn = [
        durations(GAP, [HOUR]),
        phases(GAP),
        failures(GAP[:1] + steps((tally(1, 9, {Failure.CONNECT_RESET: 1}), None))),
    ]
    drawn += [hours.week(found(measure)) for measure in Measure] + [hours.days(found())]
    used = set(re.findall(r'"(--[a-z-]+)"', json.dumps(drawn)))
    assert used
    assert used <= known
