"""The fake France: one local server per service and host in the monitor's own loop, behaving as its platform does."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from monitor.domain.catalog import Catalog, Marker, Probe, ProbeKind
from monitor.rehearsal.actor import SILENCE, Act, Actor
from monitor.rehearsal.casting import in_current_ids
from monitor.rehearsal.clock import VirtualLoop, Wire
from monitor.rehearsal.manner import Manner
from monitor.rehearsal.page import NOT_FOUND
from monitor.rehearsal.platforms import manner_of
from monitor.rehearsal.server import Responder
from monitor.rehearsal.steps import Mode, Scenario

HERE = "127.0.0.1"
PLAYED_KINDS = frozenset({ProbeKind.HTTP, ProbeKind.TCP})
_CANARIES = "canary"


class FakeFrance:
    """Every http and tcp target of a catalogue on 127.0.0.1, played after a scenario; an async context manager.

    A service has its own server for each host that its probes ask, even where two services share that host in real
    life: a scenario writes down services, not hosts. A tcp target only accepts connections.
    """

    def __init__(self, catalog: Catalog, scenario: Scenario, now: Callable[[], datetime]) -> None:
        """`now` tells the scenario's instant (aware UTC)."""
        self._scenario = in_current_ids(scenario, catalog)
        self._now = now
        self._houses = list(_houses(catalog))
        self._ports: dict[str, int] = {}
        self._actors = {probe.id: house.actor for house in self._houses for probe in house.probes}
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Transport] = set()

    async def __aenter__(self) -> Self:
        """Open the servers, each on a port that the system chooses. Raises OSError where none is to be had."""
        loop = asyncio.get_running_loop()
        wire = loop.wire if isinstance(loop, VirtualLoop) else Wire()
        try:
            for house in self._houses:
                answer = self._answers(house)
                server = await loop.create_server(partial(Responder, answer, wire, self._connections), HERE, 0)
                self._servers.append(server)
                port = server.sockets[0].getsockname()[1]
                self._ports.update({probe.id: port for probe in house.probes})
        except OSError:
            self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the servers and break off whatever still waits for an answer."""
        self._close()
        await asyncio.sleep(0)  # the transports close in the loop's next turn

    def rewrite(self, probe: Probe) -> Probe | None:
        """The same question to its fake server, path and query kept; None for the kinds that are not played (tls, dns).

        Raises KeyError for a probe that the catalogue does not hold.
        """
        if probe.kind not in PLAYED_KINDS:
            return None
        port, probe = self._ports[probe.id], self._actors[probe.id].played(probe)
        if probe.kind is ProbeKind.TCP:
            return replace(probe, host=HERE, port=port)
        return replace(
            probe,
            url=f"http://{HERE}:{port}{_target(probe)}",
            expect=_here(probe.expect),
            waiting_room=tuple(map(_here, probe.waiting_room)),
            maintenance=tuple(map(_here, probe.maintenance)),
            restricted=tuple(map(_here, probe.restricted)),
            blocked=tuple(map(_here, probe.blocked)),
        )

    def _answers(self, house: "_House") -> Callable[[str], Act]:
        # Unquoted on both sides: a client may write the same query in other escapes than the catalogue.
        # Where two questions share a target, the one that may say more than slow answers for both.
        asked = sorted(house.probes, key=lambda probe: not probe.slow_only)
        by_target = {unquote(_target(probe)): probe for probe in asked if probe.url is not None}

        def answer(target: str) -> Act:
            at = self._now()
            if self._scenario.line_cut_at(at):
                return SILENCE
            probe = by_target.get(unquote(target))
            if probe is None:
                return Act(NOT_FOUND)
            mode = Mode.OK if probe.service is None else self._scenario.mode_at(probe.service, at)
            return house.actor.act(probe, mode, at)

        return answer

    def _close(self) -> None:
        for server in self._servers:
            server.close()
        for transport in list(self._connections):
            transport.abort()


class _House:
    """What one server plays: the probes of one service at one host."""

    def __init__(self, actor: Actor, probes: list[Probe]) -> None:
        self.actor = actor
        self.probes = probes


def _houses(catalog: Catalog) -> Iterator[_House]:
    casts = [(Actor(_CANARIES, catalog.canaries, Manner()), catalog.canaries)]
    casts += [
        (Actor(service.id, service.probes, manner_of(service)), service.probes) for service in catalog.services.values()
    ]
    for actor, probes in casts:
        by_host: dict[str, list[Probe]] = {}
        for probe in probes:
            if probe.kind in PLAYED_KINDS:
                by_host.setdefault(urlsplit(probe.url).netloc if probe.url else probe.target, []).append(probe)
        yield from (_House(actor, asked) for asked in by_host.values())


def _target(probe: Probe) -> str:
    """Path and query as they stand in a request line."""
    parts = urlsplit(probe.target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _here(marker: Marker) -> Marker:
    """The marker with 127.0.0.1 for the host that must answer in the end; empty if that host was all it looked for."""
    if marker.final_host is None:
        return marker
    without = replace(marker, final_host=None)
    return replace(without, final_host=HERE) if without else without
