"""Incidents of several services on the screens: who, how it went, what they have in common, what was absorbed."""

import re
from datetime import timedelta

import pytest

from dashboard import dates
from dashboard.components.common_ground import common_ground, odds
from dashboard.components.culprits import SHARED, point
from dashboard.components.phrases import (
    incident_health,
    incident_measure,
    incident_title,
    watch_words,
)
from dashboard.components.timeline import timeline
from dashboard.data import Data
from dashboard.model import read_view
from dashboard.public import incident, incidents, overview, service, territory
from dashboard.public.assets import Assets
from dashboard.public.press import Press
from monitor.domain.catalog import Level
from monitor.domain.observation import Health

from .conftest import MORNING, a_document, as_bytes, iso

GROUP = "20261124-080700-operator-Edifice"
EDIFICE = ["ent-hdf", "ent-monlycee-idf", "ent77"]


def count(
    candidate: str, inside: tuple[int, int], outside: tuple[int, int], chance: float = 0.0004
) -> dict[str, object]:
    return {
        "candidate": candidate, "unwell_inside": inside[0], "inside": inside[1], "unwell_outside": outside[0],
        "outside": outside[1], "chance": chance,
    }  # fmt: skip


def a_cause(**changes):
    return {
        "culprit": "operator:Edifice",
        "services": EDIFICE,
        "explained": False,
        "test": count("operator:Edifice", (12, 13), (3, 61)),
        "beaten": [count("zone:edifice.fr", (8, 12), (7, 62), 0.2)],
        "ruled_out": [count("platform:entcore", (2, 9), (13, 65), 1.0)],
        "undeclared": ["hoster"],
    } | changes


def a_group(**changes):
    at = MORNING - timedelta(hours=2, minutes=9)

    def turn(minutes: int, reason: str, health: str = "waiting", services: int = 3) -> dict[str, object]:
        return {"at": iso(at + timedelta(minutes=minutes)), "reason": reason, "health": health, "services": services}

    return {
        "id": GROUP, "culprit": "operator:Edifice", "explained": False, "cause": a_cause(), "opened_at": iso(at),
        "confirmed_at": iso(at + timedelta(minutes=1)), "health": "waiting", "worst": "waiting",
        "failure": "content/waiting_room", "services": EDIFICE, "territories": ["A:paris", "A:lille"],
        "share_affected": 0.5, "recovered_at": None, "eased_at": None, "watch_until": None, "closed_at": None,
        "absorbed_into": None, "turns": [turn(0, "opened", services=1), turn(4, "spread"), turn(9, "explained")],
    } | changes  # fmt: skip


EASED = {
    "health": "up",
    "recovered_at": iso(MORNING - timedelta(minutes=20)),
    "eased_at": iso(MORNING - timedelta(minutes=5)),
    "watch_until": iso(MORNING + timedelta(hours=3)),
}


def a_view(*found, quiet=False, **changes):
    return read_view(as_bytes(a_document(incidents=list(found), quiet=quiet, **changes)))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def title(one, *, stale=False, **healths) -> str:
    document = a_document(incidents=[one])
    for row in document["services"]:
        row["health"] = healths.get(row["id"].replace("-", "_"), row["health"])
    view = read_view(as_bytes(document))
    return plain(incident_title(view.incidents[0], view, stale=stale))


def test_several_are_named_by_what_they_share():
    assert title(a_group()) == "3 portails exploités par Edifice font patienter leurs élèves"
    assert title(a_group(), stale=True) == "3 portails exploités par Edifice faisaient patienter leurs élèves"
    assert title(a_group(), ent77="up", ent_hdf="up") == "1 portail exploité par Edifice fait patienter ses élèves"
    assert title(a_group(), ent77="down") == "3 portails exploités par Edifice sont touchés"
    assert title(a_group(**EASED)) == "3 portails exploités par Edifice répondent de nouveau"
    assert title(a_group(closed_at=iso(MORNING))) == "3 portails exploités par Edifice ne sont pas mesurés"


@pytest.mark.parametrize(
    ("culprit", "services", "said"),
    [
        ("platform:entcore", EDIFICE, "3 portails de la plateforme entcore font patienter leurs élèves"),
        ("hoster:AWS", EDIFICE, "3 portails déclarés comme hébergés chez AWS font patienter leurs élèves"),
        ("zone:z.fr", EDIFICE, "3 portails du domaine z.fr font patienter leurs élèves"),
        ("unknown", EDIFICE, "3 portails font patienter leurs élèves"),
        ("operator:parti", [], "parti fait patienter ses élèves"),
        ("service:cned-mcalm", ["cned-mcalm"], "CNED, Ma classe à la maison fait patienter ses élèves"),
        (
            "service:cned-mcalm",
            ["cned-mcalm", "ent-hdf"],
            "CNED, Ma classe à la maison et 1 portail qui en dépend sont touchés",
        ),
        ("service:educonnect", EDIFICE, "3 portails qui s’appuient sur ÉduConnect font patienter leurs élèves"),
        (
            "service:educonnect",
            ["educonnect", "ent-hdf"],
            "1 portail qui s’appuie sur ÉduConnect fait patienter ses élèves",
        ),
    ],
)
def test_every_kind_of_culprit_has_its_words(culprit, services, said):
    assert title(a_group(culprit=culprit, services=services)) == said


def test_a_root_that_is_unwell_without_its_dependants_stands_alone():
    one = a_group(culprit="service:cned-mcalm", services=["cned-mcalm", "educonnect"])
    assert title(one) == "CNED, Ma classe à la maison est en panne"


def test_every_shared_thing_has_a_name_of_its_own():
    view = a_view()
    for kind in (*SHARED, "vantage"):
        assert "x" in point(f"{kind}:x", view)
        assert point(f"{kind}:x", view) != "x"
    assert point("operator:Edifice", view) == "Exploitant Edifice"
    assert point("service:educonnect", view) == "Dépendance à ÉduConnect"


def test_what_is_eased_is_under_watch_and_says_until_when():
    view = a_view(a_group(**EASED))
    (one,) = view.incidents
    assert (one.watched, one.current) == (True, False)
    assert plain(incident_measure(one, view)) == "Répondent de nouveau, sous surveillance jusqu’à 13 h 16."
    assert plain(watch_words(one, MORNING - timedelta(days=1))) == "sous surveillance jusqu’à demain 13 h 16"
    no_end = a_view(a_group(**EASED | {"watch_until": None})).incidents[0]
    assert plain(watch_words(no_end, MORNING)) == "sous surveillance jusqu’au prochain pic de connexions"
    again = a_view(a_group(**EASED | {"eased_at": None}))
    (answering,) = again.incidents
    assert plain(incident_measure(answering, again)) == "Répondent de nouveau : nous restons attentifs."
    assert answering.current


def test_services_in_unlike_states_are_counted_under_the_title():
    view = a_view(a_group(services=[*EDIFICE, "ent-mbn-grandest", "ent-atrium"]))
    (one,) = view.incidents
    assert incident_measure(one, view) == "1 est en panne, 3 font patienter leurs élèves."
    assert incident_measure(one, view, stale=True) == "1 était en panne, 3 faisaient patienter leurs élèves."
    same = a_view(a_group())
    assert incident_measure(same.incidents[0], same) == "Une file d’attente s’affiche à la place de la page."


def test_until_names_the_day_where_it_is_another():
    assert plain(dates.until(MORNING, MORNING - timedelta(days=3))) == "au mardi 24 novembre à 10 h 16"


def test_the_time_line_tells_everything_in_order_with_hours_of_paris():
    (one,) = a_view(a_group(**EASED)).incidents
    told = [(m.day, plain(m.clock), plain(m.words)) for m in timeline(one)]
    assert told == [
        ("mardi 24 novembre", "8 h 07", "Premier échec mesuré : file d’attente"),
        ("", "8 h 08", "Confirmé"),
        ("", "8 h 11", "Extension à 3 services"),
        ("", "8 h 16", "Un point commun explique l’incident mieux que le hasard"),
        ("", "9 h 56", "Répond de nouveau"),
    ]
    old = a_view(a_group(turns=None, closed_at=iso(MORNING + timedelta(days=1)))).incidents[0]
    assert [plain(m.words) for m in timeline(old)] == ["Premier échec mesuré : file d’attente", "Confirmé", "Clos"]
    assert timeline(old)[-1].day == "mercredi 25 novembre"
    assert timeline(a_view(ABSORBED).incidents[0])[-1].words == "Rejoint un incident plus large"


def test_a_turn_of_one_service_counts_nothing():
    turns = [
        {"at": iso(MORNING), "reason": "spread", "health": "down", "services": 1},
        {"at": iso(MORNING), "reason": "relapsed", "health": "down", "services": 4},
        {"at": iso(MORNING), "reason": "closed", "health": "up", "services": 4},
    ]
    (one,) = a_view(a_group(turns=turns, confirmed_at=None, closed_at=iso(MORNING))).incidents
    assert [plain(m.words) for m in timeline(one)] == ["Extension", "Rechute : en panne, 4 services", "Clos"]


def ground(**changes):
    view = a_view(a_group(**changes))
    return common_ground(view.incidents[0], view)


def test_a_grouping_shows_its_counts_and_says_that_they_do_not_decide():
    found = ground()
    assert found.title == "Ce qu’ils ont en commun"
    assert plain(found.sentence) == (
        "12 services sur 13 exploités par Edifice ont été touchés au même moment, 3 sur 61 ailleurs. "
        "Vigie ne peut ni le retenir ni l’écarter comme explication."
    )
    assert [tuple(map(plain, (r.point, r.inside, r.outside, r.chance, r.told))) for r in found.rows] == [
        ("Exploitant Edifice", "12 sur 13", "3 sur 61", "1 fois sur 2 500", "Ni retenu ni écarté"),
        ("Domaine edifice.fr", "8 sur 12", "7 sur 62", "1 fois sur 5", "Ni retenu ni écarté"),
        ("Plateforme entcore", "2 sur 9", "13 sur 65", "souvent", "Écarté par ce qui y répond encore"),
        ("Hébergeur", "–", "–", "–", "Ni déclaré ni observé pour tous ces services, Vigie ne peut pas en juger"),
    ]


def test_an_explanation_says_what_it_beat():
    found = ground(cause=a_cause(explained=True))
    assert found.sentence.endswith("Ce point commun explique l’incident mieux que le hasard.")
    assert [row.told for row in found.rows[:2]] == ["Retenu, mieux que le hasard", "Moins probable que le premier"]


def test_nothing_measured_elsewhere_and_one_alone_read_well():
    one = count("operator:Edifice", (1, 1), (0, 0))
    assert plain(ground(cause=a_cause(test=one)).sentence).startswith(
        "1 service sur 1 exploité par Edifice a été touché au même moment, rien d’autre n’est mesuré. "
    )
    single = ground(services=["ent77"], culprit="service:ent77", cause=a_cause(test=None))
    assert single.title == "Ce qu’il a en commun avec d’autres"
    assert single.sentence == "Aucun point commun n’explique cet incident mieux que le hasard."
    assert [row.point for row in single.rows] == ["Domaine edifice.fr", "Plateforme entcore"]
    assert ground(cause=a_cause(test=None, beaten=[], ruled_out=[])) is None
    assert ground(cause=None) is None


def test_odds_are_told_with_two_digits():
    assert [plain(odds(one)) for one in (1.0, 0.7, 0.5, 0.013, 0.00001234, 1e-9)] == [
        "souvent", "souvent", "1 fois sur 2", "1 fois sur 77", "1 fois sur 81 000", "moins d’une fois sur un million",
    ]  # fmt: skip


ALONE = {"id": "20261124-ent77", "culprit": "service:ent77", "services": ["ent77"], "cause": None, "turns": []}
ABSORBED = a_group(**ALONE, absorbed_into=GROUP, closed_at=iso(MORNING - timedelta(hours=2)))


def test_what_was_absorbed_points_to_its_survivor_through_a_chain_and_never_round_in_circles():
    between = ABSORBED | {"id": "between"}
    first = ABSORBED | {"id": "first", "absorbed_into": "between"}
    view = a_view(a_group(), between, first)
    by_id = {one.id: one for one in view.incidents}
    assert view.survivor(by_id["first"]) == view.survivor(by_id[GROUP]) == by_id[GROUP]
    assert [one.id for one in view.joined(by_id[GROUP])] == ["between", "first"]
    assert [one.id for one in view.theirs] == [GROUP]
    lost = a_view(first)
    assert lost.survivor(lost.incidents[0]) is None
    circle = a_view(first, between | {"absorbed_into": "first"})
    assert [circle.survivor(one) for one in circle.incidents] == [None, None]
    assert plain(incident_title(by_id["first"], view)) == "ENT 77 : rattaché à un incident plus large"
    assert incident_health(by_id["first"]) is Health.WAITING


class Desk:
    """A reader of one snapshot."""

    def __init__(self, document):
        self.document = document

    def snapshot(self):
        return as_bytes(self.document), "abc"

    def service_day(self, service, until, probes):
        raise OSError("Base injoignable.")

    def day_spans(self, since, until):
        return {}


async def printed(page, key, *found, **changes) -> str:
    document = a_document(incidents=list(found), **changes)
    sheet = await Press(Data(Desk(document)), Assets(), lambda: MORNING).print(f"/{key}", page, key)
    return plain(sheet.body.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_the_page_of_a_grouping_says_it_all_in_words():
    text = await printed(incident.page, GROUP, a_group(), ABSORBED)
    said = words(text)
    assert "3 portails exploités par Edifice font patienter leurs élèves" in said
    assert "8 h 11 Extension à 3 services" in said
    assert "Exploitant Edifice 12 sur 13 3 sur 61 1 fois sur 2 500 Ni retenu ni écarté" in said
    assert "Vigie dit ce qui est touché ensemble, jamais pourquoi." in said
    assert 'href="/incidents/20261124-ent77"' in text
    assert "attaque" not in said
    absorbed = await printed(incident.page, "20261124-ent77", a_group(), ABSORBED)
    assert f'Il est suivi désormais avec <a href="/incidents/{GROUP}">3 portails exploités par Edifice</a>.' in absorbed
    lost = await printed(incident.page, "20261124-ent77", ABSORBED)
    assert "n’est plus publié" in lost


async def test_what_was_absorbed_is_no_trouble_of_its_own_in_the_lists():
    text = await printed(incidents.page, "", a_group(), ABSORBED)
    assert "Incident réuni ici : <a" in text
    assert "Aucun." in text.split("Terminés depuis 24 heures")[1]
    assert "rattaché" not in text
    assert "rattaché" not in await printed(overview.page, "", a_group(), ABSORBED)
    assert "rattaché" not in await printed(service.page, "ent77", a_group(), ABSORBED)


async def test_what_is_eased_has_a_place_of_its_own():
    for page, key in ((incidents.page, ""), (overview.page, ""), (territory.page_of(Level.ACADEMIE), "lille")):
        text = await printed(page, key, a_group(**EASED), quiet=True)
        before, _, after = text.partition("Sous surveillance</h2>")
        assert "répondent de nouveau" in after
        assert "répondent de nouveau" not in before
        assert "Répondent de nouveau, sous surveillance jusqu’à 13 h 16." in after
        assert "Sous surveillance</h2>" not in await printed(page, key, a_group())
    assert "Aucun incident en cours." in await printed(overview.page, "", a_group(**EASED), quiet=True)


async def test_thirty_eight_services_are_shortened_in_a_list_and_told_one_by_one_on_the_page():
    rows = a_document()["services"]
    rows += [rows[0] | {"id": f"x{n}", "name": f"Portail {n:02}"} for n in range(35)]
    many = a_group(services=[*EDIFICE, *(f"x{n}" for n in range(35))])
    listed = await printed(incidents.page, "", many, services=rows)
    assert f'et <a href="/incidents/{GROUP}">30 autres</a>' in listed
    assert "Portail 34" not in listed
    page = await printed(incident.page, GROUP, many, services=rows)
    assert page.split("Service par service")[1].count("<li>") == 38


async def test_a_packaged_rehearsal_says_what_it_is_made_of_on_every_page():
    note = "reconstitution d’après la presse"
    for page, key in ((overview.page, ""), (incidents.page, ""), (incident.page, GROUP), (service.page, "ent77")):
        text = await printed(page, key, a_group(), rehearsal="2021-04-06", rehearsal_note=note)
        assert f"<b>RÉPÉTITION</b> {note}. Scénario « 2021-04-06 »" in text
        bare = await printed(page, key, a_group(), rehearsal="mon-jour")
        assert "<b>RÉPÉTITION</b> Scénario « mon-jour »" in bare
