"""A street of real servers on loopback, in a thread of its own, that can go dark; and the real program run against it."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Self

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 23\r\nConnection: close\r\n\r\n<html>Identifiant</html"


class Street:
    """Houses are servers on 127.0.0.1; unlit, or in `dark`, a house closes the door at once."""

    def __init__(self, houses: int) -> None:
        self.ports: list[int] = []
        self.lit = True
        self.dark: set[int] = set()
        self.answered = 0
        self._houses = houses
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._ready = threading.Event()
        self._left = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._left.set)
        self._thread.join(60)

    def _live(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._open())

    async def _open(self) -> None:
        """Until somebody leaves. Each door is closed by name: left to the garbage, it is the fault of some later test."""
        async with AsyncExitStack() as doors:
            for _ in range(self._houses):
                server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
                doors.callback(server.close)
                self.ports.append(server.sockets[0].getsockname()[1])
            self._ready.set()
            await self._left.wait()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.lit and writer.get_extra_info("sockname")[1] not in self.dark:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(PAGE)
                await writer.drain()
                self.answered += 1
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def catalogue(street: Street, folder: Path, *, canaries: int = 4, subscription: str = "") -> Path:
    """A catalogue of the street: the first houses are canaries, each other one a service, all asked every two seconds."""
    lines = [
        "vigie: 1",
        "defaults: {every: 2s, timeout: 1s, fail_for: 2s, fail_for_corroborated: 1s, recover_for: 1s, retry_every: 1s}",
        "canaries:",
    ]
    ask = 'url: "http://127.0.0.1:{}/", every: 2s, timeout: 1s, expect: {{status: [200]}}'
    lines += [f"  - {{id: c{n}, kind: http, {ask.format(port)}}}" for n, port in enumerate(street.ports[:canaries])]
    lines.append("services:")
    for port in street.ports[canaries:]:
        lines += [
            f"  - id: s{port}",
            f'    name: "Service {port}"',
            "    kind: ent",
            '    territories: ["D:59"]',
            f'    probes: {{page: {{kind: http, url: "http://127.0.0.1:{port}/", expect: {{contains: ["Identifiant"]}}}}}}',
        ]
    if subscription:
        lines += ["subscriptions:", f"  - {subscription}"]
    path = folder / "probes.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def environment(config: Path, url: str, **more: str) -> dict[str, str]:
    """What the program is told: nothing of the machine's own Vigie gets in."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
    said = {
        "VIGIE_CONFIG": str(config),
        "VIGIE_DATABASE_URL": url,
        "VIGIE_CONTACT": "essai@example.org",
        "VIGIE_ALLOW_NETWORKS": "127.0.0.0/8",
        "VIGIE_EVALUATE_EVERY_S": "0.5",
        "VIGIE_TELL_EVERY_S": "0.5",
    }
    return {**clean, **said, **more}


@contextmanager
def vigie(*words: str, env: dict[str, str], cwd: Path) -> Iterator["subprocess.Popen[str]"]:
    """The real program, started; whatever a test does, it does not outlive it."""
    command = [sys.executable, "-m", "monitor", *words]
    process = subprocess.Popen(command, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def run(*words: str, env: dict[str, str], cwd: Path) -> "subprocess.CompletedProcess[str]":
    """The real program, run to its end."""
    command = [sys.executable, "-m", "monitor", *words]
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=150, check=False)


def until(happened: Callable[[], object], within_s: float = 90) -> None:
    """Wait for something that real processes do; fails loudly when they do not."""
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        threading.Event().wait(0.05)
