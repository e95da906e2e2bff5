"""What screens read: from a URL or a reader, with or without a database."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict
from monitor.reports import current, history, sources
from monitor.store import DatabaseDamaged, DatabaseUnreachable, Evaluation, Store, open_reader, open_store
from tests.prepared import prepared

MIDNIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)
NOW = MIDNIGHT + timedelta(hours=9)


def hours(after: float) -> datetime:
    return MIDNIGHT + timedelta(hours=after)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    sources.close_all()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    prepared(database_url, "real", NOW)
    opened = open_store(database_url, kind="real")
    yield opened
    opened.close()


@pytest.fixture
def morning(store: Store) -> Store:
    """ent-x fails from hour 8 on, after a slow hour that began yesterday; ent-y has always been well."""
    down = Failure.CONNECT_REFUSED
    store.append(
        [
            Observation("ent-x/login", "local", hours(after), timedelta(milliseconds=120.5), failure)
            for after, failure in ((-1, None), (0, None), (8.5, down), (9, None))
        ]
        + [Observation("ent-y/login", "local", hours(1), timedelta(seconds=1))]
    )
    slow = Span("ent-x", None, "local", Health.SLOW, hours(-2), hours(1), Failure.CONTENT_SLOW)
    well = Span("ent-x", None, "local", Health.UP, hours(1), hours(8))
    yesterday = Span("ent-x", None, "local", Health.UP, hours(-9), hours(-2))
    of_probe = replace(well, probe="ent-x/login")
    verdict = Verdict("ent-x/login", "local", Health.DOWN, hours(8), down)
    services = (ServiceVerdict("ent-x", Health.DOWN, hours(8), down), ServiceVerdict("ent-y", Health.UP, hours(-99)))
    spans = (slow, well, yesterday, of_probe)
    store.save(Evaluation((verdict,), services, spans, (), json.dumps({"at": "é"}).encode(), NOW))
    return store


def test_the_current_snapshot(morning: Store, database_url: str) -> None:
    found = current.snapshot(database_url)
    assert found is not None
    assert found.data == {"at": "é"}
    assert json.loads(found.raw) == found.data
    reader = open_reader(database_url)
    assert current.snapshot(reader) == found
    reader.close()
    morning.save(Evaluation((), (), (), (), b'{"at": 2}', NOW))
    after = current.snapshot(database_url)
    assert after is not None
    assert after.data == {"at": 2}
    assert after.etag != found.etag


def test_a_day_of_a_service(morning: Store, database_url: str) -> None:
    probe = Probe("ent-x/login", "ent-x", ProbeKind.HTTP, url="https://x")
    day = history.service_day(database_url, [probe, "ent-x/other"], MIDNIGHT, NOW)
    assert day.service == "ent-x"
    assert [(span.health, span.since, span.until) for span in day.spans] == [
        (Health.SLOW, MIDNIGHT, hours(1)),
        (Health.UP, hours(1), hours(8)),
        (Health.DOWN, hours(8), NOW),
    ]
    login, other = day.probes
    assert login.points == (
        history.Point(MIDNIGHT, 120.5, Health.UP),
        history.Point(hours(8.5), 120.5, Health.DOWN, Failure.CONNECT_REFUSED),
    )
    assert [(span.health, span.since, span.until) for span in login.spans] == [
        (Health.UP, hours(1), hours(8)), (Health.DOWN, hours(8), NOW)
    ]  # fmt: skip
    assert other == history.ProbeHistory("ent-x/other")


def test_the_day_of_all_services(morning: Store, database_url: str) -> None:
    days = history.day_spans(database_url, MIDNIGHT, NOW)
    assert [(span.health, span.since, span.until) for span in days["ent-x"]] == [
        (Health.SLOW, MIDNIGHT, hours(1)),
        (Health.UP, hours(1), hours(8)),
        (Health.DOWN, hours(8), NOW),
    ]
    assert [(span.health, span.since, span.until) for span in days["ent-y"]] == [(Health.UP, MIDNIGHT, NOW)]
    assert set(days) == {"ent-x", "ent-y"}


def test_a_window_before_the_verdict_in_force_does_not_show_it(morning: Store, database_url: str) -> None:
    days = history.day_spans(database_url, MIDNIGHT, hours(7))
    assert [span.health for span in days["ent-x"]] == [Health.SLOW, Health.UP]


def test_before_the_first_evaluation(store: Store, database_url: str) -> None:
    assert current.snapshot(database_url) is None
    assert history.day_spans(database_url, MIDNIGHT, NOW) == {}
    assert history.service_day(database_url, ["a/b"], MIDNIGHT, NOW).probes == (history.ProbeHistory("a/b"),)


def test_without_a_database_and_once_it_comes_and_goes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    for _ in range(2):
        assert current.snapshot(url) is None
        assert history.day_spans(url, MIDNIGHT, NOW) == {}
        assert history.service_day(url, ["a/b"], MIDNIGHT, NOW).spans == ()
        prepared(url, "real", NOW)
        opened = open_store(url, kind="real")
        opened.save(Evaluation((), (ServiceVerdict("a", Health.UP, MIDNIGHT),), (), (), b"{}", NOW))
        opened.close()
        assert current.snapshot(url) is not None
        assert len(history.day_spans(url, MIDNIGHT, NOW)) == 1
        for path in tmp_path.iterdir():
            path.unlink()


def test_a_damaged_or_unreachable_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "vigie.db").write_bytes(b"no database at all\n" * 100)
    with pytest.raises(DatabaseDamaged):
        current.snapshot(f"sqlite:///{tmp_path}/vigie.db")
    with pytest.raises(DatabaseUnreachable):
        history.day_spans("postgresql://vigie@127.0.0.1:9/vigie", MIDNIGHT, NOW)


def test_without_probes_there_is_no_service(database_url: str) -> None:
    with pytest.raises(ValueError, match="probes"):
        history.service_day(database_url, [], MIDNIGHT, NOW)
