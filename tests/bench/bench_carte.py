# ruff: noqa: T201 - it prints
"""A year of a service as it is drawn, beside the same question asked of a month of raw answers; a year hour by hour.

    python tests/bench/bench_carte.py

One service, two probes, a year of roll-ups, a month of answers (one a minute), an outage a week. Sizes by environment:
VIGIE_BENCH_DAYS (365), VIGIE_BENCH_RAW_DAYS (30). A browser draws too where VIGIE_BENCH_CHROMIUM names one.
"""

import json
import os
import statistics
import sys
import tempfile
import time as clock
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import CDPSession, sync_playwright
from plotly.utils import PlotlyJSONEncoder

from dashboard.pages import service as service_view
from monitor.domain.answer_tally import AnswerTally
from monitor.domain.calendar import SchoolCalendar
from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure, Health, Observation, Phases
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.sketch import Sketch
from monitor.domain.timetable import Timetable
from monitor.domain.uptime import Hours
from monitor.reports.durations import Question, durations_of
from monitor.reports.figures import Basis
from monitor.reports.hours import Measure, hourly
from monitor.reports.hours import Question as HoursAsked
from monitor.reports.lookback import Over
from monitor.store import Evaluation, Reader, Store, open_reader, open_store, upgrade
from monitor.store.days import begins
from tests.dashboard.conftest import QUIET_BROWSER, a_document, as_bytes, start_web, stop_web
from tests.domain.small import catalog, service
from tests.rolled import HOUR, every_hour, roll_up, tally

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
TODAY = NOW.date()
DAY, ASKED = timedelta(days=1), 7  # times, of which the median is printed
DAYS, RAW_DAYS = int(os.environ.get("VIGIE_BENCH_DAYS", "365")), int(os.environ.get("VIGIE_BENCH_RAW_DAYS", "30"))
ID = "ent-hdf"  # one of the catalogue, which the browser is shown
PROBES = tuple(
    Probe(f"{ID}/{name}", ID, ProbeKind.HTTP, url="https://ent.example.fr/") for name in ("login", "context")
)
ENT = service(ID, probes=PROBES)
FRANCE = catalog(ENT)
TIMETABLE = Timetable(FRANCE, SchoolCalendar({}, {}, {}, {"Europe/Paris": ZoneInfo("Europe/Paris")}))
CLOCK = TIMETABLE.clock_of(ENT.territories)


def hours() -> Iterator[tuple[datetime, bool, AnswerTally]]:
    """Sixty answers in an hour of school, four at others, slower at eight; an hour of a waiting room a week."""
    for at in every_hour(TODAY - DAYS * DAY, NOW.replace(minute=0)):
        local, in_school = at.astimezone(ZoneInfo("Europe/Paris")), CLOCK.in_school_hours(at)
        queue = {Failure.CONTENT_WAITING_ROOM: 20} if (local.weekday(), local.hour) == (0, 8) else {}
        yield at, in_school, tally(60 if in_school else 4, 900 if local.hour == 8 else 120 + at.day, queue)


def answers(probe: str) -> Iterator[Observation]:
    ms = timedelta(milliseconds=1)
    for n in range(RAW_DAYS * 1440):
        at, took = NOW - RAW_DAYS * DAY + n * timedelta(minutes=1), (100 + n * 7919 % 400) * ms
        yield Observation(probe, "local", at, took, None, Phases(5 * ms, 10 * ms, 20 * ms, took / 2, 3 * ms))


def spans() -> Iterator[Span]:
    """Well, but for an hour of each Monday."""
    begin = begins(TODAY - DAYS * DAY)
    for n in range(DAYS):
        day = TODAY - (DAYS - n) * DAY
        if day.weekday() == 0:
            eight = begins(day) + 8 * HOUR
            yield Span(ID, None, "", Health.UP, begin, eight)
            yield Span(ID, None, "", Health.WAITING, eight, begin := eight + HOUR)


def fill(store: Store) -> None:
    found = list(hours())
    roll_up(store, {probe.id: found for probe in PROBES}, slots_since=NOW - 2 * DAY)
    written = tuple(spans())
    last = ServiceVerdict(ID, Health.UP, written[-1].until)
    store.save(Evaluation((), (last,), written, (), None, NOW))
    for probe in PROBES:
        given = list(answers(probe.id))
        for first in range(0, len(given), 5000):
            store.append(given[first : first + 5000])


def median_ms(ask: Callable[[], object], times: int = ASKED) -> float:
    found = []
    for _ in range(times):
        began = clock.perf_counter()
        ask()
        found.append((clock.perf_counter() - began) * 1000)
    return statistics.median(found)


def cpu_ms(ask: Callable[[], object]) -> float:
    """What the processor spent, on a machine that does other things too."""
    began = clock.process_time()
    ask()
    return (clock.process_time() - began) * 1000


def question(over: Over) -> Question:
    return Question(ENT, tuple(probe.id for probe in PROBES), over, Hours.ALL, CLOCK, NOW, NOW)


def from_answers(reader: Reader) -> object:
    """The month's quantiles by two hours, from each of its answers."""
    steps: dict[int, list[timedelta]] = {}
    for one in reader.observations([probe.id for probe in PROBES], NOW - RAW_DAYS * DAY, NOW):
        steps.setdefault(int(one.at.timestamp()) // 7200, []).append(one.took)
    return {step: Sketch.of(took).percentile(95) for step, took in steps.items()}


def measure(reader: Reader) -> None:
    for over in Over:
        found = durations_of(reader, question(over))
        took = median_ms(lambda over=over: durations_of(reader, question(over)))
        print(f"  durations over {over.value}: {took:.0f} ms, {len(found.steps)} steps, {sum(n for _, n in found.whole.kinds):,} answers")  # fmt: skip
    print(
        f"  a month from {RAW_DAYS * 1440 * len(PROBES):,} raw answers: {median_ms(lambda: from_answers(reader), 1):.0f} ms"
    )
    basis = Basis(reader, "sqlite:////nowhere/vigie.db", FRANCE, TIMETABLE, survey(FRANCE), NOW)
    for one in Measure:
        asked = HoursAsked(one, ((ENT, 1.0),), CLOCK, "Europe/Paris", TODAY - (DAYS - 1) * DAY, TODAY, NOW)
        print(
            f"  {DAYS} days hour by hour, {one.value}: {median_ms(lambda asked=asked: hourly(basis, asked), 3):.0f} ms"
        )


def draw(reader: Reader) -> str:
    """What the process of the map does for a year: reading, figures, tables, and the JSON that it sends."""
    children = service_view.sections(durations_of(reader, question(Over.YEAR)), [timedelta(seconds=4)])
    return json.dumps(children, cls=PlotlyJSONEncoder)


def in_a_browser(url: str, chromium: str) -> None:
    """From a change of the period to the figure on the screen; of the browser also its processor time alone."""
    web = start_web(url)
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=chromium, args=QUIET_BROWSER)
            page = running.new_page()
            told = page.context.new_cdp_session(page)
            told.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(f"{web.url}/carte/service?id=ent-hdf&sur=7j")
            page.locator("#drawn .figure .main-svg").first.wait_for(timeout=120_000)
            for period, words in (("1an", "Sur un an"), ("90j", "Sur 90"), ("24h", "Sur 24")):
                page.wait_for_timeout(2000)
                before, began = _busy(told), clock.perf_counter()
                page.get_by_label("Période").select_option(period)
                page.locator("#drawn .lead", has_text=words).wait_for(timeout=120_000)
                page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
                whole = (clock.perf_counter() - began) * 1000
                page.wait_for_timeout(2000)
                print(
                    f"  in Chromium, {period}: drawn after {whole:.0f} ms; {_busy(told) - before:.0f} ms of its processor time"
                )
            running.close()
    finally:
        stop_web(web)


def _busy(told: CDPSession) -> float:
    metrics = told.send("Performance.getMetrics")["metrics"]
    return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        url = f"sqlite:///{folder}/vigie.db"
        upgrade(url, "real", NOW)
        with closing(open_store(url, kind="real")) as store:
            fill(store)
            with closing(open_reader(url)) as reader:
                measure(reader)
                print(
                    f"  a year drawn (reading, three figures, tables, JSON): {median_ms(lambda: draw(reader)):.0f} ms, {cpu_ms(lambda: draw(reader)):.0f} ms of processor, {len(draw(reader)) / 1000:.0f} kB"
                )
            if chromium := os.environ.get("VIGIE_BENCH_CHROMIUM"):
                store.save(Evaluation((), (), (), (), as_bytes(a_document(at=NOW, published=NOW)), NOW))
                in_a_browser(url, chromium)


if __name__ == "__main__":
    main()
