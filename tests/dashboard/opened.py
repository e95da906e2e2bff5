"""What open data shows, made for tests: a folder of files with its index, sealed days, a past incident."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.seal import Digested, SealedProbe
from monitor.store import Evaluation, Store

PARIS = ZoneInfo("Europe/Paris")
MORNING = datetime(2026, 11, 24, 9, 16, tzinfo=UTC)  # 10 h 16 in Paris
OLD = datetime(2026, 9, 14, 6, 3, tzinfo=UTC)
OLD_INCIDENT = "20260914-060300-ent77"
CONTENT = b"at,vantage\r\n" + b"2026-11-23T08:00:00.000000Z,local\r\n" * 4000
COLUMNS = [
    {"name": "Instant", "key": "at", "type": "datetime", "title": "Instant", "description": "début de la question"},
    {"name": "Durée (ms)", "key": "took_ms", "type": "number", "title": "Durée (ms)", "description": "durée totale", "unit": "ms"},
]  # fmt: skip


def with_files(folder: Path, days: int = 3) -> Path:
    """A folder as the nightly work leaves it, and beside its files one that the index does not name."""
    folder.mkdir(exist_ok=True)
    (folder / "secret.env").write_text("VIGIE_MAIL_URL=marked")
    files = []
    for number in range(days):
        day = datetime(2026, 11, 23, tzinfo=PARIS) - timedelta(days=number)
        files += [
            _file(folder, f"observations-{day:%Y-%m-%d}.{ending}", "observations", day, 1, ending)
            for ending in ("csv", "parquet")
        ]
    files.append(_file(folder, "incidents.jsonl", "incidents", datetime(2026, 9, 1, tzinfo=PARIS), 84, "json"))
    (folder / "observations-2026-11-23.csv.seals.json").write_text('{"version":1}')
    index = {"made_at": "2026-11-24T03:12:00Z", "licence": "etalab-2.0", "method": "1", "files": files}
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def _file(folder: Path, name: str, what: str, day: datetime, days: int, ending: str) -> dict[str, object]:
    (folder / name).write_bytes(CONTENT)
    package = {"resources": [{"name": what, "schema": {"fields": COLUMNS}}]}
    (folder / f"{name}.datapackage.json").write_text(json.dumps(package))
    return {
        "name": name, "what": what, "from": f"{day:%Y-%m-%d}", "to": f"{day + timedelta(days=days):%Y-%m-%d}",
        "format": ending, "bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest(), "rows": 4000,
        "package": f"{name}.datapackage.json",
    }  # fmt: skip


def with_seals(store: Store, days: int = 3) -> None:
    """Finished days, sealed the night after; the last one twice, for answers that came late."""
    for number in range(days + 1):
        day = MORNING.astimezone(PARIS).date() - timedelta(days=days - min(number, days - 1))
        since = datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)
        if number == days:
            late = Observation("pix/login", "local", since + timedelta(hours=9), timedelta(milliseconds=120))
            store.append([late])
        probes = (SealedProbe("pix/login", 1440 + number, hashlib.sha256(b"%d" % number).hexdigest()),)
        found = Digested(day, since, since + timedelta(days=1), "local", probes)
        store.seal(found, since + timedelta(days=1, hours=2, minutes=number))


def with_past(store: Store) -> None:
    """An incident of September, and one of our own line."""

    def incident(name: str, culprit: str) -> Incident:
        return Incident(
            name, culprit, OLD, OLD + timedelta(minutes=1), Health.UP, Health.DOWN, ("ent77",), ("A:creteil",),
            Failure.EXCHANGE_SERVER_ERROR, OLD + timedelta(hours=2), OLD + timedelta(hours=3), None, OLD + timedelta(hours=2),
        )  # fmt: skip

    ours = incident("20260914-060300-local", "vantage:local")
    store.save(Evaluation((), (), (), (incident(OLD_INCIDENT, "service:ent77"), ours), None, MORNING))
