"""Does things to books and is killed in their midst: for each line of stdin a process of its own, which dies for real.

A line is JSON: `{"do", "url", "folder", "moment", "after_s", "largest"}`. `moment`: SIGKILL comes at this step of the work, counted
from 1 (what Python asks of the system: opening, renaming, removing a file…; each statement of SQL; each piece that is
told); null: not there. `after_s`: SIGKILL comes after this time; null: not then. `largest`: no file
may become longer, in bytes; null: no limit. Answers `{"killed", "steps", "error"}`.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Engine, event

from monitor.store import StoreError, back_up, restore, upgrade

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
WATCHED = ("open", "os.", "sqlite3.connect", "fcntl.")


def work(order: Mapping[str, Any], step: Callable[[], None]) -> None:
    """What is asked for, telling every step."""
    url, folder = order["url"], Path(order["folder"])

    def told(*_: object) -> None:
        step()

    match order["do"]:
        case "upgrade":
            upgrade(url, "real", NOW)
        case "backup":
            back_up(url, folder, "1", NOW, told)
        case "restore":
            restore(url, folder, NOW, told)


def die(order: Mapping[str, Any], answer: int) -> None:
    """In the child: the work with its steps counted; the count goes to `answer` if it comes to an end."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == order["moment"]:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(lambda name, _: step() if name.startswith(WATCHED) else None)
    event.listen(Engine, "before_cursor_execute", lambda *_: step())
    event.listen(Engine, "commit", lambda *_: step())
    said = {"error": ""}
    if order["largest"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest"], resource.RLIM_INFINITY))
    try:
        work(order, step)
    except (StoreError, OSError) as error:
        said["error"] = str(error)
    os.write(answer, json.dumps({**said, "steps": steps}).encode())


def main() -> None:
    """A child for each order."""
    for line in sys.stdin:
        order = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                die(order, write)
            finally:
                os._exit(1)
        os.close(write)
        if order["after_s"] is not None:
            sleep(order["after_s"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        said = json.loads(os.read(read, 1000) or '{"steps": 0}')
        os.close(read)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"killed": killed, **said}), flush=True)  # noqa: T201 -- what the test reads


if __name__ == "__main__":
    # Loaded once, before there are children; a schema that was read once is read faster.
    import alembic.command  # noqa: F401

    main()
