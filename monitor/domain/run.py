"""A run: consecutive answers that contradict what is settled, in one direction, oldest first."""

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.observation import SEVERITY, Failure, Health, Observation

RUN_KEPT = 64  # answers kept while a run waits for our own line; dating needs the first, confirming the last few


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verdict remembers of one observation: its start, its end, what it said."""

    at: datetime
    ended: datetime
    health: Health
    failure: Failure | None


Run = tuple[Answer, ...]


def rank(health: Health | None) -> int:
    """Severity, where nothing settled yet counts as well."""
    return SEVERITY[health or Health.UP]


def extended(run: Run, settled: Health | None, observation: Observation) -> Run:
    """The run with one more answer; an answer in the other direction begins a new run."""
    answer = Answer(observation.at, observation.at + observation.took, observation.health, observation.failure)
    base = rank(settled)
    same = run and (rank(run[-1].health) > base) == (rank(answer.health) > base)
    longer = (*run, answer) if same else (answer,)
    return longer if len(longer) <= RUN_KEPT else (longer[0], *longer[-RUN_KEPT + 1 :])


def suffix_beyond(run: Run, health: Health, *, worse: bool) -> Run:
    """The longest end of the run whose answers all lie beyond `health` in the run's direction."""
    kept = len(run)
    while kept and (rank(run[kept - 1].health) - rank(health)) * (1 if worse else -1) > 0:
        kept -= 1
    return run[kept:]


def refuted(run: Run, settled: Health | None, observation: Observation) -> Run:
    """The run once an answer has come that started amid it and was heard late: in the other direction, it breaks it.

    An answer of the run that is heard again changes nothing, and none makes a run longer: late, it never accuses.
    """
    if not run or observation.at <= run[0].at or any(one.at == observation.at for one in run):
        return run
    base = rank(settled)
    if (rank(run[-1].health) > base) == (rank(observation.health) > base):
        return run
    return tuple(one for one in run if one.at > observation.at)
