"""Seals in the store, on each database: a chain a vantage, never changed, made anew where answers came late."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.domain.seal import Digested, Seal, SealedProbe, breaks, digest_breaks
from monitor.reports.digests import digested
from monitor.store import Reader, SealedAway, Store, check, open_reader, open_store
from monitor.store.days import bounds
from tests.prepared import prepared
from tests.sealed import FIRST, answers, seal_all

LATER = bounds(FIRST + timedelta(days=30))[0]
DAYS = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=2)]
HOUR = timedelta(hours=1)


@pytest.fixture
def reader(store: Store, database_url: str) -> Iterator[Reader]:
    with closing(open_reader(database_url)) as opened:
        yield opened


@pytest.fixture
def sealed(store: Store, reader: Reader) -> list[Seal]:
    store.append(answers())
    seal_all(store, reader, LATER)
    return reader.seals()


def found_of(reader: Reader, day: date) -> list[Digested]:
    return digested(day, reader.records(*bounds(day)))


def test_finished_days_are_sealed_oldest_first_in_a_chain_a_vantage(
    store: Store, reader: Reader, database_url: str
) -> None:
    store.append(answers())
    end = bounds(DAYS[2])[1]
    assert reader.unsealed(end - HOUR) == store.unsealed(end - HOUR) == DAYS[:2], "the third is not over"
    seal_all(store, reader, end)
    assert reader.unsealed(end) == []
    assert reader.sealed_days() == store.sealed_days() == set(DAYS)
    chain = reader.seals()
    assert [(one.vantage, one.number, one.day) for one in chain] == [
        (vantage, number, day) for vantage in ("ailleurs", "local") for number, day in enumerate(DAYS, 1)
    ]
    assert breaks(chain[:3]) == breaks(chain[3:]) == []
    assert [one for seal in chain for one in digest_breaks(seal, reader.digests(seal))] == []
    assert [one.rows for one in chain[:2]] == [60, 60]
    assert (chain[4].until - chain[4].since) == 23 * HOUR, "the clocks went forward"
    assert check(database_url) == ()


def test_seals_of_some_days_and_the_newest(sealed: list[Seal], reader: Reader) -> None:
    assert {one.day for one in reader.seals(DAYS[1], DAYS[1])} == {DAYS[1]}
    assert [one.number for one in reader.seals(newest=2)] == [3, 3]


def test_nothing_is_sealed_twice(sealed: list[Seal], store: Store, reader: Reader) -> None:
    for day in DAYS:
        assert [store.seal(one, LATER) for one in found_of(reader, day)] == [None, None]
    assert reader.seals() == sealed


def test_late_answers_make_a_new_seal_that_names_the_one_it_corrects(
    sealed: list[Seal], store: Store, reader: Reader, answer, database_url: str
) -> None:
    late = answers(seed=2)[:1]
    store.append(late)
    vantage = late[0].vantage
    assert len(reader.unsealed(LATER)) == 1
    (day,) = reader.unsealed(LATER)
    assert reader.sealed_days() == set(DAYS) - {day}
    assert reader.unsealed(bounds(day)[1] - HOUR) == [], "its day is not over"
    made = [one for found in found_of(reader, day) if (one := store.seal(found, LATER)) is not None]
    before = next(one for one in sealed if (one.day, one.vantage) == (day, vantage))
    assert [(one.vantage, one.number, one.corrects, one.rows) for one in made] == [
        (vantage, 4, before.number, before.rows + 1)
    ]
    assert reader.seals(day, day)[-1 if vantage == "local" else 1] == made[0]
    assert reader.unsealed(LATER) == []
    assert check(database_url) == ()


def test_the_same_answers_given_again_change_no_seal(sealed: list[Seal], store: Store, reader: Reader) -> None:
    store.append(answers()[:5])
    assert reader.unsealed(LATER), "whether they are new is not known yet"
    seal_all(store, reader, LATER)
    assert (reader.unsealed(LATER), reader.seals()) == ([], sealed)


def test_the_mark_is_made_after_a_restart_and_with_the_answers_alone(
    sealed: list[Seal], store: Store, reader: Reader, database_url: str, monkeypatch
) -> None:
    store.close()
    with closing(open_store(database_url, kind="real")) as again:
        monkeypatch.setattr("monitor.store.writer.insert_rows", _fail)
        with pytest.raises(ArithmeticError):
            again.append(answers(seed=2)[:1])
        assert reader.unsealed(LATER) == []
        monkeypatch.undo()
        again.append(answers(seed=2)[:1])
        assert len(reader.unsealed(LATER)) == 1


def test_an_empty_day_between_is_passed_over(store: Store, reader: Reader, answer) -> None:
    store.append([answer(0), answer(3 * 86_400)])
    assert len(reader.unsealed(bounds(date(2027, 1, 1))[0])) == 2
    assert reader.oldest() == answer(0).at.replace(minute=0, second=0, microsecond=0)


def test_a_day_that_is_known_from_the_archive_alone_can_be_sealed(store: Store, reader: Reader) -> None:
    begin, end = bounds(FIRST)
    found = Digested(FIRST, begin, end, "ailleurs", (SealedProbe("ancien/page", 3, "ab" * 32),))
    seal = store.seal(found, LATER)
    assert seal is not None
    assert reader.digests(seal) == list(found.probes)


def test_an_empty_book_has_nothing_to_seal(store: Store, reader: Reader) -> None:
    assert (reader.unsealed(LATER), reader.seals(), reader.oldest()) == ([], [], None)


def test_answers_that_were_let_go_leave_their_seal_alone(sealed: list[Seal], store: Store, reader: Reader) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM observations")
    store.append(answers(seed=2)[::3])
    for found in found_of(reader, FIRST):
        with pytest.raises(SealedAway) as refused:
            store.seal(found, LATER)
        assert refused.value.gone
    assert FIRST in reader.unsealed(LATER)
    store.forgive(FIRST, "local")
    assert FIRST in reader.unsealed(LATER), "the other vantage has its own late answers"
    store.forgive(FIRST, "ailleurs")
    assert FIRST not in reader.unsealed(LATER)
    assert reader.seals() == sealed


@pytest.mark.parametrize("late", [False, True])
def test_answers_that_were_altered_are_not_sealed_anew(
    sealed: list[Seal], store: Store, reader: Reader, late: bool
) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE observations SET took_us = took_us + 1")
    if late:
        store.append(answers(seed=2)[:1])
    for day in DAYS:
        for found in found_of(reader, day):
            with pytest.raises(SealedAway) as refused:
                store.seal(found, LATER)
            assert not refused.value.gone
    assert reader.seals() == sealed


def test_answers_that_came_past_the_store_are_not_sealed(sealed: list[Seal], store: Store, reader: Reader) -> None:
    store.append(answers(seed=2))
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM late_days")
    for found in found_of(reader, FIRST):
        with pytest.raises(SealedAway, match="modifiées"):
            store.seal(found, LATER)


PLANTED = [
    ("UPDATE seals SET rows = rows + 1 WHERE number = 2", "ne dit plus", 4),
    ("DELETE FROM seals WHERE number = 2", "ne suit pas", 4),
    ("UPDATE seals SET corrects = 1 WHERE number = 3", "ne nomme pas", 4),
    ("UPDATE sealed_series SET rows = rows + 1 WHERE number = 1", "condensats", 4),
    ("UPDATE sealed_series SET digest = x'00' WHERE number = 1", "condensats", 2),
    ("DELETE FROM sealed_series WHERE number = 3", "condensats", 4),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    url = f"sqlite:///{folder}/vigie.db"
    prepared(url, "real", LATER)
    with closing(open_store(url, kind="real")) as store, closing(open_reader(url)) as reader:
        store.append(answers())
        seal_all(store, reader, LATER)
    return folder


@pytest.mark.parametrize(("damage", "words", "count"), PLANTED)
def test_the_check_of_the_books_follows_the_chain(
    whole: Path, tmp_path: Path, damage: str, words: str, count: int
) -> None:
    shutil.copytree(whole, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy" / "vigie.db")) as other, other:
        other.execute(damage)
    sentences = check(f"sqlite:///{tmp_path}/copy/vigie.db")
    assert len(sentences) == count
    assert any(words in sentence for sentence in sentences)


def _fail(*_: object) -> None:
    raise ArithmeticError
