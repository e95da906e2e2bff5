"""`vigie availability`, as a rectorat types it, on each database: always twice, with coverage and what was left out."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.method import METHOD
from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.uptime import Hours
from monitor.domain.weights import Weighting
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.reports.counted_words import HOURS, UNITS
from monitor.reports.said import lasts, share
from monitor.store import Evaluation, open_desk, open_store
from tests.commands.declaring import CATALOGUE, Vigie
from tests.prepared import prepared

PARIS = ZoneInfo("Europe/Paris")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = datetime(2021, 11, 22, tzinfo=PARIS).astimezone(UTC)
WEEK = ("--from", "2021-11-22", "--to", "2021-11-24")  # Monday and Tuesday: 21 school hours
SECOND_ENT = """\
  - id: ent-b
    name: ENT B
    kind: ent
    operator: edifice
    territories: ["D:62"]
    probes: {login: {kind: http, url: "https://b.example/", expect: {contains: ["Identifiant"]}}}
"""


def published(at: datetime) -> bytes:
    return json.dumps({"at": at.isoformat(timespec="milliseconds")}).encode()


@pytest.fixture
def week(database_url: str, monkeypatch, tmp_path) -> str:
    """Two days: ENT A is down on Monday from 8 to 10 and under maintenance at night, half an hour of it declared."""
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    (tmp_path / "probes.yaml").write_text(CATALOGUE + SECOND_ENT, encoding="utf-8")
    prepared(database_url, "real", MONDAY)
    store = open_store(database_url, kind="real")
    said = [(0, 8, Health.UP), (8, 10, Health.DOWN), (10, 22, Health.SLOW), (22, 23, Health.MAINTENANCE)]
    spans = [
        Span("ent-a", None, "local", health, MONDAY + since * HOUR, MONDAY + until * HOUR)
        for since, until, health in said
    ]
    verdicts = [
        ServiceVerdict("ent-a", Health.UP, MONDAY + 23 * HOUR),
        ServiceVerdict("ent-b", Health.UP, MONDAY + 12 * HOUR),
    ]
    store.save(Evaluation((), tuple(verdicts), tuple(spans), (), published(MONDAY + 36 * HOUR), MONDAY))
    store.close()
    desk = open_desk(database_url)
    night = Once(*(datetime.fromisoformat(f"2021-11-22T{hour}") for hour in ("22:30", "23:00")))
    desk.declare(Window("nuit", Scope(ScopeKind.SERVICE, "ent-a"), night, PARIS, MONDAY, "Mise à jour", "DSI"))
    desk.close()
    return database_url


def asked(vigie: Vigie, *words: str) -> dict:
    code, out, err = vigie("availability", *WEEK, *words, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_service_always_twice(vigie: Vigie, week) -> None:
    said = asked(vigie, "--service", "ent-a")
    [one] = said["services"]
    whole, school = one["figures"]
    assert (one["service"], one["windows"]) == ("ent-a", ["nuit"])
    assert (whole["hours"], whole["unavailable_s"], whole["declared_s"]) == ("all", 2.5 * 3600, 1800)
    # The monitor last spoke at noon of Tuesday: what comes later is excluded, as the declared half hour is.
    assert (whole["available_s"], whole["excluded_s"]) == (33 * 3600, 12.5 * 3600)
    assert whole["availability"] == pytest.approx(33 / 35.5)
    assert whole["coverage"] == pytest.approx(35.5 / 48)
    assert (school["hours"], school["unavailable_s"], school["declared_s"]) == ("school", 2 * 3600, 0)
    assert (school["available_s"], school["excluded_s"]) == (13 * 3600, 6 * 3600)
    assert (said["method"], said["weighted"], said["rehearsal"]) == (METHOD, None, False)
    assert said["known_until"] == "2021-11-23T11:00:00.000Z"
    assert said["definition"].startswith("Disponibilité")


def test_for_people(vigie: Vigie, week) -> None:
    code, out, err = vigie("availability", *WEEK, "--operator", "EDIFICE")
    assert (code, err) == (0, "")
    for words in (
        "Disponibilité du 22/11/2021 00:00:00 au 24/11/2021 00:00:00 (heure de Paris).",
        "ENT A (ent-a)", "  jour et nuit : 92,957 %, couverture 73,958 %", "  heures scolaires : 86,666 %",
        "    indisponible 2 h 30 min, exclu 12 h 30 min, dont déclaré 30 min",
        "Heures scolaires : celles de chaque service.",
        "nuit, le 22/11/2021 22:30-23:00, heure de Paris (Mise à jour, DSI) : ENT A",
        "Rien n’est connu après le 23/11/2021 12:00:00",
        "part du temps compté pendant laquelle les usagers pouvaient travailler",
        f"Méthode, version {METHOD}.",
    ):  # fmt: skip
        assert words in out
    assert "ENT B" in out
    assert "ENT NC" not in out
    assert "Ensemble" not in out


def test_a_territory_is_weighed(vigie: Vigie, week) -> None:
    said = asked(vigie, "--territory", "A:lille")
    assert [one["service"] for one in said["services"]] == ["ent-a", "ent-b"]
    whole, school = said["weighted"]["figures"]
    assert (said["weighted"]["territory"], said["weighted"]["weighting"]) == ("A:lille", "departement")
    # Each weighs one département for each of the three kinds of school.
    assert whole["availability"] == pytest.approx((33 + 24) / (35.5 + 24))
    assert (whole["services"], school["hours"]) == (2, "school")
    out = vigie("availability", *WEEK, "--territory", "A:lille")[1]
    assert "Ensemble de Lille (2 services, pondération par département, sans les services nationaux)" in out
    assert "Heures scolaires : celles de Lille." in out


def test_users_weigh_once_all_of_them_are_known(vigie: Vigie, week, tmp_path) -> None:
    text = CATALOGUE + SECOND_ENT
    for name, users in (("ent-a", 300), ("ent-nc", 10), ("ent-pf", 10), ("ent-b", 100)):
        text = text.replace(f"  - id: {name}\n", f"  - id: {name}\n    users: {users}\n")
    (tmp_path / "probes.yaml").write_text(text, encoding="utf-8")
    said = asked(vigie, "--territory", "R:32")
    assert said["weighted"]["weighting"] == "pupils"
    assert said["weighted"]["figures"][0]["availability"] == pytest.approx((300 * 33 + 100 * 24) / (300 * 35.5 + 2400))
    assert "pondération par effectifs" in vigie("availability", *WEEK, "--territory", "R:32")[1]


def test_the_whole_catalogue_and_services_one_by_one(vigie: Vigie, week) -> None:
    assert [one["service"] for one in asked(vigie)["services"]] == ["ent-a", "ent-nc", "ent-pf", "ent-b"]
    twice = asked(vigie, "--service", "ent-b", "--service", "ent-a", "--service", "ent-b")
    assert [one["service"] for one in twice["services"]] == ["ent-a", "ent-b"]
    nothing = vigie("availability", *WEEK, "--service", "ent-nc", "--format", "json")
    [one] = json.loads(nothing[1])["services"]
    assert (nothing[0], one["figures"][0]["availability"], one["figures"][0]["coverage"]) == (1, None, 0)
    code, out, _ = vigie("availability", *WEEK, "--territory", "D:75")
    assert code == 1
    assert "Aucun service" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--service", "ent-z"), ["--service : « ent-z »", "ent-"]),
        (("--service", "ent-a", "--operator", "edifice"), ["un seul des trois"]),
        (("--service", "ent-z", "--territory", "A:lile"), ["un seul des trois", "« ent-z »", "--territory : ", "A:lille"]),
        (("--territory", "U:0590001F"), ["--territory", "un établissement"]),
        (("--operator", "edifis"), ["--operator : « edifis »", "Vouliez-vous écrire edifice ?"]),
        (("--operator", "\x1b[31m" + "z" * 200), ["--operator", "\\u{1b}"]),
        (("--from", "hier"), ["--from : « hier »"]),
        (("--from", "2021-11-25"), ["le début ne précède pas la fin"]),
        (("--format", "xml"), ["--format", "json"]),
    ],
)  # fmt: skip
def test_every_mistake_at_once_with_its_mend(vigie: Vigie, tmp_path, monkeypatch, words, said) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    prepared(url, "real", MONDAY)
    code, out, err = vigie("availability", *WEEK, *words)
    assert (code, out) == (2, "")
    for word in said:
        assert word in err


def test_without_a_book_the_mend_is_named(vigie: Vigie, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/vigie.db")
    code, out, err = vigie("availability", *WEEK)
    assert (code, out) == (2, "")
    assert "vigie db upgrade" in err


def test_a_rehearsal_says_so(vigie: Vigie, tmp_path, monkeypatch) -> None:
    url = f"sqlite:///{tmp_path}/repetition.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    prepared(url, "rehearsal", MONDAY, "2021-04-06")
    out = vigie("availability", *WEEK, "--service", "ent-a")[1]
    assert "RÉPÉTITION" in out


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0"),
        (0.4, "0"),
        (34, "34 s"),
        (60, "1 min"),
        (3661, "1 h 1 min 1 s"),
        (3603, "1 h 0 min 3 s"),
        (90_000, "25 h"),
    ],
)
def test_durations_as_people_say_them(seconds: float, words: str) -> None:
    assert lasts(timedelta(seconds=seconds)).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (1, "100,000 %"), (0.9999999, "99,999 %"), (0, "0,000 %"), (0.57, "57,000 %"), (0.5, "50,000 %")],
)
def test_what_was_not_there_all_the_time_is_never_a_hundred(value: float | None, words: str) -> None:
    assert share(value).replace("\u00a0", " ") == words


def test_every_word_is_worded() -> None:
    assert (set(HOURS), set(UNITS)) == (set(Hours), set(Weighting))
