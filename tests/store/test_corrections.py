"""Corrections of history: new rows beside what was written, read as they stand."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from monitor.domain.history import Correction
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.reports.history import day_spans, service_day
from monitor.store import Reader, Store, check, open_reader

UP, DOWN = Health.UP, Health.DOWN

Hours = Callable[[float], datetime]


@pytest.fixture
def hours(now: datetime) -> Hours:
    return lambda count: now + timedelta(hours=count)


@pytest.fixture
def reader(store: Store, database_url: str) -> Iterator[Reader]:
    opened = open_reader(database_url)
    yield opened
    opened.close()


def test_a_correction_is_read_over_what_it_corrects_which_stays(
    store: Store, reader: Reader, database_url: str, evaluation, hours: Hours
) -> None:
    written = (
        Span("ent-x", "ent-x/login", "local", UP, hours(0), hours(6)),
        Span("ent-x", None, "local", UP, hours(0), hours(6)),
    )
    store.save(evaluation(spans=written))
    probe = Correction(
        "ent-x", "ent-x/login", "local", hours(2), hours(4), hours(9),
        (Span("ent-x", "ent-x/login", "local", DOWN, hours(2), hours(4), Failure.CONNECT_REFUSED),),
    )  # fmt: skip
    store.correct([probe])
    found = reader.spans(hours(0), hours(9))
    assert [(one.probe, one.health, one.since, one.until, one.failure) for one in found] == [
        (None, UP, hours(0), hours(6), None),
        ("ent-x/login", UP, hours(0), hours(2), None),
        ("ent-x/login", DOWN, hours(2), hours(4), Failure.CONNECT_REFUSED),
        ("ent-x/login", UP, hours(4), hours(6), None),
    ]
    assert reader.corrections(hours(0), hours(9)) == [probe]
    assert reader.corrections(hours(0), hours(9), ["other"]) == reader.corrections(hours(4), hours(9)) == []
    assert reader.spans(hours(0), hours(9), of_services=True) == [written[1]]
    assert store.history(["ent-x"], hours(0), hours(9)) == found
    with store._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM spans").scalar() == 2
    assert check(database_url) == ()


def test_a_later_correction_of_the_same_stretch_counts(store: Store, reader: Reader, hours: Hours) -> None:
    for health in (DOWN, Health.SLOW):
        span = Span("ent-x", "ent-x/login", "local", health, hours(1), hours(2))
        store.correct([Correction("ent-x", "ent-x/login", "local", hours(1), hours(2), hours(9), (span,))])
    assert [one.health for one in reader.spans(hours(0), hours(9))] == [Health.SLOW]


def test_only_what_touches_the_window_is_given(store: Store, reader: Reader, evaluation, hours: Hours) -> None:
    store.save(evaluation(spans=(Span("ent-x", None, "local", UP, hours(0), hours(6)),)))
    span = Span("ent-x", None, "", DOWN, hours(1), hours(2))
    store.correct([Correction("ent-x", None, "", hours(1), hours(2), hours(9), (span,))])
    assert [(one.health, one.since, one.until) for one in reader.spans(hours(3), hours(4))] == [
        (UP, hours(2), hours(6))
    ]


def test_reports_lay_it_over_the_verdict_in_force_too(
    store: Store, reader: Reader, evaluation, answer, hours: Hours
) -> None:
    store.append([answer()])
    store.save(evaluation(services=(ServiceVerdict("ent-x", UP, hours(0)),)))
    span = Span("ent-x", None, "", DOWN, hours(1), hours(2))
    store.correct([Correction("ent-x", None, "", hours(1), hours(2), hours(9), (span,))])
    expected = [(UP, hours(0), hours(1)), (DOWN, hours(1), hours(2)), (UP, hours(2), hours(9))]
    assert [(o.health, o.since, o.until) for o in day_spans(reader, hours(0), hours(9))["ent-x"]] == expected
    day = service_day(reader, ["ent-x/login"], hours(0), hours(9))
    assert [(o.health, o.since, o.until) for o in day.spans] == expected


def test_answers_of_a_stretch_come_from_every_vantage(store: Store, answer, hours: Hours) -> None:
    store.append([answer(0), answer(3600), answer(5, vantage="lyon"), answer(6, probe="b/x")])
    assert store.answers(["ent-x/login"], hours(0), hours(1)) == [answer(0), answer(5, vantage="lyon")]


def test_a_correction_that_overflows_is_found_by_the_check(store: Store, database_url: str, hours: Hours) -> None:
    span = Span("ent-x", None, "", DOWN, hours(1), hours(3))
    store.correct([Correction("ent-x", None, "", hours(1), hours(2), hours(9), (span,))])
    assert any("correction" in sentence for sentence in check(database_url))
