"""The letter of every morning, word for word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.alerting.digest import SHOWN, compose_digest
from monitor.alerting.messages import TITLE_LIMIT
from monitor.domain.catalog import Catalog
from monitor.domain.digest import Digest, Planned, Sent
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced
from monitor.domain.window import Once, Scope, ScopeKind, Window

NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPENED = NOW - 13 * HOUR
GOING_ON = Incident("on", "service:ent-x", OPENED, OPENED, Health.DOWN, Health.DOWN, ("ent-x",), ("A:lille",))
OVERSEAS = replace(GOING_ON, id="o", culprit="service:seul", services=("seul",), territories=("A:la-reunion",))
ENDED = replace(OVERSEAS, id="e", recovered_at=OPENED + HOUR, closed_at=OPENED + HOUR)
TAKEN = Acknowledgement("1", "on", "Paul", "relance l’exploitant", NOW)


def silence(what: Silenced, name: str, subscription: str | None = None) -> DeclaredSilence:
    return DeclaredSilence("s", what, name, NOW, NOW + 50 * HOUR, "migration", "Zoé", NOW, subscription)


def planned(kind: ScopeKind, name: str) -> Planned:
    once = Once(*map(datetime.fromisoformat, ("2026-11-28T22:00", "2026-11-29T02:00")))
    window = Window("w", Scope(kind, name), once, ZoneInfo("Europe/Paris"), NOW, "sauvegarde", "DSI")
    return Planned(window, (NOW + 15 * HOUR, NOW + 17 * HOUR))


WHOLE = Digest(
    going_on=(GOING_ON, OVERSEAS),
    ended=(ENDED,),
    planned=(planned(ScopeKind.OPERATOR, "edifice"), planned(ScopeKind.TERRITORY, "A:lille")),
    taken={"on": TAKEN},
    silences=(
        silence(Silenced.SERVICE, "ent-x"),
        silence(Silenced.EVERYTHING, "", "lille"),
        silence(Silenced.INCIDENT, "20261127-on"),
    ),
    sent=Sent(12, 1, 2),
    never_seen=("seul", "gone"),
)

FRENCH = """\
Bilan du 28 novembre à 7 h 00 (heure de Paris).

Incidents en cours :
– Mon ENT X est en panne depuis le 27 novembre à 18 h 00 ; pris en charge par Paul (« relance l’exploitant »)
– Service sans attache est en panne depuis le 27 novembre à 18 h 00, 21 h 00 heure locale (La Réunion)

Terminés depuis 24 heures :
– Service sans attache : du 27 novembre à 18 h 00, 21 h 00 heure locale (La Réunion), pendant 1 h 00

Silences en vigueur :
– Mon ENT X, jusqu’au 30 novembre à 9 h 00 : migration (Zoé)
– tout le pays, pour l’abonnement lille seul, jusqu’au 30 novembre à 9 h 00 : migration (Zoé)
– incident 20261127-on, jusqu’au 30 novembre à 9 h 00 : migration (Zoé)

Maintenances déclarées d’ici à minuit :
– services exploités par Edifice, le 28 novembre de 22 h 00 à 0 h 00 : sauvegarde (DSI)
– services situés dans : académie de Lille, le 28 novembre de 22 h 00 à 0 h 00 : sauvegarde (DSI)

Jamais vus en marche, ils n’accusent personne :
– Service sans attache
– gone

Messages depuis 24 heures : 12 remis, 1 en attente, 2 sans suite.

Vigie, mesure indépendante des services numériques des établissements scolaires.
"""


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_everything_that_the_operator_reads_in_the_morning(catalog: Catalog) -> None:
    letter = compose_digest(WHOLE, "fr", catalog, NOW)
    assert plain(letter.body) == FRENCH
    assert plain(letter.title) == (
        "Vigie — bilan du 28 novembre : 2 incidents en cours, 3 messages non remis, 1 terminé, 3 silences, 2 maintenances"
    )


ENGLISH = """\
Digest of 28 November, 07:00 (Paris time).

Incidents under way:
– Mon ENT X is down (since 27 November, 18:00); taken care of by Paul (“relance l’exploitant”)

Maintenance declared until midnight:
– services run by Edifice, 28 November, 22:00 to 00:00: sauvegarde (DSI)

Vigie, independent watch over the digital services of French schools.
"""


def test_what_concerns_somebody_in_english(catalog: Catalog) -> None:
    theirs = Digest(going_on=(GOING_ON,), planned=(planned(ScopeKind.OPERATOR, "edifice"),), taken={"on": TAKEN})
    letter = compose_digest(theirs, "en", catalog, NOW)
    assert letter.title == "Vigie — digest of 28 November: 1 incident under way, 1 maintenance"
    assert letter.body == ENGLISH


@pytest.mark.parametrize(
    ("language", "title", "line"),
    [
        ("fr", "Vigie — bilan du 28 novembre : rien à signaler", "Rien à signaler, Vigie veille. Messages remis depuis 24 heures : 4."),
        ("en", "Vigie — digest of 28 November: nothing to report", "Nothing to report, Vigie is watching. Messages delivered in the last 24 hours: 4."),
        ("xx", "Vigie — bilan du 28 novembre : rien à signaler", "Rien à signaler, Vigie veille. Messages remis depuis 24 heures : 4."),
    ],
)  # fmt: skip
def test_a_calm_morning_is_one_line(catalog: Catalog, language: str, title: str, line: str) -> None:
    letter = compose_digest(Digest(sent=Sent(4)), language, catalog, NOW)
    assert plain(letter.title) == title
    assert plain(letter.body).splitlines()[0] == line
    assert len(letter.body.split("\n\n")) == 2


def test_undelivered_messages_are_in_the_title(catalog: Catalog) -> None:
    letter = compose_digest(Digest(sent=Sent(4, 1, 1)), "fr", catalog, NOW)
    assert plain(letter.title) == "Vigie — bilan du 28 novembre : 2 messages non remis"


def test_a_bad_day_still_fits_a_telephone(catalog: Catalog) -> None:
    many = Digest(going_on=tuple(replace(GOING_ON, id=str(n)) for n in range(SHOWN + 2)))
    lines = compose_digest(many, "fr", catalog, NOW).body.splitlines()
    assert len([line for line in lines if line.startswith("– Mon ENT X")]) == SHOWN
    assert "– et 2 autres" in lines
    fewer = replace(many, going_on=many.going_on[:-1])
    assert "– et 1 autre" in compose_digest(fewer, "fr", catalog, NOW).body.splitlines()


def test_hostile_names_steer_nothing(catalog: Catalog) -> None:
    evil = "x\r\nBcc: y\u202e{title}\x1b[31m"
    digest = Digest(
        going_on=(replace(GOING_ON, culprit="service:piege", services=("piege",)),),
        planned=(planned(ScopeKind.SERVICE, "piege"),),
        taken={"on": replace(TAKEN, author=evil, note=evil)},
        silences=(replace(silence(Silenced.INCIDENT, evil, evil), reason=evil, author=evil),),
        sent=Sent(),
        never_seen=(evil, "piege"),
    )
    for language in ("fr", "en"):
        letter = compose_digest(digest, language, catalog, NOW)
        assert len(letter.title) <= TITLE_LIMIT
        assert "\n" not in letter.title
        assert not {
            char for char in letter.body if char != "\n" and not char.isprintable() and char not in "\u00a0\u202f"
        }
        assert not any(line.startswith("Bcc") for line in letter.body.splitlines())
