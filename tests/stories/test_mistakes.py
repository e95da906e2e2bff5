"""What people do wrong: one clear message that names the mend, exit 2, nothing half-written."""

import socket
from pathlib import Path

import pytest

from tests.stories.street import environment, run

GOOD = Path(__file__).parents[2] / "probes.yaml"


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        (("check", "ent-hfd"), {}, "ent-hdf"),
        (("up",), {"VIGIE_LISTEN": "8050"}, "127.0.0.1:8050"),
        (("monitor",), {"VIGIE_EVALUATE_EVERY_S": "soon", "VIGIE_TELL_EVERY_S": "-1"}, "VIGIE_TELL_EVERY_S"),
        (("monitor",), {}, "vigie db upgrade"),
        (("monitor",), {"VIGIE_DATABASE_URL": "postgresql://vigie@127.0.0.1:1/vigie"}, "PostgreSQL"),
        (("monitor",), {"VIGIE_DATABASE_URL": "mysql://x/y"}, "sqlite"),
        (("check",), {"VIGIE_ALLOW_NETWORKS": "127.0.0.0/99,ici"}, "ici"),
        (("check", "ent-hdf"), {"VIGIE_RESOLVERS": "nulle-part"}, "nulle-part"),
        (("rehearse", "1789-07-14"), {}, "2021-04-06"),
        (("rehearse", "2021-04-06", "--between", "10:00-09:00"), {}, "07:30-10:00"),
        (("validate", "absent.yaml"), {}, "absent.yaml"),
        (("db", "upgrade"), {"VIGIE_DATABASE_URL": "sqlite:////proc/vigie.db"}, "/proc"),
    ],
)
def test_one_clear_message_and_exit_2(words: tuple[str, ...], env: dict[str, str], said: str, tmp_path: Path) -> None:
    whole = environment(GOOD, f"sqlite:///{tmp_path}/vigie.db") | env
    ended = run(*words, env=whole, cwd=tmp_path)
    assert ended.returncode == 2, ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_every_error_of_a_catalogue_at_once_with_line_and_mend(tmp_path: Path) -> None:
    bad = tmp_path / "mauvais.yaml"
    bad.write_text(
        GOOD.read_text(encoding="utf-8")
        .replace("operator: kosmos", "operator: cosmos", 1)
        .replace('territories: ["R:32"]', 'territories: ["R:320"]', 1),
        encoding="utf-8",
    )
    ended = run("validate", str(bad), env=environment(bad, "sqlite:///x.db"), cwd=tmp_path)
    assert ended.returncode == 2
    assert "cosmos" in ended.stderr
    assert "kosmos" in ended.stderr
    assert "R:320" in ended.stderr
    assert ended.stderr.count("ligne") >= 2


def test_up_refuses_a_busy_port_before_it_touches_anything(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        ended = run("up", "--port", port, env=environment(GOOD, f"sqlite:///{tmp_path}/vigie.db"), cwd=tmp_path)
    assert ended.returncode == 2
    assert "--port" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_rehearsal_refuses_a_real_database_and_a_monitor_a_rehearsal_one(tmp_path: Path) -> None:
    real = environment(GOOD, f"sqlite:///{tmp_path}/real.db")
    assert run("db", "upgrade", env=real, cwd=tmp_path).returncode == 0
    refused = run("rehearse", "2021-04-06", "--between", "07:30-07:31", env=real, cwd=tmp_path)
    assert refused.returncode == 2
    played = environment(GOOD, f"sqlite:///{tmp_path}/played.db")
    assert run("rehearse", "2021-04-06", "--between", "07:30-07:31", env=played, cwd=tmp_path).returncode == 0
    assert run("monitor", env=played, cwd=tmp_path).returncode == 2
