"""A small country of two months for the view of availability: who fails when, and a name that nobody should run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.store import Evaluation, open_store
from tests.prepared import prepared

from .conftest import a_document, a_service, as_bytes

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
START = datetime(2026, 9, 19, 22, tzinfo=UTC)  # midnight of Paris, 20 September
HOUR = timedelta(hours=1)
HOSTILE = "=1+1;<img src=x onerror=document.title=7>"
PROBE = 'probes: {p: {kind: http, url: "https://ID.example.fr", expect: {status: [200], contains: ["Identifiant"]}}}'
SERVICE = '  - {id: ID, name: "NAME", kind: ent, operator: edifice, territories: ["D:59"], PROBE}'
NAMES = {"ent-a": "ENT A", "ent-b": HOSTILE}
CATALOGUE = "\n".join([
    "vigie: 1",
    "operators: [{id: edifice, name: Edifice}]",
    "canaries:",
    *(f'  - {{id: t{n}, kind: http, url: "https://{n}.example{n}.org", every: 10s, timeout: 3s, expect: {{status: [200]}}}}' for n in range(4)),
    "services:",
    *(SERVICE.replace("PROBE", PROBE).replace("ID", key).replace("NAME", name) for key, name in NAMES.items()),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Book:
    """Where it is, and its catalogue."""

    url: str
    config: Path


def new_book(folder: Path) -> Book:
    """ENT A is down for two hours on 5 October and on 3 November, the other one never."""
    book = Book(f"sqlite:///{folder}/vigie.db", folder / "probes.yaml")
    book.config.write_text(CATALOGUE, encoding="utf-8")
    prepared(book.url, "real", NOW)
    store = open_store(book.url, kind="real")
    downs = [datetime(2026, 10, 5, 6, tzinfo=UTC), datetime(2026, 11, 3, 7, tzinfo=UTC)]
    edges = [START, *(edge for one in downs for edge in (one, one + 2 * HOUR))]
    healths = (Health.UP, Health.DOWN, Health.UP, Health.DOWN)
    spans = tuple(
        Span("ent-a", None, "", health, *when) for health, *when in zip(healths, edges, edges[1:], strict=False)
    )
    verdicts = (ServiceVerdict("ent-a", Health.UP, edges[-1]), ServiceVerdict("ent-b", Health.UP, START))
    rows = [(key, name, "ent", "edifice", "up", None, "lille") for key, name in NAMES.items()]
    shown = a_document(NOW, services=[a_service(row, NOW) for row in rows])
    shown |= {"incidents": [], "territories": [*shown["territories"], {**shown["territories"][1], "code": "D:59", "name": "Nord", "level": "departement"}]}  # fmt: skip
    store.save(Evaluation((), verdicts, spans, tuple(map(an_incident, downs)), as_bytes(shown), NOW))
    store.close()
    return book


def an_incident(opened: datetime) -> Incident:
    """One of two hours."""
    return Incident(
        f"{opened:%Y%m%d-%H%M%S}-ent-a", "service:ent-a", opened, opened + timedelta(minutes=1), Health.UP, Health.DOWN,
        ("ent-a",), ("D:59",), recovered_at=opened + 2 * HOUR, closed_at=opened + 3 * HOUR,
    )  # fmt: skip
