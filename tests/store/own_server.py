"""A PostgreSQL server of a test's own: its data, its settings, stopped and started at will."""

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests import conftest as servers
from tests.ports import free_port

QUICK = {"fsync": "off", "autovacuum": "off", "shared_buffers": "16MB", "max_connections": "20"}


class OwnServer:
    """Files below a folder of `/tmp` that the account of the server may read; the same password for each of its lives."""

    def __init__(self, tools: Path, home: Path) -> None:
        self.home = home
        self._user = servers._unprivileged_user()
        self._password = secrets.token_hex(8)
        home.chmod(0o755)
        self._tools = servers._reachable(tools, home, self._user)
        (home / "password").write_text(self._password)
        self.give(home)
        self._as_server(
            self._tools / "initdb", "-D", home / "data", "-U", "vigie", "-E", "UTF8", "--locale=C", "--no-sync",
            "--auth=scram-sha-256", f"--pwfile={home / 'password'}",
        )  # fmt: skip

    def give(self, folder: Path) -> None:
        """Let the server own a folder and what is in it."""
        if self._user is not None:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, self._user, self._user)

    @contextmanager
    def running(self, data: str, settings: Mapping[str, str]) -> Iterator[str]:
        """URL of the server while it runs on the data of a folder."""
        port = free_port()
        options = {
            **QUICK, "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(self.home), **settings
        }  # fmt: skip
        url = f"postgresql://vigie:{self._password}@127.0.0.1:{port}/postgres"
        with ExitStack() as stopped:
            log = stopped.enter_context((self.home / "log").open("wb"))
            server = subprocess.Popen(
                [self._tools / "postgres", "-D", self.home / data, *(f"--{key}={value}" for key, value in options.items())],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.home, **self._account(),
            )  # fmt: skip
            stopped.callback(servers._stop, server)
            servers._wait(url, server, self.home / "log")
            yield url

    def _as_server(self, *command: object) -> None:
        words = [str(one) for one in command]
        subprocess.run(words, check=True, capture_output=True, cwd=self.home, timeout=120, **self._account())

    def _account(self) -> dict[str, Any]:
        return {} if self._user is None else {"user": self._user, "group": self._user, "extra_groups": []}


@contextmanager
def own_server(tools: Path) -> Iterator[OwnServer]:
    """A server that was made and does not run yet; nothing of it stays."""
    home = Path(
        tempfile.mkdtemp(prefix="vigie-own-", dir=servers._memory or "/tmp")
    )  # short: the path of a socket has 107 characters
    try:
        yield OwnServer(tools, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
