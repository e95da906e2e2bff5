"""A machine that does to the pipeline whatever may happen to it, in any order, and looks for a broken promise.

Real pipeline, real store (SQLite), real telling; the clock, the answers and the gateway do as the rules say.
"""

import asyncio
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.domain.evaluation import Country
from monitor.domain.incident import Incident
from monitor.domain.observation import SEVERITY, Failure, Health, Observation
from monitor.domain.run import Answer
from monitor.domain.service_verdict import Span
from monitor.domain.verdict import Verdict
from monitor.store import Evaluation, Store, open_reader
from tests.domain.oracle import Belief, Look, believed, shown
from tests.prepared import prepared
from tests.stories.village import MORNING, Village, Weather

BAD = st.sampled_from(
    [Failure.EXCHANGE_SERVER_ERROR, Failure.CONNECT_REFUSED, Failure.CONTENT_WAITING_ROOM, Failure.CONTENT_SLOW]
)
ANY = st.one_of(st.none(), BAD, st.just(Failure.OURS_BLOCKED))
SERVICES = st.sampled_from(["portail", "autre"])
SECONDS = st.sampled_from([1, 5, 10, 10, 10, 30, 30, 60])
LOG = 60  # looks that the oracle reads again at each look
FEW, SPAN = 3, timedelta(seconds=60)
STEPS = {"taken": 0}  # of all machines, for whoever counts them


def _folder() -> Path:
    """A folder of its own, in memory where there is one: what a power cut does is tested elsewhere."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="vigie-hamlet-", dir=memory if memory.is_dir() else None))


@lru_cache
def _prepared() -> Path:
    """A folder with empty books: bringing them to their schema takes longer than a whole run."""
    folder = _folder()
    prepared(f"sqlite:///{folder}/vigie.db", "real", MORNING)
    return folder


class Hamlet(Village):
    """A village in a copy of the prepared books."""

    def __post_init__(self) -> None:
        self.weather = Weather(self.clock)


@dataclass
class Twice:
    """A store that is given everything twice: saving and queueing again must change nothing."""

    store: Store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def save(self, found: Evaluation) -> None:
        for _ in range(2):
            self.store.save(found)

    def queue(self, new: Any) -> None:
        for _ in range(2):
            self.store.queue(new)

    def append(self, new: Any, missed: Any = ()) -> None:
        for _ in range(2):
            self.store.append(new, missed)


class Hardship(RuleBasedStateMachine):
    """Answers, gaps, cuts of our line, a clock that is set, crashes, a dead gateway."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = _folder()
        shutil.copytree(_prepared(), self.folder, dirs_exist_ok=True)
        self.place = Hamlet(f"sqlite:///{self.folder}/vigie.db")
        self.set_back = False
        self.starts: dict[str, Belief] = {}
        self.looks: dict[str, list[Look]] = {name: [] for name in self.place.catalog.services}
        self.waiting: dict[str, list[Observation]] = {name: [] for name in self.looks}
        self.heard: dict[str, list[Observation]] = {name: [] for name in self.looks}

    @initialize()
    def open(self) -> None:
        self.runner.run(self._start())

    async def _start(self) -> None:
        await self.place.start()
        object.__setattr__(self.place.pipeline._w, "store", Twice(self.place.store))

    @property
    def now(self) -> datetime:
        return self.place.clock.at

    @property
    def country(self) -> Country:
        return self.place.pipeline.country

    def _pass(self, seconds: float) -> None:
        self.place.clock.at += timedelta(seconds=seconds)

    def _hear(self, name: str, failure: Failure | None) -> None:
        probe = self.place.catalog.services[name].probes[0]
        answer = Observation(probe.id, "local", self.now, timedelta(milliseconds=80), failure)
        self._pass(0.1)
        self._take_in(name, answer)

    def _take_in(self, name: str, answer: Observation) -> None:
        self.place.pipeline.inbox.accept(answer)
        self.waiting[name].append(answer)
        self.heard[name].append(answer)

    def _canaries(self, *, silent: int) -> None:
        for number, canary in enumerate(self.place.catalog.canaries):
            failure = Failure.CONNECT_UNREACHABLE if number < silent else None
            answer = Observation(canary.id, "local", self.now, timedelta(milliseconds=20), failure)
            self.place.pipeline.inbox.accept(answer)
        self._pass(0.1)

    @rule(name=SERVICES, failure=ANY)
    def an_answer(self, name: str, failure: Failure | None) -> None:
        self._hear(name, failure)

    @rule(name=SERVICES, failure=BAD, many=st.integers(2, 5), apart=st.sampled_from([10, 20, 30, 50]))
    def an_outage(self, name: str, failure: Failure, many: int, apart: int) -> None:
        for _ in range(many):
            self._hear(name, failure)
            self._pass(apart)
            self._canaries(silent=0)
            self.look()

    @rule(name=SERVICES, minutes=st.sampled_from([1, 1, 2, 4, 17]))
    def it_answers_for_a_while(self, name: str, minutes: int) -> None:
        for _ in range(minutes):
            self._hear(name, None)
            self._canaries(silent=0)
            self._pass(59)
            self.look()

    @rule(name=SERVICES, failure=ANY, ago=st.sampled_from([15, 45, 200, 4000]))
    def an_answer_comes_late(self, name: str, failure: Failure | None, ago: int) -> None:
        probe = self.place.catalog.services[name].probes[0]
        at = self.now - timedelta(seconds=ago)
        self._take_in(name, Observation(probe.id, "local", at, timedelta(milliseconds=80), failure))

    @rule(name=SERVICES, back=st.integers(1, 4))
    def an_answer_comes_again(self, name: str, back: int) -> None:
        if len(self.heard[name]) >= back:
            self._take_in(name, self.heard[name][-back])

    @rule(silent=st.sampled_from([0, 0, 0, 1, 2, 3, 4]))
    def the_canaries_answer(self, silent: int) -> None:
        self._canaries(silent=silent)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: int) -> None:
        self._pass(seconds)

    @rule(minutes=st.sampled_from([4, 20, 60 * 25]))
    def nobody_was_there(self, minutes: int) -> None:
        self._pass(60 * minutes)

    @rule(seconds=st.sampled_from([-3600, -90, -5, 5, 90, 3600]))
    def the_clock_is_set(self, seconds: int) -> None:
        self._pass(seconds)
        self.set_back = self.set_back or seconds < 0

    @rule()
    def look(self) -> None:
        before = self.country
        self.runner.run(self.place.pipeline.evaluate())
        for name in self.looks:
            self._look_at(name, before.verdicts.get(f"{name}/login"))
        self._incidents_are_sound()

    def _look_at(self, name: str, old: Verdict | None) -> None:
        verdict, line = self.country.verdicts[f"{name}/login"], self.country.line
        look = Look(self.now, tuple(self.waiting[name]), line.blind, line.seen_at)
        self.waiting[name].clear()
        if any(one > self.now for one in _instants(old, look.new)):
            # The clock was set back: nothing from before vouches for anything.
            self._begin_anew(name, verdict)
            self.heard[name] = list(self.starts[name].doubts)
            return
        self.looks[name].append(look)
        self._nobody_is_accused_lightly(name, old)
        if _out_of_order(old, look.new):  # the oracle hears answers in their order only
            self._begin_anew(name, verdict)
            return
        belief = believed(self.looks[name], self.starts.get(name))
        assert shown(belief, look) == verdict.health.value, (name, belief, verdict)
        if len(self.looks[name]) > LOG:
            self.starts[name], self.looks[name] = belief, []

    def _begin_anew(self, name: str, verdict: Verdict) -> None:
        """What is held to be true is where the oracle goes on from."""
        doubts = [_again(verdict.probe, one) for one in verdict.run]
        self.starts[name], self.looks[name] = Belief(_word(verdict), doubts, verdict.evidence_at), []

    def _nobody_is_accused_lightly(self, name: str, old: Verdict | None) -> None:
        """Worse than before: enough answers in a row say so, over enough time, and we were seen after each of them."""
        line, verdict = self.country.line, self.country.verdicts[f"{name}/login"]
        was = SEVERITY[(old.settled if old is not None else None) or Health.UP]
        if verdict.settled is None or SEVERITY[verdict.settled] <= was:
            return
        assert not line.blind
        since = old.last_good_at if old is not None else None
        evidence = sorted({one for one in self.heard[name] if one.health is not Health.UNKNOWN}, key=lambda one: one.at)
        rows = [list(row) for bad, row in groupby(evidence, lambda one: SEVERITY[one.health] > was) if bad]
        rows = [row for row in rows if since is None or row[-1].at > since]
        assert any(self._proves(row, verdict.settled) for row in rows), (verdict, rows)

    def _proves(self, row: list[Observation], said: Health) -> bool:
        line = self.country.line
        seen = [one for one in row if line.seen_after(one.at + one.took)]
        proof = [one for one in seen if SEVERITY[one.health] >= SEVERITY[said]]
        return len(proof) >= FEW and seen[-1].at - seen[0].at >= SPAN

    def _incidents_are_sound(self) -> None:
        unclosed = [one.culprit for one in _open(self.country)]
        assert len(unclosed) == len(set(unclosed))
        if self.set_back:
            return
        for one in self.country.incidents:
            assert one.opened_at <= one.confirmed_at
            assert one.closed_at is None or one.opened_at <= one.closed_at

    @rule()
    def tell(self) -> None:
        self.runner.run(self._tell())

    async def _tell(self) -> None:
        await self.place.pipeline.tell()
        await self.place.pipeline.land(timedelta(seconds=1))

    @rule(dead=st.booleans())
    def the_gateway(self, dead: bool) -> None:
        self.place.post.dead = dead

    @rule()
    def a_restart(self) -> None:
        self.look()
        before, told = self.country, dict(self.place.pipeline._teller._told)
        self.place.crash()
        self.runner.run(self._start())
        again = [one for one in self.place.pipeline._fresh if not one.probe.startswith("canary/")]
        assert self.set_back or not again
        for one in again:  # from before the clock was set back, and not ahead of us any more: heard anew
            name = one.probe.partition("/")[0]
            self.waiting[name].append(one)
            self.heard[name].append(one)
        assert self.country.verdicts == before.verdicts
        assert self.country.services == before.services
        assert _open(self.country) == _open(before)
        still = {key: one for key, one in told.items() if key[1] in {each.id for each in _open(before)}}
        assert {key: self.place.pipeline._teller._told[key] for key in still} == still

    @invariant()
    def no_end_is_told_before_its_beginning(self) -> None:
        handed = self.place.post.handed
        assert len({message.id for message in handed}) == len(handed)
        for place, message in enumerate(handed):
            about, reason = message.id.rsplit("/", 1)
            begun = any(one.id.startswith(f"{about}/opened") for one in handed[: place + 1])
            assert begun or "Deux messages en un" in message.body or self.set_back or self._given_up(about), reason

    def _given_up(self, about: str) -> bool:
        """Whether the beginning is among the dead letters."""
        with closing(open_reader(self.place.url)) as reader:
            return any(one.id.startswith(f"{about}/opened") for one in reader.tellings("dead"))

    @invariant()
    def count(self) -> None:
        STEPS["taken"] += 1

    def teardown(self) -> None:
        self.place.crash()
        with closing(open_reader(self.place.url)) as reader:
            spans = reader.spans(MORNING - timedelta(days=9), MORNING + timedelta(days=900))
        self.runner.close()
        shutil.rmtree(self.folder)
        subjects: dict[tuple[str, str | None], list[Span]] = {}
        for span in spans:
            subjects.setdefault((span.service, span.probe), []).append(span)
        for some in () if self.set_back else subjects.values():
            assert all(one.until <= other.since for one, other in pairwise(some)), some


def _open(country: Country) -> list[Incident]:
    return sorted((one for one in country.incidents if one.closed_at is None), key=lambda one: one.id)


def _instants(verdict: Verdict | None, new: tuple[Observation, ...]) -> list[datetime]:
    """Every instant that a verdict and its new answers know."""
    told = [one.at for one in new]
    if verdict is not None:
        known = (verdict.since, verdict.settled_since, verdict.last_good_at, verdict.evidence_at, verdict.last_at)
        told += [one for one in known if one is not None]
    return told


def _out_of_order(old: Verdict | None, new: tuple[Observation, ...]) -> bool:
    last = old.last_at if old is not None else None
    return len({one.at for one in new}) < len(new) or any(last is not None and one.at <= last for one in new)


def _word(verdict: Verdict) -> str | None:
    return None if verdict.settled is None else verdict.settled.value


def _again(probe: str, one: Answer) -> Observation:
    return Observation(probe, "local", one.at, one.ended - one.at, one.failure)
