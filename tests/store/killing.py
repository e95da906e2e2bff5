"""Whoever kills: orders to one `mortal` process, and the moments at which its children die."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("VIGIE_CHAOS_KILLS", "0"))


class Mortal:
    """Does what it is told to books of `url` and a backup in `folder`, and dies of it when told so."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def does(
        self, what: str, url: str, folder: Path, *, moment: int | None = None, after_s: float | None = None
    ) -> int:
        """The number of steps that the work took; 0 if it was killed, which it must have been at its `moment`."""
        order = {"do": what, "url": url, "folder": str(folder), "moment": moment, "after_s": after_s}
        return int(self._ask(order | {"largest": None})["steps"])

    def fails(self, what: str, url: str, folder: Path, *, largest: int) -> str:
        """The error of a work that may write no file longer than `largest` bytes: a disk that fills in its midst."""
        order = {"do": what, "url": url, "folder": str(folder), "moment": None, "after_s": None, "largest": largest}
        return str(self._ask(order)["error"])

    def _ask(self, order: Mapping[str, object]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if order["after_s"] is None:
            assert answer["killed"] is (order["moment"] is not None)
        return answer


@contextmanager
def mortal() -> Iterator[Mortal]:
    """One process for many deaths: what they have in common is loaded once."""
    command = [sys.executable, str(Path(__file__).with_name("mortal.py"))]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env
    ) as process:
        try:
            yield Mortal(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def moments(steps: int, few: int) -> list[int]:
    """Which of so many steps to die at: `few` by default, or VIGIE_CHAOS_KILLS; first and last always among them."""
    drawn = random.Random(20210406).sample(range(2, steps), min(max(few, KILLS), steps - 2))
    return [1, *sorted(drawn), steps]
