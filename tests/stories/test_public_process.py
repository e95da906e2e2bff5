"""The real monitor asks a newcomer to confirm, by a real mail server; a gateway that is none is refused at the start."""

from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from monitor.domain.subscriber import Wish
from monitor.domain.window import Scope, ScopeKind
from monitor.store import open_desk
from tests.ports import free_port
from tests.prepared import prepared
from tests.stories.street import Street, catalogue, environment, run, until, vigie


class Letters:
    """Keeps what it accepts."""

    def __init__(self) -> None:
        self.kept: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        self.kept.append((envelope.rcpt_tos, mail.get_content()))
        return "250 OK"


@pytest.fixture
def street():
    with Street(6) as one:
        yield one


def test_the_monitor_asks_once(street: Street, tmp_path: Path) -> None:
    url, letters = f"sqlite:///{tmp_path}/vigie.db", Letters()
    prepared(url, "real", datetime.now(UTC))
    port = free_port()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    secret = tmp_path / "gateway"
    secret.write_text(f"mailto://127.0.0.1:{port}/?from=vigie@example.org&mode=insecure\n", encoding="utf-8")
    env = environment(catalogue(street, tmp_path), url) | {
        "VIGIE_MAIL_URL_FILE": str(secret), "VIGIE_PUBLIC_URL": "https://vigie.example", "VIGIE_LOG": "DEBUG",
    }  # fmt: skip
    with closing(open_desk(url)) as desk:
        desk.sign_up(Wish("moi@b.fr", Scope(ScopeKind.TERRITORY, "A:lyon"), "fr"), datetime.now(UTC))
    with vigie("monitor", env=env, cwd=tmp_path) as watch:
        until(lambda: len(letters.kept) > 0)
        watch.terminate()
        _, said = watch.communicate(timeout=60)
    server.stop()
    [(to, text)] = letters.kept
    assert (watch.returncode, to) == (0, ["moi@b.fr"])
    assert "https://vigie.example/abonnement/confirmer/s" in text
    assert "moi@" not in said
    assert "/abonnement/" not in said


def test_a_gateway_that_is_no_mail_server_is_refused_at_the_start(street: Street, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", datetime.now(UTC))
    env = environment(catalogue(street, tmp_path), url)
    said = run(
        "monitor", env=env | {"VIGIE_MAIL_URL": "json://x/", "VIGIE_PUBLIC_URL": "https://v.example"}, cwd=tmp_path
    )
    assert said.returncode == 2
    assert "passerelle" in said.stderr
