"""The wiring's own small rules: secrets from files, the nightly look at the books, courtesy."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from monitor import app
from monitor.addresses import addresses, refuse_bad_addresses, seconds
from monitor.alerting.alarm_words import unheard
from monitor.domain.catalog import Role
from monitor.domain.notice import Subscription
from monitor.engine import courteous
from monitor.inspection import inspected
from monitor.settings import Settings
from monitor.watch import unwatched, watch_of
from tests.domain.small import small_france
from tests.prepared import prepared

SUBSCRIPTIONS = (Subscription("a", "VIGIE_A"), Subscription("b", "VIGIE_B"), Subscription("c", "VIGIE_C"))


def test_addresses_come_from_the_environment_or_from_files(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("json://from.file/\n", encoding="utf-8")
    found = addresses(SUBSCRIPTIONS, {"VIGIE_A": "json://direct/", "VIGIE_B_FILE": str(kept)})
    assert found == {"a": "json://direct/", "b": "json://from.file/"}


def test_second_addresses_and_what_whoever_starts_vigie_should_know() -> None:
    two = replace(SUBSCRIPTIONS[0], second_to_env="VIGIE_A2")
    environment = {"VIGIE_A": "json://first/", "VIGIE_A2": "json://second/"}
    assert seconds((two, *SUBSCRIPTIONS[1:]), environment) == {"a": "json://second/"}
    assert seconds((two,), {"VIGIE_A": "json://first/"}) == {}
    boss = Subscription("boss", "VIGIE_BOSS", role=Role.OPERATOR)
    assert list(unheard((two, boss), {"a": "x", "boss": "y"}, {"a": "z"})) == []
    assert list(unheard((two, boss), {"a": "x"}, {})) == [
        "L’exploitant de Vigie n’a pas d’adresse : il ne saura ni pannes d’envoi ni exercices.",
        "Abonnement a : VIGIE_A2 n’est pas défini, il n’a pas de seconde destination.",
        "Abonnement boss : VIGIE_BOSS n’est pas défini, personne ne sera prévenu.",
    ]
    for heard in ({}, {"boss": "y"}):
        assert "Aucun abonnement" in next(unheard((two, boss), heard, {}))
    assert "Aucun abonnement" in next(unheard((), {}, {}))


def test_a_secret_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="absent"):
        addresses(SUBSCRIPTIONS, {"VIGIE_A_FILE": str(tmp_path / "absent")})


def test_the_address_of_the_books_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "url"
    kept.write_text("postgresql://vigie:secret@db/vigie\n", encoding="utf-8")
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    monkeypatch.setenv("VIGIE_DATABASE_URL_FILE", str(kept))
    assert app.settings().database_url == "postgresql://vigie:secret@db/vigie"


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_LISTEN", "0.0.0.0:9000")
    assert app.settings(port=8051).listen == "0.0.0.0:8051"
    assert app.settings().listen == "0.0.0.0:9000"


async def test_the_nightly_look_says_what_is_wrong_without_saying_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{file}")
    prepared(f"sqlite:///{file}", "real", datetime.now(UTC))
    assert await inspected() == []
    file.write_bytes(b"not a database at all" * 1000)
    (said,) = await inspected()
    assert str(tmp_path) not in said


def test_without_a_contact_nobody_is_asked_more_often_than_every_five_minutes() -> None:
    slowed = courteous(small_france(), None)
    assert {probe.policy.every for probe in slowed.probes()} == {timedelta(minutes=5)}
    assert {probe.policy.retry_every for probe in slowed.probes()} == {timedelta(minutes=5)}
    assert courteous(small_france(), "vigie@example.org") == small_france()


async def test_every_address_that_cannot_be_sent_to_is_named_at_the_start_and_not_shown() -> None:
    bad = {"drane": "exec://s3cret/", "VIGIE_SMS_URL": "dbus://s3cret/"}
    with pytest.raises(ValueError, match="Adresses d’envoi refusées") as caught:
        await refuse_bad_addresses(bad)
    said = str(caught.value)
    assert "  Abonnement drane : Ce type" in said
    assert "  VIGIE_SMS_URL : Ce type" in said
    assert "s3cret" not in said


def test_what_nobody_would_hear_is_said_once_at_the_start() -> None:
    (nothing,) = unwatched(Settings())
    assert "VIGIE_HEARTBEAT_URL" in nothing
    assert list(unwatched(Settings(heartbeat_url="https://watch.example/s3cret"))) == []


def test_an_address_of_heartbeats_that_is_refused_is_not_shown() -> None:
    async def resolver() -> bool:
        return True

    with pytest.raises(ValueError, match="VIGIE_HEARTBEAT_URL") as refused:
        watch_of(Settings(heartbeat_url="http://watch.example/s3cret"), "Vigie/test", resolver)
    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in repr(Settings(heartbeat_url="https://watch.example/s3cret"))
    assert watch_of(Settings(), "Vigie/test", resolver).ping is None


def test_the_address_of_heartbeats_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "url"
    kept.write_text("https://watch.example/s3cret\n", encoding="utf-8")
    monkeypatch.setenv("VIGIE_HEARTBEAT_URL_FILE", str(kept))
    assert app.settings().heartbeat_url == "https://watch.example/s3cret"


@pytest.mark.parametrize(("said", "at"), [("06:45", time(6, 45)), ("non", None), ("", None)])
def test_the_hour_of_the_drill(monkeypatch: pytest.MonkeyPatch, said: str, at: time | None) -> None:
    monkeypatch.setenv("VIGIE_DRILL_AT", said)
    assert app.settings().drill_at == at
