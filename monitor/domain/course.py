"""What an incident's tallies say that bears on a saturation."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from monitor.domain.account import Side, Where
from monitor.domain.incident import Incident
from monitor.domain.reason import Reason
from monitor.domain.reconcile import STABLE_FOR
from monitor.domain.saturation import Course
from monitor.domain.sheet import Seen
from monitor.domain.tally import Tally, latency

PARTS = 3  # of the hour before: whether it grew slower from one to the next


def course_of(incident: Incident, tallies: Sequence[Tally], during: Side, seen: Iterable[Seen], zone: tzinfo) -> Course:
    """The course of an incident, its instants in the local time of `zone`."""
    eased = [turn.at - STABLE_FOR for turn in incident.turns if turn.reason is Reason.EASED]
    firsts = [mark.at for one in tallies if (mark := one.account.marks.first_bad) is not None]
    return Course(
        failures=tuple(one.failure for one in during.failures),
        statuses=tuple(int(one.name) for one in seen if one.where is Where.STATUS),
        onsets=_local(firsts or [incident.opened_at], zone),
        recoveries=_local([*eased, *([incident.recovered_at] if incident.recovered_at else [])], zone),
        relapses=_local([turn.at for turn in incident.turns if turn.reason is Reason.RELAPSED], zone),
        before=_thirds([one.before for one in tallies]),
        good=during.good,
        asked=during.asked - during.ours,
    )


def _local(instants: Iterable[datetime], zone: tzinfo) -> tuple[datetime, ...]:
    return tuple(at.astimezone(zone) for at in instants)


def _thirds(durations: Iterable[Sequence[timedelta]]) -> tuple[timedelta, ...]:
    """The typical duration of each third of the answers before, over all probes; nothing where a third has none."""
    parts: list[list[timedelta]] = [[] for _ in range(PARTS)]
    for took in durations:
        for number, one in enumerate(took):
            parts[number * PARTS // len(took)].append(one)
    typical = [found.median for part in parts if (found := latency(part)) is not None]
    return tuple(typical) if len(typical) == PARTS else ()
