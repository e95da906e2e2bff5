"""From schema 0002 to today's and back, by way of 0004 (history), with verdicts in the book."""

from contextlib import closing

import pytest
from sqlalchemy import inspect

from monitor.domain.history import Correction
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.domain.stability import NOTHING_HEARD
from monitor.store import check, open_store
from monitor.store.codec import micros
from monitor.store.place import Book
from monitor.store.schema import migrate
from tests.prepared import prepared
from tests.store.test_evidence_migration import inside


@pytest.fixture
def old(database_url: str, now) -> str:
    """A book as a monitor of schema 0002 left it, in that schema's own words."""
    prepared(database_url, "real", now)
    at = micros(now)
    with inside(database_url) as connection:
        migrate(connection, Book.MEASURES, down_to="0002")
        for line in (
            "INSERT INTO series (id, probe, vantage) VALUES (1, 'ent-x/login', 'local')",
            f"INSERT INTO verdicts (series, health, since, run, good_answers) VALUES (1, 'up', {at}, '[]', 3)",
            f"INSERT INTO service_verdicts (service, health, since) VALUES ('ent-x', 'up', {at})",
        ):
            connection.exec_driver_sql(line)
    return database_url


def test_up_nothing_flaps_and_corrections_can_be_kept(old: str, now) -> None:
    prepared(old, "real", now)
    assert check(old) == ()
    with closing(open_store(old, kind="real")) as store:
        state = store.state()
        assert [(one.recent, one.unstable, one.proved_at) for one in state.verdicts] == [(NOTHING_HEARD, False, None)]
        assert [one.unstable for one in state.services] == [False]
        span = Span("ent-x", None, "", Health.DOWN, now, now.replace(hour=now.hour + 1))
        store.correct([Correction("ent-x", None, "", span.since, span.until, now, (span,))])
        assert store.history(["ent-x"], span.since, span.until) == [span]


def test_down_again_leaves_what_the_older_program_knew(old: str, now) -> None:
    with inside(old) as connection:
        before = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM verdicts")]
    prepared(old, "real", now)
    with inside(old) as connection:
        migrate(connection, Book.MEASURES, down_to="0002")
        assert [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM verdicts")] == before
        assert not {"corrections", "corrected_spans"} & set(inspect(connection).get_table_names())
    prepared(old, "real", now)
    assert check(old) == ()
