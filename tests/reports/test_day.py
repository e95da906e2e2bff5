"""A day of the country: courses, places weighed as the snapshot weighs them, incidents, what our own line says; there and back."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import load
from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.method import METHOD
from monitor.domain.observation import Failure, Health
from monitor.domain.rollup import roll_up, survey
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.reports import sources
from monitor.reports.day import Change, Course, Pause
from monitor.reports.day_courses import place_courses, service_course
from monitor.reports.day_read import NotHeld, country_day, held_days
from monitor.reports.day_written import day_of_values, day_values
from monitor.reports.open_shares import Books
from monitor.store import Evaluation, open_store
from monitor.store.days import bounds
from tests.prepared import prepared

FRANCE = Path(__file__).parents[2] / "probes.yaml"
TUESDAY = date(2026, 11, 24)
MIDNIGHT = bounds(TUESDAY)[0]
NOW = MIDNIGHT + timedelta(hours=10)
CATALOGUE = """\
vigie: 1
operators: [{id: edifice, name: Edifice}]
canaries:
  - {id: c1, kind: http, url: "https://one.example/", expect: {status: [200]}}
  - {id: c2, kind: http, url: "https://two.test/", expect: {status: [200]}}
  - {id: c3, kind: http, url: "https://three.invalid/", expect: {status: [200]}}
  - {id: c4, kind: http, url: "https://four.localhost/", expect: {status: [200]}}
services:
  - id: ent-a
    name: ENT A
    kind: ent
    operator: edifice
    territories: ["A:lille"]
    formerly: [ent-a-2020]
    probes: {login: {kind: http, url: "https://a.example/", expect: {contains: ["Identifiant"]}}}
  - id: ent-b
    name: ENT B
    kind: ent
    operator: edifice
    territories: ["D:59"]
    probes: {login: {kind: http, url: "https://b.example/", expect: {contains: ["Identifiant"]}}}
  - id: cned
    name: CNED
    kind: cned
    territories: ["N"]
    probes: {login: {kind: http, url: "https://c.example/", expect: {contains: ["Identifiant"]}}}
"""


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def said(course: Course) -> list[tuple[float, str]]:
    return [((one.at - MIDNIGHT) / timedelta(hours=1), one.health.value) for one in course]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    sources.close_all()


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """ent-a down from 8 to 9 h and slow since; ent-b well since 7 h; cned unknown after 6 h; our line cut from 3 to 4 h."""
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", at(-20))
    refused = Failure.CONNECT_REFUSED
    spans = (
        Span("ent-a-2020", None, "", Health.UP, at(-20), at(8) + timedelta(milliseconds=300)),
        Span("ent-a", None, "", Health.DOWN, at(8) + timedelta(milliseconds=300), at(9), refused),
        Span("ent-a", "ent-a/login", "local", Health.DOWN, at(1), at(9), refused),
        Span("cned", None, "", Health.UP, at(-20), at(6)),
    )
    verdicts = (ServiceVerdict("ent-a", Health.SLOW, at(9)), ServiceVerdict("ent-b", Health.UP, at(7)))
    incidents = (
        _incident("service:ent-a", 8, ("ent-a",), ("A:lille",), closed_at=at(8.1), absorbed_into="big"),
        replace(
            _incident("operator:edifice", 8, ("ent-a", "ent-b"), ("A:lille", "D:59"), recovered_at=at(9)), id="big"
        ),
        _incident("service:cned", -2, ("cned",), ("N",)),
        _incident("service:ent-b", -9, ("ent-b",), ("D:59",), closed_at=at(-8)),
        _incident("vantage:local", 3, (), (), recovered_at=at(4), closed_at=at(4)),
    )
    store = open_store(url, kind="real")
    published = json.dumps({"at": NOW.isoformat(timespec="milliseconds"), "services": []}).encode()
    store.save(Evaluation((), verdicts, spans, incidents, published, NOW))
    store.append([], GAPS)
    store.close()
    (tmp_path / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
    return Books(url, tmp_path / "probes.yaml", tmp_path / "none.csv", tmp_path / "none.csv")


GAPS = [
    Gap("", "local", at(-1), at(0.5), 0, Excuse.STOPPED),
    Gap("", "local", at(0.5), at(0.75), 0, Excuse.STOPPED),
    Gap("", "local", at(2), at(2) + timedelta(seconds=90), 0, Excuse.ASLEEP),
    Gap("ent-a/login", "local", at(5), at(6), 3, Excuse.STORAGE),
]


def _incident(
    culprit: str, opened: float, services: tuple[str, ...], territories: tuple[str, ...], **more: object
) -> Incident:
    worst = Health.UNKNOWN if culprit.startswith("vantage") else Health.DOWN
    one = Incident(f"{culprit}-{opened}", culprit, at(opened), at(opened), worst, worst, services, territories)
    return replace(one, **more)  # type: ignore[arg-type]  # fields of an incident


def test_a_day_as_the_books_hold_it(books: Books) -> None:
    told = country_day(books, TUESDAY, NOW)
    assert (told.day, told.since, told.until, told.method) == (TUESDAY, MIDNIGHT, NOW, METHOD)
    assert (told.weighting, told.scenario) == ("departement", None)
    courses = {one.id: said(one.course) for one in told.services}
    assert courses == {
        "ent-a": [(0, "up"), (8, "down"), (9, "slow")],  # under its former name too; whole seconds
        "ent-b": [(0, "unknown"), (7, "up")],
        "cned": [(0, "up"), (6, "unknown")],
    }
    assert [(one.name, one.kind, one.national) for one in told.services][-1] == ("CNED", "cned", True)
    lille = next(one for one in told.places if one.code == "A:lille")
    shares = [(round((one.at - MIDNIGHT) / timedelta(hours=1)), one.health.value, one.share) for one in lille.course]
    # ent-a serves both départements of the académie, ent-b one of them.
    assert shares == [(0, "up", 0.0), (8, "down", 0.667), (9, "slow", 0.667)]
    assert "N" not in {one.code for one in told.places}


def test_incidents_and_our_own_line(books: Books) -> None:
    told = country_day(books, TUESDAY, NOW)
    by_culprit = {one.culprit: one for one in told.incidents}
    assert list(by_culprit) == ["service:cned", "operator:edifice", "service:ent-a"]
    assert by_culprit["service:cned"].share is None  # national: nobody counted
    assert by_culprit["service:cned"].ended is None
    assert by_culprit["service:ent-a"].absorbed_into == "big"
    edifice = by_culprit["operator:edifice"]
    assert (edifice.shared, edifice.share, edifice.ended) == ("Edifice", 1.0, at(9))
    assert told.blind == ((at(3), at(4)),)
    # Cut to the day, put together, without what a scrubber by minutes cannot show and without those of one probe.
    assert told.pauses == (Pause(at(0), at(0.75), Excuse.STOPPED),)


def test_there_and_back(books: Books) -> None:
    told = country_day(books, TUESDAY, NOW)
    values = json.loads(json.dumps(day_values(told)))
    assert day_of_values(values) == told
    with pytest.raises(ValueError, match="2"):
        day_of_values(values | {"vigie_day": 2})


def test_days_that_the_books_do_not_hold(books: Books, tmp_path: Path) -> None:
    first = TUESDAY - timedelta(days=1)
    assert held_days(books, NOW) == (first, TUESDAY)
    for day in (date(2021, 4, 6), TUESDAY + timedelta(days=1), date(2999, 1, 1), date.min, date.max):
        with pytest.raises(NotHeld) as caught:
            country_day(books, day, NOW)
        assert caught.value.first == first
    nowhere = replace(books, url=f"sqlite:///{tmp_path}/nowhere.db")
    assert held_days(nowhere, NOW) is None
    with pytest.raises(NotHeld) as caught:
        country_day(nowhere, TUESDAY, NOW)
    assert caught.value.first is None


def test_a_past_day_is_kept_for_ten_minutes_and_today_is_not(books: Books) -> None:
    past = TUESDAY - timedelta(days=1)
    one = country_day(books, past, NOW)
    assert one.until == MIDNIGHT
    assert country_day(books, past, NOW + timedelta(minutes=9)) is one
    again = country_day(books, past, NOW + timedelta(minutes=10))
    assert again == one
    assert again is not one
    assert country_day(books, TUESDAY, NOW) is not country_day(books, TUESDAY, NOW)


def test_a_course_of_a_day_of_25_hours_without_what_lies_outside() -> None:
    since, until = bounds(date(2026, 10, 25))
    assert until - since == timedelta(hours=25)
    spans = [
        Span("x", None, "", Health.DOWN, since + timedelta(hours=24), until + timedelta(hours=3)),
        Span("x", None, "", Health.UP, since - timedelta(hours=3), since + timedelta(hours=2)),
        Span("x", None, "", Health.UP, since + timedelta(hours=2), since + timedelta(hours=2.5)),
        Span("x", None, "", Health.SLOW, since + timedelta(hours=3), since + timedelta(hours=3, milliseconds=9)),
    ]
    found = [((one.at - since) / timedelta(hours=1), one.health.value) for one in service_course(spans, since, until)]
    assert found == [(0, "up"), (2.5, "unknown"), (24, "down")]


def test_where_two_spans_overlap_the_one_that_began_later_counts_while_it_lasts() -> None:
    """As in figures: a service under its former name and its own, of which one ends while the other goes on."""
    old = Span("x-2020", None, "", Health.UP, at(1), at(9))
    new = Span("x", None, "", Health.DOWN, at(8), at(12))
    found = service_course([new, old], MIDNIGHT, at(24))
    assert [(one.at, one.health) for one in found] == [
        (MIDNIGHT, Health.UNKNOWN), (at(1), Health.UP), (at(8), Health.DOWN), (at(12), Health.UNKNOWN)
    ]  # fmt: skip


def test_a_day_of_the_country_is_weighed_as_the_snapshot_would_and_soon() -> None:
    """Every service of France turns five times, each at its own instants."""
    catalog = load(FRANCE).catalog
    ground, healths = survey(catalog), (Health.UP, Health.DOWN, Health.WAITING, Health.SLOW)
    courses = {
        name: service_course(
            [
                Span(
                    name, None, "", healths[(rank + turn) % 4], at(4 * turn + rank / 200), at(4 * turn + 4 + rank / 200)
                )
                for turn in range(5)
            ],
            MIDNIGHT,
            at(24),
        )
        for rank, name in enumerate(catalog.services)
    }
    began = time.process_time()
    places = place_courses(courses, catalog, ground)
    took_s = time.process_time() - began
    assert len(places) > 120
    for hours in (0.1, 7.123, 12.0, 19.9, 23.99):
        now = {name: _at(course, at(hours)).health for name, course in courses.items()}
        whole = {one.code: (one.health, round(one.share_affected, 3)) for one in roll_up(ground, now)}
        shown = {one.code: _at(one.course, at(hours)) for one in places}
        assert {code: (one.health, one.share) for code, one in shown.items()} == {
            code: state for code, state in whole.items() if code != "N"
        }
    assert took_s < 1.0  # 0.2 s on a quiet machine


def _at(course: Course, instant: datetime) -> Change:
    return [one for one in course if one.at <= instant][-1]
