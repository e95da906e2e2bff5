"""Figures as plain values: of a service, of a territory by its users, in all hours and in school hours."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.catalog import Audience
from monitor.domain.method import METHOD
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import Span
from monitor.domain.timetable import Timetable
from monitor.domain.uptime import Hours
from monitor.reports.figures import Basis, service_figure, territory_figure
from monitor.reports.sources import close_all
from monitor.store import Evaluation, open_store
from tests.domain.small import catalog, service
from tests.prepared import prepared

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
BIG = service("big", users=300, formerly=("older",))
SMALL = service("small", users=100, audience=(Audience.LYCEE,))
NATION = service("nation", territories=("N",))
FRANCE = catalog(BIG, SMALL, NATION)


@pytest.fixture
def basis(database_url: str) -> Basis:
    prepared(database_url, "real", NOW)
    store = open_store(database_url, kind="real")
    spans = (
        Span("older", None, "", Health.UP, NOW, NOW + 2 * HOUR),
        Span("big", None, "", Health.DOWN, NOW + 2 * HOUR, NOW + 3 * HOUR),
        Span("small", None, "", Health.UP, NOW, NOW + 4 * HOUR),
        Span("nation", None, "", Health.DOWN, NOW, NOW + 4 * HOUR),
    )
    store.save(Evaluation((), (), spans, (), None, NOW))
    store.close()
    yield Basis(database_url, database_url, FRANCE, Timetable(FRANCE, None), survey(FRANCE), NOW + 4 * HOUR)
    close_all()


@pytest.mark.parametrize("hours", Hours)  # without a calendar it is always class
def test_of_a_service(basis: Basis, hours: Hours) -> None:
    assert service_figure(basis, BIG, NOW, NOW + 4 * HOUR, hours) == {
        "service": "big",
        "territory": None,
        "period": "2026-11-23T08:00:00.000Z/2026-11-23T12:00:00.000Z",
        "hours": hours.value,
        "available_s": 7200,
        "unavailable_s": 3600,
        "excluded_s": 3600,
        "coverage": 0.75,
        "availability": pytest.approx(2 / 3),
        "method": METHOD,
    }


def test_of_a_territory_by_its_users(basis: Basis) -> None:
    said = territory_figure(basis, "A:lyon", NOW, NOW + 4 * HOUR)
    assert (said["service"], said["territory"], said["hours"]) == (None, "A:lyon", "all")
    # Of 400 users 300 had two hours, lost one and were not measured for one; 100 had four.
    assert [said[key] / 3600 for key in ("available_s", "unavailable_s", "excluded_s")] == [2.5, 0.75, 0.75]
    assert (said["availability"], said["coverage"]) == (pytest.approx(2.5 / 3.25), pytest.approx(3.25 / 4))


def test_of_a_territory_without_services(basis: Basis) -> None:
    said = territory_figure(basis, "C:988", NOW, NOW + 4 * HOUR)
    assert [said[key] for key in ("available_s", "unavailable_s", "excluded_s", "coverage", "availability")] == [
        0,
        0,
        0,
        0,
        None,
    ]
    with pytest.raises(KeyError):
        territory_figure(basis, "D:99", NOW, NOW + 4 * HOUR)
