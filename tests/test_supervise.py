"""Two real processes under `supervise`: what falls is started again, what refuses at its first step ends the whole."""

import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import supervise as module
from monitor.supervise import Part, supervise

FALLS_TWICE = """
import pathlib, sys, time
count = pathlib.Path(sys.argv[1]); n = int(count.read_text() or 0) if count.exists() else 0
count.write_text(str(n + 1))
if n < 2: sys.exit(int(sys.argv[2]))
time.sleep(60)
"""
LIVES = "import time; time.sleep(60)"


def script(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_what_refuses_at_its_first_step_ends_the_whole(tmp_path: Path) -> None:
    lives = Part("page", [script(tmp_path, "lives.py", LIVES)])
    refuses = Part("veille", [script(tmp_path, "refuses.py", "import sys; sys.exit(2)")])
    assert supervise([lives, refuses], os.environ, lambda _: None) == 2
    assert lives.process is not None
    assert lives.process.poll() is not None


HANGS_ONCE = """
import asyncio, os, pathlib, sys, time
from datetime import timedelta
from monitor.heart import Heart, supervisor
count = pathlib.Path(sys.argv[1]); n = int(count.read_text()); count.write_text(str(n + 1))
async def main():
    with Heart(asyncio.get_running_loop(), timedelta(seconds=1), supervisor(os.environ)):
        await asyncio.sleep(1.5)
        if n == 0: time.sleep(60)
        count.write_text("lives")
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="signs of life want a socket without a file")
def test_what_hangs_is_ended_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RESTART_AFTER", module.RESTART_AFTER / 40)
    counted, said = tmp_path / "count", list[str]()
    counted.write_text("0")
    root = str(Path(module.__file__).parents[1])
    hangs = Part("veille", [script(tmp_path, "hangs.py", HANGS_ONCE), str(counted)], hangs_after=timedelta(seconds=5))

    def watch() -> None:
        for _ in range(1200):
            if counted.read_text() == "lives":
                break
            threading.Event().wait(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert supervise([hangs], {**os.environ, "PYTHONPATH": root}, said.append) == 0
    watcher.join()
    assert counted.read_text() == "lives"
    assert "ne donne plus signe de vie" in said[0]


@pytest.mark.parametrize("code", ["1", "2"])
def test_what_falls_later_is_started_again_and_the_other_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(module, "RESTART_AFTER", module.RESTART_AFTER / 40)
    counted, said = tmp_path / "count", list[str]()
    counted.write_text("0" if code == "1" else "1")  # exit 2 is met at a restart only: the first step was fine
    lives = Part("page", [script(tmp_path, "lives.py", LIVES)])
    falls = Part("veille", [script(tmp_path, "falls.py", FALLS_TWICE), str(counted), code], restarts=int(code == "2"))

    def watch() -> None:
        for _ in range(600):
            if counted.read_text() == "3" and falls.process is not None and falls.process.poll() is None:
                break
            threading.Event().wait(0.05)
        assert lives.process is not None
        alive.append(lives.process.poll() is None)
        os.kill(os.getpid(), signal.SIGTERM)

    alive = list[bool]()
    watcher = threading.Thread(target=watch)
    watcher.start()
    assert supervise([lives, falls], os.environ, said.append) == 0
    watcher.join()
    assert alive == [True]
    assert len(said) == (2 if code == "1" else 1)
    for part in (lives, falls):
        assert part.process is not None
        assert part.process.poll() is not None
