"""A village whose public signs up: the real pages on a real port, the real sender, a real mail server."""

import asyncio
import re
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from dashboard.app import PAGES
from dashboard.data import Data, DatabaseReader
from dashboard.letterbox import Letterbox
from dashboard.public.assets import Assets
from dashboard.public.site import create_site
from monitor.alerting.sender import Sender
from monitor.domain.notice import Subscription
from monitor.domain.observation import Failure
from monitor.domain.scope import SchoolScope
from monitor.followers import Followers
from monitor.readership import Readership
from monitor.signups import Signups
from monitor.wiring import Wiring
from tests.commands.declaring import CATALOGUE
from tests.stories.village import Village, inline

DOWN = Failure.EXCHANGE_SERVER_ERROR


@dataclass
class PublicVillage(Village):
    """`port` of its mail server; `public_url` is where its pages really are."""

    public_url: str = ""
    port: int = 0
    sender: Sender | None = None
    subscriptions: tuple[Subscription, ...] = ()

    def wiring(self) -> Wiring:
        gateway = f"mailto://127.0.0.1:{self.port}/?from=vigie@example.org&mode=insecure"
        here = {"001": "D:01"}
        public = Signups(self.url, gateway, self.public_url, self.catalog, lambda uai: SchoolScope(uai, here[uai[:3]]))
        self.public = public
        readership = Readership([Followers(public)], inline)
        return replace(
            super().wiring(),
            sender=self.sender,
            public=public,
            public_url=self.public_url,
            readership=readership,
            addresses=readership.addresses,
        )

    async def say(self) -> None:
        """One look at who should hear what, and everything on its way has landed."""
        for _ in range(2):
            await self.pipeline.tell()
            await self.pipeline.land(timedelta(seconds=60))

    async def pass_(self, minutes: float) -> None:
        """Everybody is asked and judged each ten seconds; then what is new is said."""
        until = self.clock.at + timedelta(minutes=minutes)
        while self.clock.at < until:
            await self.tick(tell=False)
        await self.say()


@dataclass(frozen=True)
class Answered:
    code: int
    headers: dict[str, str]
    text: str


async def ask(url: str, fields: dict[str, str] | None = None, **headers: str) -> Answered:
    """GET, or POST of a form; without cookies, as any browser that has none."""

    def go() -> Answered:
        body = None if fields is None else urlencode(fields).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, named), timeout=60) as answer:
                return Answered(
                    answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
                )
        except urllib.error.HTTPError as error:
            return Answered(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read().decode())

    return await asyncio.to_thread(go)


@asynccontextmanager
async def public_village(url: str, folder: Path, mail_port: int, sender: Sender) -> AsyncIterator[PublicVillage]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        place = PublicVillage(url, public_url=address, port=mail_port, sender=sender)
        await place.start()
        config = folder / "probes.yaml"
        config.write_text(CATALOGUE, encoding="utf-8")
        site = create_site(
            Data(DatabaseReader(url, config)), Assets(), PAGES, place.clock, Letterbox(url, config, writes=True)
        )
        server = uvicorn.Server(uvicorn.Config(site, lifespan="off", log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        yield place
        server.should_exit = True
        await serving
        place.crash()
        place.public.close()


def links_in(text: str) -> dict[str, str]:
    """The links of a letter, by their purpose."""
    return {found[1]: found[0] for found in re.findall(r"(http://\S+/abonnement/(\w+)/\S+)", text)}
