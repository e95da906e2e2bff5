"""`vigie explain`, as people type it, on a real book of each kind."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from monitor import app
from monitor.__main__ import cli
from monitor.commands import explanation_words as words
from monitor.domain.account import Where
from monitor.domain.attribution import Attribution, Count
from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health, Observation, Stage
from monitor.domain.plain import rebuilt
from monitor.domain.reason import Reason
from monitor.domain.rollup import survey
from monitor.domain.saturation import Sign
from monitor.domain.sheet import EvidenceSheet
from monitor.drafting import Scene, drafted
from monitor.reports import evidence_words
from monitor.store import Evaluation, Kind, Store, open_reader, open_store
from monitor.terminal import PARIS
from tests.prepared import prepared

CATALOGUE = """\
vigie: 1
canaries:
  - {id: c1, kind: http, url: "https://one.example/", expect: {status: [200]}}
  - {id: c2, kind: http, url: "https://two.test/", expect: {status: [200]}}
  - {id: c3, kind: http, url: "https://three.invalid/", expect: {status: [200]}}
  - {id: c4, kind: http, url: "https://four.localhost/", expect: {status: [200]}}
operators: [{id: edifice, name: Edifice}]
services:
  - {id: ent-a, name: "Portail A", kind: ent, territories: ["D:59"], operator: edifice, confirmed: 2026-01-01,
     probes: {login: {kind: http, url: "https://a.example/", expect: {contains: ["Identifiant"]}}}}
  - {id: ent-b, name: "Portail B", kind: ent, territories: ["D:62"], operator: edifice,
     probes: {login: {kind: http, url: "https://b.example/", expect: {contains: ["Identifiant"]}}}}
  - {id: ent-c, name: "Portail C", kind: ent, territories: ["D:80"],
     probes: {login: {kind: http, url: "https://c.example/", expect: {contains: ["Identifiant"]}}}}
"""
MINUTE, S = timedelta(minutes=1), timedelta(seconds=1)
PROBES = ("ent-a/login", "ent-b/login")
WAITING = Failure.CONTENT_WAITING_ROOM
CAUSE = Attribution(
    "operator:edifice",
    ("ent-a", "ent-b"),
    explained=True,
    test=Count("operator:edifice", 12, 13, 3, 61, 0.0002),
    beaten=(Count("platform:entcore", 12, 20, 3, 54, 0.03),),
    ruled_out=(Count("zone:example", 2, 9, 13, 65, 1.0),),
    undeclared=("hoster",),
)

Vigie = Callable[..., Result]


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def vigie(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vigie:
    (tmp_path / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "probes.yaml"))

    def run(*said: str) -> Result:
        return CliRunner().invoke(cli, ["explain", *said], catch_exceptions=False)

    return run


def opened(database_url: str, now: datetime, kind: Kind = "real", scenario: str | None = None) -> Store:
    prepared(database_url, kind, now, scenario)
    return open_store(database_url, kind=kind)


@pytest.fixture
def store(vigie: Vigie, database_url: str, now: datetime) -> Iterator[Store]:
    one = opened(database_url, now)
    yield one
    one.close()


def incident(now: datetime, **fields: object) -> Incident:
    """Opened an hour ago, worse half an hour later."""
    begun = now - 60 * MINUTE
    given: dict[str, object] = {
        "id": f"{begun:%Y%m%d-%H%M%S}-operator-edifice",
        "culprit": "operator:edifice",
        "opened_at": begun,
        "confirmed_at": begun + 70 * S,
        "health": Health.WAITING,
        "worst": Health.DOWN,
        "services": ("ent-a", "ent-b"),
        "territories": ("D:59", "D:62"),
        "failure": WAITING,
        "cause": CAUSE,
    }
    one = Incident(**{**given, **fields})  # type: ignore[arg-type]
    return one.turned(begun, Reason.OPENED).turned(begun + 30 * MINUTE, Reason.WORSENED)


def save(store: Store, now: datetime, *known: Incident, snapshot: bytes | None = None) -> None:
    store.save(Evaluation((), (), (), known, snapshot, now))


def answers(now: datetime) -> list[Observation]:
    """Two hours, one a minute: good ones, waiting rooms for an hour, of ent-b the last ten good again."""
    heard = []
    for probe in PROBES:
        for ago in range(120, 0, -1):
            bad = ago <= 60 and not (probe == PROBES[1] and ago <= 10)
            heard.append(
                Observation(
                    probe,
                    "local",
                    now - ago * MINUTE,
                    (2.5 if bad else 0.3) * S,
                    WAITING if bad else None,
                    http_status=200,
                    address="192.0.2.7",
                    catalogue="cafe42",
                    detail="HOSTILE",
                    excerpt="HOSTILE",
                )
            )
    return heard


def frozen(store: Store, one: Incident, now: datetime) -> EvidenceSheet:
    """Its sheet, frozen as the monitor does it."""
    catalog = app.configured(app.settings()).catalog
    *_, sheet = drafted(store, one, Scene(catalog, survey(catalog), now, lambda _: False))
    assert sheet is not None
    store.freeze(sheet, now)
    return sheet


def plainly(text: str) -> str:
    """With ordinary spaces, to be compared."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def paris(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}"


def test_an_open_incident_is_explained_with_its_numbers_while_the_monitor_runs(vigie: Vigie, store: Store, now) -> None:
    one = incident(now)
    store.append(answers(now))
    store.note([Gap("", "local", now - 40 * MINUTE, now - 35 * MINUTE, 0, Excuse.ASLEEP)])
    save(store, now, one)
    ended = vigie(one.id[:15])  # a unique beginning is enough
    assert ended.exit_code == 0
    said = plainly(ended.stdout)
    for expected in (
        f"Incident {one.id} : l’exploitant Edifice.",
        f"Commencé le {paris(one.opened_at)} (première mauvaise réponse), confirmé 1 min 10 s après.",
        "Constat : une page d’attente s’affiche à la place du service (content/waiting_room).",
        "Au plus fort : en panne.",
        "En cours au ", "file d’attente",
        "2 services : Portail A, Portail B.", "2 territoires : Nord, Pas-de-Calais.", "(Nord) : 100 %.",
        f"{paris(one.opened_at + 30 * MINUTE)}  aggravation (file d’attente, 2 services)",
        "120 réponses de 2 sondes pendant l’incident : 10 bonnes, 110 mauvaises, 0 sans valeur (de notre fait).",
        "Dans l’heure d’avant : 120 réponses, dont 0 mauvaise.",
        "Échecs par étape : contenu de la page 110.", "110 × content/waiting_room",
        "ent-a/login (https://a.example/) : 60 questions, toutes les 1 min ; 0 bonne, 60 mauvaises",
        f"dernière bonne réponse avant : {paris(now - 61 * MINUTE)}, HTTP 200, 300 ms",
        f"première mauvaise : {paris(now - 60 * MINUTE)}, content/waiting_room, HTTP 200, 2,5 s",
        f"première bonne ensuite : {paris(now - 10 * MINUTE)}, HTTP 200, 300 ms",
        "médiane 300 ms, 95 % en moins de 300 ms (sur 120 réponses bonnes ou lentes)",
        "Adresses : 192.0.2.7 (120, dont 110 en échec).", "Points de mesure : local (120, dont 110 en échec).",
        "Point commun établi par le test exact : l’exploitant Edifice.",
        "12 sur 13 touchés chez Edifice, 3 sur 61 ailleurs", "une fois sur 5 000",
        "Retenu plutôt que : la plateforme entcore, 12 sur 20 touchés", "(hasard : 3 fois sur 100)",
        "Écarté par ce qui répond encore : le domaine example, 2 sur 9 touchés sous le domaine example, 13 sur 65",
        "Ni déclaré ni observé pour tous ces services : l’hébergeur. Vigie ne peut ni le retenir ni l’écarter.",
        "toutes les sondes, 5 min (", "la machine ou la veille était suspendue",
        "Jamais vues en marche, elles n’accusent personne : ent-b/login.",
        "Version 1 de la méthode (docs/method.md) ; catalogue cafe42.",
        "Fiche établie à l’instant",
    ):  # fmt: skip
        assert expected in said, expected
    assert "HOSTILE" not in said
    assert "RÉPÉTITION" not in said


def test_what_was_observed_of_several_services_is_said_plainly(vigie: Vigie, store: Store, now) -> None:
    cause = Attribution(
        "issuer:Certigna",
        ("ent-a", "ent-b"),
        explained=True,
        test=Count("issuer:Certigna", 2, 2, 0, 61, 0.0002),
        beaten=(Count("network:OVH", 2, 3, 0, 60, 0.003),),
        ruled_out=(Count("network:Renater", 1, 9, 1, 54, 1.0),),
        undeclared=("hoster", "network"),
    )
    one = incident(now, culprit="issuer:Certigna", cause=cause, failure=Failure.TLS_EXPIRED)
    save(store, now, one)
    said = plainly(vigie(one.id).stdout)
    for expected in (
        "Point commun établi par le test exact : l’autorité de certification Certigna.",
        "Observé pour 2 services touchés : même autorité de certification : Certigna.",
        "Observé pour 2 services touchés : même réseau : OVH.",
        "Observé pour 1 service touché : même réseau : Renater.",
        "Retenu plutôt que : le réseau OVH, 2 sur 3 touchés dans le réseau OVH",
        "Ni déclaré ni observé pour tous ces services : l’hébergeur, le réseau. Vigie ne peut ni le retenir",
    ):
        assert expected in said, expected


def test_a_closed_incident_keeps_its_sheet_whatever_comes_later(vigie: Vigie, store: Store, now, tmp_path) -> None:
    one = incident(now, recovered_at=now - 20 * MINUTE, closed_at=now - 20 * MINUTE)
    store.append(answers(now))
    save(store, now, one)
    sheet = frozen(store, one, now)
    store.append([Observation("ent-a/login", "lyon", now - 45 * MINUTE, S)])
    (tmp_path / "probes.yaml").unlink()  # a frozen sheet stands by itself
    said = json.loads(vigie(one.id, "--format", "json").stdout)
    assert (said["rehearsal"], said["frozen_at"]) == (None, now.isoformat().replace("+00:00", ".000000Z"))
    assert rebuilt(EvidenceSheet, said["sheet"]) == sheet
    assert said["sheet"]["during"]["latency"] is None
    assert said["sheet"]["before"]["latency"]["median_ms"] == 300.0
    text = plainly(vigie(one.id).stdout)
    assert f"Tout répond de nouveau depuis le {paris(now - 20 * MINUTE)}, après 40 min." in text
    assert f"Fiche figée le {paris(now)} : elle ne change plus." in text


def test_what_is_said_of_other_ends(vigie: Vigie, store: Store, now) -> None:
    survivor = incident(now)
    absorbed = incident(
        now, id="20210101-000000-ent-a", culprit="service:ent-a", services=("ent-a",), cause=None,
        closed_at=now, absorbed_into="20210101-000001-x",
    )  # fmt: skip
    between = replace(absorbed, id="20210101-000001-x", absorbed_into=survivor.id)
    withdrawn = replace(absorbed, id="20210101-000002-y", absorbed_into=None)
    lost = replace(absorbed, id="20210101-000003-z", absorbed_into="20200101-000000-gone")
    watched = incident(now, id="20210101-000004-w", recovered_at=now - MINUTE, watch_until=now + MINUTE, cause=None)
    line = incident(
        now, id="20210101-000005-local", culprit="vantage:local", services=(), territories=(), cause=None, failure=None
    )
    save(store, now, survivor, absorbed, between, withdrawn, lost, watched, line)
    for one, expected in (
        (absorbed, f"Absorbé par l’incident {survivor.id} : c’est lui qui continue."),
        (lost, "Absorbé par l’incident 20200101-000000-gone."),
        (withdrawn, f"Clos le {paris(now)} sans rétablissement mesuré."),
        (withdrawn, "Rien d’autre n’est tombé avec lui."),
        (withdrawn, "Ni déclaré ni observé : la plateforme, l’hébergeur. Vigie ne peut"),
        (watched, f"Sous surveillance jusqu’au {paris(now + MINUTE)}."),
        (watched, "Cause non établie."),
        (watched, "Aucune réponse dans l’heure d’avant : rien à quoi comparer."),
        (line, "Aucun créneau manqué n’est noté pour ces sondes."),
        (line, "notre propre ligne (point de mesure local)"),
        (line, "Personne d’autre que Vigie"),
        (line, "La majorité des témoins se taisent"),
    ):
        assert expected in plainly(vigie(one.id).stdout), expected


def test_a_grouping_is_no_attribution(vigie: Vigie, store: Store, now) -> None:
    alone = replace(CAUSE, explained=False, test=replace(CAUSE.test, outside=0, unwell_outside=0))  # type: ignore[type-var]
    save(store, now, incident(now, cause=alone))
    said = plainly(vigie(incident(now).id).stdout)
    assert "Regroupement, cause non établie : l’exploitant Edifice." in said
    assert "touchés chez Edifice, rien d’autre n’est mesuré" in said
    assert "Aussi possible : la plateforme entcore" in said
    many = tuple(Count(f"zone:z{n}", 2, 3, 0, 1, 0.5) for n in range(9))
    save(store, now, incident(now, cause=replace(alone, test=None, beaten=many)))
    said = plainly(vigie(incident(now).id).stdout)
    assert "Cause non établie ; l’incident est celui de : l’exploitant Edifice." in said
    assert "Aussi possible : 3 de plus (--format json)." in said


def test_without_an_id_the_incidents_of_the_last_days(vigie: Vigie, store: Store, now) -> None:
    assert plainly(vigie().stdout).startswith("Aucun incident n’est ouvert")
    week = timedelta(days=7)
    old = incident(now, id="20210101-000000-old", closed_at=now - week - MINUTE, recovered_at=now - week - MINUTE)
    open_since_long = incident(now, id="20210102-000000-long", opened_at=now - 9 * week)
    fresh = incident(now, id="20210103-000000-fresh", closed_at=now - week + 10 * MINUTE)
    gone = replace(fresh, id="20210104-000000-gone", absorbed_into=fresh.id)
    save(store, now, old, open_since_long, fresh, gone)
    said = vigie().stdout
    for one in (open_since_long, fresh, gone):
        assert one.id in said
    assert old.id not in said
    assert "en cours" in said
    assert "absorbé" in said
    listed = json.loads(vigie("--format", "json").stdout)["incidents"]
    assert [one["id"] for one in listed] == [open_since_long.id, fresh.id, gone.id]
    assert vigie(old.id).exit_code == 0  # of any age


@pytest.mark.parametrize("written", ["nowhere", "%", "", "x\x1b[31m"])
def test_an_unknown_id_is_one_sentence(vigie: Vigie, store: Store, now, written: str) -> None:
    save(store, now, incident(now))
    ended = vigie(written)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "vigie explain" in plainly(ended.stderr)
    assert "\x1b" not in ended.stderr


def test_a_beginning_of_several_is_refused_unless_it_is_an_id(vigie: Vigie, store: Store, now) -> None:
    one, other = incident(now, id="20210101-000000-ent-a"), incident(now, id="20210101-000000-ent-ab")
    save(store, now, one, other)
    ended = vigie("20210101")
    assert ended.exit_code == 2
    assert one.id in ended.stderr
    assert other.id in ended.stderr
    assert vigie(one.id).exit_code == 0


def test_without_a_book_the_mend_is_named(vigie: Vigie, tmp_path) -> None:
    ended = vigie()
    assert ended.exit_code == 2
    assert "vigie db upgrade" in ended.stderr


@pytest.mark.parametrize(
    ("scenario", "banner"),
    [
        ("2021-04-06", "RÉPÉTITION — reconstitution d’après la presse (scénario 2021-04-06)"),
        ("maison", "RÉPÉTITION (scénario maison)"),
    ],
)
def test_a_rehearsal_says_so_and_its_time_stands_where_it_was_played(
    vigie: Vigie, database_url: str, now, scenario: str, banner: str
) -> None:
    then = datetime(2021, 4, 6, 9, 0, tzinfo=UTC)
    one = incident(then)
    with closing(opened(database_url, now, "rehearsal", scenario)) as store:
        store.append(answers(then))
        save(store, now, one, snapshot=json.dumps({"at": "2021-04-06T09:00:00.000Z"}).encode())
    for said in (vigie().stdout, vigie(one.id).stdout):
        assert banner in said
        assert said.startswith("RÉPÉTITION")
    assert f"En cours au {paris(then)}" in plainly(vigie(one.id).stdout)
    assert "Jamais vues en marche" not in vigie(one.id).stdout  # the fake France counts as seen working
    told = json.loads(vigie(one.id, "--format", "json").stdout)
    assert (told["rehearsal"], told["at"]) == (scenario, "2021-04-06T09:00:00.000000Z")
    with closing(open_reader(database_url)) as reader:
        assert reader.sheet(one.id) is None  # to look is to change nothing


def test_every_word_is_worded() -> None:
    assert set(evidence_words.STAGES) == set(Stage)
    assert set(words.TURNS) == set(Reason)
    assert set(evidence_words.PLACES) == set(Where)
    assert set(evidence_words.SIGNS) == set(Sign)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.chance_of(1), "100 fois sur 100"),
        (words.chance_of(0.0002), "une fois sur 5 000"),
        (words.chance_of(1e-9), "moins d’une fois sur un million"),
        (words.lasted(45 * S), "45 s"),
        (words.lasted(3 * MINUTE), "3 min"),
        (words.lasted(200 * S), "3 min 20 s"),
        (words.lasted(125 * MINUTE), "2 h 05"),
        (words.lasted(timedelta(days=3, hours=4)), "3 j 4 h"),
        (words.took(0.3 * S), "300 ms"),
        (words.took(2.54 * S), "2,5 s"),
        (words.counted(0, "réponse"), "0 réponse"),
        (words.counted(12_000, "réponse"), "12 000 réponses"),
        (words.counted(2, "autre sonde", "autres sondes"), "2 autres sondes"),
        (words.point("unknown", "x"), "x"),
        (words.inside("unknown", "x"), "pour x"),
        (words.spaced("« a » : 3 min ?"), "« a » : 3 min ?"),
    ],
)
def test_numbers_as_people_read_them(said: str, expected: str) -> None:
    assert plainly(said) == expected


def test_narrow_signs_are_held() -> None:
    assert words.spaced("« a » : 3 min") == "«\u00a0a\u00a0»\u00a0: 3\u00a0min"
