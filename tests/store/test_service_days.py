"""Rows of the days of services: what a damaged one says, and what a migration leaves."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from monitor.domain.observation import Health
from monitor.domain.rests import Behind, Page
from monitor.domain.service_verdict import ServiceVerdict
from monitor.store import DatabaseDamaged, Evaluation, Store, check, open_reader, open_store, upgrade
from monitor.store.database import writing
from monitor.store.days import begins, each_day
from monitor.store.derived_tables import service_days
from monitor.store.place import Book, Place
from monitor.store.schema import migrate

MONDAY, SUNDAY = date(2026, 10, 19), date(2026, 10, 25)  # of which the last has 25 hours
DAY_US = 86_400_000_000


def keep(store: Store, first: date = MONDAY, last: date = SUNDAY) -> None:
    verdict = ServiceVerdict("ent", Health.UP, begins(MONDAY))
    store.save(Evaluation((), (verdict,), (), (), None, begins(MONDAY)))
    pages = tuple(Page(day, begins(day), begins(day + timedelta(days=1)), (), (), 7) for day in each_day(first, last))
    store.keep_days([Behind("ent", ("ent",), pages)], begins(SUNDAY + timedelta(days=2)))


def test_two_rows_tell_of_any_period(store: Store, database_url: str) -> None:
    assert store.heads(["ent"]) == {}
    keep(store)
    reader = open_reader(database_url)
    for first, last, lasts in ((0, 6, 7), (1, 2, 2), (6, 6, 1), (-9, 30, 7)):
        found = reader.kept_totals(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last), ["ent", "autre"])
        assert found is not None
        assert found.last == min(SUNDAY, MONDAY + timedelta(days=last))
        assert set(found.services) == {"ent"}
        hour_more = 3_600_000_000 * (last >= 6)
        assert (found.services["ent"].good_us, found.services["ent"].asked_us) == (lasts * DAY_US + hour_more,) * 2
    assert reader.kept_totals(SUNDAY + timedelta(days=1), SUNDAY + timedelta(days=3)) is None
    assert reader.kept_totals(MONDAY - timedelta(days=3), MONDAY - timedelta(days=1)) is None
    reader.close()
    assert store.heads(["ent", "autre"]) == {"ent": (SUNDAY, 7)}


def test_a_service_that_fell_behind_is_found(store: Store) -> None:
    keep(store)
    page = Page(SUNDAY + timedelta(days=9), begins(SUNDAY), begins(SUNDAY + timedelta(days=1)), (), (), 8)
    store.keep_days([Behind("autre", ("autre",), (page,))], begins(SUNDAY))
    store.unmake("ent", [SUNDAY])
    assert store.heads(["ent", "autre"]) == {"ent": (SUNDAY, None), "autre": (page.day, 8)}
    assert store.unmade(9) == {"ent": [SUNDAY]}


def test_what_is_not_kept_is_not_made_again(store: Store, database_url: str) -> None:
    page = Page(MONDAY, begins(MONDAY), begins(MONDAY + timedelta(days=1)), (), (), 7)
    store.remake_day(Behind("ent", ("ent",), (page,)), begins(SUNDAY))
    reader = open_reader(database_url)
    assert reader.kept_days("ent", MONDAY, SUNDAY) == []
    reader.close()


def test_damage_is_said(store: Store, database_url: str) -> None:
    keep(store)
    assert check(database_url) == ()
    with store._engine.begin() as connection:
        connection.execute(update(service_days).values(course=b"\x07\x02"))
        connection.execute(delete(service_days).where(service_days.c.day == 20747))  # Wednesday
    reader = open_reader(database_url)
    with pytest.raises(DatabaseDamaged, match="ent"):
        reader.kept_days("ent", MONDAY, SUNDAY)
    reader.close()
    (said,) = check(database_url)
    assert "1 journée(s) de service sans celle d’avant" in said


def test_an_older_schema_forgets_the_days_and_a_newer_one_asks_for_them_again(
    store: Store, database_url: str, now: datetime
) -> None:
    keep(store)
    store.close()
    engine = writing(Place.of(database_url), Book.MEASURES)
    with engine.begin() as connection:
        migrate(connection, Book.MEASURES, down_to="0009")
    engine.dispose()
    upgrade(database_url, "real", now)
    again = open_store(database_url, kind="real")
    assert again.heads(["ent"]) == {}
    assert again.first_known({"ent": ["ent"], "autre": ["autre"]}) == {"ent": begins(MONDAY)}
    keep(again)
    assert again.heads(["ent"]) == {"ent": (SUNDAY, 7)}
    again.close()
