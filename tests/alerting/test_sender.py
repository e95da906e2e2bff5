"""Real destinations on loopback, through the real child process."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.alerting.sender import Message, Sender, _command, check_url
from monitor.domain.delivery import DOUBTFUL

if TYPE_CHECKING:
    from tests.alerting.conftest import Mailbox, Webhook

SECRET = "Tr0ub4dor"
TITLE = "EN PANNE — Mon ENT X — 3 académies — depuis 8 h 07"
BODY = "Mon ENT X est en panne.\n\n<b>R&D</b> : *étoiles* et élèves.\n"


def _message(url: str, identity: str = "n1") -> Message:
    return Message(identity, url, TITLE, BODY)


async def test_mail_arrives_as_plain_text(sender: Sender, mailbox: "Mailbox") -> None:
    url = f"mailto://vigie:{SECRET}@127.0.0.1:{mailbox.port}/?from=vigie@example.org&to=rectorat@example.org&mode=insecure"
    outcome = await sender.send(_message(url))
    assert outcome.delivered, outcome
    assert outcome.id == "n1"
    [mail] = mailbox.mails
    assert mailbox.passwords == [SECRET.encode()]
    assert mailbox.recipients == ["rectorat@example.org"]
    assert mail["subject"] == TITLE
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == BODY.splitlines()  # type: ignore[attr-defined]


async def test_webhook_receives_title_and_message(sender: Sender, webhook: "Webhook") -> None:
    outcome = await sender.send(_message(f"json://127.0.0.1:{webhook.port}/crise?:=x"))
    assert outcome.delivered
    [received] = webhook.received
    assert received["title"] == TITLE
    assert received["message"].strip() == BODY.strip()
    assert "http" not in str(received.get("image", ""))


async def test_refusing_and_dead_destinations_are_not_delivered(sender: Sender, webhook: "Webhook") -> None:
    webhook.status = 500
    refused, dead = await asyncio.gather(
        sender.send(_message(f"json://u:{SECRET}@127.0.0.1:{webhook.port}/{SECRET}", "refused")),
        sender.send(_message(f"mailto://u:{SECRET}@127.0.0.1:1/?to=a@example.org&mode=insecure", "dead")),
    )
    assert (refused.id, refused.delivered) == ("refused", False)
    assert (dead.id, dead.delivered) == ("dead", False)
    for outcome in (refused, dead):
        assert outcome.words.endswith(".")
        assert SECRET not in outcome.words
        assert "127.0.0.1" not in outcome.words


async def test_a_redirect_is_a_failure(sender: Sender, webhook: "Webhook") -> None:
    """Followed, the POST would become a GET: answered 200, and the message lost."""
    webhook.status = 302
    outcome = await sender.send(_message(f"json://127.0.0.1:{webhook.port}/"))
    assert not outcome.delivered


async def test_killed_in_the_middle_then_works_again(sender: Sender, webhook: "Webhook") -> None:
    webhook.held.clear()
    url = f"json://127.0.0.1:{webhook.port}/"
    sending = asyncio.create_task(sender.send(_message(url, "lost")))
    await webhook.asked.wait()
    assert sender._line is not None
    first = sender._line.pid
    os.kill(first, signal.SIGKILL)
    lost = await sending
    assert not lost.delivered
    assert "arrêté" in lost.words
    webhook.held.set()
    again = await sender.send(_message(url, "again"))
    assert again.delivered
    assert sender._line.pid != first


async def test_a_silent_child_is_replaced(webhook: "Webhook") -> None:
    """The sender's own patience, far below the child's, stands for a child that never answers."""
    sender = Sender(timeout=timedelta(seconds=0.3))
    await sender.start()
    webhook.held.clear()
    url = f"json://127.0.0.1:{webhook.port}/"
    stuck = await sender.send(_message(url))
    assert not stuck.delivered
    assert "relancé" in stuck.words
    webhook.held.set()
    sender._timeout = timedelta(seconds=30)
    assert (await sender.send(_message(url))).delivered
    await sender.close()


async def test_a_slow_destination_does_not_hold_the_others(
    sender: Sender, webhook: "Webhook", mailbox: "Mailbox"
) -> None:
    webhook.held.clear()
    slow = asyncio.create_task(sender.send(_message(f"json://127.0.0.1:{webhook.port}/", "slow")))
    await webhook.asked.wait()
    mail = f"mailto://127.0.0.1:{mailbox.port}/?from=vigie@example.org&to=a@example.org&mode=insecure"
    assert (await sender.send(_message(mail, "quick"))).delivered
    assert not slow.done()
    webhook.held.set()
    assert (await slow).delivered


async def test_a_black_hole_with_all_its_places_taken_does_not_hold_the_others(
    sender: Sender, webhook: "Webhook", mailbox: "Mailbox"
) -> None:
    """More at once than Apprise's own pool would carry."""
    webhook.held.clear()
    held = [sender.send(_message(f"json://127.0.0.1:{webhook.port}/?rto=20", f"h{n}")) for n in range(DOUBTFUL)]
    stuck = asyncio.gather(*held)
    while len(webhook.received) < DOUBTFUL:
        await webhook.asked.wait()
        webhook.asked.clear()
    mail = f"mailto://127.0.0.1:{mailbox.port}/?from=vigie@example.org&to=a@example.org&mode=insecure"
    assert (await sender.send(_message(mail, "quick"))).delivered
    assert not stuck.done()
    webhook.held.set()
    assert all(one.delivered for one in await stuck)


async def test_close_leaves_no_process_and_no_open_question(webhook: "Webhook") -> None:
    sender = Sender()
    await sender.start()
    webhook.held.clear()
    sending = asyncio.create_task(sender.send(_message(f"json://127.0.0.1:{webhook.port}/")))
    await webhook.asked.wait()
    assert sender._line is not None
    pid = sender._line.pid
    await sender.close()
    assert not (await sending).delivered
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RuntimeError):
        await sender.send(_message("json://127.0.0.1/"))


async def test_nothing_is_sent_to_a_scheme_off_the_list(sender: Sender) -> None:
    outcome = await sender.send(_message(f"syslog://{SECRET}"))
    assert not outcome.delivered
    assert SECRET not in outcome.words
    assert sender._line is None


def test_check_url() -> None:
    assert check_url(f"mailtos://vigie:{SECRET}@mail.example.org/?to=a@example.org") is None
    for url, word in [
        (f"slack://{SECRET}", "ne sait pas lire"),
        (f"jsons://example.org/?a=1;template=/etc/{SECRET}", "template"),
        (f"mailto://u:{SECRET}@example.org?pgppub=/etc/passwd", "pgppub"),
    ]:
        sentence = check_url(url)
        assert sentence is not None
        assert word in sentence
        assert SECRET not in sentence


@pytest.mark.parametrize(
    "url",
    [
        "syslog://",
        "dbus://",
        "windows://",
        "apprise://h/t",
        "notify://x",
        "https://hooks.slack.com/x",
        "nope",
        "",
        "file:///etc",
    ],
)
def test_schemes_that_are_not_permitted(url: str) -> None:
    assert check_url(url) is not None


def test_the_child_gets_no_secret_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_RECTORAT_LILLE", SECRET)
    monkeypatch.setenv("VIGIE_DATABASE_URL", SECRET)
    assert SECRET not in str(_command())


def test_the_calling_process_never_loads_apprise() -> None:
    code = "import sys, monitor.alerting.sender, monitor.alerting.messages; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
