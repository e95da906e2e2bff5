"""The real program, on real sockets and real databases: stopped, killed, cut off, misused."""

import json
import os
import random
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import load
from monitor.reports import current
from monitor.store import check, open_reader, upgrade
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
    upgrade(database_url, "real", datetime.now(UTC))
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
    upgrade(database_url, "real", datetime.now(UTC))
    with vigie("monitor", env=environment(config, database_url), cwd=tmp_path) as watch:
        until(lambda: street.answered > 40)
        stopped = datetime.now(UTC)
        watch.send_signal(signal.SIGTERM)
        _, errors = watch.communicate(timeout=15)
    assert watch.returncode == 0, errors
    assert datetime.now(UTC) - stopped < timedelta(seconds=10)
    assert len(committed(database_url, config)) == street.answered


def test_without_a_network_vigie_says_that_it_is_blind_and_recovers_by_itself(street: Street, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    config = catalogue(street, tmp_path)
    upgrade(url, "real", datetime.now(UTC))
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
        assert watch.communicate(timeout=15)[1].count("Traceback") == 0


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
        _, errors = whole.communicate(timeout=15)
    assert whole.returncode == 0, errors
    assert "Traceback" not in errors
    with socket.socket() as free:
        free.bind(("127.0.0.1", port))


def test_a_second_monitor_is_refused(street: Street, database_url: str, tmp_path: Path) -> None:
    config = catalogue(street, tmp_path)
    upgrade(database_url, "real", datetime.now(UTC))
    env = environment(config, database_url)
    with vigie("monitor", env=env, cwd=tmp_path):
        until(lambda: street.answered > 0)
        second = run("monitor", env=env, cwd=tmp_path)
        assert second.returncode == 2
        assert "Traceback" not in second.stderr
        assert len(second.stderr.strip().splitlines()) <= 4


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


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
