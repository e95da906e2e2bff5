"""A Vigie to look at: 6 April 2021 played into a book of its own and shown on loopback, for as long as pictures are taken."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

SCENARIO, BETWEEN = "2021-04-06", "07:30-08:45"  # an hour and a quarter: the whole of the morning's trouble is there
PLAYED_UNTIL = datetime.fromisoformat("2021-04-06T08:44:00+02:00")
PLAYED_WITHIN_S = 420
STOPPED_WITHIN_S = 20
ROOT = Path(__file__).parents[2]


@contextmanager
def house() -> Iterator[str]:
    """Its address, once the day is played. Raises TimeoutError, and RuntimeError with what the program said."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    with TemporaryDirectory(prefix="vigie-screenshots-") as folder, (Path(folder) / "said").open("wb+") as said:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")},
            "VIGIE_DATABASE_URL": f"sqlite:///{folder}/vigie.db",
            "VIGIE_CONFIG": str(ROOT / "probes.yaml"),
            "VIGIE_LISTEN": listen,
            # With these two the public may sign up, so that there is a form to look at; a rehearsal sends nothing.
            "VIGIE_PUBLIC_URL": f"http://{listen}/",
            "VIGIE_MAIL_URL": "mailto://personne@localhost",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "monitor", "rehearse", SCENARIO, "--between", BETWEEN, "--serve"]
        playing = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            if not _played(f"http://{listen}", playing):
                said.seek(0)
                raise RuntimeError(said.read().decode(errors="replace")[-2000:])
            yield f"http://{listen}"
        finally:
            _stop(playing)


def _played(url: str, playing: "subprocess.Popen[bytes]") -> bool:
    """Waits for the last minute of the scenario; False where the program has ended."""
    end = time.monotonic() + PLAYED_WITHIN_S
    while time.monotonic() < end:
        if playing.poll() is not None:
            return False
        with (
            suppress(OSError),  # not listening yet, or nothing published yet
            urllib.request.urlopen(f"{url}/api/v1/status", timeout=10) as answer,
        ):
            if datetime.fromisoformat(json.load(answer)["at"]) >= PLAYED_UNTIL:
                return True
        time.sleep(0.5)
    raise TimeoutError(f"the scenario was not played within {PLAYED_WITHIN_S} s")


def _stop(playing: "subprocess.Popen[bytes]") -> None:
    if playing.poll() is None:
        playing.send_signal(signal.SIGINT)
        try:
            playing.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            playing.kill()
            playing.wait()
