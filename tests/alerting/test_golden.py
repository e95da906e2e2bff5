"""Every reason, role and language: what people read, to the character; and what a telephone has room for."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from monitor.alerting.brief import BRIEF_TITLE_LIMIT, LINES_LIMIT
from monitor.alerting.clean import clean
from monitor.alerting.messages import LANGUAGES, TITLE_LIMIT, letter_of
from monitor.domain.catalog import Audience, ServiceKind
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from tests.alerting.golden import CATALOG, OPENED, READERS, SINGLE, case, file_of, letters

TECHNICAL = ("DNS", "5xx", "4xx", "TLS", "HTTP", "certificat", "serveur", "server", "sonde", "probe", "opérateur", "%")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", READERS)
def test_the_letters_are_those_that_were_read(name: str, language: str) -> None:
    kept = file_of(name, language).read_text(encoding="utf-8").split("######## ")
    assert "".join(letters(name, language)).split("######## ") == kept


def test_who_buys_a_service_reads_what_a_rectorat_reads() -> None:
    for reason in Reason:
        buyer = letter_of(case(reason, READERS["buyer"]), None)
        assert buyer == letter_of(replace(case(reason, READERS["buyer"]), subscription=replace(
            READERS["rectorat"], territories=("D:59",), repeat=None)), None)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ServiceKind)
def test_three_lines_that_a_telephone_shows_whole(kind: ServiceKind, language: str) -> None:
    name = "Espace numérique de travail des collèges et lycées publics du Nord et du Pas-de-Calais"
    long = replace(CATALOG.services["ent-nord"], kind=kind, name=name)
    grown = replace(CATALOG, services={**CATALOG.services, "ent-nord": long})
    for reader, reason, health in product(("head", "head-overseas"), Reason, Health):
        told = case(reason, replace(READERS[reader], language=language), OPENED + timedelta(days=3))
        incident = replace(told.incident, health=health, opened_at=OPENED - timedelta(days=40), services=("ent-nord",))
        longest = replace(told, incident=incident, catalog=grown, healths={"pronote": Health.UP})
        letter = letter_of(longest, None)
        lines = letter.body.split("\n\n")[0].split("\n")
        assert len(lines) == 3
        assert sum(map(len, lines)) <= LINES_LIMIT
        assert len(letter.title) <= BRIEF_TITLE_LIMIT
        assert len(letter_of(longest, "2021-04-06").title) <= BRIEF_TITLE_LIMIT
        assert [word for word in TECHNICAL if word in "\n".join(lines)] == []
        assert not {"{", "}", "!"} & set(letter.title + letter.body)


def lines_of(told: object) -> list[str]:
    return letter_of(told, None).body.replace("\u00a0", " ").split("\n\n")[0].split("\n")  # type: ignore[arg-type]


def test_a_head_reads_of_the_services_of_the_school_and_not_of_the_whole_incident() -> None:
    told = case(Reason.SPREAD, READERS["head"])
    assert "ENT de La Réunion" not in letter_of(told, None).body
    both = replace(told, incident=replace(told.incident, services=("ent-974", "ent-nord", "educonnect")))
    assert letter_of(both, None).title == "FILE D’ATTENTE (extension) — ENT du Nord et ÉduConnect"
    assert lines_of(both)[0].startswith("Extension. ENT du Nord et ÉduConnect font patienter les élèves")
    three = replace(both, incident=replace(both.incident, services=("cned", "ent-nord", "educonnect")))
    assert lines_of(three)[0].startswith("Extension. ENT du Nord et 2 autres services font patienter")
    none = replace(told, incident=replace(told.incident, culprit="service:parti", services=("parti",)))
    assert lines_of(none)[0].startswith("Extension. parti fait patienter")


def test_a_head_reads_of_the_worst_of_the_services_of_the_school() -> None:
    told = case(Reason.SPREAD, READERS["head"])
    slow = replace(told, healths={"ent-nord": Health.SLOW})
    assert lines_of(slow)[2].endswith("sans la relancer.")
    assert letter_of(slow, None).title == "LENT (extension) — ENT du Nord — depuis 8 h 07"
    assert lines_of(replace(told, healths={"ent-nord": Health.UP}))[0].endswith("l’incident n’est pas terminé.")


def test_what_may_be_used_instead_answers_serves_the_same_people_and_does_not_need_what_fails() -> None:
    told = case(Reason.OPENED, READERS["head"])
    assert lines_of(told)[2].endswith(
        "Pronote répond, si vous l’utilisez."
    )  # and not the portal of the primary schools
    down = replace(told, healths={**told.healths, "pronote": Health.DOWN})
    assert lines_of(down)[2].endswith("par un autre moyen.")
    pronote = replace(CATALOG.services["pronote"], depends_on=("ent-nord",))
    needing = replace(told, catalog=replace(CATALOG, services={**CATALOG.services, "pronote": pronote}))
    assert lines_of(needing)[2].endswith("par un autre moyen.")
    login = replace(told, incident=replace(SINGLE, culprit="service:educonnect", services=("educonnect",)))
    assert lines_of(replace(login, healths={**told.healths, "ent-nord": Health.UP, "educonnect": Health.DOWN}))[
        2
    ].endswith("Inutile de changer de mot de passe. Pronote et ENT des écoles répondent, si vous les utilisez.")


def test_staff_are_named_where_a_service_is_for_them_alone() -> None:
    staff = replace(CATALOG.services["ent-nord"], audience=(Audience.PERSONNELS,))
    told = replace(
        case(Reason.OPENED, READERS["head"]),
        catalog=replace(CATALOG, services={**CATALOG.services, "ent-nord": staff}),
    )
    assert lines_of(told)[0] == "ENT du Nord ne répond pas : les personnels ne peuvent pas s’y connecter."


def test_an_incident_of_days_names_them() -> None:
    told = case(Reason.OPENED, READERS["head"], OPENED + timedelta(days=1))
    assert lines_of(told)[1] == "Depuis le 6 avril à 8 h 07."
    assert letter_of(told, None).title == "EN PANNE — ENT du Nord — depuis le 6 avril"
    over = case(Reason.CLOSED, READERS["head"])
    long = replace(over, incident=replace(over.incident, opened_at=OPENED - timedelta(days=1)))
    assert lines_of(long)[1] == "L’incident a duré 1 j 1 h, du 5 avril à 8 h 07 au 6 avril à 9 h 19."
    again = replace(told.incident, opened_at=OPENED - timedelta(days=1)).turned(OPENED, Reason.RELAPSED)
    relapsed = replace(case(Reason.RELAPSED, READERS["head"]), incident=again)
    assert lines_of(relapsed)[1] == "Depuis 8 h 07. C’est le même incident que le 5 avril."


def test_a_rectorat_reads_which_of_the_services_are_its_own_and_how_each_of_them_is() -> None:
    told = case(Reason.SPREAD, READERS["rectorat"])
    one_slow = replace(told, healths={"ent-nord": Health.SLOW, "ent-62": Health.UP})
    assert "\nSur votre territoire : ENT du Nord répond lentement, ENT du Pas-de-Calais répond.\n" in (
        letter_of(one_slow, None).body.replace("\u00a0", " ")
    )
    assert "Sur votre territoire" not in letter_of(case(Reason.OPENED, READERS["rectorat"]), None).body


def beside(told: object) -> str:
    body = letter_of(told, None).body.replace("\u00a0", " ")  # type: ignore[arg-type]
    return next((part for part in body.split("\n\n") if "exploitant (" in part or part.startswith("Répond")), "")


def test_a_rectorat_reads_what_answers_and_how_the_operator_is_elsewhere() -> None:
    told = case(Reason.OPENED, READERS["rectorat"])
    assert beside(told) == (
        "Autres services du même exploitant (Edifice) : les 3 mesurés répondent.\n"
        "Répondent sur votre territoire : ÉduConnect, Pronote, ENT des écoles et 3 autres."
    )
    worse = replace(told, healths={"ent-62": Health.DOWN, "ent-974": Health.UP, "ent-ecoles": Health.UNKNOWN})
    assert beside(worse) == (
        "Autres services du même exploitant (Edifice) : 1 sur 2 mesurés sont touchés aussi ; "
        "c’est un rapprochement, pas une cause."
    )
    one = replace(told, healths={"ent-62": Health.SLOW, "pix": Health.UP})
    assert beside(one) == (
        "L’autre service mesuré du même exploitant (Edifice) est touché aussi ; "
        "c’est un rapprochement, pas une cause.\nRépond sur votre territoire : Pix."
    )
    assert beside(replace(told, healths={})) == ""


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_middle_of_a_title_is_the_same_in_all_letters_of_an_incident(reason: Reason, language: str) -> None:
    """So that they stand together in whatever order a mailbox puts them; only state and hour change."""
    for name, stem in (("rectorat", " — ENT du Nord — Nord — "), ("head", " — ENT du Nord — ")):
        told = replace(case(reason, replace(READERS[name], language=language)))
        alone = replace(told.incident, culprit="service:ent-nord", services=("ent-nord",), territories=("D:59",))
        title = letter_of(replace(told, incident=alone), None).title
        assert (stem in title) or (name == "head" and title.endswith(stem[:-3]))
        marked = letter_of(replace(told, incident=alone), "2021-04-06").title
        assert marked.startswith(("RÉPÉTITION — ", "REHEARSAL (RÉPÉTITION) — "))
        assert len(marked) <= (TITLE_LIMIT if name == "rectorat" else BRIEF_TITLE_LIMIT)
        assert clean(marked) == marked
