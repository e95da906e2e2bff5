"""Made-up Frances for the benches of judging: about 110 services with the ties that the real catalogue has, and failures of them."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.domain.line import Canary, Line, own_line
from monitor.domain.observation import Failure, Stage
from monitor.domain.ties import Ties, upstream
from monitor.domain.trouble import Family, Trouble, family_of

NOW = datetime(2026, 11, 23, 7, 10, tzinfo=UTC)
OPERATORS = (37, 16, 13, 8, 5, 4, 4, 3, 2, 2)  # services each; the other operators run one
SERVICES = 110
HOSTERS = ((10, 1), (8, 3), (7, 4), (6, 2), (5, 4))  # services, spread over how many operators
LOGINS = ((7, 1), (6, 4), (4, 4))  # dependents of a shared login, spread over how many operators
NOISE = 0.05
UNKNOWN = 0.03
BACK = timedelta(hours=2)  # how long ago the noise may have begun
SPREADS_S = (30, 60, 60, 60, 300)  # a question every 30 s at the opening, 60 s in class hours, 5 min outside
ANSWERS_S = 15  # a time-out, a turn to be waited for
ALIKE: Mapping[Family, list[Failure]] = {
    family: [f for f in Failure if f.stage is not Stage.OURS and family_of(Trouble("", NOW, f.health, f)) is family]
    for family in Family
}
FAMILIES = (*[Family.SERVICE] * 7, Family.NAMES, Family.CERTIFICATES, Family.PAGE)
KINDS = ("operator", "platform", "hoster", "dependency", "single", "two at once", "own line")


@dataclass(frozen=True)
class Scene:
    """One moment: what is wrong in truth, and what Vigie knows of it."""

    truths: tuple[str, ...]
    hit: tuple[frozenset[str], ...]
    troubles: tuple[Trouble, ...]
    well: frozenset[str]
    line: Line


def world(dice: random.Random, prefix: str = "") -> dict[str, Ties]:
    """A France: one operator runs a third, platforms are shared, hosters declared for a part only."""
    shared: dict[str, set[str]] = {f"{prefix}s{n:03}": set() for n in range(SERVICES)}
    names, needs = list(shared), defaultdict(list)
    operator_of = [n for n, size in enumerate(OPERATORS) for _ in range(size)]
    operator_of += range(len(OPERATORS), len(OPERATORS) + SERVICES - len(operator_of))
    by_operator: dict[int, list[str]] = defaultdict(list)
    for name, operator in zip(names, operator_of, strict=True):
        shared[name].add(f"operator:{prefix}o{operator}")
        by_operator[operator].append(name)
    others = [name for name, operator in zip(names, operator_of, strict=True) if operator >= len(OPERATORS)]
    lent = iter(dice.sample(others, len(others)))
    for platform, (operator, of_it, from_others) in enumerate([(0, 33, 4), (1, 12, 4), (2, 5, 4), (3, 4, 3)]):
        for name in (*by_operator[operator][:of_it], *(next(lent) for _ in range(from_others))):
            shared[name].add(f"platform:{prefix}p{platform}")
    _hosters_and_logins(dice, prefix, by_operator, shared, needs)
    for name in names:
        shared[name].add(f"issuer:{dice.choices('abc', (7, 2, 1))[0]}")
        shared[name].add(f"zone:{name}.fr")
    for operator, size in ((0, 5), (3, 2), (4, 5), (5, 3)):
        for name in by_operator[operator][:size]:
            shared[name].add(f"zone:{prefix}o{operator}.fr")
    return {name: Ties(frozenset(those), tuple(needs[name])) for name, those in shared.items()}


def _hosters_and_logins(
    dice: random.Random,
    prefix: str,
    by_operator: Mapping[int, list[str]],
    shared: Mapping[str, set[str]],
    needs: Mapping[str, list[str]],
) -> None:
    free, open_to = set(shared), set(shared)
    for hoster, (size, spread) in enumerate(HOSTERS):
        for name in _spread(dice, by_operator, free, size, spread):
            shared[name].add(f"hoster:{prefix}h{hoster}")
            free.discard(name)
    for size, spread in LOGINS:
        login = dice.choice(sorted(open_to))
        open_to.discard(login)
        for name in _spread(dice, by_operator, open_to, size, spread):
            needs[name].append(login)
            open_to.discard(name)


def _spread(
    dice: random.Random, by_operator: Mapping[int, list[str]], free: set[str], size: int, spread: int
) -> Iterator[str]:
    """Some free services of so many operators, as evenly as goes."""
    pools = [sorted(free.intersection(those)) for those in by_operator.values()]
    fitting = [pool for pool in pools if len(pool) * spread >= size] or pools
    if len(fitting) < spread:
        fitting = sorted(pools, key=len)[-spread:]
    chosen, taken = [dice.sample(pool, len(pool)) for pool in dice.sample(fitting, spread)], 0
    while taken < size and any(chosen):
        for pool in chosen:
            if pool and taken < size:
                yield pool.pop()
                taken += 1


def members(ties: Mapping[str, Ties]) -> dict[str, frozenset[str]]:
    """Every candidate with what it holds; a shared login with itself and all that need it."""
    held: dict[str, set[str]] = defaultdict(set)
    for name, mine in ties.items():
        for candidate in mine.shared:
            held[candidate].add(name)
        for needed in upstream(name, ties):
            held[f"service:{needed}"] |= {needed, name}
    return {candidate: frozenset(those) for candidate, those in held.items()}


def causes(kind: str, held: Mapping[str, frozenset[str]], ties: Mapping[str, Ties]) -> list[str]:
    """What may be the cause of a failure of that kind: at least three services have it in common."""
    if kind == "single":
        return [f"service:{name}" for name in sorted(ties)]
    word = "service" if kind == "dependency" else kind
    return sorted(one for one, those in held.items() if one.startswith(f"{word}:") and len(those) >= 3)


def scene(kind: str, ties: Mapping[str, Ties], dice: random.Random, noise: float = NOISE) -> Scene:
    """A failure of that kind among some that have nothing to do with it."""
    held = members(ties)
    if kind == "own line":
        silent = [dice.random() >= noise for _ in range(5)]
        return Scene(("vantage:local",), (frozenset(ties),), (), frozenset(), _line(silent))
    truths: dict[str, frozenset[str]] = {}
    while len(truths) < (2 if kind == "two at once" else 1):
        each = dice.choice(KINDS[:5]) if kind == "two at once" else kind
        free = [
            one for one in causes(each, held, ties) if not any(held.get(one, set()) & hit for hit in truths.values())
        ]
        if free:
            truth = dice.choice(free)
            truths[truth] = frozenset({truth[8:]} if each == "single" else held[truth])
    ill: dict[str, Trouble] = {}
    for those in truths.values():
        begin, family = NOW - dice.uniform(300, 900) * timedelta(seconds=1), dice.choice(FAMILIES)
        spread = dice.choice(SPREADS_S)
        for name in sorted(those):
            if dice.random() >= noise or len(those) == 1:
                late = dice.uniform(0, spread) + dice.uniform(0, ANSWERS_S)
                ill[name] = _trouble(name, begin + late * timedelta(seconds=1), dice.choice(ALIKE[family]))
    hit = tuple(frozenset(those & ill.keys()) for those in truths.values())
    spared = set().union(*truths.values())
    for name in ties:
        if name not in spared and dice.random() < noise:
            ill[name] = _trouble(name, NOW - dice.random() * BACK, dice.choice(ALIKE[dice.choice(list(Family))]))
    well = frozenset(name for name in ties if name not in ill and dice.random() >= UNKNOWN)
    silent = [dice.random() < noise for _ in range(5)]
    return Scene(tuple(truths), hit, tuple(ill.values()), well, _line(silent))


def _trouble(name: str, since: datetime, failure: Failure) -> Trouble:
    return Trouble(name, since, failure.health, failure)


def _line(silent: list[bool]) -> Line:
    """What the canaries say, by the rule that the monitor follows."""
    ago = timedelta(seconds=20)
    return own_line([Canary(NOW - 2 * ago if each else NOW - ago, NOW - ago) for each in silent])
