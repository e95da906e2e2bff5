"""What docs/operating.md says of backups on PostgreSQL, its commands run as they stand there."""

import os
import re
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from monitor.store import check, open_store, upgrade
from tests import conftest as servers
from tests.prepared import prepared
from tests.store.killing import ROOT
from tests.store.own_server import own_server

BATCH = 40  # as in appender.py
pytestmark = pytest.mark.postgres


def block(first: str) -> str:
    """The block of commands in the section about PostgreSQL that has a line beginning so."""
    section = (ROOT / "docs/operating.md").read_text(encoding="utf-8").split("### PostgreSQL\n")[1].split("\n### ")[0]
    found = [one for one in re.findall(r"(?ms)^```bash\n(.*?)^```", section) if re.search(f"(?m)^{first}", one)]
    assert len(found) == 1, first
    return found[0]


@pytest.fixture
def tools() -> Path:
    """The folder of PostgreSQL's own programs."""
    wanted = ("pg_dump", "pg_restore", "pg_basebackup")
    for folder in servers._binaries():
        if all((folder / one).exists() for one in wanted):
            return folder
    pytest.skip(f"no {', '.join(wanted)}: install the client programs of PostgreSQL (Debian: postgresql-client)")


def typed(commands: str, tools: Path, **variables: object) -> None:
    vigie = f'vigie() {{ "{sys.executable}" -m monitor "$@"; }}\n'
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        ["bash", "-euc", vigie + commands],
        check=True, timeout=150, env={**environment, **{name: str(value) for name, value in variables.items()}},
    )  # fmt: skip


@pytest.fixture
def elsewhere(postgres_url: str, postgres_database: str) -> Iterator[str]:
    """URL of an empty database on the same server."""
    name = f"vigie_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield re.sub(r"/[^/?]+(?=\?|$)", f"/{name}", postgres_database)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_both_schemas_while_a_monitor_writes(
    postgres_database: str, elsewhere: str, tools: Path, tmp_path: Path, now, answer
) -> None:
    prepared(postgres_database, "real", now)
    command = [sys.executable, Path(__file__).with_name("appender.py"), postgres_database, now.isoformat(), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as child:
        said = [int(child.stdout.readline()) for _ in range(20)]
        typed(block("pg_dump"), tools, VIGIE_DATABASE_URL=postgres_database, BACKUP=tmp_path / "vigie.dump")
        assert child.poll() is None
        child.kill()
    typed(block("pg_restore"), tools, VIGIE_DATABASE_URL=elsewhere, BACKUP=tmp_path / "vigie.dump")
    assert check(elsewhere) == ()
    with psycopg.connect(elsewhere) as restored:
        batches, saved = (_batches(restored, now, *one) for one in (("at", "observations"), ("since", "spans")))
    assert set(batches.values()) == set(saved.values()) == {BATCH}
    assert said[-1] <= max(saved) <= max(batches) <= max(saved) + 1
    store = open_store(elsewhere, kind="real")
    store.append([answer(3600)])
    store.close()


def _batches(restored: "psycopg.Connection[tuple[int]]", now: datetime, column: str, table: str) -> Counter[int]:
    start = int(now.timestamp()) * 1_000_000 + now.microsecond
    return Counter((at - start) // 1000 for (at,) in restored.execute(f"SELECT {column} FROM measures.{table}"))


@pytest.mark.chaos
def test_back_to_an_instant_by_the_archived_log(tools: Path, now, answer) -> None:
    """What was committed before that instant is there, though no copy of the server is as new; what came after is not."""
    with own_server(tools) as own:
        archive, base, restored = (own.home / name for name in ("archive", "base", "restored"))
        archive.mkdir()
        own.give(archive)
        written = block("wal_level").replace("$ARCHIVE", str(archive))
        with own.running("data", dict(re.findall(r"(?m)^(\w+) = '?(.*?)'?$", written))) as url:
            upgrade(url, "real", now)  # a server of its own: there is no template to copy
            typed(block("pg_basebackup"), tools, SERVER=url, BASE=base)
            with closing(open_store(url, kind="real")) as store, psycopg.connect(url, autocommit=True) as server:
                store.append([answer(1)])
                (instant,) = server.execute("SELECT clock_timestamp()::text").fetchone()
                store.append([answer(2)])
        assert list(archive.iterdir())
        typed(block("cp -a"), tools, BASE=base, DATA=restored, ARCHIVE=archive, INSTANT=instant)
        own.give(restored)
        with own.running("restored", {}) as url:
            with closing(open_store(url, kind="real")) as store:
                assert store.unjudged() == [answer(1)]
                store.append([answer(3)])
            assert check(url) == ()
