"""A November in the books: three services of Lille, what failed, what was declared and said; and a contract."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.reason import Reason
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.store import Evaluation, open_desk, open_store
from tests.prepared import prepared

PARIS = ZoneInfo("Europe/Paris")
HOSTILE = '<script>fetch("https://evil.example/")</script><img src=https://evil.example/x onerror=alert(1)>'
DIRECTIONS = "\u202e\x1b[31m"
CATALOGUE = f"""\
vigie: 1
operators: [{{id: edifice, name: Edifice}}]
canaries:
  - {{id: c1, kind: http, every: 60s, url: "https://one.example/", expect: {{status: [200]}}}}
  - {{id: c2, kind: http, every: 60s, url: "https://two.test/", expect: {{status: [200]}}}}
  - {{id: c3, kind: http, every: 60s, url: "https://three.invalid/", expect: {{status: [200]}}}}
  - {{id: c4, kind: http, every: 60s, url: "https://four.localhost/", expect: {{status: [200]}}}}
services:
  - {{id: ent-nord, name: "ENT du Nord", kind: ent, operator: edifice, territories: ["D:59"], confirmed: 2021-01-01,
     probes: {{login: {{kind: http, url: "https://a.example/", expect: {{contains: ["Identifiant"]}}}}}}}}
  - {{id: ent-pdc, name: "ENT du Pas-de-Calais", kind: ent, operator: edifice, territories: ["D:62"], confirmed: 2021-01-01,
     probes: {{login: {{kind: http, url: "https://b.example/", expect: {{contains: ["Identifiant"]}}}}}}}}
  - {{id: ent-x, name: '{HOSTILE}', kind: ent, operator: edifice, territories: ["D:62"], confirmed: 2021-01-01,
     probes: {{login: {{kind: http, url: "https://x.example/", expect: {{contains: ["Identifiant"]}}}}}}}}
"""
CONTRACT = """\
contract: 1
title: "Marché 2021-07 : maintien en condition opérationnelle"
parties: {buyer: "Département du Nord", vendor: "Edifice"}
services: [ent-nord]
targets:
  - {hours: all, availability: 99.9}
  - {hours: school, availability: 99.5}
  - {hours: ["lun-ven 07:00-19:00", "sam 08:00-12:00"], availability: 97, public_holidays: false}
exclusions:
  declared_maintenance: {hours_per_month: 8, notice_days: 2}
  shortest_outage: 5m
  coverage_at_least: 90
"""
# Service, from, to, health, failure; in between everything answers.
TROUBLE = (
    ("ent-nord", "2021-10-12T08:00", "2021-10-12T09:30", Health.WAITING, Failure.CONTENT_WAITING_ROOM),
    ("ent-nord", "2021-11-08T07:52", "2021-11-08T08:41", Health.WAITING, Failure.CONTENT_WAITING_ROOM),
    ("ent-nord", "2021-11-08T08:41", "2021-11-08T10:06", Health.DOWN, Failure.EXCHANGE_SERVER_ERROR),
    ("ent-nord", "2021-11-08T13:28", "2021-11-08T14:10", Health.SLOW, Failure.CONTENT_SLOW),
    ("ent-nord", "2021-11-13T22:00", "2021-11-14T01:30", Health.MAINTENANCE, Failure.CONTENT_MAINTENANCE),
    ("ent-nord", "2021-11-16T08:02", "2021-11-16T08:05", Health.DOWN, Failure.EXCHANGE_TIMEOUT),
    ("ent-nord", "2021-11-23T08:01", "2021-11-23T08:55", Health.RESTRICTED, Failure.CONTENT_RESTRICTED),
    ("ent-nord", "2021-11-25T00:00", "2021-11-25T09:20", Health.UNKNOWN, None),
    ("ent-pdc", "2021-11-08T08:03", "2021-11-08T09:58", Health.DOWN, Failure.EXCHANGE_SERVER_ERROR),
    ("ent-pdc", "2021-11-18T17:30", "2021-11-18T19:10", Health.DOWN, Failure.CONNECT_TIMEOUT),
)
BEGAN, ENDED = "2021-10-01T00:00", "2021-12-01T00:00"


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def write(url: str, folder: Path, *, kind: str = "real") -> None:
    """The books at `url`; the catalogue and the contract in `folder`."""
    (folder / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
    (folder / "contrat.yaml").write_text(CONTRACT, encoding="utf-8")
    prepared(url, kind, paris(BEGAN), "2021-04-06" if kind == "rehearsal" else None)
    store = open_store(url, kind=kind)
    verdicts = tuple(
        ServiceVerdict(name, Health.UP, paris("2021-11-25T09:20")) for name in ("ent-nord", "ent-pdc", "ent-x")
    )
    probe = Verdict("ent-nord/login", "paris-1", Health.UP, paris("2021-11-25T09:20"))
    snapshot = json.dumps({"at": paris("2021-12-01T00:05").isoformat(timespec="milliseconds")}).encode()
    store.append(list(_answers()))
    store.save(Evaluation((probe,), verdicts, tuple(_spans()), tuple(_incidents()), snapshot, paris(ENDED)))
    store.close()
    _declare(url)


def _spans():
    for name in ("ent-nord", "ent-pdc", "ent-x"):
        since = paris(BEGAN)
        for service, begin, end, health, failure in TROUBLE:
            if service == name:
                if since < paris(begin):
                    yield Span(name, None, "", Health.UP, since, paris(begin))
                yield Span(name, None, "", health, paris(begin), paris(end), failure)
                since = paris(end)
        yield (
            Span(name, None, "", Health.UP, since, paris("2021-11-25T09:20"))
            if since < paris("2021-11-25T09:20")
            else Span(name, None, "", Health.UP, paris(BEGAN), paris(BEGAN))
        )


def _answers():
    """What the login of the Nord answered around its worst hour, hostile words included."""
    for minute in range(0, 180, 5):
        at = paris("2021-11-08T07:30") + timedelta(minutes=minute)
        failure = Failure.EXCHANGE_SERVER_ERROR if 22 <= minute < 156 else None
        yield Observation(
            "ent-nord/login", "paris-1", at, timedelta(milliseconds=240), failure, detail=f"{HOSTILE}{DIRECTIONS}"[:120]
        )


def _incidents():
    def one(name, services, opened, confirmed, recovered, worst, failure, culprit):
        begun, over = paris(opened), paris(recovered)
        return Incident(
            id=name, culprit=culprit, opened_at=begun, confirmed_at=paris(confirmed), health=Health.UP, worst=worst,
            services=services, territories=("D:59",), failure=failure, recovered_at=over, eased_at=over, closed_at=over,
        ).turned(begun, Reason.OPENED)  # fmt: skip

    yield one(
        "20211108-065200-edifice", ("ent-nord", "ent-pdc"), "2021-11-08T07:52", "2021-11-08T07:55", "2021-11-08T10:06",
        Health.DOWN, Failure.EXCHANGE_SERVER_ERROR, "operator:edifice",
    )  # fmt: skip
    yield one(
        "20211123-070100-ent-nord", ("ent-nord",), "2021-11-23T08:01", "2021-11-23T08:04", "2021-11-23T08:55",
        Health.RESTRICTED, Failure.CONTENT_RESTRICTED, "service:ent-nord",
    )  # fmt: skip


def _declare(url: str) -> None:
    desk = open_desk(url)
    night = Once(*(datetime.fromisoformat(f"2021-11-{hour}") for hour in ("13T22:00", "14T02:00")))
    scope = Scope(ScopeKind.SERVICE, "ent-nord")
    desk.declare(
        Window("nuit", scope, night, PARIS, paris("2021-11-10T09:00"), f"Montée de version {HOSTILE}", "DSI du Nord")
    )
    said = paris("2021-11-08T08:37")
    desk.announce(
        Announcement("dit", AnnouncementKind.STATEMENT, f"Nos équipes sont mobilisées.\n{HOSTILE}{DIRECTIONS}",
                     "Edifice", said, said, incident="20211108-065200-edifice")
    )  # fmt: skip
    desk.close()
