"""Runs one question and turns whatever happens into an observation: the only place of this room that catches all."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.gap import Excuse, Skip
from monitor.domain.observation import Failure, Health, Observation, Stage
from monitor.probes.base import DETAIL_LENGTH, Ask, Asking, Failed, Finding, NotNow, Phase, ProberSettings
from monitor.probes.classify import TIMEOUTS
from monitor.probes.client import Tools
from monitor.probes.lapses import PART, TOLERATED_S
from monitor.probes.ourselves import reconsider
from monitor.probes.reading import PATIENCE

logger = logging.getLogger(__name__)

_HOUSE = Path(__file__).parents[1]
# What may come of our own sleep: nobody answered in time, or hung up on a client that did not read.
BY_TIME = frozenset(
    {found[0] for found in TIMEOUTS.values()}
    | {Failure.CONTENT_SLOW, Failure.CONNECT_RESET, Failure.TLS_HANDSHAKE}
    | {Failure.EXCHANGE_RESET, Failure.EXCHANGE_TRUNCATED}
)


@dataclass(frozen=True, slots=True)
class Prober:
    """Asks probes. Made by `open_prober`."""

    settings: ProberSettings
    kinds: Mapping[ProbeKind, Ask]
    tools: Tools
    now: Callable[[], datetime]
    _known_bugs: set[tuple[str, str]] = field(default_factory=set)

    async def ask(self, probe: Probe) -> Observation | Skip:
        """Ask one probe once, or say why it was not asked.

        Never raises anything but CancelledError; what went wrong is in the observation.
        """
        loop = asyncio.get_running_loop()
        if (until := self.tools.backoff.held(probe)) is not None:
            return self._skip(probe, NotNow(Excuse.BACK_OFF, until), loop.time())
        asking, mark, lost = Asking(probe, self.tools, self.now, loop.time), self.tools.lapses.begin(), 0.0
        try:
            finding = await self._find(asking)
        except NotNow as refusal:
            if asking.trace.unmade and asking.trace.tried:  # another address first, whose turn may come in time
                self.tools.elsewhere.heard(probe.id, asking.trace.tried[0], failed=True)
            return self._skip(probe, refusal, loop.time())
        finally:
            lost = self.tools.lapses.end(mark)
        finding = _unless_asleep(asking, _unless_slow(asking, finding), lost)
        self._note(asking, finding)
        return self._observation(asking, finding)

    def recall(self, probe: Probe, refusal: Observation) -> None:
        """A refusal (ours/blocked) from before we were started, oldest first: its host is left alone as it would be."""
        self.tools.backoff.recall(probe, refusal, self.now() - refusal.at)

    async def resolver_answers(self) -> bool:
        """Whether any of our name servers answers a question that it must be able to answer."""
        try:
            return await self.tools.resolver.answers()
        except Failed:
            return False

    async def _find(self, asking: Asking) -> Finding:
        try:
            finding = await self._asked(asking)
            asking.trace.leave()
            return finding if finding.failure is None else await reconsider(asking, finding)
        except NotNow:
            raise
        except Exception as error:  # noqa: BLE001 (a bug of ours must neither stop the others nor accuse anybody)
            return self._bug(error)

    async def _asked(self, asking: Asking) -> Finding:
        try:
            async with asyncio.timeout(None) as asking.limit:
                return await self.kinds[asking.probe.kind](asking.probe, asking)
        except Failed as failed:
            return failed.finding
        except TimeoutError:
            return _out_of_time(asking)

    def _skip(self, probe: Probe, refusal: NotNow, time: float) -> Skip:
        now = self.now()
        return Skip(probe.id, now, refusal.excuse, now + timedelta(seconds=refusal.until - time))

    def _note(self, asking: Asking, finding: Finding) -> None:
        """What the next questions should know of this one."""
        trace, tools, failure = asking.trace, self.tools, finding.failure
        if asking.hearsay:
            return  # what was not asked says nothing that is not known
        if failure is not None and trace.host is not None:
            tools.turns.heard(trace.host, trace.port, failure, trace.tried)
        tools.backoff.heard(asking.probe, finding, trace.host, trace.port)
        if failure is None or failure.stage is not Stage.OURS:
            tools.elsewhere.heard(asking.probe.id, trace.address, failed=failure is not None)

    def _observation(self, asking: Asking, finding: Finding) -> Observation:
        trace, probe = asking.trace, asking.probe
        return Observation(
            probe=probe.id,
            vantage=self.settings.vantage,
            at=trace.at or self.now(),
            took=trace.took(),
            failure=finding.failure,
            phases=trace.phases(),
            http_status=trace.http_status,
            address=trace.address,
            bytes_read=trace.bytes_read,
            detail=finding.detail[:DETAIL_LENGTH],
            final_host=trace.final_host,
            marker=finding.marker,
            certificate=trace.certificate,
            clock_offset=trace.clock_offset,
            come_back=_come_back(finding),
            catalogue=self.settings.catalogue,
            excerpt=trace.excerpt,
        )

    def _bug(self, error: Exception) -> Finding:
        # Neither the message nor foreign frames: both may quote what a site sent.
        kind = type(error).__name__
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_HOUSE)
        ]
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        if (kind, where) not in self._known_bugs:
            self._known_bugs.add((kind, where))
            logger.error("bug while asking: %s at %s", kind, where)
        return Finding(Failure.OURS_BUG, f"erreur interne de Vigie ({kind})")


def _come_back(finding: Finding) -> timedelta | None:
    """What the back-off goes by too: a waiting room's word is kept, up to its patience; nobody else's."""
    if finding.retry_after is None or finding.failure is None or finding.failure.health is not Health.WAITING:
        return None
    return min(finding.retry_after, PATIENCE)


def _out_of_time(asking: Asking) -> Finding:
    trace = asking.trace
    if trace.phase is Phase.CONNECT and trace.unmade:  # who knows what the address would have said
        raise NotNow(Excuse.COURTESY, trace.clock())
    return Finding(*TIMEOUTS[trace.phase.stage if trace.phase else Stage.OURS])


def _unless_slow(asking: Asking, finding: Finding) -> Finding:
    """All well, but later than its threshold, is slow."""
    slow = asking.probe.policy.slow
    if finding.failure is not None or asking.trace.took() <= slow:
        return finding
    seconds = f"{slow.total_seconds():g}".replace(".", ",")
    return Finding(Failure.CONTENT_SLOW, f"réponse au-delà de {seconds}\u00a0s")


def _unless_asleep(asking: Asking, finding: Finding, lost: float) -> Finding:
    """What went wrong while we did not run is ours: a failure that time can cause, a slowness that we explain."""
    failure, took, policy = finding.failure, asking.trace.took(), asking.probe.policy
    if not lost or failure not in BY_TIME:
        return finding
    if failure is Failure.CONTENT_SLOW:
        ours = took - timedelta(seconds=lost) <= policy.slow
    else:  # too much of its patience was ours, or the deadline struck while we slept
        ours = timedelta(seconds=lost) >= policy.timeout / PART or took > policy.timeout + timedelta(
            seconds=TOLERATED_S
        )
    return Finding(Failure.OURS_STALLED, "Vigie n’a pas eu la main à temps") if ours else finding
