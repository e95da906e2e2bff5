"""Back-off: whoever refuses us, or asks us to come back later, is left alone for as long as that takes.

A refusal concerns our address, so the whole host is left alone, and the domain once three of its hosts refuse us at
once. One that a redirect led to concerns the way there: that probe alone waits, until probes of three services are
refused by that host at once. A page that asks for patience (503 with Retry-After) concerns itself as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import lru_cache
from urllib.parse import urlsplit

from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure, Health, Observation, Stage
from monitor.probes.base import Finding
from monitor.probes.domains import REMEMBERED, budget_of, place_of
from monitor.probes.reading import PATIENCE

LEAST = timedelta(seconds=60)
MOST = timedelta(hours=1)
ABSURD = timedelta(days=1)  # a Retry-After beyond it is a mistake: as if there were none
REFUSING_HOSTS = 3  # so many hosts of one domain at once: it is not theirs, it is the domain's
REFUSED_WAYS = 3  # so many services at once, led to one host: it is not their ways, it is the host
MOST_KEPT = 4096
_BANNED = "blocked/"  # a probe's own marker: the platform says in its own words that our address is suspended
# A statement of the host itself that we are let in again; silence proves nothing (some bans drop packets).
_LET_IN = frozenset({Failure.EXCHANGE_SERVER_ERROR, Failure.EXCHANGE_CLIENT_ERROR, Failure.EXCHANGE_OVERLOADED})


class _Scope(Enum):
    PROBE, HOST, DOMAIN = range(3)


_Key = tuple[_Scope, str]


@dataclass(slots=True)
class _Hold:
    until: float
    strikes: int
    domain: str = ""
    way: tuple[str, str] = ("", "")  # of a probe refused by whom it was led to: that host's place, and its service


class BackOff:
    """Remembers who is to be left alone, on the loop's time `clock` (seconds). One per prober."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._holds: dict[_Key, _Hold] = {}

    def held(self, probe: Probe) -> float | None:
        """Loop time before which the probe may not be asked; None where it may be asked now."""
        if not self._holds:
            return None
        host, port = _target(probe)
        return self._latest((_Scope.PROBE, probe.id), *_keys(host, port))

    def held_at(self, host: str, port: int | None) -> float | None:
        """The same for a host that a redirect leads to."""
        return self._latest(*_keys(host, port)) if self._holds else None

    def heard(self, probe: Probe, finding: Finding, host: str | None = None, port: int | None = None) -> None:
        """Take note of an answer. `host` and `port`: who gave it, where a redirect led to somebody else."""
        own = _target(probe)
        where = own if host is None else (host, port)
        failure = finding.failure
        if failure is Failure.OURS_BLOCKED:
            if place_of(*where) == place_of(*own):
                self._refused(probe, finding, where)
            else:
                self._refused_on_the_way(probe, finding, where)
        elif failure is not None and failure.health is Health.WAITING and finding.retry_after:
            self._forgive(probe, where)
            self._hold((_Scope.PROBE, probe.id), self._clock() + min(finding.retry_after, PATIENCE).total_seconds(), 1)
        elif failure is None or failure.stage is Stage.CONTENT or failure in _LET_IN:
            self._forgive(probe, where)
        if len(self._holds) > MOST_KEPT:
            self._forget()

    def recall(self, probe: Probe, refusal: Observation, ago: timedelta) -> None:
        """A refusal that was heard `ago`, before we were started: a restart is no reason to ask again sooner."""
        where = _target(probe)
        ours = refusal.final_host is None  # else somebody refused us whom the probe was led to
        key = (_Scope.HOST, place_of(*where)) if ours else (_Scope.PROBE, probe.id)
        before = self._holds.get(key)
        # As when they were heard: several within one pause are one.
        heard_at = self._clock() - ago.total_seconds()
        strikes = 1 if before is None else before.strikes + (before.until <= heard_at)
        pause = _pause(probe, Finding(refusal.failure, marker=refusal.marker), strikes) - ago
        self._hold(key, self._clock() + pause.total_seconds(), strikes, budget_of(*where) if ours else "")

    def _refused(self, probe: Probe, finding: Finding, where: tuple[str, int | None]) -> None:
        domain = budget_of(*where)
        self._strike((_Scope.HOST, place_of(*where)), probe, finding, domain=domain)
        refusing = [each for each in self._holds.values() if each.domain == domain and each.until > self._clock()]
        if len(refusing) >= REFUSING_HOSTS:
            self._hold((_Scope.DOMAIN, domain), max(each.until for each in refusing), 1)

    def _refused_on_the_way(self, probe: Probe, finding: Finding, where: tuple[str, int | None]) -> None:
        place = place_of(*where)
        self._strike((_Scope.PROBE, probe.id), probe, finding, way=(place, probe.service or probe.id))
        now = self._clock()
        if (
            len({hold.way for hold in self._holds.values() if hold.way[0] == place and hold.until > now})
            >= REFUSED_WAYS
        ):
            self._refused(probe, finding, where)

    def _strike(
        self, key: _Key, probe: Probe, finding: Finding, *, domain: str = "", way: tuple[str, str] = ("", "")
    ) -> None:
        before, now = self._holds.get(key), self._clock()
        # Several questions may have been under way when the refusal came: together they are one.
        strikes = 1 if before is None else before.strikes + (before.until <= now)
        self._hold(key, now + _pause(probe, finding, strikes).total_seconds(), strikes, domain, way)

    def _hold(self, key: _Key, until: float, strikes: int, domain: str = "", way: tuple[str, str] = ("", "")) -> None:
        before = self._holds.get(key)
        self._holds[key] = _Hold(until if before is None else max(until, before.until), strikes, domain, way)

    def _forgive(self, probe: Probe, where: tuple[str, int | None]) -> None:
        # A domain's hold ends by itself: one host that still answers does not speak for the three that refused.
        if self._holds:
            self._holds.pop((_Scope.PROBE, probe.id), None)
            self._holds.pop((_Scope.HOST, place_of(*where)), None)

    def _latest(self, *keys: _Key) -> float | None:
        until = max((hold.until for key in keys if (hold := self._holds.get(key)) is not None), default=0.0)
        return until if until > self._clock() else None

    def _forget(self) -> None:
        # The strikes of a hold that ended long ago count for nothing any more.
        late = self._clock() - MOST.total_seconds()
        self._holds = {key: hold for key, hold in self._holds.items() if hold.until > late}


def _pause(probe: Probe, finding: Finding, strikes: int) -> timedelta:
    if (finding.marker or "").startswith(_BANNED):
        return MOST
    least = max(2 * probe.policy.every, LEAST)
    asked = finding.retry_after
    if asked is not None and asked <= ABSURD:
        return min(max(asked, probe.policy.every), MOST)
    return min(least * (1 << min(strikes - 1, 10)), MOST)


def _keys(host: str, port: int | None) -> tuple[_Key, _Key]:
    return (_Scope.HOST, place_of(host, port)), (_Scope.DOMAIN, budget_of(host, port))


def _target(probe: Probe) -> tuple[str, int | None]:
    return (probe.host or "", probe.port) if probe.url is None else _of_url(probe.url)


@lru_cache(maxsize=REMEMBERED)
def _of_url(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None
