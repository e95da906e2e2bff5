"""When a probe that fails now and then is called unstable, and how often one that is fine would be.

The real `judge` on written answers, at the pace of class hours and with the questions that doubt brings. Run by `make bench`;
prints, never asserts.
"""

import math
import random
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.circumstances import Circumstances, Standing
from monitor.domain.line import Line
from monitor.domain.observation import Failure, Observation
from monitor.domain.policy import Policy
from monitor.domain.stability import FEWEST_BAD, KEPT, NOTHING_HEARD, bad_ones, changes, is_unstable, remembered
from monitor.domain.verdict import Verdict, first_verdict, judge

EPOCH = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PROBE = Probe("s/login", "s", ProbeKind.HTTP, url="http://x/")
TRIES = 500
SERVICES, DAYS, FAILING = 500, 30, 0.01
SECOND = timedelta(seconds=1)


def until_unstable(fails: Callable[[int], bool], policy: Policy) -> tuple[float, int]:
    """Seconds and questions from the first failure until the flag, the probe having been well before."""
    at, verdict, first, asked = EPOCH, first_verdict(PROBE, "local", EPOCH), None, 0
    while not verdict.unstable:
        bad = at >= EPOCH + timedelta(minutes=30) and fails(asked)
        asked += at >= EPOCH + timedelta(minutes=30)
        answer = Observation(PROBE.id, "local", at, 0.2 * SECOND, Failure.EXCHANGE_SERVER_ERROR if bad else None)
        soon = verdict.contradicted_by(answer)
        verdict = said(verdict, answer, policy)
        first = first or (at if bad else None)
        at += policy.retry_every if soon else policy.every
    last = verdict.last_at or at
    return (last - (first or last)).total_seconds(), asked


def said(verdict: Verdict, answer: Observation, policy: Policy) -> Verdict:
    """The verdict after one more answer, our line being well."""
    now = answer.at + SECOND
    return judge(
        verdict, [answer], policy, Circumstances(now, Line(blind=False, seen_at=now), Standing(confirmed=True))
    )


def false_flags(dice: random.Random, fewest: int) -> tuple[int, int]:
    """How often the flag is raised in 30 days of 500 probes whose every answer fails at 1 %, and answers heard.

    Of a long row of good answers the first 21 count: they leave nothing else to remember.
    """
    answers = int(SERVICES * timedelta(days=DAYS) / Policy().every)
    flags, heard, history, unstable = 0, 0, NOTHING_HEARD, False
    while heard < answers:
        good = int(math.log(1 - dice.random()) / math.log(1 - FAILING))
        calm = good >= KEPT and not unstable and bad_ones(history) < fewest
        if calm:
            history = 1 << KEPT
        for bad in (*([False] * (0 if calm else min(good, KEPT))), True):
            history = remembered(history, bad=bad)
            before, unstable = unstable, is_unstable(history, before=unstable, fewest=fewest)
            flags += unstable and not before
        heard += good + 1
    return flags, heard


def say(what: str, found: list[tuple[float, int]]) -> None:
    """One line of results."""
    delays = sorted(delay for delay, _ in found)
    sys.stdout.write(
        f"{what:52} p50 {statistics.median(delays):5.0f} s   p95 {delays[int(0.95 * len(delays))]:5.0f} s   worst {delays[-1]:5.0f} s   "
        f"questions p50 {statistics.median(asked for _, asked in found):3.0f}\n"
    )


def main() -> None:
    dice = random.Random(2021_04_06)
    for every in (30, 60):
        policy = Policy(every=every * SECOND)
        say(f"every third answer fails, every {every} s", [until_unstable(lambda n: n % 3 == 2, policy)])
        found = [until_unstable(lambda _: dice.random() < 1 / 3, policy) for _ in range(TRIES)]
        say(f"each answer fails at one in three, every {every} s", found)
    for fewest in range(3, FEWEST_BAD + 2):
        flags, heard = false_flags(dice, fewest)
        sys.stdout.write(
            f"1 % of answers fail, {fewest} bad ones wanted: {flags} flags in {heard} answers of {SERVICES} probes and {DAYS} days\n"
        )
    sys.stdout.write(f"changes of one in three: {changes(until_full()):.0%}\n")


def until_full() -> int:
    """A history of 21 answers of which every third is bad."""
    history = NOTHING_HEARD
    for n in range(21):
        history = remembered(history, bad=n % 3 == 2)
    return history


if __name__ == "__main__":
    main()
