"""A day of states as a strip: one rectangle a stretch, its height saying good or bad as well as its colour."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from markupsafe import Markup

from dashboard.model import Stretch
from monitor.domain.observation import Health

WIDTH, HEIGHT = 480, 26
LOW = 12  # a good stretch is low and pale; trouble takes the whole height


def strip_svg(stretches: Iterable[Stretch], since: datetime, until: datetime, now: datetime) -> Markup:
    """Stretches between two instants; what lies after `now` stays empty. The words must stand beside it."""
    whole = until - since
    bars = []
    for stretch in stretches:
        start = max(stretch.since, since)
        end = min(stretch.until or now, until, now)
        if end > start:
            bars.append(_bar(stretch.health, (start - since) / whole, (end - start) / whole))
    hours = int(whole / timedelta(hours=1))
    ticks = "".join(f"M{WIDTH * h / hours:.0f} {HEIGHT}v4" for h in range(0, hours + 1, 6))
    return Markup(  # noqa: S704 : numbers and literals only
        f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT + 4}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="axis" d="M0 {HEIGHT}h{WIDTH}{ticks}"/>{"".join(bars)}</svg>'
    )


def _bar(health: Health, start: float, share: float) -> str:
    height = LOW if health in {Health.UP, Health.UNKNOWN} else HEIGHT
    width = max(share * WIDTH, 1.5)
    x = min(start * WIDTH, WIDTH - width)
    return (
        f'<rect class="s-{health.value} bar" x="{x:.1f}" y="{HEIGHT - height}" width="{width:.1f}" height="{height}"/>'
    )
