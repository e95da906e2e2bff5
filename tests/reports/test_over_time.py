"""Availability for a screen: the figures of `periods`, days gathered into months exactly, and never too much at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.catalog import Audience, ServiceKind
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.parts import By
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.uptime import Hours
from monitor.reports import over_time as module
from monitor.reports.basis import Books, basis_of
from monitor.reports.months import by_months
from monitor.reports.over_time import NoneChosen, Shown, TooMuch, Wish, over_time
from monitor.reports.periods import Question, period_of
from monitor.reports.selected import Wanted, selection
from monitor.reports.sources import close_all
from monitor.store import Evaluation, open_store
from tests.prepared import prepared

from .test_open_shares import CATALOGUE, DAY, NOON

START = datetime(2026, 9, 30, 22, tzinfo=UTC)  # midnight of Paris, 1 October
NOVEMBER = datetime(2026, 10, 31, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
NORD = Wanted(place="D:59")
OTHERS = """
  - {id: c, name: c, kind: vie-scolaire, operator: edifice, audience: [lycee], territories: ["D:62"], probes: {page: {kind: http, url: "https://c.example.fr", expect: {status: [200], contains: ["Identifiant"]}}}}
operators: [{id: edifice, name: Edifice}]
"""


def incident(name: str, culprit: str, opened: datetime, services: tuple[str, ...]) -> Incident:
    return Incident(
        f"{opened:%Y%m%d-%H%M%S}-{name}", culprit, opened, opened + timedelta(minutes=1), Health.UP, Health.DOWN, services,
        ("D:59",), recovered_at=opened + 2 * HOUR, closed_at=opened + 3 * HOUR,
    )  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Since October: A is down for two hours on 5 October and 3 November, B all is well, C says nothing."""
    folder: Path = tmp_path_factory.mktemp("over-time")
    url = f"sqlite:///{folder}/vigie.db"
    prepared(url, "real", NOON)
    store = open_store(url, kind="real")
    downs = [datetime(2026, 10, 5, 6, tzinfo=UTC), datetime(2026, 11, 3, 7, tzinfo=UTC)]
    edges = [START, *(edge for one in downs for edge in (one, one + 2 * HOUR))]
    healths = (Health.UP, Health.DOWN, Health.UP, Health.DOWN)
    spans = [Span("a", None, "", health, *when) for health, *when in zip(healths, edges, edges[1:], strict=False)]
    verdicts = (ServiceVerdict("a", Health.UP, edges[-1]), ServiceVerdict("b", Health.UP, START))
    incidents = (
        *(incident("a", "service:a", one, ("a",)) for one in downs),
        incident("local", "vantage:local", downs[0], ("a",)),
    )
    store.save(Evaluation((), verdicts, tuple(spans), incidents, None, NOON))
    store.close()
    (folder / "probes.yaml").write_text(CATALOGUE + OTHERS)
    yield Books(url, folder / "probes.yaml", folder / "calendar.csv", folder / "directory.csv")
    close_all()


def shown(books: Books, by: By = By.MONTH, wanted: Wanted = NORD, **changes: object) -> Shown:
    return over_time(books, Wish(wanted, START, NOON, by, **changes), NOON)  # type: ignore[arg-type]


def test_months_gathered_from_days_are_months_read_as_months(books: Books) -> None:
    found, basis = shown(books), basis_of(books, NOON)
    chosen = selection(basis.catalog, basis.ground, Wanted(place="D:59"))
    read = period_of(basis, Question(chosen.services, START, NOON, By.MONTH, basis.catalog.territories["D:59"]))
    assert found.now.together is not None
    assert read.together is not None
    assert found.now.together.parts == read.together.parts
    assert [one.parts for one in found.now.services] == [one.parts for one in read.services]
    assert list(found.now.together.parts[Hours.ALL]) == [(2026, 10), (2026, 11)]
    assert found.days is not None
    with pytest.raises(ValueError, match="days"):
        by_months(found.now)


def test_of_one_service_by_weekday_with_its_outages_and_incidents(books: Books) -> None:
    found = shown(books, By.WEEKDAY, Wanted(services=("a",)))
    [one] = found.now.services
    assert found.days is None
    assert found.now.together is None
    assert one.said.all.unavailable == 4 * HOUR
    assert (
        one.parts[Hours.ALL][0,].unavailable == one.parts[Hours.ALL][1,].unavailable == 2 * HOUR
    )  # a Monday, a Tuesday
    assert [outage.counted for outage in found.now.longest] == [2 * HOUR, 2 * HOUR]
    assert [one.id for one in found.now.incidents] == ["20261005-060000-a", "20261103-070000-a"]
    assert found.known == NOON


def test_beside_an_earlier_period(books: Books) -> None:
    found = shown(books, By.DAY, before=(START - 9 * DAY, START))
    assert found.days is found.now
    assert found.before is not None
    assert found.before.together is not None
    assert found.before.together.all.availability is None
    [beside] = [one for one in shown(books, before=(START, NOVEMBER)).before.services if one.service.id == "a"]  # type: ignore[union-attr]
    assert (beside.said.all.unavailable, beside.longest, beside.responses.incidents) == (2 * HOUR, (), 1)


def test_who_is_all_that_was_asked_for(books: Books) -> None:
    basis = basis_of(books, NOON)

    def names(**wanted: object) -> list[str]:
        return [one.id for one in selection(basis.catalog, basis.ground, Wanted(**wanted)).services]  # type: ignore[arg-type]

    assert names() == ["a", "b", "c"]
    assert names(kind=ServiceKind.ENT, services=("a", "c")) == ["a"]
    assert names(operator="edifice") == names(audiences=(Audience.LYCEE,), kind=ServiceKind.VIE_SCOLAIRE) == ["c"]
    assert names(place="D:62", operator="edifice") == ["c"]
    with pytest.raises(NoneChosen):
        shown(books, wanted=Wanted(place="D:59", operator="edifice"))


def test_too_much_at_once_is_refused_before_anything_is_read(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_DAYS", 100)
    with pytest.raises(TooMuch):
        shown(books)
    assert shown(books, wanted=Wanted(services=("a",))).now.services
