"""A book of one morning: ten portals of three operators, one of which fails together; an incident, its sheet, messages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config import load
from monitor.domain.attribution import Trouble, attribute, bonds_of
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident, incident_id
from monitor.domain.observation import Certificate, Failure, Health, Observation
from monitor.domain.reason import Reason
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict
from monitor.drafting import Scene, drafted
from monitor.store import Evaluation, Store, Telling, TellingState, open_store
from tests.prepared import prepared

HOSTILE = "<b>Alpha</b> & <i>fils</i>"
EIGHT = datetime(2021, 11, 22, 7, 0, tzinfo=UTC)  # a Monday of term, 8 h in Paris
MIDNIGHT, NOON = EIGHT - timedelta(hours=8), EIGHT + timedelta(hours=4)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ILL, WELL = ("a1", "a2", "a3"), ("a4", "b1", "b2", "b3", "b4", "b5", "c1")
WAITING = Failure.CONTENT_WAITING_ROOM
_SERVICE = """\
  - {{id: {id}, name: "{name}", kind: {kind}, territories: ["{place}"], operator: {operator}{more}, confirmed: 2021-01-01,
     probes: {{login: {{kind: http, url: "https://{id}.example/", expect: {{contains: ["Identifiant"]}}}}}}}}
"""


def _rows() -> Iterator[str]:
    for number, name in enumerate((*ILL, "a4")):
        hoster = ", hoster: Nuage" if number < 3 else ""
        yield _SERVICE.format(id=name, name=f"Portail {name}", kind="ent", place="D:59", operator="alpha", more=hoster)
    for name in WELL[1:]:
        whose = "gamma" if name == "c1" else "beta"
        yield _SERVICE.format(id=name, name=f"Portail {name}", kind="ent", place="D:80", operator=whose, more="")
    yield _SERVICE.format(id="login", name="Guichet", kind="identite", place="N", operator="beta", more="")
    yield _SERVICE.format(id="ecole", name="Pronote Hugo", kind="ent", place="U:0590001F", operator="alpha", more="")


CATALOGUE = (
    """\
vigie: 1
canaries:
  - {id: c1, kind: http, url: "https://one.example/", expect: {status: [200]}}
  - {id: c2, kind: http, url: "https://two.test/", expect: {status: [200]}}
  - {id: c3, kind: http, url: "https://three.invalid/", expect: {status: [200]}}
  - {id: c4, kind: http, url: "https://four.localhost/", expect: {status: [200]}}
"""
    f'operators: [{{id: alpha, name: "{HOSTILE}"}}, {{id: beta, name: Beta}}, {{id: gamma, name: Gamma}}]\n'
    "services:\n" + "".join(_rows())
)


@dataclass(frozen=True, slots=True)
class Book:
    """Where it is, the catalogue it was filled by, and its two incidents."""

    url: str
    config: Path
    catalog: Catalog
    incident: Incident
    absorbed: Incident


def written(folder: Path, url: str | None = None) -> Book:
    """Fill an empty database, and write the catalogue beside it."""
    config, url = folder / "probes.yaml", url or f"sqlite:///{folder}/vigie.db"
    config.write_text(CATALOGUE, encoding="utf-8")
    catalog = load(config).catalog
    prepared(url, "real", MIDNIGHT)
    store = open_store(url, kind="real")
    whole, part = _incidents(catalog)
    store.append([*_answers()])
    store.save(_evaluation(catalog, (whole, part)))
    _told(store, whole.id)
    *_, sheet = drafted(store, whole, Scene(catalog, survey(catalog), NOON, lambda _: True))
    assert sheet is not None
    store.freeze(sheet, NOON)
    store.close()
    return Book(url, config, catalog, whole, part)


def _incidents(catalog: Catalog) -> tuple[Incident, Incident]:
    troubles = [Trouble(name, EIGHT + number * MINUTE, Health.WAITING, WAITING) for number, name in enumerate(ILL)]
    (cause,) = attribute(troubles, [*WELL, "login"], bonds_of(catalog))
    opened = Incident(
        incident_id("operator:alpha", EIGHT), "operator:alpha", EIGHT, EIGHT + 3 * MINUTE, Health.WAITING, Health.WAITING,
        ILL, ("D:59",), WAITING, cause=cause,
    )  # fmt: skip
    part = Incident(
        incident_id("service:a1", EIGHT), "service:a1", EIGHT, EIGHT + MINUTE, Health.WAITING, Health.WAITING, ("a1",),
        ("D:59",), WAITING, closed_at=EIGHT + 3 * MINUTE, absorbed_into=opened.id,
    )  # fmt: skip
    over = {"health": Health.UP, "recovered_at": EIGHT + 2 * HOUR, "closed_at": EIGHT + 2 * HOUR}
    lived = opened.turned(EIGHT, Reason.OPENED).turned(EIGHT + 3 * MINUTE, Reason.SPREAD)
    return replace(lived, **over), part  # type: ignore[arg-type]


def _answers() -> Iterator[Observation]:
    """One every ten minutes from 6 h to noon; those of the first two portals show a certificate while they are good."""
    shown = Certificate("ab" * 32, NOON + 90 * 24 * HOUR, "Autorité <script>")
    for name in (*ILL, *WELL):
        for ago in range(0, 360, 10):
            at = NOON - ago * MINUTE
            bad = name in ILL and EIGHT <= at < EIGHT + 2 * HOUR
            seen = shown if name in ILL[:2] and not bad else None
            yield Observation(
                f"{name}/login", "local", at - MINUTE if not bad else at, 0.2 * timedelta(seconds=1),
                WAITING if bad else None, http_status=200, certificate=seen,
            )  # fmt: skip


def _evaluation(catalog: Catalog, incidents: tuple[Incident, ...]) -> Evaluation:
    spans, verdicts, services = [], [], []
    for name in catalog.services:
        began = MIDNIGHT
        if name in ILL:
            began, onset = EIGHT + 2 * HOUR, EIGHT + ILL.index(name) * MINUTE
            spans += [
                Span(name, None, "", Health.UP, MIDNIGHT, onset),
                Span(name, None, "", Health.WAITING, onset, began, WAITING),
            ]
        services.append(ServiceVerdict(name, Health.UP, began))
        good = NOON - MINUTE
        verdicts.append(Verdict(f"{name}/login", "local", Health.UP, began, good_answers=3, last_good_at=good))
    return Evaluation(
        tuple(verdicts), tuple(services), tuple(spans), incidents, json.dumps(document(catalog)).encode(), NOON
    )


def document(catalog: Catalog) -> dict[str, object]:
    """What is published at noon; of a service that nobody published, nothing may be shown."""
    at = NOON.isoformat().replace("+00:00", "Z")
    services = [
        {
            "id": one.id, "name": one.name, "kind": one.kind.value, "operator": one.operator, "health": "up",
            "operator_name": catalog.operators[one.operator or ""].name, "since": at, "failure": None,
            "national": one.national, "territories": list(one.territories), "dormant": False,
        }
        for one in catalog.services.values()
    ]  # fmt: skip
    places = [{"code": "D:59", "name": "Nord", "level": "departement", "health": "up"}]
    return {
        "at": at,
        "published_at": at,
        "measured_at": at,
        "services": services,
        "territories": places,
        "incidents": [],
    }


def _told(store: Store, incident: str) -> None:
    for number, reason in enumerate((Reason.OPENED, Reason.OPENED, Reason.CLOSED)):
        state: TellingState = "sent" if number else "dead"
        store.queue([
            Telling(f"t{number}", f"secret-{number}", incident, reason, Health.WAITING, "titre", "texte",
                    EIGHT + (5 + 60 * number) * MINUTE, state=state)
        ])  # fmt: skip
