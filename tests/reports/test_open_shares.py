"""Availability over the web: of a service and of a place, with the weights of the moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict
from monitor.domain.uptime import Hours
from monitor.reports.open_shares import Asked, Books, shares
from monitor.reports.sources import close_all
from monitor.store import Evaluation, open_store
from tests.prepared import prepared

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
DAY = timedelta(days=1)
PROBE = (
    'probes: {page: {kind: http, url: "https://NAME.example.fr", expect: {status: [200], contains: ["Identifiant"]}}}'
)
CATALOGUE = "\n".join([
    "vigie: 1",
    "canaries:",
    *(f'  - {{id: t{n}, kind: http, url: "https://{n}.example{n}.org", every: 10s, timeout: 3s, expect: {{status: [200]}}}}' for n in range(4)),
    "services:",
    *(f'  - {{id: {name}, name: {name}, kind: ent, territories: ["D:59"], {PROBE.replace("NAME", name)}}}' for name in "ab"),
])  # fmt: skip


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", NOON)
    store = open_store(url, kind="real")
    verdicts = (
        ServiceVerdict("a", Health.UP, NOON - 9 * DAY, None, None),
        ServiceVerdict("b", Health.DOWN, NOON - 9 * DAY, None, None),
    )
    store.save(Evaluation((), verdicts, (), (), None, NOON))
    store.close()
    (tmp_path / "probes.yaml").write_text(CATALOGUE)
    yield Books(url, tmp_path / "probes.yaml", tmp_path / "calendar.csv", tmp_path / "directory.csv")
    close_all()


def asked(service: str | None, territory: str | None, hours=tuple(Hours)) -> Asked:
    return Asked(service, territory, (), NOON - DAY, NOON, hours)


def test_of_a_service_in_both_kinds_of_hours(books: Books) -> None:
    found = shares(books, asked("a", None), NOON)
    assert [(one["service"], one["hours"], one["availability"]) for one in found] == [
        ("a", "all", 1.0),
        ("a", "school", 1.0),
    ]
    assert found[0]["available_s"] == DAY.total_seconds()
    assert [one["availability"] for one in shares(books, asked("b", None, (Hours.ALL,)), NOON)] == [0.0]


def test_of_a_place_all_users_together(books: Books) -> None:
    [found] = shares(books, asked(None, "D:59", (Hours.ALL,)), NOON)
    assert (found["territory"], found["availability"], found["coverage"]) == ("D:59", 0.5, 1.0)
    assert [one["availability"] for one in shares(books, asked(None, "D:75", (Hours.ALL,)), NOON)] == [None]
    with pytest.raises(KeyError):
        shares(books, asked(None, "D:999"), NOON)


def test_a_service_that_only_a_scenario_names_has_figures_too(books: Books) -> None:
    assert [one["coverage"] for one in shares(books, asked("c", None), NOON)] == [0.0, 0.0]
