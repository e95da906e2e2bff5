"""Judge stored answers again as the monitor would have: tick by tick where something happens, in strides elsewhere."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.domain.burst import gathered, said_in
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.corroboration import about_to_confirm
from monitor.domain.evaluation import Change, Country, Rhythms, evaluate
from monitor.domain.line import Canary
from monitor.domain.networks import NOWHERE, Networks
from monitor.domain.news import Heard, News, news
from monitor.domain.notice import Subscription
from monitor.domain.observation import ABSENCES, Failure, Observation, Stage
from monitor.domain.reconcile import Peaks, no_peaks
from monitor.domain.rollup import Ground
from monitor.domain.sightings import Sightings, unseen

STRIDE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Court:
    """What judges: the catalogue with its policies, who would be told, the school clocks, how often it sits.

    Attributes:
        ground: `survey(catalog)`; `probes`: those of the catalogue by id.
        peaks: when users crowd next (`Timetable.peak_over`).
        networks: whose network an address lies in; `unseen`: the ties of the services before any answer is heard.
        pace: between two evaluations; `hurry`: while enough bad answers wait for their span or for our own line.
    """

    catalog: Catalog
    ground: Ground
    subscriptions: tuple[Subscription, ...]
    vantage: str
    rhythms: Rhythms
    pace: timedelta
    hurry: timedelta
    peaks: Peaks = no_peaks
    networks: Networks = NOWHERE
    probes: Mapping[str, Probe] = field(init=False)
    unseen: Sightings = field(init=False)

    def __post_init__(self) -> None:
        """Look the probes and the ties up once."""
        object.__setattr__(self, "probes", {probe.id: probe for probe in self.catalog.probes()})
        object.__setattr__(self, "unseen", unseen(self.catalog, self.vantage, self.networks))


@dataclass(frozen=True, slots=True)
class Moment:
    """One evaluation of a retrial: its instant, what it found, what was new to whom, what each has heard by then.

    `sightings`: what the answers heard so far showed.
    """

    at: datetime
    change: Change
    sightings: Sightings
    news: tuple[News, ...] = ()
    heard: Heard = field(default_factory=dict)

    @property
    def eventful(self) -> bool:
        """Whether the public, or anybody who subscribes, would notice."""
        return self.change.visible or bool(self.news)


def retry(court: Court, answers: Iterable[Observation], *, since: datetime, until: datetime) -> Iterator[Moment]:
    """The eventful moments of [since, until], from nothing known, oldest first.

    `answers` come in the order in which they ended, none before `since`; those that end after `until` are not heard.
    As long as the answers say what is known already, a stride is judged once, at its end. Whether time alone has
    changed something is seen by doing so: judging is pure, so that an eventful stride is taken again, tick by tick.
    """
    before, waiting = Moment(since, Change(Country(), (), (), (), ()), court.unseen), deque[Observation]()
    incoming = iter(answers)
    ahead = next(incoming, None)
    while before.at < until:
        end = min(before.at + STRIDE, until)
        while ahead is not None and ended(ahead) <= end:
            waiting.append(ahead)
            ahead = next(incoming, None)
        now = _calm_until(court, before, waiting, end)
        fresh = _until(waiting, now)
        leap = _judged(court, before, fresh, now)
        if not leap.eventful:
            before = leap
            continue
        for moment in _ticks(court, before, fresh, now):
            before = moment
            if moment.eventful:
                yield moment


def ended(answer: Observation) -> datetime:
    """When an answer was there."""
    return answer.at + answer.took


def heard_at(answer: Observation, slow: timedelta) -> Observation:
    """The answer as another threshold of slowness would have read it; nothing else is read anew."""
    if answer.failure is Failure.CONTENT_SLOW and answer.took <= slow:
        return replace(answer, failure=None)
    if answer.failure is None and answer.took > slow:
        return replace(answer, failure=Failure.CONTENT_SLOW)
    return answer


def _calm_until(court: Court, before: Moment, waiting: Iterable[Observation], end: datetime) -> datetime:
    """The last evaluation before something is said that was not known already; the next one where there is none."""
    country, tick = before.change.country, _next_tick(court, before)
    if country.line.blind or _weighing(court, country):
        return min(tick, end)
    for answer in waiting:
        if not _repeats(court, country, answer):
            calm = -((before.at - ended(answer)) // court.pace) - 1  # evaluations that come before it is heard
            return min(max(before.at + calm * court.pace, tick), end)
    return end


def _until(waiting: deque[Observation], now: datetime) -> list[Observation]:
    """Take the answers that were there by `now`."""
    there = list[Observation]()
    while waiting and ended(waiting[0]) <= now:
        there.append(waiting.popleft())
    return there


def _next_tick(court: Court, before: Moment) -> datetime:
    hurried = about_to_confirm(court.catalog, before.change.country.verdicts)
    return before.at + (court.hurry if hurried else court.pace)


def _ticks(court: Court, before: Moment, batch: Sequence[Observation], end: datetime) -> Iterator[Moment]:
    """Every evaluation until `end`, at the pace of the monitor; the answers of `batch` are heard as they end."""
    waiting = deque(batch)
    while before.at < end:
        now = min(_next_tick(court, before), end)
        before = _judged(court, before, _until(waiting, now), now)
        yield before


def _judged(court: Court, before: Moment, fresh: Sequence[Observation], now: datetime) -> Moment:
    by_probe: dict[str, list[Observation]] = {}
    for answer in fresh:
        by_probe.setdefault(answer.probe, []).append(answer)
    country = before.change.country
    sightings = before.sightings.learned(by_probe, country.verdicts, now)
    change = evaluate(
        country,
        by_probe,
        court.catalog,
        now=now,
        vantage=court.vantage,
        rhythms=court.rhythms,
        bonds=sightings.bonds,
        peaks=court.peaks,
    )
    incidents = change.country.incidents
    new = news(
        court.subscriptions,
        incidents,
        before.heard,
        court.catalog,
        court.ground,
        now=now,
        blind=change.country.line.blind,
    )
    found = tuple(said_in(gathered(new, incidents, before.heard, now)))
    said = {(one.subscription.id, one.incident.id): one.told(now) for one in found}
    return Moment(now, change, sightings, found, {**before.heard, **said} if said else before.heard)


def _weighing(court: Court, country: Country) -> bool:
    """Whether enough answers have been heard to settle something, so that time or our own line may do so any moment."""
    return any(
        len(verdict.run) >= min(probe.policy.fail_after, probe.policy.recover_after)
        for service in court.catalog.services.values()
        for probe in service.probes
        if (verdict := country.verdicts.get(probe.id)) is not None and verdict.run
    )


def _repeats(court: Court, country: Country, answer: Observation) -> bool:
    """Whether an answer changes nothing but the date of what is known."""
    probe, verdict = court.probes.get(answer.probe), country.verdicts.get(answer.probe)
    if probe is None:
        return True
    if verdict is None:
        return False
    if probe.service is None:
        return not answer.about_our_line or (
            verdict.last_at is not None
            and Canary(verdict.last_good_at, verdict.last_at).silent is (answer.failure is not None)
        )
    if answer.failure is not None and answer.failure.stage is Stage.OURS:
        return True
    if verdict.settled is None or verdict.evidence_at is None:
        absent = court.catalog.services[probe.service].dormant and answer.failure in ABSENCES
        return absent and verdict.switched_off and verdict.last_good_at is None
    said = verdict.settled_failure if answer.failure is not None else None
    if verdict.run or answer.health is not verdict.settled or answer.failure is not said:
        return False
    since = verdict.evidence_at
    return answer.at <= since + probe.policy.stale_after(court.rhythms(probe.service)(since))
