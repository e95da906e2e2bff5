"""The order of answers, whatever the order they arrive in (docs/method.md, "Late answers")."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from monitor.domain.observation import Observation
from monitor.domain.verdict import Verdict


def late_answers(
    verdicts: Mapping[str, Verdict], fresh: Mapping[str, Sequence[Observation]], now: datetime
) -> tuple[Observation, ...]:
    """Answers about what a verdict has judged beyond already: they may correct history, never the verdict itself.

    An answer of the same start as the last one is that one again. Other vantages have verdicts of their own.
    """
    found = []
    for probe, answers in fresh.items():
        verdict = verdicts.get(probe)
        last = None if verdict is None else verdict.heard_until(now)
        if verdict is not None and last is not None:
            found += [one for one in answers if one.vantage == verdict.vantage and one.at < last]
    return tuple(found)


def in_order(answers: Iterable[Observation]) -> list[Observation]:
    """Answers by their start, each (probe, vantage, start) once: the same list for every order of arrival."""
    ordered = sorted(answers, key=_place)
    return [one for before, one in zip([None, *ordered], ordered, strict=False) if not _same(before, one)]


def _place(one: Observation) -> tuple[datetime, str, str, object, int, str]:
    """A total order. Two that claim one start cannot both be true: the quicker and better stands, for all orders."""
    return one.at, one.probe, one.vantage, one.took, 0 if one.failure is None else one.failure.code, one.detail


def _same(one: Observation | None, other: Observation) -> bool:
    return one is not None and (one.at, one.probe, one.vantage) == (other.at, other.probe, other.vantage)
