"""Play a packaged scenario with the real engine, and write its day as `monitor/reports/data/` holds it.

    python tools/reconstruction/make.py 2021-04-06 monitor/reports/data/2021-04-06.json

Takes as long as `vigie rehearse` (some minutes); the database it fills is thrown away. `VIGIE_DATABASE_URL` may name
one that was filled by `vigie rehearse` before: then nothing is played.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from monitor.reports import sources
from monitor.reports.day_read import country_day
from monitor.reports.day_written import day_values
from monitor.reports.open_shares import Books

ROOT = Path(__file__).resolve().parents[2]
LONG = {"services", "places", "incidents"}
NOBODY = Path("no-such-file")  # neither a calendar nor a directory: as a rehearsal is played by default


def main(scenario: str, target: Path) -> None:
    """Write the day of a scenario whose name is its date."""
    with tempfile.TemporaryDirectory(prefix="vigie-reconstruction-") as folder:
        url = os.environ.get("VIGIE_DATABASE_URL") or f"sqlite:///{folder}/day.db"
        if "VIGIE_DATABASE_URL" not in os.environ:
            clean = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
            clean |= {"VIGIE_DATABASE_URL": url, "VIGIE_CONFIG": str(ROOT / "probes.yaml"), "PYTHONPATH": str(ROOT)}
            command = [sys.executable, "-m", "monitor", "rehearse", scenario]
            subprocess.run(command, cwd=folder, env=clean, check=True)  # noqa: S603 -- our own program
        write(url, date.fromisoformat(scenario), target)
        sources.close_all()


def write(url: str, day: date, target: Path, config: Path = ROOT / "probes.yaml") -> None:
    """Write the day that a book holds, one line a service, a place and an incident, so that two versions compare."""
    books = Books(url, config, NOBODY, NOBODY)
    now = datetime.now(UTC)  # noqa: TID251 -- later than any day that a rehearsal plays
    values = day_values(country_day(books, day, now))
    lines = [f"{json.dumps(name)}: {_rows(value) if name in LONG else _line(value)}" for name, value in values.items()]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _rows(rows: list[object]) -> str:
    return "[\n" + ",\n".join(map(_line, rows)) + "\n]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
