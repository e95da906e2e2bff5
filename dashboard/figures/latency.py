"""A day of answers as SVG: duration on a logarithmic axis, failures by shape and colour on a line above."""

from datetime import datetime, timedelta
from math import log10

from markupsafe import Markup

from dashboard import dates
from dashboard.model import Day, Point
from dashboard.tongue import _
from monitor.domain.observation import Health

WIDTH, HEIGHT = 1080, 290
LEFT, RIGHT, TOP, BOTTOM = 54, 8, 30, 26
LOWEST_MS, HIGHEST_MS = 10.0, 30_000.0
TICKS = ((10, "10 ms"), (100, "100 ms"), (1_000, "1 s"), (10_000, "10 s"))
COLUMNS = 480  # answers of one column (3 min of a day) are drawn as one: the highest, since it is what people felt
GAP = timedelta(minutes=30)  # the line is broken where nothing was measured for that long


def latency_svg(day: Day) -> Markup:
    """The chart; says in words that nothing was measured when there is nothing to draw."""
    good = [p for p in day.points if p.health in {Health.UP, Health.SLOW}]
    bad = [p for p in day.points if p.health not in {Health.UP, Health.SLOW}]
    return Markup(  # noqa: S704 : numbers, literals and our own words only
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="duree-titre">'
        f"{_grid(day)}{_line(_thinned(good, day), day)}{_slow_dots(good, day)}{_crosses(bad, day)}</svg>"
    )


def _grid(day: Day) -> str:
    lines = "".join(
        f'<path class="axis" d="M{LEFT} {_y(ms):.0f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT - 8}" y="{_y(ms) + 4:.0f}" text-anchor="end">{label}</text>'
        for ms, label in TICKS
    )
    first = day.since.astimezone(dates.PARIS).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    hours = [first + timedelta(hours=h) for h in range(24)]
    marks = "".join(
        f'<text x="{_x(at, day):.0f}" y="{HEIGHT - 6}" text-anchor="middle">{_hour(at)}</text>'
        for at in hours
        if at.astimezone(dates.PARIS).hour % 3 == 0 and LEFT + 12 < _x(at, day) < WIDTH - 16
    )
    return lines + marks


def _hour(at: datetime) -> str:
    return _("{hour} h").format(hour=at.astimezone(dates.PARIS).hour)


def _line(points: list[Point], day: Day) -> str:
    steps: list[str] = []
    before: datetime | None = None
    for point in points:
        begins = before is None or point.at - before > GAP
        steps.append(f"{'M' if begins else 'L'}{_x(point.at, day):.1f} {_y(point.took_ms):.1f}")
        before = point.at
    return f'<path class="line" d="{"".join(steps)}"/>' if steps else ""


def _thinned(points: list[Point], day: Day) -> list[Point]:
    highest: dict[int, Point] = {}
    for point in points:
        column = int((point.at - day.since) / (day.until - day.since) * COLUMNS)
        if column not in highest or point.took_ms > highest[column].took_ms:
            highest[column] = point
    return [highest[column] for column in sorted(highest)]


def _slow_dots(points: list[Point], day: Day) -> str:
    slow = _thinned([p for p in points if p.health is Health.SLOW], day)
    return "".join(
        f'<circle class="s-slow dot" cx="{_x(p.at, day):.1f}" cy="{_y(p.took_ms):.1f}" r="3.2"/>' for p in slow
    )


def _crosses(points: list[Point], day: Day) -> str:
    """Failures on the line above: a cross for a breakdown, a bar for a queue or restriction, a dash for neither."""
    drawn: dict[tuple[int, Health], str] = {}
    for point in points:
        x, y = round(_x(point.at, day)), TOP - 16
        drawn[(x // 2, point.health)] = f'<path class="s-{point.health.value} fail" d="{_shape(point.health, x, y)}"/>'
    return "".join(drawn.values())


def _shape(health: Health, x: int, y: int) -> str:
    if health is Health.DOWN:
        return f"M{x - 3} {y - 4}l6 8m0-8l-6 8"
    if health is Health.UNKNOWN:
        return f"M{x - 2} {y}h4"
    return f"M{x} {y - 5}v10"


def _x(at: datetime, day: Day) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * ((at - day.since) / (day.until - day.since))


def _y(ms: float) -> float:
    share = (log10(min(max(ms, LOWEST_MS), HIGHEST_MS)) - log10(LOWEST_MS)) / (log10(HIGHEST_MS) - log10(LOWEST_MS))
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
