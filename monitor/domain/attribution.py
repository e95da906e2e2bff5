"""Behind what common cause? Grouping is not attribution: what fails together is one thing, why is another.

The rules and their figures: docs/method.md, "Common cause". All of it is pure: the same input gives the same output, in
whatever order the troubles come.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import log

from monitor.domain.grouping import WITHIN, deepest, groups
from monitor.domain.ties import ALONE, DECLARED_KINDS, OBSERVED_KINDS, Bonds, Ties, bonds_of, kinds
from monitor.domain.trial import Count, Trial, best_first, may_be_behind, survey, trials
from monitor.domain.trouble import Family, Trouble, family_of

__all__ = ["Attribution", "Bonds", "Count", "Trouble", "attribute", "bonds_of"]

LEVEL = 0.01  # how often chance alone may bring about what is called an explanation, all candidates together
CLOSE = timedelta(minutes=5)  # from one onset to the next of what may have begun at once (tests/bench/bench_judging.py)
KEPT = 12  # candidates told beside a culprit: people read them


@dataclass(frozen=True, slots=True)
class Attribution:
    """What stands behind some unwell services, as far as the data say.

    Attributes:
        culprit: ``service:ID``, ``operator:ID``, ``platform:ID``, ``hoster:NAME``, ``zone:NAME``…
        services: the unwell ones that it stands for, sorted; every trouble is in exactly one attribution.
        explained: whether the exact test says so; a dependency or a grouping alone explains nothing.
        test: the culprit's own figures, None for a service that stands for itself.
        beaten: other candidates that hold some of the same services, best first: less likely, or (where nothing is
            explained) as likely.
        ruled_out: candidates that a control rules out, best first: they hold two of them, but most of what is inside
            works.
        undeclared: kinds (``hoster``…) that some of the services do not declare, or that were not observed of them:
            neither retained nor ruled out.
    """

    culprit: str
    services: tuple[str, ...]
    explained: bool = False
    test: Count | None = None
    beaten: tuple[Count, ...] = ()
    ruled_out: tuple[Count, ...] = ()
    undeclared: tuple[str, ...] = ()


def attribute(
    troubles: Iterable[Trouble],
    well: Collection[str],
    bonds: Bonds,
    *,
    close: timedelta = CLOSE,
    level: float = LEVEL,
) -> tuple[Attribution, ...]:
    """Attribute every trouble: explained first, then the biggest groups.

    `well`: ids of the services whose health is known and not unwell: the controls. What is in neither counts nowhere.
    """
    ill = {one.service: one for one in sorted(troubles, key=lambda one: (one.since, one.service))}
    controls = frozenset(well).difference(ill)
    tried = trials(ill.values(), survey(ill, controls, bonds), close)
    number = sum(len(trial.held) for trial in tried)
    explained: dict[str, Attribution] = {}
    owner: dict[str, str] = {}
    for trial in tried:
        for found in _explain(trial, number, level):
            known = explained.setdefault(found.culprit, found)
            explained[found.culprit] = min(known, found, key=_chance)
            owner |= dict.fromkeys(found.services, found.culprit)
    _join(owner, ill, tried)
    culprits = _gather(owner, ill, controls, bonds)
    rest = _Rest([trial.without(owner) for trial in tried], number)
    said = (
        replace(explained[culprit], services=tuple(sorted(services)))
        if culprit in explained
        else rest.looked_at(culprit, tuple(sorted(services)))
        for culprit, services in culprits.items()
    )
    complete = (replace(one, undeclared=_undeclared(one.services, ill, bonds.ties)) for one in said)
    return tuple(
        sorted(
            complete,
            key=lambda one: (
                not one.explained,
                -len(one.services),
                min(ill[name].since for name in one.services),
                one.culprit,
            ),
        )
    )


def _explain(trial: Trial, number: int, level: float) -> Iterable[Attribution]:
    """What explains the troubles of a trial, best first, until the rest is at chance level.

    What has been explained is taken out. So is what two candidates explain equally well, and for neither: what they
    share would otherwise be laid at the door of a part of them.
    """
    standing: Iterable[str] = trial.held
    while True:
        # Whom a control rules out once it rules out for good: what is held only gets less.
        standing = [one for one in standing if one in trial.held and not trial.ruled_out(one)]
        possible = ((trial.log_chance(one), -len(trial.held[one]), one) for one in standing)
        chance, _, best = min(possible, default=(0.0, 0, ""))
        if not best or chance + log(number) > log(level):
            return
        services, rivals = trial.held[best], trial.rivals(best)
        if not rivals:
            beaten, ruled_out = _beside(trial, best, services, number)
            test = trial.count(best, number)
            yield Attribution(best, tuple(sorted(services)), True, test, beaten, ruled_out)
        trial = trial.without(services.union(*(trial.held[rival] for rival in rivals)))


def _beside(
    trial: Trial, culprit: str, services: Iterable[str], number: int
) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
    """The other candidates for the same services: those less likely or as likely, and those ruled out."""
    others = list(trial.others(culprit, services))
    # Of two that the data cannot tell apart, one is not ruled out by what is not held against the other.
    alike = set(trial.rivals(culprit)) if culprit in trial.held else set[str]()
    out = {one for one in others if one not in alike and trial.ruled_out(one)}
    counted = [trial.count(one, number) for one in others]
    beaten = best_first([one for one in counted if one.candidate not in out])
    return beaten[:KEPT], best_first([one for one in counted if one.candidate in out])[:KEPT]


def _chance(found: Attribution) -> tuple[float, int, tuple[str, ...]]:
    return (found.test.chance if found.test else 1.0), -len(found.services), found.services


def _join(owner: dict[str, str], ill: Mapping[str, Trouble], tried: Sequence[Trial]) -> None:
    """Let troubles inside what explains others join them, if they are compatible and begin within 30 min of them."""
    spans: dict[tuple[Family, str], list[Trouble]] = defaultdict(list)
    for name, culprit in owner.items():
        spans[family_of(ill[name]), culprit].append(ill[name])
    around = {
        key: (min(one.since for one in those) - WITHIN, max(one.since for one in those) + WITHIN)
        for key, those in spans.items()
    }
    for trial in tried:
        for name in trial.unwell.difference(owner):
            since = ill[name].since
            for culprit in sorted(trial.ground.held_by[name]):
                begin, end = around.get((trial.family, culprit), (None, None))
                if begin is not None and end is not None and begin <= since <= end:
                    owner[name] = culprit
                    break


def _gather(
    owner: Mapping[str, str], ill: Mapping[str, Trouble], controls: Collection[str], bonds: Bonds
) -> dict[str, list[str]]:
    """Every trouble at its culprit's: what explains it, else what it depends on, else its group, else itself."""
    culprits: dict[str, list[str]] = defaultdict(list)
    units: dict[str, list[str]] = defaultdict(list)
    for name, root in deepest(ill, controls, bonds.ties).items():
        culprit = owner.get(name) or owner.get(root)
        (units[root] if culprit is None else culprits[culprit]).append(name)
    group_of = {root: culprit for culprit, roots in groups([ill[root] for root in units], bonds) for root in roots}
    for root, services in units.items():
        culprits[group_of.get(root, f"service:{root}")] += services
    return culprits


class _Rest:
    """What was looked at for the services that nothing explains."""

    def __init__(self, trials_left: Sequence[Trial], number: int) -> None:
        self._trials = trials_left
        self._number = number
        self._place = {name: place for place, trial in enumerate(trials_left) for name in trial.unwell}

    def looked_at(self, culprit: str, services: tuple[str, ...]) -> Attribution:
        """The culprit with the figures of the trial that holds most of its services."""
        places = Counter(self._place[name] for name in services)
        place = min(places, key=lambda one: (-places[one], one))
        trial = self._trials[place]
        inside = [name for name in services if self._place[name] == place]
        test = trial.count(culprit, self._number) if culprit in trial.held and len(services) > 1 else None
        beaten, ruled_out = _beside(trial, culprit, inside, self._number)
        return Attribution(culprit, services, False, test, beaten, ruled_out)


def _undeclared(services: Iterable[str], ill: Mapping[str, Trouble], ties: Mapping[str, Ties]) -> tuple[str, ...]:
    """The kinds that some of these services do not declare, or that were not observed of them, where they matter."""
    known = [(kinds(ties.get(name, ALONE).shared), family_of(ill[name])) for name in services]
    return tuple(
        kind
        for kind in (*DECLARED_KINDS, *OBSERVED_KINDS)
        if any(kind not in each and may_be_behind(kind, family) for each, family in known)
    )
