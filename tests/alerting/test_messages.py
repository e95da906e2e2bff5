"""Golden letters: what people read, to the character."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting.messages import LANGUAGES, TITLE_LIMIT, Letter, compose
from monitor.domain.catalog import Audience, Catalog, Level
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason

OPENED = datetime(2021, 4, 6, 6, 7, 31, tzinfo=UTC)  # 8 h 07 in Paris
INCIDENT = Incident(
    id="20210406-ent-x",
    culprit="service:ent-x",
    opened_at=OPENED,
    confirmed_at=OPENED + timedelta(minutes=1),
    health=Health.DOWN,
    worst=Health.DOWN,
    services=("ent-x",),
    territories=("A:lille", "A:amiens", "A:la-reunion"),
    failure=Failure.EXCHANGE_SERVER_ERROR,
)
RECTORAT = Subscription("rectorat-lille", "VIGIE_RECTORAT_LILLE", territories=("A:lille",), repeat=timedelta(hours=4))


def write(
    catalog: Catalog,
    reason: Reason = Reason.OPENED,
    incident: Incident = INCIDENT,
    subscription: Subscription = RECTORAT,
    share: float | None = 0.418,
    now: datetime = OPENED + timedelta(minutes=5),
    page: str | None = "https://vigie.example/incidents/20210406-ent-x",
    rehearsal: str | None = None,
) -> Letter:
    return compose(reason, incident, subscription, catalog, share, now, page, rehearsal)


def plain(text: str) -> str:
    """Non-breaking spaces made ordinary, so that the golden texts can be read here."""
    return text.replace("\u00a0", " ")


def test_opened_for_a_rectorat(catalog: Catalog) -> None:
    letter = write(catalog)
    assert letter.title == "EN PANNE — Mon ENT X — 3 académies — depuis 8 h 07"
    assert plain(letter.body) == (
        "Mon ENT X est en panne.\n"
        "Ce que mesure Vigie : le serveur répond par une erreur interne (5xx).\n"
        "\n"
        "Début : le 6 avril à 8 h 07 (heure de Paris), 10 h 07 heure locale (La Réunion).\n"
        "\n"
        "Territoires : académie de Lille, académie d’Amiens, académie de La Réunion.\n"
        "Publics : collèges, lycées.\n"
        "Part estimée des usagers touchés sur votre territoire (académie de Lille) : 42 %.\n"
        "\n"
        "Service acheté par : Région Hauts-de-France.\n"
        "Exploité par : Edifice.\n"
        "Assistance de l’exploitant : https://assistance.example/\n"
        "\n"
        "Cause non établie : Vigie constate ce qui répond ou non, sans en attribuer la cause.\n"
        "\n"
        "Suivi de l’incident : https://vigie.example/incidents/20210406-ent-x\n"
        "Prochain message : au premier changement, sinon dans 4 h 00.\n"
        "\n"
        "Vigie, mesure indépendante des services numériques des établissements scolaires.\n"
    )


def test_closed(catalog: Catalog) -> None:
    end = OPENED + timedelta(hours=1, minutes=12)
    closed = replace(INCIDENT, health=Health.UP, failure=None, recovered_at=end, closed_at=end)
    letter = write(catalog, Reason.CLOSED, closed, now=end + timedelta(minutes=15), share=0.0)
    assert letter.title == "RÉTABLI — Mon ENT X — 3 académies — après 1 h 12"
    body = plain(letter.body)
    assert body.startswith(
        "Mon ENT X répond normalement : l’incident est clos.\nAu plus fort de l’incident : en panne.\n"
    )
    assert "Fin : le 6 avril à 9 h 19 (heure de Paris), 11 h 19 heure locale (La Réunion). Durée : 1 h 12." in body
    assert "Part estimée" not in body
    assert "Prochain message" not in body


def test_withdrawn_from_the_catalogue_claims_no_recovery(catalog: Catalog) -> None:
    gone = replace(INCIDENT, culprit="service:retire", services=("retire",), closed_at=OPENED + timedelta(hours=2))
    letter = write(catalog, Reason.CLOSED, gone)
    assert letter.title == "CLOS — retire — 3 académies — après 2 h 00"
    assert "sans rétablissement mesuré" in letter.body
    assert "répond normalement" not in letter.body


def test_worsened_and_still_open_on_another_day(catalog: Catalog) -> None:
    worse = replace(INCIDENT, health=Health.WAITING, worst=Health.DOWN, failure=Failure.CONTENT_WAITING_ROOM)
    letter = write(catalog, Reason.WORSENED, worse)
    assert letter.title == "FILE D’ATTENTE (aggravation) — Mon ENT X — 3 académies — depuis 8 h 07"
    assert "Au plus fort de l’incident\u00a0: en panne." in letter.body
    next_day = write(catalog, Reason.STILL_OPEN, now=OPENED + timedelta(hours=20))
    assert next_day.title == "EN PANNE (toujours) — Mon ENT X — 3 académies — depuis le 6 avril à 8 h 07"


def test_hours_and_days_are_those_of_paris(catalog: Catalog) -> None:
    late = replace(INCIDENT, opened_at=datetime(2021, 4, 30, 22, 30, tzinfo=UTC))  # 1 May, 0 h 30 in Paris
    assert "— depuis 0 h 30" in write(catalog, incident=late, now=datetime(2021, 5, 1, 8, 0, tzinfo=UTC)).title
    assert "Début\u00a0: le 1er mai à 0 h 30" in write(catalog, incident=late).body


def test_extent_in_a_title(catalog: Catalog) -> None:
    def title(*codes: str) -> str:
        return write(catalog, incident=replace(INCIDENT, territories=codes)).title

    assert "— académie d’Orléans-Tours —" in title("A:orleans-tours")
    assert "— région académique Hauts-de-France —" in title("R:32", "A:lille", "A:amiens", "D:59")
    assert "— toute la France —" in title("N", "A:lille")
    assert "— 2 académies et 1 département —" in title("A:lille", "A:amiens", "D:x1", "A:lille")
    assert "— 3 territoires —" in title("A:orleans-tours", "R:32", "D:x1")
    assert title() == title("X:inconnu") == "EN PANNE — Mon ENT X — depuis 8 h 07"


def test_long_lists_are_cut_in_the_body(catalog: Catalog) -> None:
    many = replace(INCIDENT, territories=tuple(f"D:x{n}" for n in range(20)))
    assert "Département 11 et 8 autres." in write(catalog, incident=many).body


def test_several_services_are_named(catalog: Catalog) -> None:
    several = replace(INCIDENT, culprit="operator:edifice", services=("ent-x", "seul", "absent"))
    letter = write(catalog, incident=several)
    assert plain(letter.title).startswith("EN PANNE — Edifice : 3 services — ")
    assert "Services touchés\u00a0: absent, Mon ENT X, Service sans attache." in letter.body
    assert "Assistance de l’exploitant" in letter.body


def test_nobody_known_to_act_and_no_page(catalog: Catalog) -> None:
    alone = replace(INCIDENT, culprit="service:seul", services=("seul",), territories=("D:59",))
    body = write(catalog, incident=alone, page=None, share=None, subscription=replace(RECTORAT, repeat=None)).body
    assert "L’acheteur et l’exploitant ne sont pas connus de Vigie." in body
    assert "Suivi de l’incident" not in body
    assert "Part estimée" not in body


def test_rehearsal_marks_title_and_body(catalog: Catalog) -> None:
    letter = write(catalog, rehearsal="2021-04-06")
    assert letter.title == "RÉPÉTITION — EN PANNE — Mon ENT X — 3 académies — depuis 8 h 07"
    assert plain(letter.body).startswith("RÉPÉTITION : journée rejouée (2021-04-06). Aucun service n’est réellement")
    own = replace(INCIDENT, culprit="vantage:local", territories=(), services=())
    assert write(catalog, incident=own, rehearsal="x").title.startswith("RÉPÉTITION — VIGIE NE VOIT PLUS RIEN")


def test_our_own_line(catalog: Catalog) -> None:
    blind = replace(INCIDENT, culprit="vantage:local", health=Health.UNKNOWN, services=(), territories=(), failure=None)
    opened = write(catalog, incident=blind, share=None, page=None)
    assert plain(opened.title) == "VIGIE NE VOIT PLUS RIEN — ligne « local » — depuis 8 h 07"
    assert plain(opened.body) == (
        "La majorité de nos témoins ne répondent plus : c’est la connexion de Vigie qui est en cause, pas les services.\n"
        "Aucun service n’est déclaré en panne, aucun autre abonné n’est prévenu ; la page publique le dit.\n"
        "À vérifier : la connexion de cette machine, ses serveurs de noms (DNS), son pare-feu.\n"
        "\n"
        "Début : le 6 avril à 8 h 07 (heure de Paris).\n"
        "\n"
        "Vigie, mesure indépendante des services numériques des établissements scolaires.\n"
    )
    closed = write(catalog, Reason.CLOSED, replace(blind, recovered_at=OPENED + timedelta(minutes=9)))
    assert plain(closed.title) == "VIGIE VOIT DE NOUVEAU — ligne « local » — après 9 min"
    assert "reprennent d’elles-mêmes" in closed.body
    assert "Durée\u00a0: 9 min." in closed.body
    assert "TOUJOURS" in write(catalog, Reason.STILL_OPEN, blind).title


def test_hostile_names_stay_on_one_visible_line(catalog: Catalog) -> None:
    trap = replace(INCIDENT, culprit="service:piege", services=("piege",), territories=("N",))
    for rehearsal in (None, "x\r\ny"):
        letter = write(catalog, incident=trap, page="https://v.example/\r\nX: y\u2066", rehearsal=rehearsal)
        assert len(letter.title) <= TITLE_LIMIT
        assert "Le Bcc: vilain {title} [31mZZ" in letter.title
        assert letter.title.endswith("… — toute la France — depuis 8 h 07")
        for text in (letter.title, letter.body):
            assert not {"\r", "\u202e", "\u2066", "\x1b"} & set(text)
        assert "\n" not in letter.title
        assert "https://v.example/ X: y\n" in letter.body


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("health", Health)
def test_every_reason_and_health_is_worded(catalog: Catalog, reason: Reason, language: str, health: Health) -> None:
    reader = replace(RECTORAT, language=language)
    for culprit in ("service:ent-x", "operator:edifice", "platform:entcore", "vantage:local", "unknown"):
        case = replace(INCIDENT, culprit=culprit, health=health, recovered_at=OPENED + timedelta(minutes=70))
        letter = write(catalog, reason, case, reader)
        assert 10 < len(letter.title) <= TITLE_LIMIT
        assert not {"{", "}"} & set(letter.title + letter.body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_are_complete(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.failures) == set(Failure)
    assert set(words.states) == set(words.state_in_sentence) == set(Health)
    assert set(words.marks) == set(words.leads) == set(Reason)
    assert set(words.audiences) == set(Audience)
    assert set(words.levels) == set(Level)
    assert len(set(words.failures.values())) == len(Failure)
    assert len(set(words.marks.values())) == len(Reason)


def test_english_by_choice_and_french_otherwise(catalog: Catalog) -> None:
    english = write(catalog, subscription=replace(RECTORAT, language="en"))
    assert english.title == "DOWN — Mon ENT X — 3 académies — since 08:07"
    assert "Cause not established" in english.body
    assert write(catalog, subscription=replace(RECTORAT, language="tlh")) == write(catalog)


def test_a_long_incident_and_a_clock_that_went_back(catalog: Catalog) -> None:
    for language, days, zero in (("fr", "2 j 3 h", "0 min"), ("en", "2 d 3 h", "0 min")):
        reader = replace(RECTORAT, language=language)
        long = replace(INCIDENT, recovered_at=OPENED + timedelta(hours=51))
        assert days in write(catalog, Reason.EASED, long, reader).title
        back = replace(INCIDENT, recovered_at=OPENED - timedelta(hours=1))
        assert zero in write(catalog, Reason.CLOSED, back, reader).title
