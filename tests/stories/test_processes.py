"""The real program, on real sockets and real databases: stopped, killed, cut off, misused."""

import json
import os
import random
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest

from monitor.config import load
from monitor.reports import current
from monitor.store import check, open_reader
from tests.ports import free_port
from tests.prepared import prepared
from tests.stories.street import Street, catalogue, environment, run, until, vigie

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
KILLS = int(os.environ.get("VIGIE_CHAOS_KILLS", "5"))


@pytest.fixture
def street() -> Iterator[Street]:
    with Street(14) as one:
        yield one


def committed(url: str, config: Path) -> set[tuple[str, datetime]]:
    probes = [probe.id for probe in load(config).catalog.probes()]
    reader = open_reader(url)
    try:
        return {(one.probe, one.at) for one in reader.observations(probes, LONG_AGO, LATER)}
    finally:
        reader.close()


def health(url: str) -> set[str]:
    shown = current.snapshot(url)
    return {one["health"] for one in shown.data["services"]} if shown else set()


@pytest.mark.chaos
@pytest.mark.timeout(60 + 12 * KILLS)
def test_killed_at_random_nothing_committed_is_lost(street: Street, database_url: str, tmp_path: Path) -> None:
    config = catalogue(street, tmp_path)
    env = environment(config, database_url)
    prepared(database_url, "real", datetime.now(UTC))
    chance, before = random.Random(20210406), set[tuple[str, datetime]]()
    for _ in range(KILLS):
        with vigie("monitor", env=env, cwd=tmp_path) as watch:
            until(lambda before=before: committed(database_url, config) > before)
            try:
                watch.wait(chance.uniform(0, 1.5))
                pytest.fail(f"the monitor ended by itself: {watch.communicate()[1]}")
            except subprocess.TimeoutExpired:
                seen = committed(database_url, config)
            watch.send_signal(signal.SIGKILL)
            watch.communicate()
        after = committed(database_url, config)
        assert before <= seen <= after
        assert check(database_url) == ()
        before = after
    assert len(before) > KILLS


def test_a_stop_drains_every_accepted_answer_within_ten_seconds(
    street: Street, database_url: str, tmp_path: Path
) -> None:
    config = catalogue(street, tmp_path)
    prepared(database_url, "real", datetime.now(UTC))
    with vigie("monitor", env=environment(config, database_url), cwd=tmp_path) as watch:
        until(lambda: street.answered > 40)
        stopped = datetime.now(UTC)
        watch.send_signal(signal.SIGTERM)
        _, errors = watch.communicate(timeout=60)
    assert watch.returncode == 0, errors
    assert datetime.now(UTC) - stopped < timedelta(seconds=10)
    assert len(committed(database_url, config)) == street.answered


def test_without_a_network_vigie_says_that_it_is_blind_and_recovers_by_itself(street: Street, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    config = catalogue(street, tmp_path)
    prepared(url, "real", datetime.now(UTC))
    street.lit = False
    with vigie("monitor", env=environment(config, url), cwd=tmp_path) as watch:
        until(lambda: (shown := current.snapshot(url)) is not None and shown.data["blind"])
        assert health(url) == {"unknown"}
        street.lit = True
        until(lambda: health(url) == {"up"})
        shown = current.snapshot(url)
        assert shown is not None
        assert shown.data["incidents"] == []
        watch.terminate()
        assert watch.communicate(timeout=60)[1].count("Traceback") == 0


def test_up_prints_an_address_where_the_page_answers_and_stops_cleanly(street: Street, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/vigie.db"
    config = catalogue(street, tmp_path)
    port = free_port()
    env = environment(config, url)
    with vigie("up", "--port", str(port), env=env, cwd=tmp_path) as whole:
        assert whole.stderr is not None
        said = ""
        while "http://" not in said:
            line = whole.stderr.readline()
            assert line, said
            said += line
        assert f"http://127.0.0.1:{port}/" in said
        second = run("up", "--port", str(port), env=env, cwd=tmp_path)
        assert second.returncode == 2
        assert "--port" in second.stderr
        until(lambda: health(url) == {"up"})
        assert run("status", env=env, cwd=tmp_path).returncode == 0
        whole.send_signal(signal.SIGINT)
        _, errors = whole.communicate(timeout=60)
    assert whole.returncode == 0, errors
    assert "Traceback" not in errors
    with socket.socket() as free:
        free.bind(("127.0.0.1", port))


def test_a_second_monitor_is_refused(street: Street, database_url: str, tmp_path: Path) -> None:
    config = catalogue(street, tmp_path)
    prepared(database_url, "real", datetime.now(UTC))
    env = environment(config, database_url)
    with vigie("monitor", env=env, cwd=tmp_path):
        until(lambda: street.answered > 0)
        second = run("monitor", env=env, cwd=tmp_path)
        assert second.returncode == 2
        assert "Traceback" not in second.stderr
        assert len(second.stderr.strip().splitlines()) <= 5


class Gateway(ThreadingHTTPServer):
    """A webhook on loopback that keeps what it is handed."""

    def __init__(self) -> None:
        self.handed: list[dict[str, str]] = []
        super().__init__(("127.0.0.1", 0), Hook)


class Hook(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        self.server.handed.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.shutdown()


WATCH = '{id: veille, territories: ["D:59"], from: down, settle: 1s, min_share: 0, to_env: VIGIE_ESSAI}'


def test_a_notice_leaves_through_apprise_and_a_restart_does_not_repeat_it(
    street: Street, gateway: Gateway, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    config = catalogue(street, tmp_path, subscription=WATCH)
    env = environment(config, url, VIGIE_ESSAI=f"json://127.0.0.1:{gateway.server_port}/")
    prepared(url, "real", datetime.now(UTC))
    with vigie("monitor", env=env, cwd=tmp_path):
        until(lambda: (shown := current.snapshot(url)) is not None and shown.data["never_seen"] == [])
        street.dark = {street.ports[-1]}
        until(lambda: gateway.handed)
    with vigie("monitor", env=env, cwd=tmp_path):
        began = street.answered
        until(lambda: street.answered > began + 60)
    (letter,) = gateway.handed
    assert letter["title"].startswith(f"EN PANNE — Service {street.ports[-1]} — Nord — depuis")
    assert "\u202f" not in letter["title"]


def test_an_address_that_nothing_can_be_sent_to_is_refused_at_the_start_without_being_shown(
    street: Street, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    config = catalogue(street, tmp_path, subscription=WATCH)
    prepared(url, "real", datetime.now(UTC))
    env = environment(config, url, VIGIE_ESSAI="exec://s3cret/bin/sh")
    ended = run("monitor", env=env, cwd=tmp_path)
    assert ended.returncode == 2
    assert "veille" in ended.stderr
    assert "s3cret" not in ended.stderr
    assert street.answered == 0


@pytest.mark.postgres
def test_a_store_that_hangs_does_not_hold_up_a_stop(street: Street, postgres_database: str, tmp_path: Path) -> None:
    config = catalogue(street, tmp_path)
    prepared(postgres_database, "real", datetime.now(UTC))
    with vigie("monitor", env=environment(config, postgres_database), cwd=tmp_path) as watch:
        until(lambda: street.answered > 20)
        with psycopg.connect(postgres_database) as other:
            other.execute("LOCK TABLE measures.observations IN ACCESS EXCLUSIVE MODE")
            began = street.answered
            until(lambda: street.answered > began + 10)
            stopped = datetime.now(UTC)
            watch.send_signal(signal.SIGTERM)
            watch.communicate(timeout=60)
            assert datetime.now(UTC) - stopped < timedelta(seconds=10)


@pytest.mark.postgres
def test_a_monitor_whose_books_were_taken_stops_asking(street: Street, postgres_database: str, tmp_path: Path) -> None:
    config = catalogue(street, tmp_path)
    prepared(postgres_database, "real", datetime.now(UTC))
    env = environment(config, postgres_database)
    with vigie("monitor", env=env, cwd=tmp_path) as first:
        until(lambda: street.answered > 20)
        with psycopg.connect(postgres_database, autocommit=True) as other:
            # Its session is cut, and before it is back somebody else holds the lock.
            pid, key = other.execute(
                "SELECT pid, (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"
            ).fetchone() or (0, 0)
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
            until(lambda: other.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone() == (True,))
            _, errors = first.communicate(timeout=90)
    assert first.returncode == 2
    assert "Traceback" not in errors


def test_check_asks_once_and_says_no_with_its_exit_code(street: Street, tmp_path: Path) -> None:
    config = catalogue(street, tmp_path)
    env = environment(config, f"sqlite:///{tmp_path}/vigie.db")
    well = run("check", "--format", "json", env=env, cwd=tmp_path)
    assert well.returncode == 0, well.stderr
    said = json.loads(well.stdout)
    assert len(said["observations"]) == 10
    assert {one["health"] for one in said["observations"]} == {"up"}
    assert set(said["observations"][0]["phases_ms"]) >= {"connect", "first_byte", "transfer"}
    street.lit = False
    unwell = run("check", f"s{street.ports[-1]}", env=env, cwd=tmp_path)
    assert unwell.returncode == 1
    assert "En panne" in unwell.stdout
    assert "Vigie ne voit rien" in unwell.stderr  # the canaries went dark too: not a word against the service
    assert "Vigie ne voit rien" not in well.stderr
    assert not (tmp_path / "vigie.db").exists()
