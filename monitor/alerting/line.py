"""One life of the child process: orders in, answers out, matched by number; if it dies, all who wait are told."""

import contextlib
import itertools
import json
import subprocess
import threading
from concurrent.futures import Future
from datetime import timedelta
from typing import Any


class LineDiedError(Exception):
    """The child ended, or could not be started, before it answered."""


class Line:
    """A running child. Blocking calls, safe from any thread. Raises OSError if the interpreter cannot be started."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        """Start it, in a session of its own: a Ctrl-C at the terminal is for the monitor, which drains first."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback could hold an address
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._ready: Future[None] = Future()
        self._waiting: dict[str, Future[dict[str, Any]]] = {}
        self._ended = False
        threading.Thread(target=self._listen, name="vigie-send-answers", daemon=True).start()

    @property
    def dead(self) -> bool:
        """Whether nothing can be asked of it any more."""
        return self._ended or self._process.poll() is not None

    @property
    def ready(self) -> bool:
        """Whether it has begun to listen."""
        return self._ready.done()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, order: dict[str, Any], *, boot: timedelta, timeout: timedelta) -> dict[str, Any]:
        """The child's answer. Raises LineDiedError, or TimeoutError (`boot` counts while it starts)."""
        self._ready.result(boot.total_seconds())
        answer: Future[dict[str, Any]] = Future()
        with self._lock:
            if self._ended:
                raise LineDiedError
            number = str(next(self._numbers))
            self._waiting[number] = answer
            self._write(json.dumps({"id": number, **order}))
        return answer.result(timeout.total_seconds())

    def _write(self, line: str) -> None:
        if self._process.stdin is None:
            raise LineDiedError
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:  # a broken pipe, or a pipe that `stop` has closed
            raise LineDiedError from error

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            answer = json.loads(line)
            if answer.get("ready"):
                self._ready.set_result(None)
            elif (waiting := self._waiting.pop(answer["id"], None)) is not None:
                waiting.set_result(answer)
        self._process.wait()
        with self._lock:
            self._ended = True
            waiting_still = list(self._waiting.values())
        if not self._ready.done():
            self._ready.set_exception(LineDiedError())
        for future in waiting_still:
            future.set_exception(LineDiedError())

    def kill(self) -> None:
        """End it now; nothing more is asked of it, even before the system has taken it away."""
        self._ended = True
        self._process.kill()

    def stop(self, grace: timedelta) -> None:
        """Close its input, wait for it to finish what it has for at most `grace`, then end it."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(grace.total_seconds())
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
