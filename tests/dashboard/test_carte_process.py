"""The process of `/carte/`: started by the web process, started again when it dies, and gone when that is gone."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from dashboard.carte_address import MANIFEST
from dashboard.carte_child import CarteChild, Pulse

from .conftest import Web, start_web, stop_web, until

ROOT = Path(__file__).parents[2]
UPDATE = "/carte/_dash-update-component"
ASKED = {"output": "drawing.data", "inputs": [{"value": {"name": "rien", "search": ""}}]}


def draw(web: Web) -> int:
    request = urllib.request.Request(web.url + UPDATE, json.dumps(ASKED).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            drawing = json.load(answer)["response"]["drawing"]["data"]
            assert drawing["children"][1]["props"]["children"] == "Cette vue n’existe pas."
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def child_of(web: Web) -> int | None:
    """The number of the child, None between two of them."""
    told = subprocess.run(
        ["pgrep", "-P", str(web.process.pid), "-f", "dashboard.carte"], capture_output=True, text=True, check=False
    )
    numbers = told.stdout.split()
    return int(numbers[0]) if numbers else None


def folder_of(child: int) -> Path:
    words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
    return Path(words[words.index(b"--socket") + 1].decode()).parent


def runs(child: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{child}/stat").read_text()
    except OSError:
        return False


def test_the_public_site_imports_nothing_of_dash():
    asked = "import dashboard.app, dashboard.__main__, sys; print({m.split('.')[0] for m in sys.modules} & {'dash', 'plotly'})"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_a_child_that_died_comes_back_and_none_outlives_a_web_process_that_was_killed(tmp_path: Path):
    web = start_web(f"sqlite:///{tmp_path}/none.db")
    try:
        assert web.told("/carte/")[0] == 200
        assert draw(web) == 200
        first = child_of(web)
        assert first is not None
        folder = folder_of(first)
        assert folder.stat().st_mode & 0o777 == 0o700
        os.kill(first, signal.SIGKILL)
        assert until(lambda: draw(web) == 503)
        assert web.get("/carte/")[0] == 200  # from memory
        assert web.get("/")[0] == 200
        assert until(lambda: draw(web) == 200, 40)
        second = child_of(web)
        assert second not in {None, first}
        assert not folder.exists()
        folder = folder_of(second)
    finally:
        web.process.kill()
        web.process.wait()
    assert until(lambda: not runs(second))
    assert until(lambda: not folder.exists())


async def test_a_child_that_hangs_is_told_from_one_that_lives_and_is_started_anew(tmp_path: Path):
    child = CarteChild(f"sqlite:///{tmp_path}/none.db", pulse=Pulse(every_s=0.1, within_s=1.0, missed=2))
    running = asyncio.create_task(child.run())
    try:
        await child.there(60)
        first, folder = child.pid, folder_of(child.pid or 0)
        assert (await child.ask("GET", MANIFEST, within_s=20)).code == 200
        os.kill(first or 0, signal.SIGSTOP)
        async with asyncio.timeout(60):
            while child.generation == 1:
                await asyncio.sleep(0.05)
        assert (await child.ask("GET", MANIFEST, within_s=20)).code == 200
        assert child.pid not in {None, first}
        assert (runs(first or 0), folder.exists()) == (False, False)
    finally:
        running.cancel()
        await asyncio.wait({running})
    assert child.pid is None


def test_the_child_ends_with_the_web_process(tmp_path: Path):
    web = start_web(f"sqlite:///{tmp_path}/none.db")
    assert until(lambda: child_of(web) is not None)
    child = child_of(web)
    assert child is not None
    folder = folder_of(child)
    stop_web(web)
    assert web.process.returncode == 0
    assert not runs(child)
    assert not folder.exists()


def test_a_socket_needs_a_folder(tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "dashboard.carte",
        "--socket",
        f"{tmp_path}/none/x",
        "--database-url",
        "sqlite:///x.db",
    ]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.returncode, "n’existe pas" in told.stderr) == (2, True)
