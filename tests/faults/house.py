"""The house: every behaviour at its own address of loopback, two DNS servers, four canaries, one catalogue of it all."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.faults import (
    body,
    connect,
    content,
    encoding,
    handshakes,
    head,
    inward,
    names,
    patterns,
    redirects,
    statuses,
    tls,
)
from tests.faults.catalogue import ROOT, service, write
from tests.faults.certificates import Authority
from tests.faults.nameserver import Zone, addresses, serve
from tests.faults.place import Place, Talk
from tests.faults.registry import BEHAVIOURS, Behaviour
from tests.ports import free_port

# A room that is imported has registered its behaviours.
ROOMS = (connect, head, body, encoding, redirects, inward, tls, handshakes, content, statuses, patterns, names)
FAMILIES = tuple(dict.fromkeys(one.family for one in BEHAVIOURS.values()))
# Half of loopback may be asked, and its broadcast address, to which no connection can be opened. 127.200.0.0 may not.
ALLOWED = "127.0.0.0/9,127.255.255.255/32,::1/128"
CANARIES = 4

Seen = Mapping[str, Any]


@dataclass(slots=True)
class House:
    """The open house; `config` is its catalogue."""

    config: Path
    port: int
    stack: AsyncExitStack
    zone: Zone
    authority: Authority
    resolvers: tuple[str, ...]
    places: list[Place] = field(default_factory=list)

    @property
    def met(self) -> int:
        """How many connections the behaviours have had."""
        return sum(place.talks for place in self.places)

    async def move_in(self, behaviours: Iterable[Behaviour]) -> None:
        """Start these behaviours and write their catalogue."""
        services, numbers = [], Counter[str]()
        for one in behaviours:
            numbers[one.family] += 1
            place = self._place(one.name, FAMILIES.index(one.family) + 1, numbers[one.family])
            self.places.append(place)
            services.append(service(one, await one.start(place)))
        write(self.config, services, [await self._canary(number) for number in range(1, CANARIES + 1)])

    async def check(
        self,
        services: Sequence[str] = (),
        *,
        meanwhile: Callable[[asyncio.subprocess.Process], Awaitable[None]] | None = None,
        before: Callable[[], None] | None = None,
        **environment: str,
    ) -> list[Seen]:
        """What the real `vigie check` says of these services, or of all. Raises RuntimeError where it says nothing.

        `before` runs in the child before Vigie, `meanwhile` is awaited here while it asks.
        """
        command = (
            sys.executable,
            "-m",
            "monitor",
            "check",
            *services,
            "--format",
            "json",
            "--config",
            str(self.config),
        )
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env=self._environment() | environment,
            preexec_fn=before,
        )
        try:
            if meanwhile is not None:
                await meanwhile(child)
            out, err = await child.communicate()
        finally:
            if child.returncode is None:
                child.kill()
        if child.returncode not in {0, 1} or not out:
            raise RuntimeError(f"vigie check ended with {child.returncode}:\n{err.decode()[-4000:]}")
        try:
            seen: list[Seen] = json.loads(out)["observations"]
        except ValueError as error:
            raise RuntimeError(f"{len(out)} bytes that are no JSON, and on stderr:\n{err.decode()[-4000:]}") from error
        return seen

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIE_", "SSL_", "COV_"))}
        return ours | {
            "VIGIE_ALLOW_NETWORKS": ALLOWED,
            "VIGIE_RESOLVERS": ",".join(self.resolvers),
            "VIGIE_CONTACT": "vigie@example.org",
        }

    def _place(self, name: str, family: int, number: int) -> Place:
        first, second, forbidden = (f"127.{block}.{family}.{number}" for block in (20, 21, 200))
        return Place(name, self.port, first, second, forbidden, self.stack, self.zone, self.authority)

    async def _canary(self, number: int) -> Mapping[str, Any]:
        async def well(talk: Talk) -> None:
            await talk.send(b"HTTP/1.1 204 No Content\r\n\r\n")

        place = self._place(f"temoin-{number}", 0, number)
        await place.listen(well)
        return {"id": place.name, "kind": "http", "url": place.url(), "timeout": "15s", "expect": {"status": [204]}}


@asynccontextmanager
async def open_house(behaviours: Iterable[Behaviour]) -> AsyncIterator[House]:
    """The house with these behaviours in it, as long as the block runs."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="vigie-faults-")))
        zone = Zone()
        zone["."] = zone["fr"] = addresses()  # names that any resolver with a line to the outside knows
        resolvers = tuple([await serve(zone, number, stack) for number in range(2)])
        # One port for the whole house; at its addresses nobody else listens, unless it is somebody who listens everywhere.
        house = House(folder / "probes.yaml", free_port(""), stack, zone, Authority(folder), resolvers)
        await house.move_in(behaviours)
        yield house
