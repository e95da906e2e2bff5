# ruff: noqa: T201 - it prints
"""Availability over years: from two kept rows a service, beside the same question asked of raw rows and of spans.

    python tests/bench/bench_history_availability.py

Sizes by environment: VIGIE_BENCH_SERVICES (5000), VIGIE_BENCH_DAYS (1100), VIGIE_BENCH_RAW (10000000 raw rows),
VIGIE_BENCH_SAMPLE (50 services asked from spans). PostgreSQL too where VIGIE_BENCH_POSTGRES_URL names an empty database.
"""

import os
import statistics
import sys
import tempfile
import time as clock
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, text

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.domain.calendar import SchoolCalendar, SchoolClock
from monitor.domain.catalog import Catalog, Service
from monitor.domain.daybook import Totals, course_of, summed
from monitor.domain.observation import Health
from monitor.domain.rests import Rests
from monitor.domain.service_verdict import Span
from monitor.domain.timetable import Timetable
from monitor.reports.availability import availability_of
from monitor.reports.totals import days_of, totals_of
from monitor.store import Reader, open_reader, open_store, upgrade
from monitor.store import service_days as rows
from monitor.store.codec import micros
from monitor.store.days import begins, each_day
from monitor.store.derived_tables import service_days
from monitor.store.tables import observations, series, spans, words
from tests.domain.small import catalog, service

LAST = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PERIOD = 90  # days
ASKED = 7  # times, of which the median is printed
BATCH = 50_000
SERVICES, DAYS = int(os.environ.get("VIGIE_BENCH_SERVICES", "5000")), int(os.environ.get("VIGIE_BENCH_DAYS", "1100"))
RAW, SAMPLE = int(os.environ.get("VIGIE_BENCH_RAW", "10000000")), int(os.environ.get("VIGIE_BENCH_SAMPLE", "50"))
PARIS = ZoneInfo("Europe/Paris")
RAW_SQL = """
SELECT series, sum(CASE WHEN failure IS NULL THEN following - at ELSE 0 END), sum(following - at) FROM (
  SELECT series, at, failure, lead(at) OVER (PARTITION BY series ORDER BY at) AS following
  FROM observations WHERE hour >= :first AND hour < :last
) AS answers GROUP BY series
"""


class Country:
    """So many services, all of one département, of which every tenth fails for an hour each day at ten."""

    def __init__(self, count: int) -> None:
        self.catalog: Catalog = catalog(*(service(f"s{n:05}", probes=()) for n in range(count)))
        self.services = tuple(self.catalog.services.values())
        timetable = Timetable(self.catalog, SchoolCalendar({}, {}, {}, {"Europe/Paris": PARIS}))
        self.clocks = {one.id: timetable.clock_of(one.territories) for one in self.services}

    def clock(self, one: Service) -> SchoolClock:
        return self.clocks[one.id]


def spans_of(name: str, day: date, *, fails: bool) -> list[Span]:
    ten = datetime.combine(day, time(10), PARIS).astimezone(UTC)
    edges = [begins(day), ten, ten + timedelta(hours=1), begins(day + timedelta(days=1))]
    healths = (Health.UP, Health.DOWN if fails else Health.UP, Health.UP)
    return [Span(name, None, "", *one) for one in zip(healths, edges, edges[1:], strict=False)]


def batches(found: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch = list[dict[str, Any]]()
    for row in found:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def kept(country: Country) -> Iterator[dict[str, Any]]:
    """The rows of every day of every service, as the monitor writes them."""
    rests, first = Rests(country.catalog, country.clock, ()), LAST - timedelta(days=DAYS - 1)
    totals = [Totals(), Totals()]
    for day in each_day(first, LAST):
        within = begins(day), begins(day + timedelta(days=1))
        page = rests.page(country.services[0], day, within)
        courses = [course_of(spans_of("x", day, fails=bad), (), page.school, *within) for bad in (False, True)]
        totals = [one.plus(summed(course)) for one, course in zip(totals, courses, strict=True)]
        for n in range(len(country.services)):
            yield rows.row_of(n + 1, page, first, totals[n % 10 == 0], courses[n % 10 == 0])


def raw(count: int) -> Iterator[dict[str, Any]]:
    """So many answers of the period, of as many series as there are services; one in a thousand failed."""
    every = PERIOD * 86_400_000_000 * SERVICES // max(count, 1)
    first = micros(begins(LAST - timedelta(days=PERIOD - 1)))
    for turn in range(count // SERVICES):
        for n in range(SERVICES):
            at = first + turn * every + n
            failed = 1 if (turn + n) % 1000 == 0 else None
            yield {"hour": at // 3_600_000_000, "series": n + 1, "at": at, "took_us": 90_000, "failure": failed}


def written(country: Country) -> Iterator[dict[str, Any]]:
    """The spans of the period."""
    for n in range(len(country.services)):
        for day in each_day(LAST - timedelta(days=PERIOD - 1), LAST):
            for one in spans_of("", day, fails=n % 10 == 0):
                since, until = micros(one.since), micros(one.until)
                yield {"service": n + 1, "probe": 0, "vantage": 0, "since": since, "until": until, "health": one.health.value}  # fmt: skip


def fill(connection: Connection, country: Country) -> None:
    names = [{"id": n + 1, "text": one.id} for n, one in enumerate(country.services)]
    connection.execute(insert(words), names)
    connection.execute(
        insert(series), [{"id": one["id"], "probe": f"{one['text']}/p", "vantage": "local"} for one in names]
    )
    for table, found in ((service_days, kept(country)), (spans, written(country)), (observations, raw(RAW))):
        began, count = clock.perf_counter(), 0
        for batch in batches(found):
            connection.execute(insert(table), batch)
            count += len(batch)
        print(f"  filled: {count:,} rows of {table.name} in {clock.perf_counter() - began:.0f} s")


def median_ms(ask: Callable[[], object], times: int = ASKED) -> float:
    found = []
    for _ in range(times):
        began = clock.perf_counter()
        ask()
        found.append((clock.perf_counter() - began) * 1000)
    return statistics.median(found)


def measure(reader: Reader, country: Country) -> tuple[float, float]:
    since, until = begins(LAST - timedelta(days=PERIOD - 1)), begins(LAST + timedelta(days=1))
    whole = {"since": since, "until": until, "now": NOW}
    found = totals_of(reader, country.services, country.catalog, country.clock, (), **whole)
    sample = country.services[:: max(1, len(country.services) // SAMPLE)][:SAMPLE]

    def spans_say(one: Service) -> object:
        return availability_of(reader, one, country.catalog, country.clock(one), (), **whole)

    assert all(found[one.id] == spans_say(one) for one in sample[:3])
    every = median_ms(lambda: totals_of(reader, country.services, country.catalog, country.clock, (), **whole))
    asked = country.services[0]
    years = {"first": max(LAST - timedelta(days=3 * 365), LAST - timedelta(days=DAYS - 1)), "last": LAST, "now": NOW}
    one = median_ms(lambda: days_of(reader, asked, country.catalog, country.clock(asked), (), **years))
    from_spans = median_ms(lambda: [spans_say(it) for it in sample], 1) / len(sample) * len(country.services)
    print(f"  {len(country.services):,} services, {PERIOD} days, from kept rows: {every:.1f} ms")
    print(f"    from spans: {from_spans:.0f} ms ({len(sample)} asked, scaled): {from_spans / every:.0f} times as long")
    print(f"  one service, {min(DAYS, 3 * 365)} days one by one: {one:.1f} ms")
    return every, one


def from_raw(connection: Connection, every: float) -> None:
    hours = {"first": micros(begins(LAST - timedelta(days=PERIOD - 1))) // 3_600_000_000, "last": micros(NOW) // 3_600_000_000}  # fmt: skip
    took = median_ms(lambda: connection.execute(text(RAW_SQL), hours).all(), 1)
    print(f"    from {RAW:,} raw rows by SQL: {took:.0f} ms: {took / every:.0f} times as long")


def run(url: str, count: int) -> tuple[float, float]:
    upgrade(url, "real", NOW)
    country = Country(count)
    with closing(open_store(url, kind="real")) as store:
        with store._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout TO 0")
            fill(connection, country)
        with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        with closing(open_reader(url)) as reader:
            measured = measure(reader, country)
        with store._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout TO 0")
            from_raw(connection, measured[0])
    return measured


def main() -> None:
    global SERVICES, RAW
    whole, rows_of_whole = SERVICES, RAW
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        found = []
        for part in (10, 1):
            SERVICES, RAW = max(1, whole // part), rows_of_whole // part
            path = Path(folder) / f"{part}.db"
            print(f"SQLite, {SERVICES:,} services, {DAYS:,} days, {RAW:,} raw rows")
            found.append(run(f"sqlite:///{path}", SERVICES))
            print(f"  on disk: {path.stat().st_size / 1e6:,.0f} MB")
        (small, small_one), (every, one) = found
        print(
            f"growth at 10 times the size: all services {every / small:.1f}, one service {one / small_one:.1f} times as long"
        )
        print(f"promises: all services {every:.1f} ms (<= 60), one service over years {one:.1f} ms (<= 50)")
    if url := os.environ.get("VIGIE_BENCH_POSTGRES_URL"):
        print(f"PostgreSQL, {SERVICES:,} services")
        run(url, SERVICES)


if __name__ == "__main__":
    main()
