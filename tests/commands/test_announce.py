"""`vigie announce`, as people type it, on each database: what is said is kept beside the measures, and changes none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.commands.declared import KINDS, delay
from monitor.domain.announcement import AnnouncementKind
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.store import Evaluation, open_reader, open_store
from tests.commands.declaring import Vigie, as_json
from tests.prepared import prepared

PARIS, TAHITI = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Tahiti")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
INCIDENT = "20261123-070000-ent-a"


@pytest.fixture
def opened(database_url: str, monkeypatch) -> datetime:
    """The books with one incident; when it opened: three hours ago, on the minute."""
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    now = datetime.now(UTC)
    at = (now - 3 * HOUR).replace(second=0, microsecond=0)
    prepared(database_url, "real", now)
    store = open_store(database_url, kind="real")
    incident = Incident(INCIDENT, "service:ent-a", at, at, Health.DOWN, Health.DOWN, ("ent-a",), ("D:59",))
    store.save(Evaluation((), (), (), (incident,), None, now))
    store.close()
    return at


def local(at: datetime, zone: ZoneInfo = PARIS) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def test_a_statement_shows_how_late_it_came(vigie: Vigie, opened: datetime, database_url: str) -> None:
    said = opened + 95 * MINUTE
    words = ("Nous rencontrons une difficulté.", "--kind", "statement", "--incident", INCIDENT, "--author", "Edifice")
    code, out, err = vigie("announce", *words, "--at", local(said))
    assert (code, err) == (0, "")
    assert "Déclaré 1 h 35 min après le début mesuré de l’incident." in out
    [shown] = as_json(vigie("announce", "--list", "--format", "json"))
    assert (shown["kind"], shown["incident"], shown["service"]) == ("statement", INCIDENT, None)
    assert (shown["text"], shown["author"]) == ("Nous rencontrons une difficulté.", "Edifice")
    assert shown["declared_delay_s"] == 95 * 60
    assert datetime.fromisoformat(str(shown["at"])) == said
    assert datetime.fromisoformat(str(shown["recorded_at"])) > said
    code, out, err = vigie("announce", "--list", "--incident", INCIDENT)
    for word in ("L’exploitant", "Edifice", INCIDENT, "Déclaré 1 h 35 min après", "Nous rencontrons une difficulté."):
        assert word in out
    reader = open_reader(database_url)
    assert reader.incidents_named([INCIDENT, "x"])[INCIDENT].opened_at == opened  # no measure is altered
    assert reader.incidents_named(["x"]) == {}
    reader.close()


def test_a_post_mortem_comes_from_a_file_with_its_lines(vigie: Vigie, opened, tmp_path) -> None:
    (tmp_path / "bilan.txt").write_bytes("\ufeffLe 23 :\r\n- saturé ;\r\n- réparé.\r\n".encode())
    words = ("--file", "bilan.txt", "--kind", "postmortem", "--incident", INCIDENT, "--author", "Edifice")
    assert vigie("announce", *words)[0] == 0
    [shown] = as_json(vigie("announce", "--list", "--format", "json"))
    assert shown["text"].replace("\u00a0", " ") == "Le 23 :\n- saturé ;\n- réparé."
    assert shown["declared_delay_s"] is None
    assert "    - réparé." in vigie("announce", "--list")[1].splitlines()


def test_an_announcement_about_a_service_in_its_own_hour(vigie: Vigie, opened) -> None:
    words = ("announce", "Travaux lundi.", "--service", "ent-pf", "--author", "DSI")
    assert vigie(*words, "--at", local(opened, TAHITI))[0] == 0
    assert vigie(*words, "--at", local(opened, TAHITI), "--hours-of", "C:987")[0] == 0
    assert vigie(*words)[0] == 0
    found = as_json(vigie("announce", "--list", "--service", "ent-pf", "--format", "json"))
    assert [datetime.fromisoformat(str(one["at"])) == opened for one in found] == [True, True, False]
    assert len({one["id"] for one in found}) == 3
    assert as_json(vigie("announce", "--list", "--service", "ent-a", "--format", "json")) == []
    assert "service ent-pf" in vigie("announce", "--list")[1]


def test_what_was_said_by_mistake_is_withdrawn(vigie: Vigie, opened) -> None:
    assert vigie("announce", "Faux.", "--service", "ent-a", "--author", "x")[0] == 0
    [shown] = as_json(vigie("announce", "--list", "--format", "json"))
    assert vigie("announce", "--withdraw", str(shown["id"]))[0] == 0
    assert vigie("announce", "--list") == (0, "Rien n’a été dit.\n", "")
    code, out, err = vigie("announce", "--withdraw", str(shown["id"]))
    assert (code, out) == (2, "")
    assert "vigie announce --list" in err


SAID = ("announce", "Texte", "--author", "x")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (SAID, ["un incident ou un service"]),
        ((*SAID, "--service", "ent-a", "--incident", "x"), ["--incident : aucun incident de ce nom", "un incident ou un service"]),
        ((*SAID, "--service", "ent-b"), ["--service : « ent-b »", "ent-a"]),
        (("announce", "--service", "ent-b"), ["Donnez le texte", "--file", "--service", "--author : rien n’est écrit"]),
        ((*SAID, "--file", "x.txt", "--service", "ent-a"), ["l’un des deux"]),
        (("announce", "--file", "absent.txt", "--author", "x", "--service", "ent-a"), ["absent.txt", "Corrigez son chemin"]),
        (("announce", "--file", "latin.txt", "--author", "x", "--service", "ent-a"), ["latin.txt", "UTF-8"]),
        (("announce", "--file", "huge.txt", "--author", "x", "--service", "ent-a"), ["huge.txt", "démesuré"]),
        ((*SAID, "--service", "ent-a", "--at", "hier"), ["--at : « hier »", "2026-12-05T22:00"]),
        ((*SAID, "--service", "ent-a", "--at", "2021-03-28T02:30"), ["--at : cette heure n’existe pas"]),
        ((*SAID, "--service", "ent-a", "--at", "2021-03-28T08:30", "--hours-of", "A:lile"), ["--hours-of", "A:lille"]),
        ((*SAID, "--service", "ent-a", "--at", "2090-03-28T08:30", "--kind", "statement"), ["dans l’avenir"]),
        (("announce", "a\x1b[31mb", "--author", "x\ny", "--service", "ent-a"), ["Le texte : caractère invisible U+001B", "--author : le texte doit tenir sur une ligne"]),
        (("announce", "é" * 2001, "--author", "x", "--service", "ent-a"), ["2001 caractères, 2000 au plus"]),
        ((*SAID, "--kind", "rumeur"), ["--kind : écrivez announcement ou statement ou postmortem"]),
    ],
)  # fmt: skip
def test_every_mistake_at_once_with_its_mend(vigie: Vigie, tmp_path, monkeypatch, words, said) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    prepared(url, "real", datetime.now(UTC))
    (tmp_path / "latin.txt").write_bytes(b"\xe9t\xe9")
    (tmp_path / "huge.txt").write_bytes(b"x" * 1_000_001)
    code, out, err = vigie(*words)
    assert (code, out) == (2, "")
    for word in said:
        assert word in err
    assert as_json(vigie("announce", "--list", "--format", "json")) == []


def test_an_announcement_may_speak_of_what_comes(vigie: Vigie, opened) -> None:
    assert vigie(*SAID, "--service", "ent-a", "--at", "2090-03-28T08:30")[0] == 0


def test_without_a_book_the_mend_is_named(vigie: Vigie, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/vigie.db")
    for words in (
        (*SAID, "--service", "ent-a"),
        (*SAID, "--incident", "x"),
        ("announce", "--list"),
        ("announce", "--withdraw", "x"),
    ):
        code, out, err = vigie(*words)
        assert (code, out) == (2, "")
        assert "vigie db upgrade" in err


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min après"), (0.9, "0 min après"), (12, "12 min après"), (60, "1 h après"), (61, "1 h 1 min après"),
        (1440, "1 j après"), (3 * 1440 + 75, "3 j 1 h 15 min après"), (-12, "12 min avant"),
    ],
)  # fmt: skip
def test_delays_as_people_say_them(minutes: float, words: str) -> None:
    assert delay(minutes * MINUTE) == f"Déclaré {words} le début mesuré de l’incident."


def test_every_kind_is_worded() -> None:
    assert set(KINDS) == set(AnnouncementKind)
