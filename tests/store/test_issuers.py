"""Who signed a certificate: kept, unknown of what came before schema 0007, and what a restart sees of it again."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Certificate, Failure, Observation
from monitor.domain.verdict import first_verdict
from monitor.store import Store, check, open_reader, open_store
from monitor.store.codec import HOUR_US, micros
from monitor.store.place import Book
from monitor.store.schema import migrate
from tests.prepared import prepared
from tests.store.test_evidence_migration import inside

DAY = timedelta(days=1)


@pytest.fixture
def old(database_url: str, now) -> str:
    """A book as a monitor of schema 0006 left it, in that schema's own words."""
    prepared(database_url, "real", now)
    at = micros(now)
    with inside(database_url) as connection:
        migrate(connection, Book.MEASURES, down_to="0006")
        for line in (
            "INSERT INTO words (id, text) VALUES (1, '192.0.2.1'), (2, 'cafe42')",
            "INSERT INTO series (id, probe, vantage) VALUES (1, 'ent-x/login', 'local')",
            f"INSERT INTO certificates (id, fingerprint, not_after) VALUES (1, 'ab', {at})",
            "INSERT INTO evidence (id, certificate, catalogue) VALUES (1, 1, 2)",
            "INSERT INTO observations (hour, series, at, took_us, address, evidence) "
            f"VALUES ({at // HOUR_US}, 1, {at}, 118100, 1, 1)",
        ):
            connection.exec_driver_sql(line)
    return database_url


def before(answer) -> Observation:
    return answer(address="192.0.2.1", certificate=Certificate("ab", answer().at), catalogue="cafe42")


def after(answer) -> Observation:
    """The same certificate, read by a program that looks at its issuer."""
    return answer(60, address="192.0.2.1", certificate=Certificate("ab", answer().at, "Certigna"), catalogue="cafe42")


def test_up_what_came_before_has_no_issuer_and_what_follows_has(old: str, now, answer) -> None:
    prepared(old, "real", now)
    assert check(old) == ()
    with closing(open_store(old, kind="real")) as store:
        store.append([after(answer)])
        assert store.unjudged() == [before(answer), after(answer)]
    with inside(old) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM certificates").scalar() == 1


def test_down_again_leaves_what_the_older_program_knew(old: str, now, answer) -> None:
    with inside(old) as connection:
        kept = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM evidence")]
    prepared(old, "real", now)
    with closing(open_store(old, kind="real")) as store:
        store.append([after(answer)])
    with inside(old) as connection:
        migrate(connection, Book.MEASURES, down_to="0006")
        assert [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM evidence ORDER BY id")] == [
            *kept,
            (2, None, None, 1, 2),
        ]
        assert connection.exec_driver_sql("SELECT count(*) FROM observations").scalar() == 2
    prepared(old, "real", now)
    assert check(old) == ()
    with closing(open_store(old, kind="real")) as store:
        assert [one.certificate.issuer for one in store.unjudged()] == [None, None]


def test_a_hostile_issuer_does_not_sink_the_batch(store: Store, answer, now) -> None:
    store.append(
        [answer(0, certificate=Certificate("ab", now, "a\0b\ud800")), answer(1, certificate=Certificate("ab", now, ""))]
    )
    assert [one.certificate.issuer for one in store.unjudged()] == ["ab?", ""]


def test_what_judging_again_reads_of_an_answer(store: Store, database_url: str, answer, now) -> None:
    shown = Certificate("ab", now, "Certigna")
    said = [
        answer(0, address="192.0.2.1", certificate=shown, marker="m", http_status=200),
        answer(1, certificate=replace(shown, issuer=None)),
        answer(2, failure=Failure.TLS_EXPIRED),
    ]
    store.append(said)
    with closing(open_reader(database_url)) as reader:
        read = reader.heard(["ent-x/login"], "local", now, now + DAY)
    assert read == [replace(one, marker=None, http_status=None) for one in said]


def test_the_last_good_answer_of_every_probe_however_long_ago(store: Store, answer, evaluation, now) -> None:
    good = [
        answer(-60 * 86_400, address="192.0.2.1"),
        answer(0, probe="ent-y/login", certificate=Certificate("ab", now, "X")),
    ]
    bad = [answer(30, failure=Failure.TLS_EXPIRED), answer(-60 * 86_400 - 1), answer(0, probe="ent-z/login")]
    elsewhere = answer(0, vantage="lyon")
    store.append([*good, *bad, elsewhere])
    known = {"ent-x/login": good[0].at, "ent-y/login": good[1].at, "ent-z/login": None, "ent-w/login": now}
    verdicts = [
        replace(first_verdict(Probe(name, None, ProbeKind.HTTP), "local", now), last_good_at=at)
        for name, at in known.items()
    ]
    foreign = replace(first_verdict(Probe("ent-x/login", None, ProbeKind.HTTP), "lyon", now), last_good_at=now)
    store.save(evaluation(verdicts=(*verdicts, foreign)))
    assert sorted(store.last_good("local"), key=lambda one: one.probe) == good
    assert store.last_good("lyon") == [elsewhere]
