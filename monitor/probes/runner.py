"""Runs one question and turns whatever happens into an observation: the only place of this room that catches all."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure, Observation, Stage
from monitor.probes.base import DETAIL_LENGTH, Ask, Asking, Failed, Finding, ProberSettings
from monitor.probes.classify import TIMEOUTS
from monitor.probes.client import Tools

logger = logging.getLogger(__name__)

_HOUSE = Path(__file__).parents[1]
# A deadline that fires this much too late: we were asleep (a stalled loop, a suspended machine), not the target.
OVERSLEPT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Prober:
    """Asks probes. Made by `open_prober`."""

    settings: ProberSettings
    kinds: Mapping[ProbeKind, Ask]
    tools: Tools
    now: Callable[[], datetime]
    _known_bugs: set[tuple[str, str]] = field(default_factory=set)

    async def ask(self, probe: Probe) -> Observation:
        """Ask one probe once. Never raises anything but CancelledError; what went wrong is in the observation."""
        asking = Asking(probe, self.tools, self.now)
        try:
            async with asyncio.timeout(None) as asking.limit:
                finding = await self.kinds[probe.kind](probe, asking)
        except Failed as failed:
            finding = failed.finding
        except TimeoutError:
            finding = _out_of_time(asking)
        except Exception as error:  # noqa: BLE001 (a bug of ours must neither stop the others nor accuse anybody)
            finding = self._bug(error)
        return self._observation(asking, finding)

    def _observation(self, asking: Asking, finding: Finding) -> Observation:
        trace, probe = asking.trace, asking.probe
        trace.leave()
        took = trace.took()
        if finding.failure is None and took > probe.policy.slow:
            seconds = f"{probe.policy.slow.total_seconds():g}".replace(".", ",")
            finding = Finding(Failure.CONTENT_SLOW, f"réponse au-delà de {seconds}\u00a0s")
        return Observation(
            probe=probe.id,
            vantage=self.settings.vantage,
            at=trace.at or self.now(),
            took=took,
            failure=finding.failure,
            phases=trace.phases(),
            http_status=trace.http_status,
            address=trace.address,
            bytes_read=trace.bytes_read,
            detail=finding.detail[:DETAIL_LENGTH],
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


def _out_of_time(asking: Asking) -> Finding:
    trace = asking.trace
    if trace.took() > asking.probe.policy.timeout + OVERSLEPT:
        return Finding(Failure.OURS_STALLED, "Vigie n’a pas eu la main à temps")
    return Finding(*TIMEOUTS[trace.phase.stage if trace.phase else Stage.OURS])
