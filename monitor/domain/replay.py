"""Judge stored answers again as the monitor would have: tick by tick where something happens, in strides elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.domain.catalog import Catalog, Probe
from monitor.domain.evaluation import Change, Country, Rhythms, evaluate
from monitor.domain.line import Canary
from monitor.domain.news import Heard, News, news
from monitor.domain.notice import Subscription, Told
from monitor.domain.observation import ABSENCES, Failure, Observation, Stage
from monitor.domain.rollup import Ground
from monitor.domain.verdict import Verdict

STRIDE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Court:
    """What judges: the catalogue with its policies, who would be told, the school clocks, how often it sits.

    Attributes:
        ground: `survey(catalog)`.
        pace: between two evaluations; `hurry`: while enough bad answers wait for their span or for our own line.
    """

    catalog: Catalog
    ground: Ground
    subscriptions: tuple[Subscription, ...]
    vantage: str
    rhythms: Rhythms
    pace: timedelta
    hurry: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """One evaluation of a replay: its instant, what it found, what was new to whom, what each has heard by then."""

    at: datetime
    change: Change
    news: tuple[News, ...] = ()
    heard: Heard = field(default_factory=dict)

    @property
    def eventful(self) -> bool:
        """Whether the public, or anybody who subscribes, would notice."""
        return self.change.visible or bool(self.news)


def replay(court: Court, answers: Iterable[Observation], *, since: datetime, until: datetime) -> Iterator[Moment]:
    """The eventful moments of [since, until], from nothing known, oldest first.

    `answers` come in the order in which they ended, none before `since`; those that end after `until` are not heard.
    A stride in which nothing can have happened is judged once, at its end. Whether something did is seen by doing so:
    judging is pure, so that a stride that turns out eventful is taken again, tick by tick.
    """
    before = Moment(since, Change(Country(), (), (), (), ()))
    incoming = iter(answers)
    ahead = next(incoming, None)
    while before.at < until:
        end, batch = min(before.at + STRIDE, until), list[Observation]()
        while ahead is not None and ended(ahead) <= end:
            batch.append(ahead)
            ahead = next(incoming, None)
        leap = _judged(court, before, batch, end) if _calm(court, before.change.country, batch) else None
        if leap is not None and not leap.eventful:
            before = leap
            continue
        for moment in _ticks(court, before, batch, end):
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


def about_to_confirm(catalog: Catalog, verdicts: Mapping[str, Verdict]) -> bool:
    """Whether some probe has enough bad answers in a row, and waits only for their span or for our line."""
    return any(
        len(verdicts[probe.id].run) >= probe.policy.fail_after
        for service in catalog.services.values()
        for probe in service.probes
        if probe.id in verdicts
    )


def _ticks(court: Court, before: Moment, batch: Sequence[Observation], end: datetime) -> Iterator[Moment]:
    """Every evaluation until `end`, at the pace of the monitor; the answers of `batch` are heard as they end."""
    heard = 0
    while before.at < end:
        hurried = about_to_confirm(court.catalog, before.change.country.verdicts)
        now, first = min(before.at + (court.hurry if hurried else court.pace), end), heard
        while heard < len(batch) and ended(batch[heard]) <= now:
            heard += 1
        before = _judged(court, before, batch[first:heard], now)
        yield before


def _judged(court: Court, before: Moment, fresh: Sequence[Observation], now: datetime) -> Moment:
    by_probe: dict[str, list[Observation]] = {}
    for answer in fresh:
        by_probe.setdefault(answer.probe, []).append(answer)
    country = before.change.country
    change = evaluate(country, by_probe, court.catalog, now=now, vantage=court.vantage, rhythms=court.rhythms)
    found = tuple(
        news(
            court.subscriptions,
            change.country.incidents,
            before.heard,
            court.catalog,
            court.ground,
            now=now,
            blind=change.country.line.blind,
        )
    )
    said = {
        (one.subscription.id, one.incident.id): Told(
            one.subscription.id, one.incident.id, one.reason, one.incident.worst, now
        )
        for one in found
    }
    return Moment(now, change, found, {**before.heard, **said} if said else before.heard)


def _calm(court: Court, country: Country, batch: Iterable[Observation]) -> bool:
    """Whether nothing is being weighed, and every answer says again what is held to be true already."""
    if country.line.blind or any(verdict.run for verdict in country.verdicts.values()):
        return False
    probes = {probe.id: probe for probe in court.catalog.probes()}
    for answer in batch:
        probe, verdict = probes.get(answer.probe), country.verdicts.get(answer.probe)
        if probe is not None and (verdict is None or not _repeats(court, probe, verdict, answer)):
            return False
    return True


def _repeats(court: Court, probe: Probe, verdict: Verdict, answer: Observation) -> bool:
    """Whether an answer changes nothing but the date of what is known."""
    if probe.service is None:
        canary = Canary(verdict.last_good_at, verdict.last_at)
        return not answer.about_our_line or (
            canary.last_at is not None and canary.silent is (answer.failure is not None)
        )
    if answer.failure is not None and answer.failure.stage is Stage.OURS:
        return True
    if verdict.settled is None or verdict.evidence_at is None:
        absent = court.catalog.services[probe.service].dormant and answer.failure in ABSENCES
        return absent and verdict.switched_off and verdict.last_good_at is None
    said = verdict.settled_failure if answer.failure is not None else None
    speaks = verdict.evidence_at + probe.policy.stale_after(court.rhythms(probe.service)(verdict.evidence_at))
    return answer.health is verdict.settled and answer.failure is said and answer.at <= speaks
