"""Ten channels, one of them a black hole: how long the messages of the other nine wait, with it and without it.

Run by `make bench`; prints, never asserts. Real books on SQLite, the real courier and the real child process that speaks
Apprise, webhooks on loopback that take 50 ms. The black hole accepts connections and never answers; it has delivered
before, and 20 subscriptions share it. A run takes some 15 s.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime

from monitor.alerting import Sender
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.timetable import Timetable
from monitor.sending import Courier
from monitor.store import Telling, open_store, upgrade
from monitor.wiring import Wiring
from tests.domain.small import catalog, service

CHANNELS, SHARING, MESSAGES, ANSWERS_IN_S, PATIENCE_S = 10, 20, 15, 0.05, 40


class Channel:
    """A webhook that notes when it took what."""

    def __init__(self) -> None:
        self.took: dict[str, datetime] = {}
        self.deaf = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-len"))
        body = (await reader.readexactly(length)).decode()
        if self.deaf:
            try:
                await asyncio.sleep(PATIENCE_S)
            except asyncio.CancelledError:  # the end of the bench
                return
        await asyncio.sleep(ANSWERS_IN_S)
        self.took[body.partition("<<")[2].partition(">>")[0]] = now()
        writer.write(b"HTTP/1.1 204 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


async def run(*, hole: bool) -> list[float]:
    """How many seconds each message to the nine waited."""
    channels = [Channel() for _ in range(CHANNELS)]
    servers = [await asyncio.start_server(channel.serve, "127.0.0.1", 0) for channel in channels]
    urls = [f"json://127.0.0.1:{server.sockets[0].getsockname()[1]}/" for server in servers]
    addresses = {f"c{number}": url for number, url in enumerate(urls[1:], 1)}
    addresses |= {f"shared{number}": urls[0] for number in range(SHARING)}
    sender = Sender()
    await sender.start()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/vigie.db"
        upgrade(url, "real", now())
        courier = Courier(wiring(url, addresses, sender))
        await told(courier, addresses, "first", 1, lambda: sum(len(one.took) for one in channels) == len(addresses))
        channels[0].deaf = hole
        nine = (CHANNELS - 1) * MESSAGES
        began = await told(
            courier, addresses, "m", MESSAGES, lambda: sum(len(one.took) - 1 for one in channels[1:]) == nine
        )
        await courier.land(began - began)
    await sender.close()
    for server in servers:
        server.close()
    return [
        (at - began).total_seconds() for one in channels[1:] for name, at in one.took.items() if name.startswith("m")
    ]


async def told(
    courier: Courier, addresses: dict[str, str], name: str, count: int, done: Callable[[], bool]
) -> datetime:
    """Queue so many messages for everybody at once and send until `done`; when that began."""
    began = now()
    tellings = [
        Telling(f"{name}-{to}-{n}", to, f"{name}{n}", Reason.OPENED, Health.DOWN, "T", f"<<{name}-{to}-{n}>>", began)
        for to in addresses
        for n in range(count)
    ]
    courier._w.store.queue(tellings)
    await courier.send_due(now())
    while not done() and (now() - began).total_seconds() < PATIENCE_S:
        await asyncio.sleep(0.2)
        await courier.go_on()
    return began


def wiring(url: str, addresses: dict[str, str], sender: Sender) -> Wiring:
    """As much of Vigie as sending needs."""

    async def work(call: Callable[[], object]) -> object:
        return await asyncio.to_thread(call)

    return Wiring(
        catalog=catalog(service("portail")),
        subscriptions=tuple(Subscription(name, "VIGIE_X") for name in addresses),
        addresses=addresses,
        prober=None,
        store=open_store(url, kind="real"),
        timetable=Timetable.constant(),
        sender=sender,
        now=now,
        wall=now,
        awake=lambda: 0.0,
        work=work,
        warnings=tuple,
        version="0",
        vantage="local",
    )


def main() -> None:
    """Print median and 95th percentile of both, and their ratio."""
    found = {}
    for hole in (False, True):
        waits = asyncio.run(run(hole=hole))
        p95 = found[hole] = statistics.quantiles(waits, n=20)[-1]
        words = "one black hole among ten" if hole else "ten sound channels"
        print(f"{words}: {len(waits)} messages to the nine, median {statistics.median(waits):.2f} s, p95 {p95:.2f} s")  # noqa: T201
    print(f"p95 with the black hole / without: {found[True] / found[False]:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
