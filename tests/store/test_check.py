"""`check` finds what is planted."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.service_verdict import Span
from monitor.domain.verdict import Verdict
from monitor.store import Store, Telling, check, open_store
from tests.prepared import prepared

PLANTED = [
    ("UPDATE observations SET series = 77 WHERE at NOT IN (SELECT at FROM excerpts)", "série inconnue"),
    ("UPDATE observations SET detail = 77", "dictionnaire"),
    ("UPDATE observations SET address = 77", "dictionnaire"),
    ("UPDATE observations SET hour = hour + 1 WHERE at NOT IN (SELECT at FROM excerpts)", "autre heure"),
    ("UPDATE observations SET evidence = 77", "preuve"),
    ("DELETE FROM observations WHERE at IN (SELECT at FROM excerpts)", "extrait"),
    ("UPDATE gaps SET until = since - 1", "trou"),
    ("UPDATE gaps SET slots = -1", "trou"),
    ("UPDATE gaps SET excuse = 99", "Mettez Vigie à jour"),
    ("UPDATE observations SET failure = 999", "Mettez Vigie à jour"),
    ("UPDATE spans SET until = since - 1", "finissent avant"),
    ("UPDATE incidents SET closed_at = opened_at - 1", "clos avant"),
    ("INSERT INTO sheets VALUES ('gone', 1, 0, '{}')", "incident absent"),
    ("UPDATE tellings SET state = 'lost'", "état inconnu"),
    ("UPDATE snapshots SET etag = 'x'", "instantané"),
]


@pytest.fixture
def filled(store: Store, answer, evaluation, now) -> Store:
    gap = Gap("", "local", now, now + timedelta(minutes=1), 0, Excuse.ASLEEP)
    store.append([answer(0, detail="x", address="192.0.2.1", marker="m"), answer(1, excerpt="text")], [gap])
    span = Span("ent-x", None, "local", Health.UP, now, now + timedelta(hours=1))
    incident = Incident("i", "service:x", now, now, Health.DOWN, Health.DOWN, ("x",), ())
    store.save(evaluation(spans=(span,), incidents=(incident,), snapshot=b"{}"))
    store.queue([Telling("t", "s", "i", Reason.OPENED, Health.DOWN, "a", "b", now)])
    return store


@pytest.mark.parametrize(("damage", "words"), PLANTED)
def test_what_no_constraint_guards(filled: Store, database_url: str, damage: str, words: str) -> None:
    assert check(database_url) == ()
    with filled._engine.begin() as connection:
        connection.exec_driver_sql(damage)
    (sentence,) = check(database_url)
    assert words in sentence


def test_a_line_that_lost_the_one_it_refers_to(tmp_path: Path, now, answer, evaluation) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", now)
    store = open_store(url, kind="real")
    store.save(evaluation(verdicts=(Verdict("a/b", "local", Health.UP, now),)))
    store.close()
    with sqlite3.connect(tmp_path / "vigie.db") as other:
        other.execute("DELETE FROM series")
    other.close()
    (sentence,) = check(url)
    assert "verdicts" in sentence


@pytest.mark.parametrize("book", ["vigie.db", "vigie-desk.db"])
def test_a_damaged_page(tmp_path: Path, now, answer, book: str) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", now)
    store = open_store(url, kind="real")
    store.append([answer(n, probe=f"p{n}/x") for n in range(2000)])
    store.close()
    content = bytearray((tmp_path / book).read_bytes())
    content[-4096:] = b"\x5a" * 4096
    (tmp_path / book).write_bytes(content)
    assert any("sauvegarde" in sentence and book in sentence for sentence in check(url))


def test_a_desk_that_is_gone(tmp_path: Path, now) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", now)
    (tmp_path / "vigie-desk.db").unlink()
    (sentence,) = check(url)
    assert "vigie-desk.db" in sentence
