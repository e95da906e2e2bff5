"""One letter for a burst of incidents, and one for what began and ended before it could be said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.alerting import Case, Letter, burst_letter, past
from monitor.alerting.brief import BRIEF_TITLE_LIMIT
from monitor.alerting.messages import LANGUAGES, TITLE_LIMIT
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from tests.alerting.golden import CATALOG, HAPPENED, OPENED, PAGE, READERS, SINGLE, WELL, case

RECTORAT, HEAD = READERS["rectorat"], READERS["head"]
PAGES = "https://vigie.example/incidents"


def plain(letter: Letter) -> str:
    return letter.body.replace("\u00a0", " ")


def of(service: str, reason: Reason = Reason.OPENED, **facts: object) -> Case:
    """What a rectorat is told of one service of the catalogue."""
    incident = replace(SINGLE, id=service, culprit=f"service:{service}", services=(service,), **facts)  # type: ignore[arg-type]
    return replace(case(reason, RECTORAT), incident=incident)


def test_a_burst_lists_what_each_letter_would_have_been_called() -> None:
    some = [of("ent-nord"), of("pronote", health=Health.WAITING, territories=("N",)), of("educonnect")]
    letter = burst_letter(some, [of("cned", opened_at=OPENED - timedelta(minutes=8))], page=PAGES)
    assert letter.title == "4 INCIDENTS — ENT du Nord, Pronote, ÉduConnect, Classe virtuelle (CNED)"
    assert plain(letter) == (
        "4 incidents dans un même message. "
        "Ils sont annoncés ensemble, ce qui ne dit rien d’une cause commune.\n"
        "\n"
        "- EN PANNE — ENT du Nord — Nord — depuis 8 h 07\n"
        "- FILE D’ATTENTE — Pronote — toute la France — depuis 8 h 07\n"
        "- EN PANNE — ÉduConnect — Nord — depuis 8 h 07\n"
        "- EN PANNE — Classe virtuelle (CNED) — Nord — depuis 7 h 59 (déjà annoncé)\n"
        "\n"
        "Cause non établie : Vigie constate ce qui répond ou non, sans en attribuer la cause.\n"
        "\n"
        "Suivi des incidents : https://vigie.example/incidents\n"
        "\n"
        "Vigie, mesure indépendante des services numériques des établissements scolaires.\n"
    )


def test_a_burst_of_ends_in_english() -> None:
    english = replace(RECTORAT, language="en")
    ends = [replace(case(Reason.CLOSED, english), incident=replace(HAPPENED[Reason.CLOSED], id=str(n))) for n in "abc"]
    letter = burst_letter(ends, [], rehearsal="2021-04-06")
    assert letter.title == "REHEARSAL (RÉPÉTITION) — RECOVERED (3 incidents) — ENT du Nord, ENT du Nord, ENT du Nord"
    assert plain(letter) == (
        "REHEARSAL (RÉPÉTITION): a replayed day (2021-04-06). No service is really affected.\n"
        "\n"
        "3 incidents in one message. They are told together, which says nothing of a common cause.\n"
        "\n" + "- RECOVERED — ENT du Nord — Nord — after 1 h 12\n" * 3 + "\n"
        "Vigie, independent watch over the digital services of French schools.\n"
    )


@pytest.mark.parametrize(("count", "last"), [(10, "- EN PANNE"), (11, "et 1 autre incident"), (40, "et 30 autres")])
def test_ten_lines_then_a_count(count: int, last: str) -> None:
    lines = plain(burst_letter([of("ent-nord")] * count, [])).split("\n\n")[1].split("\n")
    assert len(lines) == min(count, 11)
    assert lines[-1].startswith(last)


def test_the_title_of_a_burst_names_as_many_as_it_has_room_for() -> None:
    assert burst_letter([of("ent-nord")] * 40, []).title == (
        "40 INCIDENTS — ENT du Nord, ENT du Nord, ENT du Nord, ENT du Nord, ENT du Nord, ENT du Nord, ENT du Nord "
        "et 33 autres"
    )
    long = replace(CATALOG, services={"ent-nord": replace(CATALOG.services["ent-nord"], name="Z" * 300)})
    title = burst_letter([replace(of("ent-nord"), catalog=long)] * 2, []).title
    assert title.endswith("Z… et 1 autre")
    assert len(title) == TITLE_LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_a_burst_fits_a_telephone(reason: Reason, language: str) -> None:
    told = case(reason, replace(HEAD, language=language))
    letter = burst_letter([told] * 12, [], page=PAGES, rehearsal="2021-04-06")
    assert len(letter.title) <= BRIEF_TITLE_LIMIT
    assert not {"{", "}", "!"} & set(letter.title + letter.body)
    assert all(len(line) <= BRIEF_TITLE_LIMIT + 2 for line in letter.body.split("\n") if line.startswith("- "))


def test_what_is_over_is_told_in_one_sentence_with_its_hours() -> None:
    over = HAPPENED[Reason.CLOSED]
    letter = past(Reason.CLOSED, over, RECTORAT, CATALOG, WELL + timedelta(hours=3), page=PAGE)
    assert letter.title == "RÉTABLI — ENT du Nord — Nord — de 8 h 07 à 9 h 19"
    assert plain(letter) == (
        "ENT du Nord : en panne de 8 h 07 à 9 h 19 — rétabli.\n"
        "Ce message n’a pas pu vous parvenir plus tôt.\n"
        "\n"
        "Territoires : Nord.\n"
        "Publics : collèges, lycées.\n"
        "\n"
        "Service acheté par : Département du Nord.\n"
        "Exploité par : Edifice.\n"
        "Assistance de l’exploitant : https://assistance.example/\n"
        "\n"
        f"Suivi de l’incident : {PAGE}\n"
        "\n"
        "Vigie, mesure indépendante des services numériques des établissements scolaires.\n"
    )


def test_to_a_head_it_is_told_in_two_lines_by_the_clock_of_the_school() -> None:
    far = replace(READERS["head-overseas"], language="en")
    over = replace(HAPPENED[Reason.EASED], services=("ent-974",), culprit="service:ent-974")
    letter = past(Reason.EASED, over, far, CATALOG, WELL)
    assert letter.title == "ANSWERS AGAIN — ENT de La Réunion — from 10:07 to 11:19"
    assert plain(letter) == (
        "ENT de La Réunion: down from 10:07 to 11:19 — answers again.\n"
        "This message could not reach you earlier.\n"
        "\n"
        "Vigie, independent watch over the digital services of French schools.\n"
    )


def sentence(reason: Reason, **facts: object) -> str:
    incident = replace(HAPPENED.get(reason, SINGLE), **facts)  # type: ignore[arg-type]
    return plain(past(reason, incident, HEAD, CATALOG, WELL)).split("\n", 1)[0]


def test_however_it_ended() -> None:
    assert sentence(Reason.EASED) == "ENT du Nord : en panne de 8 h 07 à 9 h 19 — répond de nouveau."
    assert sentence(Reason.EASED, worst=Health.WAITING).startswith("ENT du Nord : file d’attente de 8 h 07 ")
    assert sentence(Reason.MERGED) == (
        "ENT du Nord : en panne de 8 h 07 à 8 h 16 — suivi depuis avec un incident plus large."
    )
    assert sentence(Reason.CLOSED, recovered_at=None) == (
        "ENT du Nord : en panne de 8 h 07 à 9 h 19 — plus suivi par Vigie, sans rétablissement mesuré."
    )
    assert sentence(Reason.CLOSED, opened_at=OPENED - timedelta(days=1)) == (
        "ENT du Nord : en panne du 5 avril à 8 h 07 au 6 avril à 9 h 19 — rétabli."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [Reason.EASED, Reason.CLOSED, Reason.MERGED])
def test_a_title_of_what_is_over_has_its_limit_too(reason: Reason, language: str) -> None:
    name = replace(CATALOG.services["ent-nord"], name="Espace numérique de travail du Nord et du Pas-de-Calais")
    long = replace(CATALOG, services={**CATALOG.services, "ent-nord": name})
    for reader, limit in ((RECTORAT, TITLE_LIMIT), (HEAD, BRIEF_TITLE_LIMIT)):
        for days in (0, 9):
            incident = replace(HAPPENED[reason], opened_at=OPENED - timedelta(days=days))
            known = replace(reader, language=language)
            letter = past(reason, incident, known, long, WELL, rehearsal="2021-04-06")
            assert len(letter.title) <= limit
            assert " — Espace " in letter.title
            assert "R" + "ÉPÉTITION" in letter.title[:30]
