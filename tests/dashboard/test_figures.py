"""Figures: what they draw, where, and that nothing written in data becomes markup."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from dashboard.figures.france import Area, map_svg
from dashboard.figures.latency import latency_svg
from dashboard.figures.live_map import live_map
from dashboard.figures.outlines import ASSETS, outlines
from dashboard.figures.strip import HEIGHT, LOW, WIDTH, strip_svg
from dashboard.model import Day, Point, Stretch
from monitor.domain.observation import Failure, Health

from .conftest import ACADEMIES, MORNING

SVG = "{http://www.w3.org/2000/svg}"
DAWN = MORNING - timedelta(days=1)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_the_outlines_are_those_of_the_30_academies_and_light():
    assert set(outlines().academies) == set(ACADEMIES)
    assert (ASSETS / "academies.json").stat().st_size < 45_000
    assert "DINUM" in (ASSETS / "academies.NOTICE.md").read_text()


def test_path_data_and_rings_are_the_same_shape():
    for outline in outlines().academies.values():
        numbers = [int(n) for n in re.findall(r"-?\d+", outline.path.split("z")[0])]
        points = [(numbers[0], numbers[1])]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        assert tuple(points) == outline.rings[0]


def test_every_outline_lies_inside_the_frame():
    left, top, width, height = outlines().frame
    for outline in outlines().academies.values():
        a, b, c, d = outline.box
        assert left <= a < c <= left + width
        assert top <= b < d <= top + height


def test_the_map_links_names_and_paints_each_academie():
    areas = {slug: Area(slug, Health.UP, name) for slug, name in ACADEMIES.items()}
    areas["lille"] = Area("lille", Health.DOWN, "Lille : en panne")
    tree = parsed(map_svg(areas))
    links = {a.get("href"): a for a in tree.iter(f"{SVG}a") if a.find(f"{SVG}title") is not None}
    assert set(links) == {f"/academie/{slug}" for slug in ACADEMIES}
    lille = links["/academie/lille"]
    assert lille.find(f"{SVG}title").text == "Lille : en panne"
    assert lille.find(f"{SVG}path").get("fill") == "url(#tx-down)"
    assert links["/academie/paris"].find(f"{SVG}path").get("fill") is None


def test_a_hostile_name_stays_text():
    areas = {"lille": Area("lille", Health.UP, '</title><script>alert(1)</script>"')}
    tree = parsed(map_svg(areas))
    assert not list(tree.iter(f"{SVG}script"))


def test_a_strip_places_stretches_on_the_day():
    since, until = MORNING, MORNING + timedelta(days=1)
    stretches = [
        Stretch(Health.UP, since - timedelta(days=3), since + timedelta(hours=6)),
        Stretch(Health.DOWN, since + timedelta(hours=6), None),
    ]
    bars = list(parsed(strip_svg(stretches, since, until, since + timedelta(hours=12))).iter(f"{SVG}rect"))
    assert [(float(b.get("x")), float(b.get("width")), int(b.get("height"))) for b in bars] == [
        (0, WIDTH / 4, LOW),
        (WIDTH / 4, WIDTH / 4, HEIGHT),
    ]


@pytest.mark.parametrize(
    ("failure", "drawn"),
    [
        (None, set()),
        (Failure.CONTENT_SLOW, {"s-slow dot"}),
        (Failure.CONNECT_REFUSED, {"s-down fail"}),
        (Failure.CONTENT_WAITING_ROOM, {"s-waiting fail"}),
    ],
)
def test_answers_are_drawn_by_what_they_say(failure, drawn):
    day = Day(DAWN, MORNING, (Point(MORNING - timedelta(hours=2), 120.0, failure),), ())
    classes = {e.get("class") for e in parsed(latency_svg(day)).iter() if (e.get("class") or "").startswith("s-")}
    assert classes == drawn


def test_the_line_breaks_where_nothing_was_measured():
    times = [1, 1.2, 4, 4.2]
    day = Day(DAWN, MORNING, tuple(Point(MORNING - timedelta(hours=h), 120.0, None) for h in reversed(times)), ())
    line = next(e for e in parsed(latency_svg(day)).iter() if e.get("class") == "line")
    assert line.get("d").count("M") == 2


def test_ten_times_longer_is_one_decade_higher_and_absurd_durations_stay_in_the_frame():
    points = tuple(Point(MORNING - timedelta(hours=4 - i), ms, None) for i, ms in enumerate((100.0, 1000.0, 9e9, 0.0)))
    line = next(e for e in parsed(latency_svg(Day(DAWN, MORNING, points, ()))).iter() if e.get("class") == "line")
    ys = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", line.get("d"))]
    assert ys[0] > ys[1] > ys[2] > 0
    assert ys[3] < 290


def test_the_live_map_fills_without_a_choropleth():
    figure = live_map({"lille": "Lille"})
    assert {trace["type"] for trace in figure["data"]} == {"scatter"}
    assert {trace["meta"] for trace in figure["data"]} == {f"A:{slug}" for slug in ACADEMIES}
    assert next(t for t in figure["data"] if t["meta"] == "A:lille")["name"] == "Lille"
