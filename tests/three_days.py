"""A book of three days: answers of two services, a canary and a school of a fleet; states, incidents; two days sealed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.reports.digests import digested
from monitor.store import Evaluation, Store, open_reader, open_store
from monitor.store.days import bounds
from tests.commands.declaring import CATALOGUE
from tests.prepared import prepared

PARIS = ZoneInfo("Europe/Paris")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = datetime(2021, 11, 22, tzinfo=PARIS).astimezone(UTC)
EVIL = "=cmd|'/c calc'!A0\n\x1b[2J"
FLEET = """\
profiles:
  pronote: {probes: {login: {kind: http, url: "{url}/", expect: {contains: ["Identifiant"]}}}}
fleets:
  - {id: pronote, name: Pronote, operator: edifice, profile: pronote, file: pronote.csv}
"""


def answers() -> list[Observation]:
    """Three days of an answer an hour to two services, a canary, and a school whose head agreed."""
    return [
        Observation(
            probe,
            "local",
            MONDAY + number * HOUR + timedelta(microseconds=number),
            timedelta(milliseconds=118.1),
            failure=Failure.CONTENT_UNEXPECTED if number == 9 else None,
            detail=EVIL if number == 9 else "",
        )
        for number in range(72)
        for probe in ("ent-a/login", "ent-nc/login", "canary/c1", "pronote/0590001F")
    ]


def evaluation() -> Evaluation:
    spans = [
        Span("ent-a", None, "", Health.UP, MONDAY, MONDAY + 8 * HOUR),
        Span("ent-a", "ent-a/login", "local", Health.UP, MONDAY, MONDAY + 8 * HOUR),
        Span("ent-a", None, "", Health.DOWN, MONDAY + 8 * HOUR, MONDAY + 10 * HOUR, Failure.CONTENT_UNEXPECTED),
        Span("inconnu", None, "", Health.DOWN, MONDAY, MONDAY + 8 * HOUR),
    ]
    incidents = [
        Incident("20211122-070000-ent-a", "service:ent-a", MONDAY + 8 * HOUR, MONDAY + 8 * HOUR, Health.UP,
                 Health.DOWN, ("ent-a",), ("D:59",), Failure.CONTENT_UNEXPECTED, closed_at=MONDAY + 10 * HOUR),
        Incident("20211122-120000-local", "vantage:local", MONDAY + 13 * HOUR, MONDAY + 13 * HOUR, Health.UNKNOWN,
                 Health.UNKNOWN, (), (), closed_at=MONDAY + 14 * HOUR),
    ]  # fmt: skip
    verdicts = (ServiceVerdict("ent-a", Health.UP, MONDAY + 10 * HOUR),)
    snapshot = json.dumps({"at": (MONDAY + 3 * DAY).isoformat(timespec="milliseconds")}).encode()
    return Evaluation((), verdicts, tuple(spans), tuple(incidents), snapshot, MONDAY)


def kept(database_url: str, folder: Path) -> None:
    """Fill an empty database, and write the catalogue beside."""
    (folder / "probes.yaml").write_text(CATALOGUE + FLEET, encoding="utf-8")
    (folder / "pronote.csv").write_text(
        "uai,name,url,territory,pupils,agreed\n0590001F,Collège,https://c.example/,D:59,500,oui\n", encoding="utf-8"
    )
    prepared(database_url, "real", MONDAY)
    store = open_store(database_url, kind="real")
    store.append(answers())
    store.save(evaluation())
    seal(store, database_url)
    store.close()


def seal(store: Store, database_url: str) -> None:
    reader = open_reader(database_url)
    for day in store.unsealed(MONDAY + 2 * DAY):
        for found in digested(day, reader.records(*bounds(day))):
            store.seal(found, MONDAY + 3 * DAY)
    reader.close()
