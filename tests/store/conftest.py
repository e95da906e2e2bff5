"""A prepared store on each database, and short ways to write values."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.domain.observation import Health, Observation
from monitor.store import Desk, Evaluation, Store, open_desk, open_store
from tests.prepared import prepared

NOW = datetime(2026, 11, 23, 7, 58, 3, 123456, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    prepared(database_url, "real", NOW)
    opened = open_store(database_url, kind="real")
    yield opened
    opened.close()


@pytest.fixture
def url(database_url: str, now: datetime) -> str:
    """URL of a prepared database."""
    prepared(database_url, "real", now)
    return database_url


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    opened = open_desk(url)
    yield opened
    opened.close()


@pytest.fixture
def answer() -> Callable[..., Observation]:
    """answer(seconds after NOW, probe=…, …)"""

    def make(after: float = 0, probe: str = "ent-x/login", vantage: str = "local", **fields: Any) -> Observation:
        fields = {"took": timedelta(milliseconds=118.1), **fields}
        return Observation(probe, vantage, NOW + timedelta(seconds=after), **fields)

    return make


@pytest.fixture
def evaluation() -> Callable[..., Evaluation]:
    def make(**fields: Any) -> Evaluation:
        nothing: dict[str, Any] = {"verdicts": (), "services": (), "spans": (), "incidents": (), "snapshot": None}
        return Evaluation(**{**nothing, "published_at": NOW, **fields})

    return make


@pytest.fixture
def health() -> type[Health]:
    return Health
