"""The real monitor and a real mail server: a head of school who was imported while it ran is written to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.reports import current
from tests.alerting.postbox import postbox
from tests.prepared import prepared
from tests.stories.street import Street, catalogue, environment, run, until, vigie


@pytest.fixture
def street() -> Iterator[Street]:
    with Street(6) as one:
        yield one


def test_a_head_imported_while_the_monitor_runs_is_written_to(street: Street, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", datetime.now(UTC))
    head = "0590001F,Collège A,ce.0590001f@ac-lille.fr,\n"
    elsewhere = "0130001F,Collège B,ce.0130001z@ac-aix-marseille.fr,\n"
    (tmp_path / "liste.csv").write_text(f"uai,name,email,phone\n{head}{elsewhere}", encoding="utf-8")
    with postbox() as box:
        env = environment(catalogue(street, tmp_path), url, VIGIE_MAIL_URL=box.url, VIGIE_HEADS_SETTLE_S="1")
        with vigie("monitor", env=env, cwd=tmp_path) as monitor:
            until(lambda: (shown := current.snapshot(url)) is not None and shown.data["never_seen"] == [])
            ended = run("recipients", "import", "liste.csv", env=env, cwd=tmp_path)
            assert ended.returncode == 0, ended.stderr
            street.dark = {street.ports[-1]}
            until(lambda: box.mails)
            monitor.terminate()
            _, said = monitor.communicate(timeout=60)
    assert box.recipients == ["ce.0590001f@ac-lille.fr"]
    assert str(box.mails[0]["Subject"]).startswith(f"EN PANNE — Service {street.ports[-1]} — depuis")
    assert "0590001f@" not in said
