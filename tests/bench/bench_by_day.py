# ruff: noqa: T201 - it prints
"""What 90 bars cost: a service, départements and régions of the real catalogue, their days kept as the monitor keeps them.

Prints milliseconds of the processor, the median of 9, of reading (goal <= 60 for all services of a région) and of drawing.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.public.ninety import ninety_days
from monitor.config import default_path
from monitor.config.calendar import load_calendar
from monitor.domain.daybook import Totals, course_of, summed
from monitor.domain.observation import Health
from monitor.domain.rests import Rests
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.reports.by_day import service_by_day, territory_by_day
from monitor.reports.country import country
from monitor.reports.figures import Basis
from monitor.settings import Settings
from monitor.store import Evaluation, open_reader, open_store, upgrade
from monitor.store import service_days as rows
from monitor.store.days import begins, bounds, day_of, each_day
from monitor.store.derived_tables import service_days
from monitor.store.tables import words

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
DAYS, TIMES = 120, 9


def spans(day: datetime, fails: bool) -> list[Span]:
    ten, hour = day + timedelta(hours=10), timedelta(hours=1)
    told = (
        (Health.UP, day, ten),
        (Health.DOWN if fails else Health.UP, ten, ten + hour),
        (Health.UP, ten + hour, day + 25 * hour),
    )
    return [Span("x", None, "", *one) for one in told]  # fmt: skip


def fill(url: str, here: object) -> None:
    catalog, timetable = here.catalog, here.timetable
    rests = Rests(catalog, lambda one: timetable.clock_of(one.territories), ())
    store = open_store(url, kind="real")
    verdicts = tuple(ServiceVerdict(one, Health.UP, begins(day_of(NOW))) for one in catalog.services)
    store.save(Evaluation((), verdicts, (), (), None, NOW))
    last = day_of(NOW) - timedelta(days=1)
    first = last - timedelta(days=DAYS)
    with store._engine.begin() as connection:  # the daybook writes a few days a step: minutes
        for number, service in enumerate(catalog.services.values()):
            connection.execute(insert(words), {"id": 10_000 + number, "text": service.id})
            totals, found = Totals(), []
            for day in each_day(first, last):
                page = rests.page(service, day, bounds(day))
                course = course_of(spans(page.since, (number + day.day) % 9 == 0), (), page.school, *bounds(day))
                totals = totals.plus(summed(course))
                found.append(rows.row_of(10_000 + number, page, first, totals, course))
            connection.execute(insert(service_days), found)
    store.close()


def cost_ms(ask: Callable[[], object]) -> float:
    found = []
    for _ in range(TIMES):
        began = time.process_time()
        ask()
        found.append(time.process_time() - began)
    return statistics.median(found) * 1000


def main() -> None:
    settings = Settings()
    here = country(default_path(), settings.calendar)
    load_calendar(settings.calendar)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/vigie.db"
        upgrade(url, "real", NOW)
        fill(url, here)
        reader = open_reader(url)
        basis = Basis(reader, url, here.catalog, here.timetable, survey(here.catalog), NOW)
        service = here.catalog.services["ent-hdf"]
        asked: list[tuple[str, int, Callable[[], object]]] = [("ent-hdf", 1, lambda: service_by_day(basis, service))]
        for code in ("D:59", "R:84", "R:44", "R:11", "N"):
            many = sum(len(one.weights) for one in basis.ground.figures[code][:1])
            asked.append((code, many, lambda code=code: territory_by_day(basis, code)))
        for name, many, ask in asked:
            found = ask()
            print(
                f"{name:8} {many:3} services: read {cost_ms(ask):6.1f} ms, drawn {cost_ms(lambda found=found: ninety_days(found)):5.1f} ms"
            )
        reader.close()


if __name__ == "__main__":
    main()
