"""One fake service: what it does when asked, given the mode that the scenario writes for it."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.domain.policy import Policy
from monitor.rehearsal import mirror
from monitor.rehearsal.manner import Asked, Manner
from monitor.rehearsal.page import BAD_GATEWAY, OVERLOADED, SERVER_FAULT, Page
from monitor.rehearsal.steps import Mode

SLOW_S = 6.0
_ANY_DAY = datetime(2021, 4, 6, tzinfo=UTC)
FAILS_ONE_IN = 3
# What a healthy fake takes (s): as far apart, and as restless, as real services are; drawn from names, never by chance.
USUAL_S, SPREAD_S, RESTLESS_S = 0.06, 0.25, 0.08
# Where no restriction page of a platform is known, neither catalogue nor fake can be true to it: page and marker are
# both invented, so that a scenario may still say "restricted" of any service.
INVENTED = (Marker(contains=("temporairement restreint à certains publics",)),)


@dataclass(frozen=True, slots=True)
class Act:
    """What happens to one request: a page after `after` virtual seconds; without a page, silence, or a reset."""

    page: Page | None = None
    after: float = 0.0
    reset: bool = False


SILENCE = Act()
RESET = Act(reset=True)


class Actor:
    """A service (or the canaries) with its probes and its platform's manner; the same asks give the same acts."""

    def __init__(self, name: str, probes: Sequence[Probe], manner: Manner) -> None:
        self._manner = manner
        self._asked: dict[str, int] = {probe.id: 0 for probe in probes}
        # What "down" is of this service: half of them never answer, half break off.
        self._down = SILENCE if _hash(name) % 2 == 0 else RESET
        http = [probe for probe in probes if probe.kind is ProbeKind.HTTP]
        self._waits = _voices(http, manner.waiting)
        self._restricts = _voices(http, manner.restricted)
        self._played = {probe.id: self._playable(probe) for probe in http}

    def act(self, probe: Probe, mode: Mode, at: datetime) -> Act:
        """What the service does about one ask of `probe` at the scenario's instant `at`."""
        if mode is not Mode.INTERMITTENT:
            self._asked[probe.id] = 0
        match mode:
            case Mode.DOWN:
                return self._down
            case Mode.SERVER_FAULT:
                return Act(SERVER_FAULT)
            case Mode.HTTP_502:
                return Act(BAD_GATEWAY)
            case Mode.INTERMITTENT if self._fails_now(probe):
                return Act(SERVER_FAULT)
        asked = Asked(self.played(probe), at)
        if mode is Mode.WAITING_PAGE_200 and probe.id in self._waits:
            return Act(self._manner.waiting(asked) or OVERLOADED, after=usual(probe, at))
        if mode is Mode.RESTRICTED_ACCESS and probe.id in self._restricts:
            return Act(self._manner.restricted(asked) or mirror.marked(INVENTED, "Accès restreint"))
        return Act(self._manner.well(asked), after=late(probe.policy) if mode is Mode.SLOW else usual(probe, at))

    def played(self, probe: Probe) -> Probe:
        """The probe as this service can answer it; where that differs from the catalogue, nothing is proved of it."""
        return self._played.get(probe.id, probe)

    def _playable(self, probe: Probe) -> Probe:
        if probe.id in self._restricts and self._manner.restricted(Asked(probe, _ANY_DAY)) is None:
            probe = replace(probe, restricted=(*INVENTED, *probe.restricted))
        try:
            self._manner.well(Asked(probe, _ANY_DAY))
        except ValueError:  # a mirrored page, and an expression that no page could be made up for
            probe = replace(probe, expect=replace(probe.expect, matches=()))
        return probe

    def _fails_now(self, probe: Probe) -> bool:
        """The first answer of a written trouble and every third after it: the trouble begins when the step says.

        Counted by probe: counted by service, a service of three probes would always fail at the same one.
        """
        self._asked[probe.id] += 1
        return self._asked[probe.id] % FAILS_ONE_IN == 1


def usual(probe: Probe, at: datetime) -> float:
    """Seconds that a well answer takes: the probe's own, a little restless; the same ask takes the same time."""
    restless = _hash(f"{probe.id} {at.timestamp():.0f}") % 1000 / 1000
    return USUAL_S + SPREAD_S * (_hash(probe.id) % 1000 / 1000) + RESTLESS_S * restless


def late(policy: Policy) -> float:
    """Seconds after which a slow answer comes: 6, or halfway between slow and timed out where 6 is not between them."""
    slow, timeout = policy.slow.total_seconds(), policy.timeout.total_seconds()
    return SLOW_S if slow < SLOW_S < timeout else (slow + timeout) / 2


def _voices(probes: Sequence[Probe], shown: Callable[[Asked], Page | None]) -> frozenset[str]:
    """The probes that meet a waiting room or its like: those whose address shows one, else all that may say so."""
    own = [probe.id for probe in probes if shown(Asked(probe, _ANY_DAY)) is not None]
    heard = [probe.id for probe in probes if not probe.slow_only] or [probe.id for probe in probes]
    return frozenset(own or heard)


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())
