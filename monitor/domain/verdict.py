"""What we hold to be true of a probe: `judge` (docs/method.md, "Confirmation")."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.domain.catalog import Probe
from monitor.domain.circumstances import Circumstances
from monitor.domain.observation import ABSENCES, Failure, Health, Observation, Stage
from monitor.domain.policy import Policy
from monitor.domain.run import Run, extended, rank, refuted, suffix_beyond
from monitor.domain.stability import NOTHING_HEARD, bad_ones, good_in_a_row, is_unstable, remembered

SEEN_WORKING = 3  # good answers in this database after which a probe may accuse (docs/method.md, "Never seen working")
DORMANT_MEMORY = timedelta(hours=24)  # how long a good answer of a dormant service makes its absence count
REPEATED = 2  # bad answers in a row from which a probe is failing, as far as others are concerned
_INSTANTS = ("since", "settled_since", "last_good_at", "evidence_at", "last_at", "proved_at")
REFUTED = 3  # good answers in a row after which a trouble that was not confirmed is asked after no more


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we hold to be true of one probe at one vantage, and the evidence that may change it.

    Attributes:
        health, since, failure: what is published.
        settled, settled_since, settled_failure: the last confirmed state, below the masks (never seen working, stale,
            blind); `settled` is None until a first answer that is evidence.
        run: consecutive answers that contradict `settled` in one direction, oldest first.
        good_answers: good answers seen in this database, counted up to 3 ("seen working").
        last_good_at, evidence_at, last_at: starts of the last good answer, of the last answer that is evidence about
            the target, and of the last answer of any kind.
        speaks_until: until when the last evidence speaks at least: its server asked us not to come back sooner.
        proved_at: end of the answer that completed the proof of a bad settled state.
        recent: good and bad among the last 21 answers that are evidence (`monitor.domain.stability`).
        unstable: whether these flap; a flag beside the health, whatever that is.
    """

    probe: str
    vantage: str
    health: Health
    since: datetime
    failure: Failure | None = None
    settled: Health | None = None
    settled_since: datetime | None = None
    settled_failure: Failure | None = None
    run: Run = ()
    good_answers: int = 0
    last_good_at: datetime | None = None
    evidence_at: datetime | None = None
    last_at: datetime | None = None
    speaks_until: datetime | None = None
    proved_at: datetime | None = None
    recent: int = NOTHING_HEARD
    unstable: bool = False

    @property
    def seen_working(self) -> bool:
        """Whether enough good answers were heard in this database for the probe to accuse."""
        return self.good_answers >= SEEN_WORKING

    @property
    def switched_off(self) -> bool:
        """Whether a dormant target was heard to be absent, and nothing else since."""
        return self.settled is None and not self.run and self.last_at is not None

    @property
    def failing(self) -> tuple[Health, datetime] | None:
        """What bad it says, and since when: two answers in a row for the worse, else a bad settled state.

        One bad answer is a blip: were it enough, hundreds of services with one answer in a hundred lost would vouch
        for each other's blips (measured: tests/bench/bench_confirm.py).
        """
        if len(self.run) >= REPEATED and rank(self.run[-1].health) > rank(self.settled):
            return self.run[-1].health, self.run[0].at
        if self.settled is not None and self.settled_since is not None and rank(self.settled) > 0:
            return self.settled, self.settled_since
        return None

    def contradicted_by(self, observation: Observation) -> bool:
        """Whether an answer differs from what is settled, so that the probe should be asked again soon."""
        if observation.failure is not None and observation.failure.stage is Stage.OURS:
            return False
        if self.switched_off and observation.failure in ABSENCES:
            return False  # a dormant service that is still absent contradicts nothing
        if self.run or observation.health is not (self.settled or Health.UP):
            return True
        # One that fails now and then is asked after until it is refuted, or known to be unstable.
        doubted = bad_ones(self.recent) > 0 and good_in_a_row(self.recent) + 1 < REFUTED
        return doubted and self.settled is Health.UP and not self.unstable

    def heard_until(self, now: datetime) -> datetime | None:
        """The start of the last answer judged; None if there is none, or if the wall clock was set back before it."""
        return None if self.last_at is None or self.last_at > now else self.last_at


def judge(previous: Verdict, new: Sequence[Observation], policy: Policy, around: Circumstances) -> Verdict:
    """Judge one probe again with its new answers, in the order of their start.

    Answers of another vantage, and those that started no later than the last one judged (late, or the same again), are
    no news to this verdict: all that a late one may do is to break a run that it contradicts. Asking again without news
    changes nothing, apart from deadlines (stale) and our own line.
    """
    last = previous.heard_until(around.now)
    previous = verdict = _not_in_the_future(previous, around.now)
    for observation in sorted(new, key=lambda one: one.at):
        if observation.vantage != verdict.vantage:
            continue
        if last is not None and observation.at <= last:
            verdict = _broken_by(verdict, observation)
            continue
        last = observation.at
        verdict = _confirm(_hear(verdict, observation, policy, around), policy, around)
    if around.line.blind:
        verdict = _forget(verdict)
    return _publish(previous, _confirm(verdict, policy, around), policy, around)


def first_verdict(probe: Probe, vantage: str, now: datetime) -> Verdict:
    """The verdict of a probe that was never asked."""
    return Verdict(probe.id, vantage, Health.UNKNOWN, now)


def _broken_by(verdict: Verdict, late: Observation) -> Verdict:
    """The verdict after a late answer: "in a row" is said of what was known when it was said."""
    if late.failure is not None and late.failure.stage is Stage.OURS:
        return verdict
    run = refuted(verdict.run, verdict.settled, late)
    return verdict if run == verdict.run else replace(verdict, run=run)


def _not_in_the_future(verdict: Verdict, now: datetime) -> Verdict:
    """The verdict with no instant later than now: a wall clock that was set back must not vouch for what comes."""
    ahead: dict[str, Any] = {
        name: now for name in _INSTANTS if (one := getattr(verdict, name)) is not None and one > now
    }
    return replace(verdict, **ahead, speaks_until=None, run=()) if ahead else verdict


def _hear(verdict: Verdict, observation: Observation, policy: Policy, around: Circumstances) -> Verdict:
    """Take one answer into the evidence."""
    at, failure = observation.at, observation.failure
    heard: dict[str, Any] = {"last_at": max(at, verdict.last_at or at)}  # one new value a question, not one a field
    if failure is not None and failure.stage is Stage.OURS:
        return replace(verdict, **heard)
    if verdict.evidence_at is not None and at > _spoken_until(verdict, verdict.evidence_at, policy, around):
        verdict = _forget(verdict)  # after a gap the old state is not the state: it must be proved again
    if around.standing.dormant and failure in ABSENCES and not _awake(verdict, at):
        return replace(_forget(verdict), **heard)
    heard["evidence_at"] = max(at, verdict.evidence_at or at)
    heard["speaks_until"] = _asked_back(observation, policy)
    heard["recent"] = recent = remembered(verdict.recent, bad=failure is not None)
    heard["unstable"] = is_unstable(recent, before=verdict.unstable)
    if failure is None:
        heard["last_good_at"] = max(at, verdict.last_good_at or at)
        heard["good_answers"] = min(verdict.good_answers + 1, SEEN_WORKING)
        if verdict.settled is None:
            heard |= {"settled": Health.UP, "settled_since": at, "settled_failure": None, "run": ()}
            return replace(verdict, **heard)
    if observation.health is verdict.settled:
        return replace(verdict, run=(), settled_failure=failure, **heard)
    return replace(verdict, run=extended(verdict.run, verdict.settled, observation), **heard)


def _asked_back(observation: Observation, policy: Policy) -> datetime | None:
    """Until when an answer speaks whose server asked us not to come back sooner."""
    return None if observation.come_back is None else observation.at + observation.come_back + policy.stale_after()


def _forget(verdict: Verdict) -> Verdict:
    """The verdict without its state: nothing is held to be true of the target any more."""
    return replace(
        verdict,
        settled=None,
        settled_since=None,
        settled_failure=None,
        run=(),
        evidence_at=None,
        proved_at=None,
        recent=NOTHING_HEARD,
        unstable=False,
    )


def _awake(verdict: Verdict, at: datetime) -> bool:
    """Whether a dormant service answered well within the last 24 h."""
    return verdict.last_good_at is not None and at - verdict.last_good_at <= DORMANT_MEMORY


def _confirm(verdict: Verdict, policy: Policy, around: Circumstances) -> Verdict:
    """Settle what the run says once enough answers span enough time; for the worse, answers our line vouches for."""
    if not (run := verdict.run):
        return verdict
    worse = rank(run[-1].health) > rank(verdict.settled)
    fail_for = policy.fail_for_corroborated if around.corroborated else policy.fail_for
    count, span = (policy.fail_after, fail_for) if worse else (policy.recover_after, policy.recover_for)
    support = tuple(answer for answer in run if not worse or around.line.seen_after(answer.ended))
    if len(support) < count or support[-1].at - support[0].at < span:
        return verdict
    # Of the answers that confirm, the mildest when it gets worse and the worst when it gets better: each of them said
    # at least that much. What the rest of the run says beyond it goes on being weighed.
    said = (min if worse else max)(support[-count:], key=lambda one: rank(one.health))
    rest = suffix_beyond(run, said.health, worse=worse)
    return replace(
        verdict,
        settled=said.health,
        settled_since=run[0].at,
        settled_failure=said.failure,
        run=rest,
        proved_at=support[-1].ended if rank(said.health) > 0 else None,
    )


def _publish(previous: Verdict, verdict: Verdict, policy: Policy, around: Circumstances) -> Verdict:
    """Lay the masks over the settled state and date what is published."""
    health, since = _masked(previous, verdict, policy, around)
    failure = verdict.settled_failure if health not in (Health.UP, Health.UNKNOWN) else None
    if health is previous.health:
        since = previous.since
    elif previous.last_at is not None:  # history has no overlaps: a change is never dated before the state that it ends
        since = max(since, previous.since)
    if (health, since, failure) == (verdict.health, verdict.since, verdict.failure):
        return verdict
    return replace(verdict, health=health, since=since, failure=failure)


def _masked(previous: Verdict, verdict: Verdict, policy: Policy, around: Circumstances) -> tuple[Health, datetime]:
    """What may be said of the settled state, and since when: blind, never heard, stale and never seen read unknown."""
    settled, since, evidence = verdict.settled, verdict.settled_since, verdict.evidence_at
    if around.line.blind:
        # What rests on answers from shortly before our line was lost is not known to have been true at all.
        suspect = previous.proved_at is not None and around.line.suspects(previous.proved_at)
        return Health.UNKNOWN, previous.since if suspect else (around.line.seen_at or previous.since)
    if settled is None or since is None or evidence is None:
        return Health.UNKNOWN, around.now
    if around.now > (until := _spoken_until(verdict, evidence, policy, around)):
        return Health.UNKNOWN, until
    if rank(settled) > 0 and not (around.standing.confirmed or verdict.seen_working):
        return Health.UNKNOWN, since
    return settled, since


def _spoken_until(verdict: Verdict, evidence: datetime, policy: Policy, around: Circumstances) -> datetime:
    """Until when the last evidence speaks for the present: as the pace at which it was given allows, or its server."""
    until = evidence + policy.stale_after(around.rhythm(evidence))
    return until if verdict.speaks_until is None else max(until, verdict.speaks_until)
