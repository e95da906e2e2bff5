"""The sentence that says the situation."""

from datetime import timedelta

import pytest

from dashboard.components.headline import age_words, headline
from dashboard.components.phrases import incident_health, incident_times, incident_title, percent, stretch_words
from dashboard.model import Stretch, read_view
from dashboard.tenses import PAST, PRESENT
from monitor.domain.observation import Health

from .conftest import MORNING, a_document, as_bytes, iso


def view_of(**changes):
    return read_view(as_bytes(a_document(**changes)))


def said(view, *, stale=False) -> str:
    return "".join(segment.text for segment in headline(view, stale=stale)).replace("\u00a0", " ")


def test_before_the_first_snapshot_and_before_the_first_measure():
    assert said(None) == said(view_of(measured_at=None))
    assert "premières mesures" in said(None)


def test_a_quiet_day():
    document = a_document(quiet=True)
    assert said(read_view(as_bytes(document))) == "Tout répond. 19 portails sur 19 laissent entrer leurs élèves."


def test_trouble_is_told_gravest_first_and_names_what_stands_alone():
    text = said(view_of())
    assert text == (
        "Ce matin, 1 portail et 1 service national sont en panne, 3 portails font patienter leurs élèves, "
        "Mon ENT Occitanie restreint son accès, et 3 autres services sont touchés."
    )
    assert [s.health for s in headline(view_of()) if s.health] == [Health.DOWN, Health.WAITING, Health.RESTRICTED]


def test_one_slow_service():
    document = a_document(quiet=True)
    document["services"][-1] |= {"health": "slow"}
    assert said(read_view(as_bytes(document))) == "Ce matin, Pix répond lentement."


def test_blind_accuses_nobody_even_if_states_say_otherwise():
    text = said(view_of(blind=True, blind_since=iso(MORNING)))
    assert text == "Vigie ne voit rien : notre propre connexion est coupée. Ce n’est pas une panne des services."


def test_what_is_not_measured_is_not_called_well():
    document = a_document(quiet=True)
    for service in document["services"][:10]:
        service["health"] = "unknown"
    text = said(read_view(as_bytes(document)))
    assert text == "Ce que Vigie voit répond. 15 services sur 25 sont en marche, 10 ne sont pas mesurés."
    for service in document["services"]:
        service["health"] = "unknown"
    assert "n’affirme rien" in said(read_view(as_bytes(document)))


def test_a_dormant_service_that_sleeps_is_not_counted():
    document = a_document(quiet=True)
    document["services"][0] |= {"health": "unknown", "dormant": True}
    assert said(read_view(as_bytes(document))).startswith("Tout répond. 18 portails sur 18")


def test_a_dormant_service_proved_down_is_in_the_sentence():
    document = a_document(quiet=True)
    rows = {s["id"]: s for s in document["services"]}
    rows["cned-mcalm"] |= {"health": "down", "dormant": True}
    assert said(read_view(as_bytes(document))) == "Ce matin, CNED, Ma classe à la maison est en panne."
    for portal in ("ent-hdf", "ent77", "ent-leia", "ent-elyco"):
        rows[portal]["health"] = "down"
    text = said(read_view(as_bytes(document)))
    assert text == "Ce matin, 4 portails et 1 service national sont en panne."
    rows["pix"]["health"] = "down"
    rows["ent-aura"]["health"] = "slow"
    text = said(read_view(as_bytes(document)))
    assert text == (
        "Ce matin, 4 portails et 2 services nationaux sont en panne, et ENT Auvergne-Rhône-Alpes répond lentement."
    )


def test_what_stands_in_no_clause_is_counted():
    document = a_document(quiet=True)
    for service, health in zip(document["services"], ["down", "waiting", "restricted", "slow"], strict=False):
        service["health"] = health
    assert said(read_view(as_bytes(document))).endswith(" et 1 autre service est touché.")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"quiet": True},
            "tout répondait. 19 portails sur 19 laissaient entrer leurs élèves.",
        ),
        (
            {"blind": True},
            "Vigie ne voyait rien : notre propre connexion était coupée. Ce n’était pas une panne des services.",
        ),
        (
            {},
            "1 portail et 1 service national étaient en panne, 3 portails faisaient patienter leurs élèves, "
            "Mon ENT Occitanie restreignait son accès, et 3 autres services étaient touchés.",
        ),
    ],
)
def test_a_page_that_is_no_longer_up_to_date_speaks_in_the_past_and_says_of_when(changes, text):
    measured = iso(MORNING - timedelta(minutes=2))
    told = said(view_of(measured_at=measured, **changes), stale=True)
    assert told == f"Mardi 24 novembre à 10 h 14, {text}"


def test_a_stale_rehearsal_says_its_year():
    view = view_of(rehearsal="2021-04-06", quiet=True)
    assert said(view, stale=True).startswith("Mardi 24 novembre 2026 à 10 h 15, tout répondait.")


def test_both_tenses_say_all_that_the_other_says():
    assert set(PAST.clauses) == set(PRESENT.clauses) == set(Health)


def test_the_page_says_when_it_is_no_longer_up_to_date():
    view = view_of()
    assert age_words(view, timedelta(seconds=180)).replace("\u00a0", " ") == "Mesuré il y a 3 minutes"
    late = age_words(view, timedelta(seconds=361)).replace("\u00a0", " ")
    assert late == "Mesuré il y a 6 minutes : cette page n’est plus à jour"


def test_age_counts_from_the_measure_and_by_the_wall_clock_in_a_rehearsal():
    published = MORNING + timedelta(days=2000)
    view = view_of(published=published, rehearsal="2021-04-06")
    assert view.age(published + timedelta(seconds=10)) == timedelta(seconds=14)


def test_an_incident_changes_its_title_when_it_answers_again():
    document = a_document()
    incident = document["incidents"][0]
    assert (
        incident_title(read_view(as_bytes(document)).incidents[0], view_of())
        == "Monlycée.net fait patienter ses élèves"
    )
    incident |= {"health": "up", "recovered_at": iso(MORNING)}
    assert incident_title(read_view(as_bytes(document)).incidents[0], view_of()) == "Monlycée.net répond de nouveau"
    incident |= {"health": "unknown", "recovered_at": None, "closed_at": iso(MORNING)}
    lost = read_view(as_bytes(document)).incidents[0]
    assert incident_title(lost, view_of()) == "Monlycée.net n’est pas mesuré"
    assert incident_health(lost) is Health.UNKNOWN


def test_yesterdays_trouble_contracts_its_article():
    since = MORNING - timedelta(days=1)
    day = (Stretch(Health.DOWN, MORNING - timedelta(hours=20), MORNING - timedelta(hours=18)),)
    assert stretch_words(day, since, MORNING).replace("\u00a0", " ") == "En panne d’hier 14 h 16 à 16 h 16"
    document = a_document()
    document["incidents"][0] |= {
        "opened_at": iso(MORNING - timedelta(hours=20)),
        "recovered_at": iso(MORNING - timedelta(hours=18)),
    }
    told = incident_times(read_view(as_bytes(document)).incidents[0], MORNING)
    assert told.replace("\u00a0", " ") == "d’hier 14 h 16 à 16 h 16"


def test_shares_never_round_somebody_down_to_nobody():
    assert [percent(s).replace("\u00a0", " ") for s in (0, 0.001, 0.4, 1)] == ["0 %", "< 1 %", "40 %", "100 %"]


def test_a_strip_has_its_words():
    midnight = MORNING - timedelta(hours=10)
    stretches = (
        Stretch(Health.UP, midnight, MORNING - timedelta(hours=2)),
        Stretch(Health.WAITING, MORNING - timedelta(hours=2), MORNING - timedelta(hours=1)),
        Stretch(Health.DOWN, MORNING - timedelta(hours=1), None),
    )
    text = stretch_words(stretches, midnight, MORNING).replace("\u00a0", " ")
    assert text == "File d’attente de 8 h 16 à 9 h 16 ; En panne depuis 9 h 16"
