"""The rule of confirmation once more, slow and plain, from the words of docs/method.md and not from monitor/domain.

The whole log is read again at every look. It knows one service that counts as seen working, asked at one pace, whose
failing nobody shares.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.domain.observation import Observation

ORDER = ["up", "slow", "maintenance", "restricted", "waiting", "down"]
FAIL_AFTER, FAIL_FOR = 3, timedelta(seconds=60)
RECOVER_AFTER, RECOVER_FOR = 3, timedelta(seconds=30)
SPEAKS_FOR = timedelta(minutes=3, seconds=10)


@dataclass(frozen=True, slots=True)
class Look:
    """One evaluation: when, what was new of this probe, whether we saw nothing, when a majority was last seen."""

    now: datetime
    new: tuple[Observation, ...]
    blind: bool
    seen_at: datetime | None


@dataclass(slots=True)
class Belief:
    """What must be held to be true: `state` is a word of ORDER, None for nothing; `doubts` contradict it."""

    state: str | None = None
    doubts: list[Observation] = field(default_factory=list)
    last: datetime | None = None

    @property
    def published(self) -> str:
        """Before blindness and age are laid over it."""
        return self.state or "unknown"


def believed(looks: Iterable[Look], start: Belief | None = None) -> Belief:
    """What must be held to be true after these looks, where `start` was held before the first of them."""
    belief = Belief() if start is None else Belief(start.state, list(start.doubts), start.last)
    for look in looks:
        for answer in sorted(look.new, key=lambda one: one.at):
            if answer.failure is not None and answer.failure.value.startswith("ours/"):
                continue
            _take(belief, answer)
            _settle(belief, look)
        if look.blind:
            belief = Belief()
        _settle(belief, look)
    return belief


def shown(belief: Belief, look: Look) -> str:
    """The word that the public must read at a look."""
    too_old = belief.last is not None and look.now > belief.last + SPEAKS_FOR
    return "unknown" if look.blind or too_old else belief.published


def _take(belief: Belief, answer: Observation) -> None:
    if belief.last is not None and answer.at > belief.last + SPEAKS_FOR:
        belief.state, belief.doubts = None, []
    belief.last = answer.at
    word = str(answer.health)
    if belief.state is None and word == "up":
        belief.state, belief.doubts = "up", []
    elif word == belief.state:
        belief.doubts = []
    else:
        if belief.doubts and _worse(belief, belief.doubts[-1]) != _worse(belief, answer):
            belief.doubts = []
        belief.doubts.append(answer)


def _settle(belief: Belief, look: Look) -> None:
    if not belief.doubts:
        return
    worse = _worse(belief, belief.doubts[-1])
    count, span = (FAIL_AFTER, FAIL_FOR) if worse else (RECOVER_AFTER, RECOVER_FOR)
    good_for_proof = [
        one for one in belief.doubts if not worse or (look.seen_at is not None and look.seen_at > one.at + one.took)
    ]
    if len(good_for_proof) < count or good_for_proof[-1].at - good_for_proof[0].at < span:
        return
    ranks = [ORDER.index(str(one.health)) for one in good_for_proof[-count:]]
    belief.state = ORDER[min(ranks) if worse else max(ranks)]
    beyond: list[Observation] = []
    for one in reversed(belief.doubts):
        apart = ORDER.index(str(one.health)) - ORDER.index(belief.state)
        if apart * (1 if worse else -1) <= 0:
            break
        beyond.insert(0, one)
    belief.doubts = beyond


def _worse(belief: Belief, answer: Observation) -> bool:
    return ORDER.index(str(answer.health)) > ORDER.index(belief.state or "up")
