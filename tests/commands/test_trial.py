"""`vigie recipients test`: a real message to a real SMTP server, and what it answered; no address in clear."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.alerting.sample import sample
from monitor.desk.recipients import take
from monitor.domain.recipient import Contact
from monitor.store import open_desk_reader, open_store
from tests.alerting.postbox import Postbox, postbox
from tests.commands.declaring import CATALOGUE, Vigie
from tests.prepared import prepared

NOW = datetime(2026, 11, 28, 9, 12, tzinfo=UTC)
ADDRESS = "ce.0590001f@ac-lille.fr"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with postbox() as one:
        monkeypatch.setenv("VIGIE_MAIL_URL", one.url)
        yield one


@pytest.fixture
def contact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a contact that the desk knows."""
    monkeypatch.setenv("VIGIE_DATABASE_URL", url := f"sqlite:///{tmp_path}/vigie.db")
    prepared(url, "real", NOW)
    take(url, [Contact("0590001F", "Collège A", ADDRESS, "0320000012")], NOW)
    desk = open_desk_reader(url)
    (found,) = desk.recipients()
    desk.close()
    return found.id


def test_it_arrives_marked_while_a_monitor_runs(vigie: Vigie, box: Postbox, contact: str, tmp_path: Path) -> None:
    monitor = open_store(f"sqlite:///{tmp_path}/vigie.db", kind="real")
    code, out, err = vigie("recipients", "test", contact)
    monitor.close()
    assert (code, err) == (0, "")
    assert out == "Message d’essai à c…@ac-lille.fr (0590001F) : Remis (mailto://…).\n"
    assert box.recipients == [ADDRESS]
    (mail,) = box.mails
    assert mail["Subject"] == "[MESSAGE D’ESSAI] Vigie peut vous joindre"
    assert "rien n’est en panne" in mail.get_content().replace("\u00a0", " ")


def test_what_the_gateway_refuses_is_said_and_is_no(vigie: Vigie, box: Postbox, contact: str) -> None:
    box.refuses = True
    code, out, err = vigie("recipients", "test", contact)
    assert (code, err) == (1, "")
    assert "Le destinataire (mailto://…) ne répond pas ou n’accepte pas le message." in out
    assert "0590001f@" not in out


def test_what_cannot_even_be_tried_is_wrong_usage(
    vigie: Vigie, contact: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIGIE_MAIL_URL", raising=False)
    code, out, err = vigie("recipients", "test", contact)
    assert (code, out) == (2, "")
    assert "VIGIE_MAIL_URL n’est pas défini" in err
    code, out, err = vigie("recipients", "test", "jean.dupont@example.org")
    assert (code, out) == (2, "")
    assert "Ni contact ni abonnement" in err
    assert "dupont" not in err
    subscription = "subscriptions:\n  - {id: drane, territories: [N], to_env: VIGIE_DRANE}\n"
    (tmp_path / "probes.yaml").write_text(CATALOGUE + subscription, encoding="utf-8")
    code, out, err = vigie("recipients", "test", "drane")
    assert (code, out) == (2, "")
    assert "VIGIE_DRANE n’est pas défini" in err
    monkeypatch.setenv("VIGIE_DRANE", "dbus://secret")
    code, out, err = vigie("recipients", "test", "drane")
    assert (code, out) == (2, "")
    assert "n’est pas permis" in err
    assert "secret" not in err


def test_a_subscription_of_the_catalogue_needs_no_book(
    vigie: Vigie, box: Postbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    subscription = "subscriptions:\n  - {id: drane, territories: [N], language: en, to_env: VIGIE_MAIL_URL}\n"
    (tmp_path / "probes.yaml").write_text(CATALOGUE + subscription, encoding="utf-8")
    code, out, err = vigie("recipients", "test", "drane")
    assert (code, err) == (0, "")
    assert out == "Message d’essai à l’abonnement drane (mailto://…) : Remis (mailto://…).\n"
    assert "nothing is down" in box.mails[0].get_content()
    code, out, err = vigie("recipients", "test", "r0123456789")
    assert (code, out) == (2, "")
    assert "Ni contact ni abonnement" in err


def test_a_reader_of_no_known_language_reads_french() -> None:
    assert sample("de", NOW) == sample("fr", NOW)
    assert "10 h 12, heure de Paris" in sample("fr", NOW).body.replace("\u00a0", " ").replace("\u202f", " ")
