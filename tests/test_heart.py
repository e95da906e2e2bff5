"""The watchdog: a loop that is held up is noticed by a thread, and so is its return."""

import asyncio
import logging
import socket
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.heart import Heart, supervisor

STALLED = timedelta(seconds=0.3)


async def test_a_loop_that_stops_turning_is_said_and_so_is_its_return(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), Heart(asyncio.get_running_loop(), STALLED):
        threading.Event().wait(0.8)  # on the loop, on purpose: nothing turns meanwhile
        for _ in range(3000):
            await asyncio.sleep(0.01)
            if len(caplog.messages) == 2:
                break
    assert "bloquée" in caplog.messages[0]
    assert caplog.messages[1:] == ["Vigie repart."]


async def test_whoever_supervises_us_hears_that_the_loop_turns(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(60)
        with Heart(asyncio.get_running_loop(), STALLED, supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")})):
            assert await asyncio.to_thread(ear.recv, 64) == b"WATCHDOG=1"
            assert await asyncio.to_thread(ear.recv, 64) == b"WATCHDOG=1"
    (tmp_path / "notify").unlink()
    supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")})()  # nobody listens any more: no reason to fall
    supervisor({})()


async def test_a_loop_that_turns_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), Heart(asyncio.get_running_loop(), STALLED * 5):
        await asyncio.sleep(2)
    assert caplog.messages == []
