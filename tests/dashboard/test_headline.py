"""The sentence that says the situation."""

from datetime import timedelta

from dashboard.components.headline import age_words, headline
from dashboard.components.phrases import incident_title, percent, stretch_words
from dashboard.model import Stretch, read_view
from monitor.domain.observation import Health

from .conftest import MORNING, a_document, as_bytes, iso


def view_of(**changes):
    return read_view(as_bytes(a_document(**changes)))


def said(view) -> str:
    return "".join(segment.text for segment in headline(view)).replace("\u00a0", " ")


def test_before_the_first_snapshot_and_before_the_first_measure():
    assert said(None) == said(view_of(measured_at=None))
    assert "premières mesures" in said(None)


def test_a_quiet_day():
    document = a_document(quiet=True)
    assert said(read_view(as_bytes(document))) == "Tout répond. 19 portails sur 19 laissent entrer leurs élèves."


def test_trouble_is_told_gravest_first_and_names_what_stands_alone():
    text = said(view_of())
    assert text == (
        "Ce matin, 2 services sont en panne, 3 portails font patienter leurs élèves et Mon ENT Occitanie restreint son accès."
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
