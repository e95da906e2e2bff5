# /// script
# requires-python = ">=3.11"
# dependencies = ["shapely>=2.1", "svgelements>=1.9"]
# ///
"""Make `dashboard/assets/academies.json` from the départements of `@gouvfr/dsfr-chart` (see README.md)."""

import argparse
import csv
import json
import re
from collections import defaultdict
from pathlib import Path

import shapely
from shapely import Polygon
from shapely.geometry import MultiPolygon
from shapely.ops import polygonize, unary_union
from svgelements import Path as SvgPath

BUNDLE = "node_modules/@gouvfr/dsfr-chart/dist/MapChart/MapChart.js"
MAINLAND = re.compile(r'class: "FR-(\d[\dAB])",.{0,80}?\bd: "([^"]+)"', re.DOTALL)
OVERSEAS = re.compile(r'viewBox: "0 0 (\d+) (\d+)".{0,600}?class: "FR-(97\d)",.{0,80}?\bd: "([^"]+)"', re.DOTALL)
TOLERANCE = 2.6  # of Visvalingam's areas, in units of a map 1010 wide: coasts keep their character, borders their place
SPECK = 14.0  # islets and slivers smaller than this many square units are left out
MARGIN = 4
INSET_HEIGHT = 82.0
INSET_LEFT = -118.0
INSET_TOP = 300.0
INSET_STEP = 116.0
ORDER = ("971", "972", "973", "974", "976")

Ring = list[tuple[float, float]]


def polygons_of(path_data: str) -> MultiPolygon:
    """The area that an SVG path encloses, its curves drawn as short lines."""
    rings: list[Polygon] = []
    for part in SvgPath(path_data).as_subpaths():
        points: Ring = []
        for segment in SvgPath(part):
            steps = 1 if type(segment).__name__ in {"Line", "Close", "Move"} else 6
            points += [(p.x, p.y) for p in (segment.point(i / steps) for i in range(steps + 1)) if p is not None]
        if len(points) > 3:
            rings.append(shapely.make_valid(Polygon(points)))
    return as_multi(unary_union(rings))


def as_multi(shape: shapely.Geometry) -> MultiPolygon:
    """The polygons of any geometry."""
    return MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])


def as_coverage(areas: dict[str, MultiPolygon]) -> dict[str, list[Polygon]]:
    """Départements whose borders meet exactly: every face of their common line work goes to whoever covers most of it.

    The outlines were rounded one by one, so that neighbours overlap or leave slivers; a union would keep the scars.
    """
    lines = unary_union([shapely.set_precision(a.boundary, 0.5) for a in areas.values()])
    held: dict[str, list[Polygon]] = defaultdict(list)
    for face in polygonize(lines):
        shares = {code: area.intersection(face).area for code, area in areas.items() if area.intersects(face)}
        if shares and max(shares.values()) > 0.3 * face.area:
            held[max(shares, key=lambda code: shares[code])].append(face)
        elif face.area < 60:
            near = min(areas, key=lambda code: -areas[code].buffer(0.6).intersection(face).area)
            held[near].append(face)
    return held


def mainland(text: str, academie_of: dict[str, str]) -> dict[str, MultiPolygon]:
    """Académies of metropolitan France with shared, simplified borders."""
    found: dict[str, str] = {}
    for code, data in MAINLAND.findall(text):
        found.setdefault(code, data)
    held = as_coverage({code: polygons_of(data) for code, data in found.items()})
    groups: dict[str, list[Polygon]] = defaultdict(list)
    for code, faces in held.items():
        groups[academie_of[code]] += faces
    slugs = sorted(groups)
    unions = [without_specks(as_multi(unary_union(groups[slug]))) for slug in slugs]
    return dict(zip(slugs, map(as_multi, shapely.coverage_simplify(unions, TOLERANCE)), strict=True))


def without_specks(area: MultiPolygon) -> MultiPolygon:
    """The area without its islets and without the pinholes that rounding left."""
    largest = max(p.area for p in area.geoms)
    kept = [p for p in area.geoms if p.area >= SPECK or p.area == largest]
    return MultiPolygon([Polygon(p.exterior, [h for h in p.interiors if Polygon(h).area > SPECK]) for p in kept])


def insets(text: str, academie_of: dict[str, str]) -> tuple[dict[str, MultiPolygon], list[dict[str, object]]]:
    """The overseas académies, each scaled to the height of its frame, and the frames."""
    areas, frames = {}, []
    found = {code: (float(w), float(h), data) for w, h, code, data in OVERSEAS.findall(text)}
    for rank, code in enumerate(ORDER):
        width, height, data = found[code]
        factor = INSET_HEIGHT / height
        top = INSET_TOP + rank * INSET_STEP
        shape = shapely.transform(polygons_of(data), lambda xy, f=factor, t=top: xy * f + [INSET_LEFT, t])
        slug = academie_of[code]
        areas[slug] = as_multi(without_specks(as_multi(shape)).simplify(0.7))
        frames.append(
            {"slug": slug, "box": [round(INSET_LEFT), round(top), round(width * factor), round(INSET_HEIGHT)]}
        )
    return areas, frames


def rings_of(area: MultiPolygon) -> list[list[int]]:
    """Flat lists of whole coordinates (x, y, x, y…), one per ring, largest first."""
    rings = []
    for polygon in sorted(area.geoms, key=lambda p: -p.area):
        for line in (polygon.exterior, *polygon.interiors):
            flat: list[int] = []
            for x, y in line.coords[:-1]:
                point = [round(x), round(y)]
                if flat[-2:] != point:
                    flat += point
            if len(flat) >= 6:
                rings.append(flat)
    return rings


def main() -> None:
    """Read the bundle and the table of départements, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("departements", type=Path, help="CSV with the columns code and academie")
    parser.add_argument("output", type=Path)
    parser.add_argument("--bundle", type=Path, default=Path(__file__).parent / BUNDLE)
    given = parser.parse_args()
    with given.departements.open(encoding="utf-8") as file:
        academie_of = {row["code"]: row["academie"] for row in csv.DictReader(file)}
    text = given.bundle.read_text(encoding="utf-8")
    areas = mainland(text, academie_of)
    overseas, frames = insets(text, academie_of)
    shapes = {slug: rings_of(area) for slug, area in sorted((areas | overseas).items())}
    xs = [x for rings in shapes.values() for ring in rings for x in ring[::2]]
    ys = [y for rings in shapes.values() for ring in rings for y in ring[1::2]]
    frame = [min(xs) - MARGIN, min(ys) - MARGIN, max(xs) - min(xs) + 2 * MARGIN, max(ys) - min(ys) + 2 * MARGIN]
    document = {"viewBox": frame, "insets": frames, "academies": shapes}
    given.output.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(shapes)} académies, {given.output.stat().st_size} bytes")  # noqa: T201 : a script that a person runs


if __name__ == "__main__":
    main()
