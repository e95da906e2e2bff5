"""The watchdog: a loop that is held up is noticed by a thread, and so is its return."""

import asyncio
import logging
import threading
from datetime import timedelta

import pytest

from monitor.heart import Heart

STALLED = timedelta(seconds=0.3)


async def test_a_loop_that_stops_turning_is_said_and_so_is_its_return(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), Heart(asyncio.get_running_loop(), STALLED):
        threading.Event().wait(0.8)  # on the loop, on purpose: nothing turns meanwhile
        for _ in range(100):
            await asyncio.sleep(0.01)
            if len(caplog.messages) == 2:
                break
    assert "bloquée" in caplog.messages[0]
    assert caplog.messages[1:] == ["Vigie repart."]


async def test_a_loop_that_turns_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), Heart(asyncio.get_running_loop(), STALLED):
        await asyncio.sleep(0.5)
    assert caplog.messages == []
