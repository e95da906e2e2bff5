"""Whoever waits outside for the heartbeats of Vigie: a real little server on loopback, and when it raises its alarm."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

PERIOD_S, GRACE_S = 60.0, 180.0  # as docs/operating.md says to set it up


class Outside(ThreadingHTTPServer):
    """Keeps when it was called, by the clock it is given, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock, self.status, self.called = clock, 200, list[float]()
        super().__init__(("127.0.0.1", 0), Call)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/s3cret"


class Call(BaseHTTPRequestHandler):
    server: Outside

    def do_GET(self) -> None:
        assert self.path == "/s3cret"
        if self.server.status == 200:
            self.server.called.append(self.server.clock())
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def outside(clock: Callable[[], float]) -> Iterator[Outside]:
    with Outside(clock) as one:
        threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True).start()
        yield one
        one.shutdown()


def alarms(called: Sequence[float], until: float, *, scale: float = 1.0) -> list[float]:
    """When the alarm was raised: a period and the grace after a call that no other followed in time."""
    patience = (PERIOD_S + GRACE_S) / scale
    return [first + patience for first, then in pairwise([*called, until]) if then - first > patience]
