"""What was not measured: the gaps with their excuse, and the holes that nothing explains."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.domain.catalog import Probe
from monitor.domain.gap import Excuse, Gap
from monitor.domain.interval import length, merged
from monitor.domain.policy import PROMISE, Rhythm
from monitor.reports.sources import Source, reader_of
from monitor.store import Reader

# A probe that was asked in the day before a window is expected from the window's first instant on.
EXPECTED_FOR = timedelta(days=1)
# docs/method.md, "Cadence": two questions of a grid lie up to one and a half intervals apart, where an interval is a
# promise (from 5 minutes on) up to two.
SLACK, SLACK_OF_A_PROMISE = 1.5, 2

Interval = Callable[[Probe, datetime], timedelta]
Asked = Mapping[tuple[str, str], Sequence[datetime]]
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch without any answer of a probe that no gap explains: a fault of Vigie, or of its clock.

    Attributes:
        vantage: "" for a probe that no vantage has asked.
        since, until: aware UTC; the last instant accounted for, and the next one.
        slots: how many questions the interval of that moment would have put there, about.
    """

    probe: str
    vantage: str
    since: datetime
    until: datetime
    slots: int


@dataclass(frozen=True, slots=True)
class Missed:
    """Gaps and holes that touch a window, each oldest first."""

    gaps: tuple[Gap, ...]
    holes: tuple[Hole, ...]


def missed(
    reader: Reader, probes: Sequence[Probe], since: datetime, until: datetime, interval: Interval, *, others: bool
) -> Missed:
    """What was not measured of `probes` in [since, until), `until` not being later than now.

    `interval` says how often a probe is asked at an instant. With `others`, the gaps of probes that are not among
    `probes` are shown too (those that the catalogue no longer holds). Raises StoreError.
    """
    ids = {probe.id for probe in probes}
    asked = reader.instants(ids, since - EXPECTED_FOR, until)
    every = reader.gaps(since - EXPECTED_FOR, until)
    shown = (gap for gap in every if gap.until > since and (others or gap.probe in ids or not gap.probe))
    found = (hole for probe in probes for hole in holes(probe, asked, every, (since, until), interval))
    return Missed(tuple(shown), tuple(sorted(found, key=lambda hole: (hole.since, hole.probe, hole.vantage))))


def holes(probe: Probe, asked: Asked, gaps: Iterable[Gap], window: Stretch, interval: Interval) -> Iterator[Hole]:
    """Stretches of `probe` that touch the window [since, until) and are neither answered nor explained by `gaps`.

    `asked` says by (probe, vantage) when it was asked, oldest first, in the window and for a day before it. Where its
    first answer lies in there, it is new: nothing was expected before. A probe without any answer was expected since
    others were asked.
    """
    since, until = window
    own = {vantage: instants for (asked_id, vantage), instants in asked.items() if asked_id == probe.id and instants}
    excused = [gap for gap in gaps if gap.probe in {probe.id, ""}]
    if not own:
        others = min((instants[0] for instants in asked.values() if instants), default=until)
        own[""] = (max(others, since),)
    for vantage, instants in own.items():
        explained = sorted((gap.since, gap.until) for gap in excused if vantage in {gap.vantage, ""})
        for begin, end in _silences(probe, (*instants, until), explained, interval):
            if end > since:
                slots = max(round((end - begin) / interval(probe, begin)) - 1, 1)
                yield Hole(probe.id, vantage, begin, end, slots)


def _silences(
    probe: Probe, instants: Sequence[datetime], explained: Sequence[Stretch], interval: Interval
) -> Iterator[Stretch]:
    """Stretches between instants, less what is explained, that are longer than the pace of the probe allows."""
    # Nearly all pairs end here: the school clock is not asked about each of a day's 1,440.
    short = min(_allowed(probe, probe.policy.interval(rhythm)) for rhythm in Rhythm)
    for one, other in pairwise(instants):
        if other - one <= short:
            continue
        for begin, end in _less((one, other), explained):
            # Where the pace changes in between, the slower of both was right.
            if end - begin > max(_allowed(probe, interval(probe, edge)) for edge in (begin, end)):
                yield begin, end


def _allowed(probe: Probe, every: timedelta) -> timedelta:
    return (SLACK if every < PROMISE else SLACK_OF_A_PROMISE) * every + probe.policy.timeout


def _less(stretch: Stretch, explained: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch without others, which are in order of their beginning."""
    begin, end = stretch
    for since, until in explained:
        if since >= end:
            break
        if since > begin:
            yield begin, since
        begin = max(begin, until)
    if begin < end:
        yield begin, end


@dataclass(frozen=True, slots=True)
class Excused:
    """What was not measured for one reason.

    Attributes:
        slots: questions of single probes, of how many `probes`.
        whole: for how long no probe at all was asked.
    """

    excuse: Excuse
    slots: int
    probes: int
    whole: timedelta


def excused(source: Source, since: datetime, until: datetime) -> tuple[Excused, ...]:
    """The gaps that touch [since, until), put together by reason in the order of `Excuse`. Raises StoreError.

    Questions count whole even where their gap began before; the time of a gap of every probe is cut to the window.
    """
    reader = reader_of(source)
    found: dict[Excuse, list[Gap]] = {}
    for one in () if reader is None else reader.gaps(since, until):
        found.setdefault(one.excuse, []).append(one)
    return tuple(_excused(excuse, found[excuse], since, until) for excuse in Excuse if excuse in found)


def _excused(excuse: Excuse, gaps: Sequence[Gap], since: datetime, until: datetime) -> Excused:
    single = [one for one in gaps if one.probe]
    whole = merged((max(one.since, since), min(one.until, until)) for one in gaps if not one.probe)
    return Excused(excuse, sum(one.slots for one in single), len({one.probe for one in single}), length(whole))
