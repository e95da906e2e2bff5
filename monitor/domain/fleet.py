"""A fleet: many schools on one operator's machines, of which a few are asked in turn, and what each last answered.

Nobody is asked whose head has not agreed: such a school has no probe, hence nothing that could be asked.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure, Health, Observation, Stage
from monitor.domain.rollup import AT_A_STANDSTILL

WINDOW = timedelta(minutes=15)  # docs/method.md, "Fleets": how long an answer speaks for its stratum
LATELY = 10  # the newest answers of a stratum that raise suspicion…
SUSPICIOUS = 2  # …when that many of them are bad: one bad school in ten is everyday life, two at once are not


@dataclass(frozen=True, slots=True)
class School:
    """One school of a fleet.

    Attributes:
        uai: its code, eight characters, letter in upper case.
        territory: code of its département or collectivité.
        stratum: code of its académie, or of its collectivité where that has none.
        pupils: how many it has, None where nobody says.
        probe: the one question it may be asked; None unless its head agreed.
    """

    uai: str
    name: str
    url: str
    territory: str
    stratum: str
    pupils: int | None = None
    probe: Probe | None = None

    @property
    def agreed(self) -> bool:
        """Whether its head agreed to be asked."""
        return self.probe is not None


@dataclass(frozen=True, slots=True)
class Fleet:
    """A list of schools and what may be spent on asking them.

    Attributes:
        operator: id of the operator that runs their machines.
        budget: questions a second for all of them together, above 0 and at most 2.
        every: the shortest time between two questions to one school, 5 min at least.
        file: where the list of schools stands.
    """

    id: str
    name: str
    operator: str
    schools: tuple[School, ...]
    budget: float = 1.0
    every: timedelta = timedelta(minutes=5)
    file: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one school answered to a question that started at `at` (aware UTC); `failure` None when all was well."""

    school: School
    at: datetime
    failure: Failure | None = None

    @property
    def health(self) -> Health:
        """What it says of that one school, at that one instant."""
        return Health.UP if self.failure is None else self.failure.health

    @property
    def bad(self) -> bool:
        """Whether nobody could work with that answer: the same healths that colour a territory."""
        return self.health in AT_A_STANDSTILL


@dataclass(slots=True)
class LastAsk:
    """The last time a school was asked, whether it still is, and the last answer it gave, then or before."""

    asked: datetime
    under_way: bool
    answer: Answer | None = None


@dataclass(slots=True)
class Stratum:
    """The schools of one académie that agreed, in the order of their rotation, and where it stands.

    The order is hashed: a block of it is a random sample without replacement, whatever the answers were.
    """

    code: str
    schools: tuple[School, ...]
    next_at: int = 0
    served: float = 0.0
    suspected: bool = False
    turns: dict[str, LastAsk] = field(default_factory=dict)

    @property
    def next(self) -> School:
        """Whose turn it is."""
        return self.schools[self.next_at]

    def sample(self, since: datetime, until: datetime, most: int) -> list[Answer]:
        """The newest answers to questions of [since, until], newest first, `most` at most, one a school.

        While a question is under way those asked after it wait with it: bad answers take longer than good ones, and
        a sample of the quick ones would be too rosy.
        """
        found: list[Answer] = []
        for step in range(1, len(self.schools) + 1):
            turn = self.turns.get(self.schools[self.next_at - step].uai)
            if turn is None:
                continue
            if len(found) == most or turn.asked < since:
                break
            if turn.under_way:
                found.clear()
            elif turn.answer is not None and since <= turn.answer.at <= until:
                found.append(turn.answer)
        return found


class Memory:
    """What the schools of a fleet last answered, and whose turn is next in each stratum. One owner changes it."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        by_stratum: dict[str, list[School]] = defaultdict(list)
        for school in sorted(fleet.schools, key=lambda one: _place(fleet.id, one.uai)):
            if school.agreed:
                by_stratum[school.stratum].append(school)
        self.strata = {code: Stratum(code, tuple(schools)) for code, schools in sorted(by_stratum.items())}
        self.agreed = sum(len(stratum.schools) for stratum in self.strata.values())
        self.served = 0.0
        self._places = {
            school.uai: (stratum, place)
            for stratum in self.strata.values()
            for place, school in enumerate(stratum.schools)
        }

    def asked(self, school: School, now: datetime) -> None:
        """The school is being asked: its turn is over, the next one in its stratum has it."""
        stratum, place = self._places[school.uai]
        before = stratum.turns.get(school.uai)
        stratum.turns[school.uai] = LastAsk(now, under_way=True, answer=before.answer if before else None)
        stratum.next_at = (place + 1) % len(stratum.schools)

    def unheard(self, school: School) -> None:
        """The question was not asked after all, or ended without an answer."""
        stratum, _ = self._places[school.uai]
        stratum.turns[school.uai].under_way = False

    def heard(self, school: School, observation: Observation) -> None:
        """The school answered. A failure of stage *ours* is no evidence: what it answered before stays."""
        self.unheard(school)
        if observation.failure is not None and observation.failure.stage is Stage.OURS:
            return
        stratum, _ = self._places[school.uai]
        stratum.turns[school.uai].answer = Answer(school, observation.at, observation.failure)
        self._look_at(stratum, observation.at)

    def strike(self, since: datetime, until: datetime) -> None:
        """Forget the answers of [since, until]: our own line was not seen then, they say nothing about anybody."""
        for stratum in self.strata.values():
            for turn in stratum.turns.values():
                if turn.answer is not None and since <= turn.answer.at <= until:
                    turn.answer = None
            self._look_at(stratum, until)

    def school(self, uai: str) -> School | None:
        """The school of that code; None if its head did not agree, or it is not of this fleet."""
        if uai not in self._places:
            return None
        stratum, place = self._places[uai]
        return stratum.schools[place]

    def answer(self, uai: str) -> Answer | None:
        """What the school last answered; None if it never did, did not agree, or is not of this fleet."""
        school = self.school(uai)
        turn = None if school is None else self.strata[school.stratum].turns.get(uai)
        return None if turn is None else turn.answer

    def _look_at(self, stratum: Stratum, now: datetime) -> None:
        lately = stratum.sample(now - WINDOW, now, LATELY)
        stratum.suspected = sum(answer.bad for answer in lately) >= SUSPICIOUS


def _place(fleet: str, uai: str) -> bytes:
    """Where a school stands in the rotation: by a hash, so that the order has nothing to do with who it is."""
    return blake2b(f"{fleet}/{uai}".encode(), digest_size=8).digest()
