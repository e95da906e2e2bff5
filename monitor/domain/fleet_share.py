"""How many schools of a fleet are affected: a share per académie with its interval, from those asked lately.

Wilson's score interval with a correction for the finite population, at 95 %: E. B. Wilson, "Probable inference, the law
of succession, and statistical inference", JASA 22 (1927); W. G. Cochran, "Sampling Techniques" (1977), 2.6 and 5.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.fleet import WINDOW, Answer, Memory
from monitor.domain.observation import Failure, Health

SAMPLE = 60  # the newest answers of a stratum that count: while it is asked densely, an outage fills it in minutes
FEWEST = 5  # below that nothing is said of a stratum: neither a share nor, by it, the state of single schools
HEARD = 0.9  # share of the schools whose strata must have been heard before anything is said of all of them
Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """The share of the schools of a territory that are affected; of those that agreed, for nobody else was asked.

    Attributes:
        territory: code of an académie, of a collectivité without one, or `N` for the whole fleet.
        share, low, high: the estimate and its 95 % interval (0..1); None while the sample is too small.
        pupils: the same share counted in pupils, where the schools of the sample say how many they have.
        sample: how many schools answered lately. population: how many of the territory agreed.
        since, as_of: start of the oldest and of the newest question that counted; None without any.
    """

    territory: str
    share: float | None
    low: float | None
    high: float | None
    pupils: float | None
    sample: int
    population: int
    since: datetime | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class SchoolState:
    """What one school said when it was last asked: true of `as_of` and of no other instant, shown with it or not."""

    health: Health
    failure: Failure | None
    as_of: datetime


def school_state(memory: Memory, uai: str) -> SchoolState | None:
    """The state of one school; None if it never answered, did not agree, or is not of this fleet."""
    answer = memory.answer(uai)
    return None if answer is None else SchoolState(answer.health, answer.failure, answer.at)


def estimate(memory: Memory, until: datetime) -> tuple[Share, ...]:
    """The whole fleet first, then each stratum in the order of its code; empty where no head agreed.

    `until` is now, or the last instant at which our own line was seen: what came after it accuses nobody.
    """
    since = until - WINDOW
    samples = [(code, one.sample(since, until, SAMPLE), len(one.schools)) for code, one in memory.strata.items()]
    if not samples:
        return ()
    return (_whole([(found, size) for _, found, size in samples]), *(_stratum(*sample) for sample in samples))


def interval(share: float, effective: float, *, bad: int, sample: int, population: int) -> tuple[float, float]:
    """The interval around `share` for a simple sample of `effective` answers (infinite: everybody was asked).

    Its bounds are whole schools, rounded outwards, never beyond what was seen: `bad` of `sample` answers, out of
    `population`. Schools are few: without the rounding the interval of a nearly complete sample misses the truth.
    """
    least, most = bad / population, (population - sample + bad) / population
    if math.isinf(effective):
        return least, most
    pull = Z * Z / effective
    centre = (share + pull / 2) / (1 + pull)
    half = math.sqrt(pull * share * (1 - share) + pull * pull / 4) / (1 + pull)
    low = math.floor((centre - half) * population + 1e-9) / population
    high = math.ceil((centre + half) * population - 1e-9) / population
    return max(low, least), min(high, most)


def _stratum(code: str, found: Sequence[Answer], population: int) -> Share:
    weighed = [(answer, 1.0) for answer in found]
    bad, sample = sum(answer.bad for answer in found), len(found)
    if sample < FEWEST:
        return _share(code, weighed, population, None)
    left = population - sample
    worth = sample * (population - 1) / left if left else math.inf
    bounds = interval(bad / sample, worth, bad=bad, sample=sample, population=population)
    return _share(code, weighed, population, (bad / sample, *bounds))


def _whole(samples: Sequence[tuple[Sequence[Answer], int]]) -> Share:
    """All strata together, each weighing what it has of schools: those asked densely do not count for more."""
    heard = [(found, size) for found, size in samples if found]
    everybody, population = sum(size for _, size in samples), sum(size for _, size in heard)
    weighed = [(answer, size / len(found)) for found, size in heard for answer in found]
    if len(weighed) < FEWEST or population < HEARD * everybody:
        return _share("N", weighed, everybody, None)
    share = spread = simple = 0.0
    for found, size in heard:
        part, of_stratum = size / population, sum(answer.bad for answer in found) / len(found)
        variance = part * part / len(found) * (size - len(found)) / max(size - 1, 1)
        share += part * of_stratum
        spread += variance * of_stratum * (1 - of_stratum)
        simple += variance
    share = min(share, 1.0)
    # How many answers of a simple sample these are worth: the less favourable of what was seen in the strata (which
    # hides what a few answers all alike do not show) and of what the allocation alone gives (Kish).
    worth = min(1 / simple if simple else math.inf, share * (1 - share) / spread if spread else math.inf)
    bad = sum(answer.bad for answer, _ in weighed)
    bounds = interval(share, worth, bad=bad, sample=len(weighed), population=population)
    return _share("N", weighed, everybody, (share, *bounds))


def _share(
    code: str, weighed: Sequence[tuple[Answer, float]], population: int, known: tuple[float, float, float] | None
) -> Share:
    share, low, high = known or (None, None, None)
    counted = [(one.school.pupils * weight, one.bad) for one, weight in weighed if one.school.pupils is not None]
    pupils = sum(number for number, _ in counted)
    hit = sum(number for number, bad in counted if bad)
    instants = [answer.at for answer, _ in weighed]
    return Share(
        territory=code,
        share=share,
        low=low,
        high=high,
        pupils=hit / pupils if known and pupils else None,
        sample=len(weighed),
        population=population,
        since=min(instants, default=None),
        as_of=max(instants, default=None),
    )
