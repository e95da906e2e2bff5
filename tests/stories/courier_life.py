"""Monitors in miniature for the kill tests: each life detects, tells and sends, until it kills itself.

Run as a program it stays, and gives birth to a life for each line that it reads: forking is cheap, importing is not.
A life has real books, the real courier and a real SMTP client; only Apprise is left out, which takes 2.5 s to load.
"""

import asyncio
import json
import os
import signal
import smtplib
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from monitor.alerting import Message, Outcome
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.timetable import Timetable
from monitor.sending import Courier
from monitor.store import Store, Telling, open_store
from monitor.wiring import Wiring
from tests.domain.small import catalog, service

STEPS = ("detect", "commit", "claim", "connect", "sent", "mark", "anywhere")
PEOPLE = ("nord", "sud", "ouest")


@dataclass
class Reaper:
    """Kills its own process, as nobody can refuse to be, when it comes to a step for the n-th time."""

    step: str
    nth: int

    def at(self, step: str) -> None:
        if step == self.step:
            self.nth -= 1
            if self.nth == 0:
                self.strike()

    def strike(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)
        signal.pause()


@dataclass
class Watched:
    """A store that says where it has got to."""

    store: Store
    reaper: Reaper

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def claim(self, *what: Any) -> Any:
        done = self.store.claim(*what)
        self.reaper.at("claim")
        return done

    def mark_tellings(self, *what: Any) -> Any:
        done = self.store.mark_tellings(*what)
        self.reaper.at("mark")
        return done


@dataclass
class Letterbox:
    """Speaks SMTP to the outside observer."""

    port: int
    reaper: Reaper

    async def send(self, message: Message) -> Outcome:
        return await asyncio.to_thread(self._deliver, message)

    def _deliver(self, message: Message) -> Outcome:
        letter = EmailMessage()
        letter["Subject"], letter["X-Telling"] = message.title, message.id
        letter["From"], letter["To"] = "vigie@example.org", "rectorat@example.org"
        letter.set_content(message.body)
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="localhost", timeout=60) as server:
            self.reaper.at("connect")
            server.send_message(letter)
            self.reaper.at("sent")
        return Outcome(message.id, delivered=True, words="remis")


def events(store: Store) -> int:
    """How many things have been detected: what is committed is what happened."""
    with store._writing() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM tellings").scalar_one()) // len(PEOPLE)


def detect(store: Store, number: int, now: datetime) -> None:
    """Something begins, or ends, and all are told."""
    incident, reason = f"incident-{number // 2}", Reason.CLOSED if number % 2 else Reason.OPENED
    store.queue([
        Telling(f"{incident}/{one}/{reason.value}", one, incident, reason, Health.DOWN,
                f"{reason.value} {number // 2}", f"Ce qui se passe : {number}.", now)
        for one in PEOPLE
    ])  # fmt: skip


async def live(order: dict[str, Any]) -> None:
    """Detect a few events and send; a life that is not killed sends all there is, then ends."""
    reaper = Reaper(order["step"], order["nth"])
    if reaper.step == "anywhere":
        threading.Timer(order["after_s"], reaper.strike).start()
    store = open_store(order["url"], kind="real")

    def now() -> datetime:
        return datetime.now(UTC)

    async def inline(call: Any) -> Any:
        return call()

    wiring = Wiring(
        catalog=catalog(service("portail")),
        subscriptions=tuple(Subscription(one, "VIGIE_X") for one in PEOPLE),
        addresses={one: f"mailto://127.0.0.1:{order['port']}/?to={one}@example.org" for one in PEOPLE},
        prober=None,  # type: ignore[arg-type] # nothing is asked here
        store=Watched(store, reaper),  # type: ignore[arg-type]
        timetable=Timetable.constant(),
        sender=Letterbox(order["port"], reaper),
        now=now,
        wall=now,
        awake=lambda: 0.0,
        work=inline,  # type: ignore[arg-type]
        warnings=tuple,
        version="0",
        vantage="local",
        rates={"127.0.0.1": 1000.0},
    )
    courier = Courier(wiring)
    await courier.resume()
    first = events(store)
    for number in range(first, first + order["events"]):
        reaper.at("detect")
        detect(store, number, now())
        reaper.at("commit")
        await courier.send_due(now())
    while store.queued():
        await courier.send_due(now())
        await courier.land(timedelta(seconds=1))
    store.close()


def main() -> None:
    """One line in, one life; one line out: how it ended."""
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            code = 1
            try:
                asyncio.run(live(json.loads(line)))
                code = 0
            finally:
                os._exit(code)
        status = os.waitpid(child, 0)[1]
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
