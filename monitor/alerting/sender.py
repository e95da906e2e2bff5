"""Hands messages to the child process that speaks Apprise, and brings back what became of each.

Threads and real time on purpose: the event loop's clock is virtual in a rehearsal, every timeout would run out at once.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.alerting.line import Line, LineDiedError
from monitor.alerting.schemes import refusal
from monitor.domain.delivery import AT_ONCE

TIMEOUT = timedelta(seconds=30)
BOOT = timedelta(seconds=60)
GRACE = timedelta(seconds=2)
PULSE = timedelta(seconds=10)  # one that reads its orders answers at once
_ROOT = Path(__file__).resolve().parents[2]

# The child gets no secret of ours by its environment: no database URL, no other subscriber's address.
_PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """One notice for one destination; `url` is an Apprise URL, a secret."""

    id: str
    url: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message; `words` are French and hold nothing of its address."""

    id: str
    delivered: bool
    words: str


def _command() -> tuple[list[str], dict[str, str]]:
    """How to start the child: same interpreter, safe path, only the environment it needs."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}
    return [sys.executable, "-P", "-m", "monitor.alerting.child"], environment


def check_url(url: str) -> str | None:
    """A French sentence if the address is not permitted or Apprise cannot read it, else None. Blocks for some 3 s."""
    if sentence := refusal(url):
        return sentence
    command, environment = _command()
    order = json.dumps({"id": "check", "url": url, "check": True}) + "\n"
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
            command,
            input=order,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=BOOT.seconds,
            check=True,
        )
        answer = json.loads(done.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return "Le processus d’envoi ne démarre pas\u00a0: l’adresse n’a pas pu être vérifiée."
    return None if answer.get("delivered") else str(answer.get("words", "Adresse illisible."))


class Sender:
    """Owns the child: started with the first message, again if it dies. A failed delivery is a value, not an error."""

    def __init__(self, timeout: timedelta = TIMEOUT, pulse: timedelta = PULSE) -> None:
        """`timeout`: patience for one message once the child is ready; `pulse`: for a sign of life."""
        self._timeout, self._pulse = timeout, pulse
        self._line: Line | None = None
        self._starting = asyncio.Lock()
        self._pool: ThreadPoolExecutor | None = None

    async def start(self) -> None:
        """Make ready to send; costs nothing, the child comes with the first message.

        As many threads as the child has, so that a timeout never counts time spent in a queue.
        """
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="vigie-send")

    async def send(self, message: Message) -> Outcome:
        """Deliver one message and say what became of it. Raises RuntimeError before `start` and after `close`."""
        if self._pool is None:
            raise RuntimeError("the sender is not started")
        if sentence := refusal(message.url):
            return Outcome(message.id, delivered=False, words=sentence)
        line = await self._living()
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._deliver, line, message)

    async def pulse(self) -> bool:
        """Whether the child answers; started if there is none, ended if it is silent: the next is a new one."""
        if self._pool is None:
            return False
        try:
            return await asyncio.to_thread(self._felt, await self._living())
        except OSError:
            return False

    async def _living(self) -> Line:
        async with self._starting:
            if self._line is None or self._line.dead:
                self._line = await asyncio.to_thread(Line, *_command())
        return self._line

    def _felt(self, line: Line) -> bool:
        # Whatever holds the question up, a full pipe included, the child's end frees it, and all who wait with it.
        end = threading.Timer((self._pulse if line.ready else BOOT).total_seconds(), line.kill)
        end.start()
        try:
            line.ask({"pulse": True}, boot=BOOT * 2, timeout=BOOT * 2)
        except (LineDiedError, TimeoutError):
            return False
        finally:
            end.cancel()
        return True

    def _deliver(self, line: Line, message: Message) -> Outcome:
        order = {"url": message.url, "title": message.title, "body": message.body}
        try:
            answer = line.ask(order, boot=BOOT, timeout=self._timeout)
        except LineDiedError:
            return Outcome(message.id, delivered=False, words="Le processus d’envoi s’est arrêté avant de répondre.")
        except TimeoutError:
            line.kill()  # it answers within 25 s or it is sick
            return Outcome(
                message.id, delivered=False, words="Aucune réponse du processus d’envoi\u00a0: il est relancé."
            )
        return Outcome(message.id, delivered=bool(answer["delivered"]), words=str(answer["words"]))

    async def close(self) -> None:
        """Let the messages under way finish for 2 s, then stop the child; those left are reported as not delivered."""
        pool, self._pool = self._pool, None
        if self._line is not None:
            await asyncio.to_thread(self._line.stop, GRACE)
            self._line = None
        if pool is not None:
            pool.shutdown(wait=False)
