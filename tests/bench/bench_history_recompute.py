"""Every figure that `vigie availability` publishes of a rehearsal, counted again in SQL from exported rows. Never asserts.

    python tests/bench/bench_history_recompute.py

`VIGIE_BENCH_SCENARIO` (2021-04: five days) and `VIGIE_BENCH_BETWEEN` (hours such as 07:30-08:30; whole days without it) say what
is played; `VIGIE_BENCH_DATABASE` is the URL of a rehearsal that was played already; `VIGIE_BENCH_ONLY` how the names of the documents
begin that are asked for (``all-grid,R-32``). What publishes runs here, in Vigie's own
commands; what counts again is tests/bench/recount.py and its SQL, which know nothing of Vigie but the files.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.__main__ import cli
from monitor.commands.usage import run
from monitor.config.territories import load_territories
from monitor.domain.catalog import Level
from monitor.domain.sketch import Sketch
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.store import open_desk, open_reader
from tests.bench.recount import EQUAL, WITHIN, Recount, codes_of, recount, recount_answers

SCENARIO = os.environ.get("VIGIE_BENCH_SCENARIO", "2021-04")
BETWEEN = os.environ.get("VIGIE_BENCH_BETWEEN")
ONLY = tuple(os.environ.get("VIGIE_BENCH_ONLY", "").split(","))
FIRST, LAST = "2021-04-06", "2021-04-27"  # all the days of April 2021 that are written, and the nights between
WEEK, LATER = "2021-04-10", "2021-04-26..2021-04-27"
PARIS = ZoneInfo("Europe/Paris")
_MS, _US = timedelta(milliseconds=1), timedelta(microseconds=1)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def vigie(*words: str) -> str:
    """What a command prints."""
    with redirect_stdout(StringIO()) as said:
        code = run(cli, list(words))
    if code not in {0, 1}:  # 1: nothing is counted, which is a figure too
        raise RuntimeError(f"vigie {' '.join(words)}: {code}")
    return said.getvalue()


def played(folder: Path) -> str:
    """The URL of the rehearsal, played now unless one was given."""
    if (given := os.environ.get("VIGIE_BENCH_DATABASE")) is not None:
        return given
    url, between = f"sqlite:///{folder}/rehearsal.db", ("--between", BETWEEN) if BETWEEN else ()
    command = (sys.executable, "-m", "monitor", "rehearse", SCENARIO, *between)
    subprocess.run(
        command,
        env={**os.environ, "VIGIE_DATABASE_URL": url},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return url


def declare(url: str) -> None:
    """Two maintenance windows over the play, of an operator and of a région: a rehearsal has none of its own."""
    asked = datetime(2021, 4, 1, tzinfo=UTC)
    for name, scope, hours in (
        ("rehearsal-1", Scope(ScopeKind.OPERATOR, "edifice"), ("07:45", "08:10")),
        ("rehearsal-2", Scope(ScopeKind.TERRITORY, "R:32"), ("08:20", "12:30")),
    ):
        when = Once(*(datetime.fromisoformat(f"2021-04-07T{hour}") for hour in hours))
        with closing(open_desk(url)) as desk:
            desk.declare(Window(name, scope, when, PARIS, asked, "Essai", "Essai"))


def documents() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is asked of `vigie availability`, and under which name it is kept."""
    whole, week = ("--from", FIRST, "--to", LAST), ("--from", FIRST, "--to", WEEK, "--against", LATER)
    for by in ("grid", "day", "hour", "weekday", "month", "period"):
        yield f"all-{by}", (*whole, "--by", by)
    yield "all-against", week
    yield "operator", (*week, "--operator", "edifice", "--by", "day")
    for audience in ("ecole", "college", "lycee", "prive", "personnels", "tous"):
        yield f"for-{audience}", (*week, "--audience", audience, "--by", "weekday")
    regions = [one.code for one in load_territories().values() if one.level in {Level.PAYS, Level.REGION}]
    for code, by in product(regions, ("day", "grid")):
        yield f"{code.replace(':', '-')}-{by}", (*week, "--territory", code, "--by", by)


def answers(url: str) -> Iterator[dict[str, object]]:
    """Of each probe and hour: how many answers of each failure, and percentiles as the sketches of Vigie give them."""
    kinds, spans = (
        defaultdict[tuple[str, str, int], Counter[str]](Counter),
        defaultdict[tuple[str, str, int], list[timedelta]](list),
    )
    with closing(open_reader(url)) as reader:
        for one in reader.records(
            *(datetime.fromisoformat(day).replace(tzinfo=PARIS).astimezone(UTC) for day in (FIRST, LAST))
        ):
            key = one.probe, one.vantage, one.at // 3_600_000_000 * 3_600_000_000
            kinds[key][one.failure or ""] += 1
            if one.health in {"up", "slow"}:
                spans[key].append(one.took_us * _US)
    for key, counted in kinds.items():
        sketch = Sketch.of(spans[key])
        said = {percent: sketch.percentile(percent) // _US for percent in (50, 95, 99)} if spans[key] else {}
        yield dict(zip(("probe", "vantage", "since_us"), key, strict=True)) | {"kinds": counted, "percentiles_us": said}


def publish(url: str, folder: Path) -> list[Path]:
    """Everything that counting again needs, as files; the documents among them."""
    period = ("--from", FIRST, "--to", LAST)
    for what in ("spans", "incidents"):
        vigie("export", what, *period, "--raw", "--output", str(folder / f"{what}.csv"))
    vigie("export", "observations", *period, "--format", "parquet", "--output", str(folder / "observations.parquet"))
    (folder / "answers.json").write_text(json.dumps(list(answers(url))), encoding="utf-8")
    found = []
    for name, words in (one for one in documents() if one[0].startswith(ONLY)):
        found.append(folder / f"{name}.json")
        found[-1].write_text(vigie("availability", *words, "--format", "json"), encoding="utf-8")
    days = str((datetime.fromisoformat(LAST) - datetime.fromisoformat(FIRST)).days + 2)
    for code in sorted({code for document in found for code in codes_of(document)}):
        said = vigie("calendar", "show", code, "--from", FIRST, "--days", days, "--format", "json")
        (folder / f"calendar-{code.replace(':', '-')}.json").write_text(said, encoding="utf-8")
    return found


def tell(one: Recount) -> None:
    say(f"{one.document:<20} {one.figures:>9}   {one.largest:.3g}   {len(one.wrong)}")
    for row in one.wrong[:5]:
        say(f"    {row}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.perf_counter()
        url = os.environ["VIGIE_DATABASE_URL"] = played(folder)
        declare(url)
        say(f"played in {time.perf_counter() - began:.0f} s: {SCENARIO} {BETWEEN or 'whole days'}")
        files, began = publish(url, folder), time.perf_counter()
        say(f"{'document':<20} {'figures':>9}   largest difference   not equal")
        found = [recount(folder, file) for file in files]
        for one in found:
            tell(one)
        counts, percentiles = recount_answers(folder)
        tell(counts)
        tell(percentiles)
        wrong = sum(len(one.wrong) for one in (*found, counts))
        say(
            f"{sum(one.figures for one in (*found, counts))} figures counted again in {time.perf_counter() - began:.0f} s, "
            f"largest difference {max(one.largest for one in found):.3g}, {wrong} beyond {EQUAL:g}"
        )
        say(
            f"{percentiles.figures} percentiles of latency, the furthest {percentiles.largest:.2%} away (promised: {WITHIN:.0%}), "
            f"{len(percentiles.wrong)} beyond"
        )


if __name__ == "__main__":
    main()
