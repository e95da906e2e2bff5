"""Golden letters about several services at once: what fails together, with its counts; never why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting.messages import LANGUAGES, TITLE_LIMIT, Letter, compose
from monitor.domain.attribution import Attribution, Count
from monitor.domain.catalog import Audience, Catalog, Level, Operator, Role, Service, ServiceKind, Territory
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason

OPENED = datetime(2021, 4, 6, 6, 7, 31, tzinfo=UTC)  # 8 h 07 in Paris
PORTALS = tuple(f"ent-{n}" for n in range(1, 6))
TEST = Count("operator:edifice", 12, 13, 3, 61, 0.0004)
WHAT_IT_BEAT = (Count("zone:edifice.example", 8, 12, 7, 62, 0.2),)
OUT = (Count("platform:entcore", 2, 9, 13, 65, 1.0), Count("hoster:AWS", 3, 20, 12, 54, 1.0))
CAUSE = Attribution("operator:edifice", PORTALS, False, TEST, WHAT_IT_BEAT, OUT, ("hoster",))
GROUP = Incident(
    id="20210406-060731-operator-edifice",
    culprit="operator:edifice",
    opened_at=OPENED,
    confirmed_at=OPENED + timedelta(minutes=1),
    health=Health.WAITING,
    worst=Health.WAITING,
    services=PORTALS,
    territories=("A:lille", "A:amiens"),
    failure=Failure.CONTENT_WAITING_ROOM,
    cause=CAUSE,
)
RECTORAT = Subscription("rectorat-lille", "VIGIE_RECTORAT_LILLE", territories=("A:lille",))
PAGE = "https://vigie.example/incidents/x"


@pytest.fixture
def catalog() -> Catalog:
    lycee = {"audience": (Audience.COLLEGE, Audience.LYCEE), "operator": "edifice", "buyer": "Région Hauts-de-France"}
    services = [
        *(
            Service(f"ent-{n}", f"ENT {n}", ServiceKind.ENT, (), territories=("A:lille",), **lycee)
            for n in range(1, 39)
        ),
        Service("educonnect", "ÉduConnect", ServiceKind.IDENTITE, (), territories=("N",), buyer="Ministère"),
    ]
    territories = [
        Territory("N", "France", Level.PAYS, None),
        Territory("A:lille", "Lille", Level.ACADEMIE, "N"),
        Territory("A:amiens", "Amiens", Level.ACADEMIE, "N"),
    ]
    operators = [Operator("edifice", "Edifice", support="https://assistance.example/")]
    return Catalog(
        {one.code: one for one in territories},
        {one.id: one for one in services},
        {one.id: one for one in operators},
        (),
    )


def write(catalog: Catalog, reason: Reason = Reason.OPENED, incident: Incident = GROUP, **more: object) -> Letter:
    reader = more.pop("reader", RECTORAT)
    now = OPENED + timedelta(minutes=5)
    return compose(reason, incident, reader, catalog, 0.4, now, PAGE, None, **more)  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_grouping_is_told_with_its_counts_and_nothing_is_said_of_why(catalog: Catalog) -> None:
    letter = write(catalog)
    assert plain(letter.title) == "FILE D’ATTENTE — Edifice : 5 services — 2 académies — depuis 8 h 07"
    assert plain(letter.body) == (
        "5 services exploités par Edifice font patienter leurs usagers.\n"
        "Ce que mesure Vigie : une page d’attente s’affiche à la place du service.\n"
        "\n"
        "Début : le 6 avril à 8 h 07 (heure de Paris).\n"
        "\n"
        "Territoires : académie de Lille, académie d’Amiens.\n"
        "Services touchés : ENT 1, ENT 2, ENT 3, ENT 4, ENT 5.\n"
        "Publics : collèges, lycées.\n"
        "Part estimée des usagers touchés sur votre territoire (académie de Lille) : 40 %.\n"
        "\n"
        "Services achetés par : Région Hauts-de-France.\n"
        "Exploités par : Edifice.\n"
        "Assistance de l’exploitant : https://assistance.example/\n"
        "\n"
        "Point commun : l’exploitant Edifice. Au même moment : 12 sur 13 touchés à l’intérieur, 3 sur 61 ailleurs. "
        "Vigie ne peut ni le retenir ni l’écarter.\n"
        "Écartés par ce qui répond encore : la plateforme entcore (2 sur 9 touchés), "
        "l’hébergeur déclaré AWS (3 sur 20 touchés).\n"
        "Ni déclaré ni observé pour tous ces services, Vigie ne peut pas en juger : l’hébergeur.\n"
        "Cause non établie : Vigie constate ce qui répond ou non, sans en attribuer la cause.\n"
        "\n"
        f"Suivi de l’incident : {PAGE}\n"
        "Prochain message : au premier changement.\n"
        "\n"
        "Vigie, mesure indépendante des services numériques des établissements scolaires.\n"
    )


def test_an_explanation_says_that_it_is_better_than_chance(catalog: Catalog) -> None:
    alone = replace(CAUSE, explained=True, test=replace(TEST, unwell_outside=0, outside=0), ruled_out=OUT[:1])
    body = plain(write(catalog, Reason.EXPLAINED, replace(GROUP, cause=alone)).body)
    assert (
        "Ce point commun explique l’incident mieux que le hasard : 12 sur 13 touchés à l’intérieur, rien d’autre"
        in body
    )
    assert "Écarté par ce qui répond encore : la plateforme entcore (2 sur 9 touchés).\n" in body
    explained = replace(GROUP, cause=replace(CAUSE, explained=True))
    assert (
        "Ce point commun explique l’incident mieux que le hasard : "
        "12 sur 13 touchés à l’intérieur, 3 sur 61 ailleurs.\n"
    ) in plain(write(catalog, Reason.EXPLAINED, explained).body)
    assert "ni le retenir" not in write(catalog, Reason.EXPLAINED, explained).body


def test_services_in_unlike_states_are_counted_state_by_state(catalog: Catalog) -> None:
    healths = dict.fromkeys(PORTALS, Health.WAITING) | {"ent-1": Health.DOWN, "ent-2": Health.UP}
    worse = replace(GROUP, health=Health.DOWN, worst=Health.DOWN)
    lead = plain(write(catalog, Reason.WORSENED, worse, healths=healths).body).splitlines()[0]
    assert lead == (
        "La situation s’aggrave : 5 services exploités par Edifice sont touchés "
        "(1 est en panne ; 3 font patienter leurs usagers ; 1 répond)."
    )


def test_eased_relapsed_spread_and_closed(catalog: Catalog) -> None:
    well = OPENED + timedelta(minutes=70)
    eased = replace(
        GROUP,
        health=Health.UP,
        recovered_at=well,
        eased_at=well + timedelta(minutes=15),
        watch_until=datetime(2021, 4, 6, 12, 15, tzinfo=UTC),
    )
    letter = write(catalog, Reason.EASED, eased)
    assert plain(letter.title) == "RÉPOND DE NOUVEAU — Edifice : 5 services — 2 académies — après 1 h 10"
    assert plain(letter.body).startswith(
        "5 services exploités par Edifice répondent de nouveau, "
        "nous restons attentifs jusqu’au prochain pic de connexions.\n"
    )
    assert "Sous surveillance jusqu’au 6 avril à 14 h 15 (heure de Paris).\n" in plain(letter.body)
    closed = write(catalog, Reason.CLOSED, replace(eased, closed_at=well))
    assert plain(closed.body).startswith(
        "5 services exploités par Edifice répondent normalement : l’incident est clos."
    )
    relapsed = write(catalog, Reason.RELAPSED)
    assert plain(relapsed.title).startswith("FILE D’ATTENTE (rechute) — Edifice : 5 services — ")
    assert "Rechute du même incident : 5 services exploités par Edifice font patienter" in plain(relapsed.body)
    spread = plain(write(catalog, Reason.SPREAD).body).splitlines()[0]
    assert spread == "L’incident s’étend : 5 services exploités par Edifice font patienter leurs usagers."
    gone = write(catalog, Reason.CLOSED, replace(GROUP, closed_at=well))
    assert plain(gone.body).startswith("5 services exploités par Edifice ne sont plus suivis par Vigie : ")


def test_a_merged_incident_says_which_one_it_joins(catalog: Catalog) -> None:
    alone = replace(GROUP, id="20210406-ent-1", culprit="service:ent-1", services=("ent-1",), cause=None)
    merged = replace(alone, absorbed_into=GROUP.id, closed_at=OPENED + timedelta(minutes=5))
    letter = write(catalog, Reason.MERGED, merged, survivor=GROUP)
    assert plain(letter.title) == "FILE D’ATTENTE (regroupé) — ENT 1 — 2 académies — depuis 8 h 07"
    assert plain(letter.body).startswith(
        "ENT 1 : cet incident en rejoint un plus large, suivi désormais à sa place.\n"
        "Incident rejoint : 5 services exploités par Edifice font patienter leurs usagers, "
        "depuis le 6 avril à 8 h 07 (heure de Paris).\n\n"
    )
    assert "Incident rejoint" not in write(catalog, Reason.MERGED, merged).body


def lead_of(catalog: Catalog, culprit: str, *services: str) -> tuple[str, str]:
    letter = write(catalog, incident=replace(GROUP, culprit=culprit, services=services))
    return plain(letter.title).split(" — ")[1], plain(letter.body).splitlines()[0]


@pytest.mark.parametrize(
    ("culprit", "services", "title", "lead"),
    [
        (
            "operator:edifice",
            ("ent-1",),
            "Edifice : 1 service",
            "1 service exploité par Edifice fait patienter ses usagers.",
        ),
        (
            "operator:autre",
            PORTALS,
            "autre : 5 services",
            "5 services exploités par autre font patienter leurs usagers.",
        ),
        (
            "platform:entcore",
            PORTALS,
            "plateforme entcore : 5 services",
            "5 services de la plateforme entcore font patienter leurs usagers.",
        ),
        (
            "hoster:AWS",
            PORTALS,
            "hébergeur AWS : 5 services",
            "5 services déclarés comme hébergés chez AWS font patienter leurs usagers.",
        ),
        (
            "zone:netocentre.fr",
            PORTALS,
            "domaine netocentre.fr : 5 services",
            "5 services du domaine netocentre.fr font patienter leurs usagers.",
        ),
        (
            "network:AS16276",
            ("ent-1",),
            "réseau AS16276 : 1 service",
            "1 service du réseau AS16276 fait patienter ses usagers.",
        ),
        (
            "issuer:Certigna",
            PORTALS,
            "certificats Certigna : 5 services",
            "5 services dont le certificat est émis par Certigna font patienter leurs usagers.",
        ),
        (
            "service:educonnect",
            ("educonnect", *PORTALS),
            "ÉduConnect et 5 services",
            "ÉduConnect et 5 services qui en dépendent font patienter leurs usagers.",
        ),
        (
            "service:educonnect",
            ("educonnect", "ent-1"),
            "ÉduConnect et 1 service",
            "ÉduConnect et 1 service qui en dépend font patienter leurs usagers.",
        ),
        (
            "service:educonnect",
            ("ent-1",),
            "ÉduConnect : 1 service",
            "1 service qui s’appuie sur ÉduConnect fait patienter ses usagers.",
        ),
        ("service:educonnect", ("educonnect",), "ÉduConnect", "ÉduConnect fait patienter ses usagers."),
        ("unknown", PORTALS, "unknown : 5 services", "5 services font patienter leurs usagers."),
        ("operator:edifice", (), "Edifice", "Edifice fait patienter ses usagers."),
    ],
)
def test_every_kind_of_culprit_has_its_words_in_the_right_number(
    catalog: Catalog, culprit: str, services: tuple[str, ...], title: str, lead: str
) -> None:
    assert lead_of(catalog, culprit, *services) == (title, lead)


def test_thirty_eight_services_are_cut_and_counted(catalog: Catalog) -> None:
    many = replace(GROUP, services=tuple(f"ent-{n}" for n in range(1, 39)))
    told = next(
        line for line in plain(write(catalog, incident=many).body).splitlines() if line.startswith("Services t")
    )
    assert told.endswith(" et 26 autres.")
    assert told.count("ENT ") == 12
    one_over = replace(GROUP, services=tuple(f"ent-{n}" for n in range(1, 14)))
    assert " et 1 autre.\n" in plain(write(catalog, incident=one_over).body)


def test_a_head_of_school_is_spared_the_figures(catalog: Catalog) -> None:
    body = plain(write(catalog, reader=replace(RECTORAT, role=Role.HEAD)).body)
    assert body.startswith("ENT 1 et 4 autres services font patienter les élèves et les familles")
    assert "Edifice" not in body
    assert "Cause" not in body
    assert "sur 13" not in body


def test_a_single_service_is_told_what_a_control_rules_out_and_nothing_undeclared(catalog: Catalog) -> None:
    looked = Attribution("service:ent-1", ("ent-1",), False, None, (), OUT, ("hoster",))
    alone = replace(GROUP, culprit="service:ent-1", services=("ent-1",), cause=looked)
    body = plain(write(catalog, incident=alone).body)
    assert "Écartés par ce qui répond encore" in body
    assert "Ni déclaré" not in body
    assert "Point commun" not in body


def test_an_operator_of_several_names_buyers_and_operators_briefly(catalog: Catalog) -> None:
    services = {
        f"s{n}": Service(f"s{n}", f"S {n}", ServiceKind.ENT, (), operator=f"o{n}", buyer=f"Ville {n}") for n in range(5)
    }
    operators = {f"o{n}": Operator(f"o{n}", f"Société {n}", support="https://s.example/") for n in range(5)}
    grown = replace(catalog, services=services, operators=operators)
    body = plain(write(grown, incident=replace(GROUP, culprit="platform:entcore", services=tuple(services))).body)
    assert "Services achetés par : Ville 0, Ville 1, Ville 2 et 2 autres.\n" in body
    assert "Exploités par : Société 0, Société 1, Société 2 et 2 autres.\n" in body
    assert "Assistance" not in body
    assert "Publics : écoles, collèges et lycées.\n" in body


FORBIDDEN = ("attaque", "attack", "!", "faute de", "responsable", "coupable", "blame", "fault of")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_no_letter_blames_anybody(catalog: Catalog, reason: Reason, language: str) -> None:
    reader = replace(RECTORAT, language=language)
    for culprit in ("operator:edifice", "platform:entcore", "hoster:AWS", "zone:z.fr", "issuer:I", "network:AS1"):
        for cause in (CAUSE, replace(CAUSE, explained=True), None):
            long = replace(GROUP, culprit=culprit + "Z" * 150, cause=cause, recovered_at=OPENED + timedelta(hours=1))
            letter = write(catalog, reason, long, reader=reader, survivor=GROUP)
            assert len(letter.title) <= TITLE_LIMIT
            assert not {"{", "}"} & set(letter.title + letter.body)
            assert [word for word in FORBIDDEN if word in (letter.title + letter.body).lower()] == []


def test_english_by_choice(catalog: Catalog) -> None:
    reader = replace(RECTORAT, language="en")
    healths = dict.fromkeys(PORTALS, Health.WAITING) | {"ent-1": Health.DOWN}
    letter = write(catalog, reader=reader, healths=healths)
    assert letter.title == "WAITING ROOM — Edifice: 5 services — 2 académies — since 08:07"
    body = plain(letter.body)
    assert body.startswith(
        "5 services run by Edifice are affected (1 is down; 4 make their users wait).\n"
        "What Vigie measures: a waiting page"
    )
    assert (
        "In common: the operator Edifice. At the same time: 12 of 13 affected inside, 3 of 61 elsewhere. "
        "Vigie can neither retain it nor rule it out.\n"
    ) in body
    assert "Neither declared nor observed for all of these services, Vigie cannot judge it: the hoster.\n" in body
