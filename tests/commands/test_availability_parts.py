"""`vigie availability` in parts, by audience, with outages and incidents, beside another period."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.catalog import Audience
from monitor.domain.compared import Doubt
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health
from monitor.domain.parts import By
from monitor.domain.service_verdict import Span
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.reports.counted_words import AUDIENCES, DOUBTS, PARTS, named, points
from monitor.store import Evaluation, open_desk, open_store
from tests.commands.declaring import CATALOGUE, Vigie
from tests.prepared import prepared

PARIS = ZoneInfo("Europe/Paris")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2021, 11, 22, tzinfo=PARIS).astimezone(UTC)
WEEK = ("--from", "2021-11-22", "--to", "2021-11-24")  # Monday and Tuesday
MORE = """\
  - id: ent-b
    name: ENT B
    kind: ent
    territories: ["D:62"]
    audience: [college]
    formerly: [ent-b-2020]
    probes: {login: {kind: http, url: "https://b.example/", expect: {contains: ["Identifiant"]}}}
  - id: ent-x
    name: ENT X
    kind: ent
    territories: ["D:75", "C:988"]
    audience: [personnels]
    probes: {login: {kind: http, url: "https://x.example/", expect: {contains: ["Identifiant"]}}}
  - id: pronote
    name: Pronote
    kind: vie-scolaire
    territories: ["N"]
    audience: [lycee]
    probes: {login: {kind: http, url: "https://p.example/", expect: {contains: ["Identifiant"]}}}
"""


def incident(
    name: str, opened: timedelta, confirmed: timedelta, recovered: timedelta | None, *services: str
) -> Incident:
    return Incident(
        id=name, culprit=f"service:{services[0]}", opened_at=MONDAY + opened, confirmed_at=MONDAY + confirmed,
        health=Health.DOWN, worst=Health.DOWN, services=services, territories=(),
        recovered_at=None if recovered is None else MONDAY + recovered,
    )  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two days, written once: every question of this file only reads."""
    url = f"sqlite:///{tmp_path_factory.mktemp('parts')}/vigie.db"
    prepared(url, "real", MONDAY)
    store = open_store(url, kind="real")
    said = [
        ("ent-a", -24, 8, Health.UP),
        ("ent-a", 8, 9, Health.WAITING),
        ("ent-a", 9, 10, Health.DOWN),
        ("ent-a", 10, 48, Health.UP),
        ("ent-b-2020", 0, 6, Health.UP),
        ("ent-b", 6, 7, Health.DOWN),
        ("ent-b", 7, 12, Health.UP),  # nothing is known of it after noon
        ("ent-nc", 0, 2, Health.DOWN),
        ("ent-nc", 2, 48, Health.SLOW),
        ("pronote", 30, 48, Health.UP),
    ]
    spans = [
        Span(
            name,
            None,
            "",
            health,
            MONDAY + since * HOUR,
            MONDAY + until * HOUR,
            Failure.EXCHANGE_TIMEOUT if health is Health.DOWN else None,
        )
        for name, since, until, health in said
    ]
    incidents = (
        incident("one", 6 * HOUR, 6 * HOUR + MINUTE, 7 * HOUR, "ent-b-2020", "ent-b"),
        incident("two", 8 * HOUR, 8 * HOUR + 2 * MINUTE, 10 * HOUR, "ent-a", "ent-b"),
        incident("three", 9 * HOUR, 9 * HOUR + 3 * MINUTE, None, "ent-a"),
        incident("before", -HOUR, HOUR, HOUR, "ent-a"),
    )
    snapshot = json.dumps({"at": (MONDAY + 48 * HOUR).isoformat(timespec="milliseconds")}).encode()
    store.save(Evaluation((), (), tuple(spans), incidents, snapshot, MONDAY))
    store.close()
    desk = open_desk(url)
    morning = Once(*(datetime.fromisoformat(f"2021-11-22T{hour}") for hour in ("09:30", "10:30")))
    desk.declare(Window("matin", Scope(ScopeKind.SERVICE, "ent-a"), morning, PARIS, MONDAY, "Mise à jour", "DSI"))
    desk.close()
    return url


@pytest.fixture
def asked(vigie: Vigie, book: str, monkeypatch, tmp_path) -> Iterator[Vigie]:
    monkeypatch.setenv("VIGIE_DATABASE_URL", book)
    (tmp_path / "probes.yaml").write_text(CATALOGUE + MORE, encoding="utf-8")
    return lambda *words: vigie("availability", *WEEK, *words)


def data(asked: Vigie, *words: str) -> dict:
    code, out, err = asked(*words, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_outages_and_incidents_of_a_service(asked: Vigie) -> None:
    said = data(asked, "--service", "ent-a")
    [one] = said["services"]
    # Begun before the period counts nowhere; one that is not over detects, and does not recover.
    assert one["incidents"] == {"number": 2, "detected_after_s": 150, "recovered": 1, "recovered_after_s": 7200}
    assert one["outages"]["number"] == 1
    [worst] = one["outages"]["longest"]
    assert (worst["since"], worst["until"]) == ("2021-11-22T07:00:00.000000Z", "2021-11-22T09:00:00.000000Z")
    assert (worst["counted_s"], worst["declared_s"]) == (1.5 * 3600, 1800)
    assert (worst["worst"], worst["failure"]) == ("down", "exchange/timeout")
    [window] = said["windows"]
    assert (window["id"], window["services"]) == ("matin", ["ent-a"])
    assert window["covers"] == [{"since": "2021-11-22T08:30:00.000000Z", "until": "2021-11-22T09:30:00.000000Z"}]
    out = asked("--service", "ent-a")[1]
    assert "2 incidents (dont 1 en cours), détection : 2 min 30 s, rétablissement : 2 h" in out
    assert "1 h 30 min à partir du 22/11/2021 08:00:00 (ent-a, en panne)" in out
    assert "Interruption : " in out


def test_a_former_id_goes_on_counting_and_what_did_not_exist_is_not_counted(asked: Vigie) -> None:
    [one] = data(asked, "--service", "ent-b")["services"]
    assert (one["formerly"], one["territories"]) == (["ent-b-2020"], ["D:62"])
    assert one["incidents"]["number"] == 2
    assert [one["figures"][0][key] / 3600 for key in ("available_s", "unavailable_s", "excluded_s")] == [11, 1, 36]
    assert [figure["little"] for figure in one["figures"]] == [True, True]
    out = asked("--service", "ent-b")[1]
    assert "jour et nuit : 91,666 %, couverture 25,000 % (couverture trop faible)" in out


def test_by_day_and_hour(asked: Vigie) -> None:
    said = data(asked, "--service", "ent-a", "--by", "day")
    parts = said["services"][0]["parts"]
    days = {(one["hours"], one["day"]): one for one in parts}
    assert list(days) == [
        ("all", "2021-11-22"),
        ("all", "2021-11-23"),
        ("school", "2021-11-22"),
        ("school", "2021-11-23"),
    ]
    assert days["all", "2021-11-22"]["unavailable_s"] == 5400
    assert days["school", "2021-11-22"]["declared_s"] == 3600
    assert days["school", "2021-11-23"]["availability"] == 1
    for hours in ("all", "school"):
        whole = next(one for one in said["services"][0]["figures"] if one["hours"] == hours)
        for key in ("available_s", "unavailable_s", "excluded_s", "declared_s"):
            assert sum(one[key] for one in parts if one["hours"] == hours) == whole[key]
    out = asked("--service", "ent-a", "--by", "hour")[1]
    assert "Heure (heure de Paris), disponibilité (couverture)" in out
    assert "8 h               50,000 % (100,0 %)          50,000 % (100,0 %)" in out
    assert "9 h               66,666 % (75,0 %)           66,666 % (75,0 %)" in out
    for by, words in (("month", "novembre 2021"), ("weekday", "lundi"), ("day", "22/11/2021")):
        assert words in asked("--service", "ent-a", "--by", by)[1]


def test_the_grid_is_of_the_place_s_own_clock(asked: Vigie) -> None:
    said = data(asked, "--service", "ent-nc", "--by", "grid")["services"][0]
    assert said["timezone"] == "Pacific/Noumea"
    down = [(one["weekday"], one["hour"]) for one in said["parts"] if one["hours"] == "all" and one["unavailable_s"]]
    assert down == [(1, 10), (1, 11)]  # midnight of Paris is ten o'clock there
    assert {one["hour"] for one in said["parts"] if one["hours"] == "school"} <= set(range(7, 18))
    out = asked("--service", "ent-nc", "--by", "grid")[1]
    assert "jour et nuit, disponibilité (couverture) en %, heure de Nouméa" in out
    rows = {row[:4]: row for row in reversed(out.splitlines()) if re.match(r"[ \d]\d h ", row)}
    assert rows["10 h"].split() == ["10", "h", "0,0", "(100)", "100", "(100)"]
    assert (len(rows), max(map(len, rows.values())) < 82) == (24, True)


def test_the_country_s_services_keep_the_hour_of_paris(asked: Vigie) -> None:
    [one] = data(asked, "--service", "pronote", "--by", "hour")["services"]
    assert (one["timezone"], one["territories"]) == ("Europe/Paris", ["N"])
    both = asked("--service", "ent-x", "--by", "hour", "--format", "json")
    [one] = json.loads(both[1])["services"]
    assert (one["timezone"], one["territories"]) == ("Europe/Paris", ["D:75", "C:988"])
    # Class on both sides of the world: from 7:30 to 18:00 of Paris, and of Nouméa ten hours ahead.
    assert {one["hour"] for one in one["parts"] if one["hours"] == "school"} == {
        *range(7, 18),
        *range(21, 24),
        *range(8),
    }


def test_a_territory_in_parts(asked: Vigie) -> None:
    said = data(asked, "--territory", "R:32", "--by", "day")
    whole = said["weighted"]
    assert whole["weights"] == {"ent-a": 3, "ent-b": 1}  # three audiences in one département, one audience in another
    monday = next(one for one in whole["parts"] if (one["hours"], one["day"]) == ("all", "2021-11-22"))
    assert monday["availability"] == pytest.approx((3 * 21.5 + 11) / (3 * 23 + 12), abs=1e-12)
    assert monday["coverage"] == pytest.approx((3 * 23 + 12) / 96, abs=1e-12)
    assert (said["incidents"]["number"], said["outages"]["number"]) == (3, 2)
    assert [one["service"] for one in said["outages"]["longest"]] == ["ent-a", "ent-b"]
    out = asked("--territory", "R:32", "--by", "day")[1]
    assert "Jour (jours de Paris), disponibilité (couverture)" in out
    assert "* : couverture trop faible" in out


def test_an_audience(asked: Vigie) -> None:
    said = data(asked, "--territory", "R:32", "--audience", "Collège")
    assert (said["audiences"], said["weighted"]["weights"]) == (["college"], {"ent-a": 1, "ent-b": 1})
    assert said["weighted"]["figures"][0]["availability"] == pytest.approx((45.5 + 11) / (47 + 12), abs=1e-12)
    assert (
        "2 services, collèges, pondération par département" in asked("--territory", "R:32", "--audience", "college")[1]
    )
    assert [one["service"] for one in data(asked, "--audience", "lycee")["services"]] == [
        "ent-a",
        "ent-nc",
        "ent-pf",
        "pronote",
    ]
    assert [one["service"] for one in data(asked, "--audience", "college", "--service", "ent-b")["services"]] == [
        "ent-b"
    ]
    assert data(asked, "--audience", "tous")["audiences"] == ["ecole", "college", "lycee"]


def test_two_periods(asked: Vigie) -> None:
    monday = ("--to", "2021-11-23", "--service", "ent-a", "--against", "2021-11-23..2021-11-24")
    said = data(asked, *monday)
    assert said["against"] == {"from": "2021-11-22T23:00:00.000Z", "to": "2021-11-23T23:00:00.000Z"}
    whole, school = said["services"][0]["compared"]
    assert whole["points"] == pytest.approx(100 * (21.5 / 23 - 1), abs=1e-12)
    assert (whole["honest"], whole["doubts"], school["hours"]) == (True, [], "school")
    assert (whole["availability_before"], whole["coverage_before"]) == (1, 1)
    out = asked(*monday)[1]
    assert "comparée : −6,522 points (auparavant 100,000 %, couverture 100,000 %)" in out
    assert "Comparaison à ne pas citer" not in out
    assert "Comparaison : différence des deux disponibilités" in out


def test_when_two_periods_are_not_to_be_compared(asked: Vigie) -> None:
    words = ("--territory", "R:32", "--against", "2021-11-21..2021-11-23")
    said = data(asked, *words)
    assert said["weighted"]["compared"][0]["doubts"] == ["overlap"]
    second = next(one for one in said["services"] if one["service"] == "ent-b")
    assert second["compared"][0]["doubts"] == ["little_coverage", "overlap"]
    out = asked("--service", "ent-b", "--from", "2021-11-23", "--against", "2021-11-22..2021-11-23")
    assert out[0] == 1
    assert "comparée : – (auparavant 91,666 %, couverture 50,000 %)" in out[1]
    assert "Comparaison à ne pas citer : rien n’est compté dans l’une des deux périodes." in out[1]
    other = data(asked, "--territory", "R:32", "--from", "2021-11-23", "--against", "2021-11-22..2021-11-23")
    assert other["weighted"]["compared"][0]["doubts"] == ["other_services"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--audience", "colege"), ["--audience : « colege »", "Vouliez-vous écrire college ?"]),
        (("--audience", "\x1b[2Jzzz"), ["--audience : « \\u{1b}[2Jzzz »", "Écrivez ecole"]),
        (("--against", "hier"), ["--against : « hier » n’est pas une période. Écrivez 2025-09-01..2026-01-01"]),
        (("--against", "2021-11-01.."), ["--against", "n’est pas une période"]),
        (("--against", "2021-11-01..2021-10-01"), ["--against : le début ne précède pas la fin"]),
        (("--against", "2021-11-01..9999-10-01"), ["--against : « 9999-10-01 » est hors de portée"]),
        (("--against", "2021-11-01..2990-10-01"), ["--against : cette période n’est pas encore passée"]),
        (("--by", "minute"), ["--by", "month"]),
        (
            ("--from", "2990-01-01", "--to", "2991-01-01", "--against", "a..b", "--operator", "edifis", "--audience", "lice"),
            ["--from : cet instant n’est pas encore passé", "--against : « a »", "--against : « b »", "edifice", "lycee"],
        ),
    ],
)  # fmt: skip
def test_every_mistake_at_once(asked: Vigie, words: tuple[str, ...], said: list[str]) -> None:
    code, out, err = asked(*words)
    assert (code, out) == (2, "")
    for word in said:
        assert word in err


def test_every_word_is_worded() -> None:
    assert (set(DOUBTS), set(PARTS), set(AUDIENCES)) == (set(Doubt), set(By), set(Audience))
    parts = {By.PERIOD: (), By.MONTH: (2021, 2), By.DAY: (2021, 2, 3), By.HOUR: (8,), By.WEEKDAY: (6,), By.GRID: (2, 8)}
    words = [named(by, parts[by]).replace("\u00a0", " ") for by in By]
    assert words == ["tout", "février 2021", "03/02/2021", "8 h", "dimanche", "mercredi 8 h"]


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (1.5, "+1,500 point"), (-1.9994, "−1,999 point"), (2, "+2,000 points"), (-12.3456, "−12,346 points"), (0, "+0,000 point")],
)  # fmt: skip
def test_points_as_people_say_them(value: float | None, words: str) -> None:
    assert points(value).replace("\u00a0", " ") == words
