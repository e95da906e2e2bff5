"""Each day as a strip from midnight to midnight: how many users had what, quarter by quarter of an hour."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

from monitor.domain.interval import Interval, without
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.uptime import standing
from monitor.dossier.look import TEXTURES
from monitor.dossier.services import PARIS, Measured

QUARTER = timedelta(minutes=15)
QUARTERS = 96
HEIGHT, LOW = 16, 5  # what answers is low and pale; trouble rises above it
STEP = 5  # of a quarter, in the units of the drawing
SEEN = 1.5  # the least height of trouble, however few had it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Shares = tuple[tuple[Health, float], ...]  # of the known users of a quarter, the worst state first
Strip = Mapping[int, Shares]  # the quarter on the clock of Paris → what was known of it; nothing where nothing was


def strips(services: Collection[Measured], since: datetime, until: datetime) -> dict[date, Strip]:
    """The strip of each day of Paris that has any quarter known. What was declared shows as maintenance."""
    held = defaultdict[int, dict[Health, float]](lambda: defaultdict(float))
    for one in services:
        if one.weight:
            for (begin, end), health in _told(one, since, until):
                _add(held, (begin, end), health, one.weight)
    found = defaultdict[date, dict[int, dict[Health, float]]](dict)
    for quarter, weights in held.items():
        local = (EPOCH + quarter * QUARTER).astimezone(PARIS)
        # The hour that a change to winter time repeats stands there once, with both.
        there = found[local.date()].setdefault(local.hour * 4 + local.minute // 15, defaultdict(float))
        for health, weight in weights.items():
            there[health] += weight
    return {day: {place: _shares(one) for place, one in sorted(there.items())} for day, there in sorted(found.items())}


def drawn(strip: Strip, label: str) -> Markup:
    """The strip; `label` says it to whoever does not see it."""
    bars = "".join(_run(first, last, shares) for first, last, shares in _runs(strip))
    ticks = "".join(f"M{hour * 4 * STEP} {HEIGHT}v3" for hour in range(0, 25, 6))
    width = QUARTERS * STEP
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(
        width,
        HEIGHT + 3,
        label,
        Markup(f'<path class="axis" d="M0 {HEIGHT}h{width}{ticks}"/>{bars}'),  # noqa: S704
    )


def _told(one: Measured, since: datetime, until: datetime) -> Iterator[tuple[Interval, Health]]:
    """What was said of a service, with what was declared of it laid over it."""
    declared = one.told.declared
    for (begin, end), span in standing(one.spans, since, until):
        if span.health is not Health.UNKNOWN:
            yield from (((a, b), span.health) for a, b in without(((begin, end),), declared))
    yield from ((when, Health.MAINTENANCE) for when in declared)


def _add(held: Mapping[int, dict[Health, float]], when: Interval, health: Health, weight: float) -> None:
    begin, end = ((edge - EPOCH) / QUARTER for edge in when)
    for quarter in range(int(begin), int(end) + 1):
        part = min(end, quarter + 1) - max(begin, quarter)
        if part > 0:
            held[quarter][health] += weight * part


def _shares(weights: Mapping[Health, float]) -> Shares:
    whole = sum(weights.values())
    told = ((health, round(weight / whole, 4)) for health, weight in weights.items())
    return tuple(sorted(told, key=lambda one: -SEVERITY[one[0]]))


def _runs(strip: Strip) -> Iterator[tuple[int, int, Shares]]:
    """Quarters that follow each other and say the same, as one: the first, the one after the last, what they say."""
    first, last = 0, 0
    said: Shares = ()
    for place, shares in [*sorted(strip.items()), (QUARTERS + 1, ())]:
        if said and (place != last or shares != said):
            yield first, last, said
            said = ()
        if not said:
            first, said = place, shares
        last = place + 1


def _run(first: int, last: int, shares: Shares) -> str:
    """Trouble stands on the ground, the worst lowest; what answers is a low band where there is room."""
    x, width, ground, drawn_ = first * STEP, (last - first) * STEP, float(HEIGHT), []
    for health, share in shares:
        if health is Health.UP or not share:
            continue
        height = max(share * HEIGHT, SEEN)
        ground = max(ground - height, 0.0)
        fill = f' style="fill:url(#tx-{health.value})"' if health in TEXTURES else ""
        drawn_.append(
            f'<rect class="s-{health.value} bar" x="{x}" y="{ground:.1f}" width="{width}" height="{height:.1f}"{fill}/>'
        )
    if ground > HEIGHT - LOW:
        height = ground - (HEIGHT - LOW)
        drawn_.append(f'<rect class="s-up bar" x="{x}" y="{HEIGHT - LOW}" width="{width}" height="{height:.1f}"/>')
    return "".join(drawn_)
