"""Public pages lead to the views of the map that say more of the same thing, in both languages."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.pages.carte import VIEWS
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health
from monitor.store import Evaluation

from .conftest import MORNING, Country, Web, a_document, as_bytes
from .test_search import document

LINK = re.compile(r'<a href="(/carte/[^"]+)"( hreflang="fr")?>([^<]+)</a>')
LATE = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # the third in Paris
INCIDENT = f"{LATE:%Y%m%d}-{LATE:%H%M%S}-ent-hdf"
SERVICE, PLACE, STORY = {"id": "ent-hdf"}, {"territoire": "A:lille"}, {"id": INCIDENT}
# By page: the view, what it is asked by, the words of both languages.
LEADS = {
    "/": [("jour", {}, "Revoir une journée, dont le 6 avril 2021", "Replay a day, including 6 April 2021")],
    "/service/ent-hdf": [
        ("service", SERVICE, "Durées et phases, sur des heures ou des mois", "Durations and phases, over hours or months"),
        ("heures", SERVICE, "Heure par heure", "Hour by hour"),
    ],
    "/academie/lille": [("disponibilite", PLACE, "Historique et disponibilité", "History and availability")],
    f"/incidents/{INCIDENT}": [
        ("incident", STORY, "Ce qui l’explique, mesure par mesure", "What explains it, measurement by measurement"),
        ("jour", {"date": "2026-11-03"}, "Revoir cette journée", "Replay that day"),
    ],
    "/operateur/edifice": [("comparer", {"par": "exploitant"}, "Comparer les exploitants", "Compare operators")],
}  # fmt: skip


@pytest.fixture
def web(country: Country, serve: Callable[[str], Web]) -> Web:
    incident = Incident(
        INCIDENT, "service:ent-hdf", LATE, LATE, Health.UP, Health.DOWN, ("ent-hdf",), ("A:lille",),
        Failure.EXCHANGE_SERVER_ERROR, LATE, closed_at=MORNING,
    )  # fmt: skip
    country.store.save(Evaluation((), (), (), (incident,), as_bytes(a_document()), MORNING))
    country.publish(document())
    return serve(country.url)


def test_pages_lead_to_the_views_of_what_they_show(web: Web) -> None:
    for page, leads in LEADS.items():
        for root, mark in (("", ""), ("/en", ' hreflang="fr"')):
            found = []
            for url, marked, words in LINK.findall(web.told(root + page)[2].decode()):
                parts = urlsplit(url)
                name = parts.path.removeprefix("/carte/")
                assert name in VIEWS, url
                assert marked == mark, url
                found.append((name, dict(parse_qsl(parts.query)), words))
            assert found == [(name, asked, english if root else french) for name, asked, french, english in leads], page
