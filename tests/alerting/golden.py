"""One letter of every reason, for every role and language; `python -m tests.alerting.golden` writes them anew.

Read what it wrote as its readers would, on a telephone at 8:05, before it is kept.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.alerting.case import Case
from monitor.alerting.messages import LANGUAGES, letter_of, words_of
from monitor.domain.attribution import Attribution, Count
from monitor.domain.catalog import Audience, Catalog, Level, Operator, Role, Service, ServiceKind, Territory
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason

FOLDER = Path(__file__).with_name("letters")
OPENED = datetime(2021, 4, 6, 6, 7, 31, tzinfo=UTC)  # 8 h 07 in Paris
WELL = OPENED + timedelta(minutes=72)
PAGE = "https://vigie.example/incidents/20210406-060731-ent-nord"
SECONDAIRE = (Audience.COLLEGE, Audience.LYCEE)


def region() -> Catalog:
    """Two académies, one of them overseas; three portals of one operator, and what serves the whole country."""
    territories = [
        Territory("N", "France", Level.PAYS, None),
        Territory("A:lille", "Lille", Level.ACADEMIE, "N"),
        Territory("A:la-reunion", "La Réunion", Level.ACADEMIE, "N", timezone="Indian/Reunion"),
        Territory("D:59", "Nord", Level.DEPARTEMENT, "A:lille"),
        Territory("D:62", "Pas-de-Calais", Level.DEPARTEMENT, "A:lille"),
        Territory("U:0590001F", "Collège Jean-Moulin", Level.SCHOOL, "D:59"),
        Territory("U:9740001A", "Lycée du Port", Level.SCHOOL, "A:la-reunion", timezone="Indian/Reunion"),
    ]
    portal = {"audience": SECONDAIRE, "operator": "edifice", "depends_on": ()}
    services = [
        Service(
            "ent-nord", "ENT du Nord", ServiceKind.ENT, (), ("D:59",), buyer="Département du Nord", platform="entcore",
            **portal,
        ),
        Service("ent-62", "ENT du Pas-de-Calais", ServiceKind.ENT, (), ("D:62",), buyer="Pas-de-Calais", **portal),
        Service("ent-974", "ENT de La Réunion", ServiceKind.ENT, (), ("A:la-reunion",), buyer="Région", **portal),
        Service("ent-ecoles", "ENT des écoles", ServiceKind.ENT, (), ("D:59",), (Audience.ECOLE,), operator="edifice"),
        Service("pronote", "Pronote", ServiceKind.VIE_SCOLAIRE, (), operator="index"),
        Service("educonnect", "ÉduConnect", ServiceKind.IDENTITE, (), operator="men"),
        Service("cned", "Classe virtuelle (CNED)", ServiceKind.CNED, (), operator="cned"),
        Service("pix", "Pix", ServiceKind.AUTRE, ()),
    ]  # fmt: skip
    operators = [Operator("edifice", "Edifice", support="https://assistance.example/"), Operator("men", "Ministère")]
    return Catalog(
        {one.code: one for one in territories}, {one.id: one for one in services},
        {one.id: one for one in operators}, (),
    )  # fmt: skip


CATALOG = region()
SINGLE = Incident(
    id="20210406-060731-ent-nord",
    culprit="service:ent-nord",
    opened_at=OPENED,
    confirmed_at=OPENED + timedelta(minutes=1),
    health=Health.DOWN,
    worst=Health.DOWN,
    services=("ent-nord",),
    territories=("D:59",),
    failure=Failure.EXCHANGE_SERVER_ERROR,
)
PORTALS = ("ent-62", "ent-974", "ent-nord")
CAUSE = Attribution(
    "operator:edifice", PORTALS, explained=True, test=Count("operator:edifice", 3, 4, 0, 4, 0.0004),
    ruled_out=(Count("platform:entcore", 1, 9, 3, 12, 1.0),),
)  # fmt: skip
GROUP = replace(
    SINGLE, id="20210406-060731-operator-edifice", culprit="operator:edifice", services=PORTALS,
    territories=("A:la-reunion", "D:59", "D:62"), health=Health.WAITING, failure=Failure.CONTENT_WAITING_ROOM,
)  # fmt: skip
OVER = replace(SINGLE, health=Health.UP, failure=None, recovered_at=WELL, eased_at=WELL + timedelta(minutes=15))
HAPPENED = {
    Reason.WORSENED: SINGLE,
    Reason.SPREAD: GROUP,
    Reason.EXPLAINED: replace(GROUP, cause=CAUSE),
    Reason.EASED: replace(OVER, watch_until=datetime(2021, 4, 6, 12, 0, tzinfo=UTC)),
    Reason.CLOSED: replace(OVER, closed_at=WELL),
    Reason.RELAPSED: replace(SINGLE, opened_at=OPENED - timedelta(hours=1)).turned(OPENED, Reason.RELAPSED),
    Reason.MERGED: replace(SINGLE, absorbed_into=GROUP.id, closed_at=OPENED + timedelta(minutes=9)),
}
BLIND = replace(
    SINGLE, culprit="vantage:local", services=(), territories=(), health=Health.UNKNOWN, worst=Health.UNKNOWN,
    failure=None,
)  # fmt: skip
READERS = {
    "rectorat": Subscription("rectorat", "VIGIE_R", territories=("A:lille",), repeat=timedelta(hours=4)),
    "buyer": Subscription("buyer", "VIGIE_B", territories=("D:59",), role=Role.BUYER),
    "head": Subscription("head", "VIGIE_H", territories=("U:0590001F",), role=Role.HEAD),
    "head-overseas": Subscription("far", "VIGIE_H", territories=("U:9740001A",), role=Role.HEAD),
    "operator": Subscription("us", "VIGIE_U", role=Role.OPERATOR),
}


def case(reason: Reason, reader: Subscription, now: datetime = OPENED + timedelta(minutes=20)) -> Case:
    """What the reader is told for this reason."""
    incident = BLIND if reader.role is Role.OPERATOR else HAPPENED.get(reason, SINGLE)
    if reader.id == "far" and incident is not BLIND:  # it hears of its own portal
        incident = replace(incident, services=("ent-974",), culprit="service:ent-974", territories=("A:la-reunion",))
    if incident is BLIND and reason in {Reason.EASED, Reason.CLOSED}:
        incident = replace(BLIND, recovered_at=WELL, closed_at=WELL)
    healths = dict.fromkeys(CATALOG.services, Health.UP) | dict.fromkeys(incident.services, incident.health)
    touched = ("D:59", "D:62") if reader.id == "rectorat" and incident.services == PORTALS else ("D:59",)
    return Case(
        reason, incident, reader, CATALOG, 0.67, WELL if reason in {Reason.EASED, Reason.CLOSED} else now, PAGE,
        words_of(reader), healths, GROUP if reason is Reason.MERGED else None, touched, 0.33,
    )  # fmt: skip


def letters(name: str, language: str) -> Iterator[str]:
    """Every letter to one reader, as a page."""
    reader = replace(READERS[name], language=language)
    for reason in Reason:
        letter = letter_of(case(reason, reader), None)
        yield f"######## {reason.value}\n{letter.title}\n\n{letter.body}\n"


def file_of(name: str, language: str) -> Path:
    """Where the letters to one reader are kept."""
    return FOLDER / f"{name}-{language}.txt"


def main() -> None:
    """Write them all."""
    for name in READERS:
        for language in LANGUAGES:
            file_of(name, language).write_text("".join(letters(name, language)), encoding="utf-8")


if __name__ == "__main__":
    main()
