"""The letter of the daily drill, and the pulse of the process that carries it."""

import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting import Sender, drill_letter

EARLY = datetime(2026, 11, 28, 5, 45, tzinfo=UTC)


def test_it_says_what_it_is_from_the_first_word() -> None:
    letter = drill_letter(EARLY, "fr")
    assert letter.title == "EXERCICE QUOTIDIEN — Vigie — 28 novembre"
    assert letter.body == (
        "EXERCICE QUOTIDIEN : rien n’est en panne, il n’y a rien à faire.\n"
        "Ce message a suivi le chemin de tous les autres : le registre, le processus d’envoi, votre adresse.\n"
        "\n"
        "Parti le 28 novembre à 6 h 45 (heure de Paris). S’il manque un jour, les alertes vous manqueraient aussi : "
        "« vigie status » dit ce qu’il en est.\n"
        "\n"
        "Vigie, mesure indépendante des services numériques des établissements scolaires.\n"
    )


def test_by_choice_in_english_and_else_in_french() -> None:
    assert drill_letter(EARLY, "en").title == "DAILY DRILL — Vigie — 28 November"
    assert "nothing is down" in drill_letter(EARLY, "en").body
    assert drill_letter(EARLY, "xx") == drill_letter(EARLY, "fr")


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    one = Sender(pulse=timedelta(seconds=2))
    await one.start()
    yield one
    await one.close()


async def test_a_child_that_is_killed_is_felt_and_the_next_one_answers(sender: Sender) -> None:
    assert await sender.pulse()
    assert sender._line is not None
    first = sender._line
    os.kill(first.pid, signal.SIGKILL)
    first._process.wait()
    assert await sender.pulse()
    assert sender._line.pid != first.pid


async def test_a_child_that_is_frozen_is_ended(sender: Sender) -> None:
    assert await sender.pulse()
    assert sender._line is not None
    os.kill(sender._line.pid, signal.SIGSTOP)
    assert not await sender.pulse()
    assert await sender.pulse()


async def test_a_sender_that_is_not_started_has_no_pulse() -> None:
    assert not await Sender().pulse()
