"""`vigie gaps` and `vigie evidence`, as people type them, on a real book."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from monitor import app
from monitor.commands import evidence, shown
from monitor.commands.window import window
from monitor.domain.gap import Excuse, Gap
from monitor.domain.observation import Certificate, Failure, Observation, Phases
from monitor.store import Store, open_store
from monitor.terminal import PARIS
from tests.prepared import prepared

CATALOGUE = """\
vigie: 1
canaries:
  - {id: c1, kind: http, every: 60s, url: "https://one.example/", expect: {status: [200]}}
  - {id: c2, kind: http, every: 60s, url: "https://two.test/", expect: {status: [200]}}
  - {id: c3, kind: http, every: 60s, url: "https://three.invalid/", expect: {status: [200]}}
  - {id: c4, kind: http, every: 60s, url: "https://four.localhost/", expect: {status: [200]}}
services:
  - id: ent-a
    name: A
    kind: ent
    territories: ["D:59"]
    probes: {login: {kind: http, url: "https://a.example/", expect: {contains: ["Identifiant"]}}}
operators: [{id: editeur, name: Éditeur}]
profiles: {vie: {probes: {page: {kind: http, url: "{url}/", expect: {contains: ["Identifiant"]}}}}}
fleets:
  - {id: ecoles, name: Écoles, profile: vie, file: ecoles.csv, operator: editeur}
"""
SCHOOLS = """uai,name,url,territory,pupils,agreed
0590001F,Un,https://un.example,,,oui
0594302F,Deux,https://deux.example,,,oui
0620001P,Trois,https://trois.example,,,non
"""
PROBE = "ent-a/login"
MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)
HOSTILE = "[bold red]panne\x1b[31m\x9b1m\u202e\0\n\u2028fin \ud83d\ude00"

cli = typer.Typer()
cli.command()(evidence.gaps)
cli.command()(evidence.evidence)

Vigie = Callable[..., Result]


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def vigie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vigie:
    """vigie(word, …): the command in a folder of its own, with a small catalogue."""
    (tmp_path / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "ecoles.csv").write_text(SCHOOLS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "VIGIE_DATABASE_URL": f"sqlite:///{tmp_path}/vigie.db",
        "VIGIE_CONTACT": "essai@example.org",
        "VIGIE_CONFIG": str(tmp_path / "probes.yaml"),
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, words, catch_exceptions=False)

    return run


@pytest.fixture
def store(vigie: Vigie, tmp_path: Path, now: datetime) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", now)
    opened = open_store(url, kind="real")
    yield opened
    opened.close()


def answers(now: datetime, ids: list[str], *missing: int) -> list[Observation]:
    """An hour of answers up to now, one a minute."""
    minutes = [minute for minute in range(60) if minute not in missing]
    return [Observation(one, "local", now - minute * MINUTE, 118 * MS) for one in ids for minute in minutes]


@pytest.fixture
def ids(vigie: Vigie) -> list[str]:
    """Every probe that the catalogue makes us ask."""
    return [probe.id for probe in app.configured(app.settings()).catalog.probes()]


def test_a_good_hour_is_one_calm_sentence(vigie: Vigie, store: Store, now, ids) -> None:
    store.append(answers(now, ids))
    ended = vigie("gaps", "--from", (now - 30 * MINUTE).isoformat())
    assert ended.exit_code == 0
    assert ended.stdout.startswith("Aucun créneau sans réponse du ")
    assert ended.stdout.count("\n") == 1


def test_an_explained_gap_is_told_and_is_no_fault(vigie: Vigie, store: Store, now, ids) -> None:
    store.append(answers(now, ids, *range(10, 40)))
    asleep = Gap("", "local", now - 39 * MINUTE, now - 9 * MINUTE, 0, Excuse.ASLEEP)
    store.note([asleep, Gap(PROBE, "local", now - 5 * MINUTE, now - 4 * MINUTE, 1, Excuse.BACK_OFF)])
    ended = vigie("gaps")
    assert ended.exit_code == 0
    assert "toutes les sondes" in ended.stdout
    assert "suspendue" in ended.stdout
    assert f"{asleep.since.astimezone(PARIS):%d/%m %H:%M:%S}" in ended.stdout
    said = json.loads(vigie("gaps", "--format", "json").stdout)
    assert [(one["probe"], one["excuse"], one["skip"], one["slots"]) for one in said["gaps"]] == [
        (None, "asleep", False, 0),
        (PROBE, "back_off", True, 1),
    ]
    assert said["gaps"][0]["since"] == asleep.since.isoformat().replace("+00:00", ".000Z")


def test_a_hole_that_nothing_explains_is_a_fault(vigie: Vigie, store: Store, now, ids) -> None:
    store.append([*answers(now, [one for one in ids if one != PROBE]), *answers(now, [PROBE], *range(1, 59))])
    for words in (("gaps",), ("gaps", "--service", "ent-a")):
        ended = vigie(*words)
        assert ended.exit_code == 1
        assert "inexpliqué" in ended.stdout
        assert PROBE in ended.stdout
    (hole,) = json.loads(vigie("gaps", "--format", "json").stdout)["gaps"]
    assert (hole["probe"], hole["excuse"], hole["skip"]) == (PROBE, None, False)


def observation(now: datetime, **fields) -> Observation:
    fields = {
        "failure": Failure.CONTENT_WAITING_ROOM,
        "phases": Phases(3.1 * MS, 9.8 * MS, 21 * MS, 80.2 * MS, 4 * MS),
        "http_status": 200,
        "address": "2001:db8::7",
        "bytes_read": 30_000,
        "final_host": "cas.example.org",
        "marker": "waiting_room/2",
        "certificate": Certificate("0123456789abcdef" * 4, now + timedelta(days=42, hours=3), "Certigna\x1b[2J"),
        "clock_offset": timedelta(seconds=-2),
        "catalogue": "cafe42",
        **fields,
    }
    return Observation(PROBE, "local", now - MINUTE, 118.1 * MS, **fields)


def test_an_answer_is_shown_with_all_its_evidence(vigie: Vigie, store: Store, now) -> None:
    store.append([observation(now, detail="page d’attente", excerpt="Vous êtes en file d’attente")])
    ended = vigie("evidence", "ent-a")
    assert ended.exit_code == 0
    for words in (
        "⧗ File d’attente", PROBE, "content/waiting_room page d’attente", "118,1 ms (DNS 3,1, TCP 9,8, TLS 21,0",
        "2001:db8::7 (IPv6), hôte final cas.example.org, HTTP 200, 30000 octets", "marqueur waiting_room/2",
        "certificat 0123456789abcdef émis par Certigna\\u{1b}[2J, 42 j restants", "horloge du serveur -2 s", "catalogue cafe42", "vu de local",
        "« Vous êtes en file d’attente »", f"{(now - MINUTE).astimezone(PARIS):%H:%M:%S}",
    ):  # fmt: skip
        assert words in ended.stdout
    (line,) = vigie("evidence", "ent-a", "--format", "json").stdout.splitlines()
    said = json.loads(line)
    assert said["at"] == (now - MINUTE).isoformat().replace("+00:00", ".000Z")
    assert (said["took_ms"], said["clock_offset_s"], said["family"]) == (118.1, -2, 6)
    assert (said["certificate"]["days_left"], said["certificate"]["issuer"]) == (42, "Certigna\x1b[2J")
    assert said["excerpt"] == "Vous êtes en file d’attente"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("0590001F", {"ecoles/0590001F"}),
        ("0590001f", {"ecoles/0590001F"}),
        ("ecoles/0594302F", {"ecoles/0594302F"}),
        ("ecoles", {"ecoles/0590001F", "ecoles/0594302F"}),
        ("canary/c1", {"canary/c1"}),
        (PROBE, {PROBE}),
        ("ent-a", {PROBE}),
    ],
)
def test_evidence_of_a_school_a_fleet_or_one_probe(vigie: Vigie, store: Store, now, word, expected) -> None:
    every = ["ecoles/0590001F", "ecoles/0594302F", "canary/c1", "canary/c2", PROBE]
    store.append([Observation(one, "local", now - n * MINUTE, 118 * MS) for n, one in enumerate(every, 1)])
    told = [json.loads(line) for line in vigie("evidence", word, "--format", "json").stdout.splitlines()]
    assert {one["probe"] for one in told} == expected
    for one in told:
        assert one["at"] == (now - (every.index(one["probe"]) + 1) * MINUTE).isoformat().replace("+00:00", ".000Z")
    seen = vigie("evidence", word).stdout
    for name in expected:
        assert name in seen
        assert f"{(now - (every.index(name) + 1) * MINUTE).astimezone(PARIS):%d/%m/%Y %H:%M:%S}" in seen


def test_a_fleet_larger_than_a_query_gives_its_newest_answers_in_order(
    vigie: Vigie, store: Store, now, monkeypatch
) -> None:
    monkeypatch.setattr(evidence, "_AT_ONCE", 1)
    schools = ["ecoles/0590001F", "ecoles/0594302F"]
    store.append([Observation(schools[n % 2], "local", now - n * MINUTE, 118 * MS) for n in range(1, 9)])
    told = [
        json.loads(one)["at"]
        for one in vigie("evidence", "ecoles", "--limit", "3", "--format", "json").stdout.splitlines()
    ]
    assert told == [(now - n * MINUTE).isoformat().replace("+00:00", ".000Z") for n in (3, 2, 1)]


def test_an_answer_of_which_little_is_known(vigie: Vigie, store: Store, now) -> None:
    store.append([Observation(PROBE, "local", now - MINUTE, 5 * MS)])
    assert "✓ Tout répond" in vigie("evidence", "ent-a").stdout
    assert json.loads(vigie("evidence", "ent-a", "--format", "json").stdout)["certificate"] is None


def test_hostile_text_neither_paints_nor_moves_the_terminal(vigie: Vigie, store: Store, now) -> None:
    store.append([observation(now, excerpt=HOSTILE, final_host=HOSTILE, marker=HOSTILE, detail=HOSTILE)])
    shown_to_people = vigie("evidence", "ent-a").stdout
    assert "[bold red]panne\\u{1b}[31m\\u{9b}1m\\u{202e}\\u{a}\\u{2028}fin" in shown_to_people
    for_machines = vigie("evidence", "ent-a", "--format", "json").stdout
    for said in (shown_to_people, for_machines):
        assert not {char for char in said if char != "\n" and not char.isprintable()}
    assert for_machines.isascii()


def test_the_newest_answers_oldest_first_and_that_there_are_more(vigie: Vigie, store: Store, now) -> None:
    store.append(answers(now - MINUTE, [PROBE]))
    ended = vigie("evidence", "ent-a", "--limit", "3", "--format", "json")
    told = [json.loads(line)["at"] for line in ended.stdout.splitlines()]
    assert told == [(now - n * MINUTE).isoformat().replace("+00:00", ".000Z") for n in (3, 2, 1)]
    assert "--limit" in ended.stderr
    assert vigie("evidence", "ent-a", "--limit", "60").stderr == ""


def test_nothing_is_one_calm_sentence(vigie: Vigie, store: Store) -> None:
    ended = vigie("evidence", "ent-a")
    assert (ended.exit_code, ended.stdout.count("\n")) == (0, 1)
    assert ended.stdout.startswith("Aucune réponse du ")
    ended = vigie("gaps")
    assert (ended.exit_code, ended.stdout.startswith("Rien n’a été mesuré")) == (0, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gaps", "--from", "hier"), ["--from", "hier", "2026-11-22"]),
        (("gaps", "--from", "hier", "--to", "2026-13-01"), ["--from", "--to", "2026-13-01"]),
        (("gaps", "--from", "2999-01-01"), ["--from", "pas encore"]),
        (("gaps", "--from", "2026-01-02", "--to", "2026-01-01"), ["ne précède pas"]),
        (("evidence", "ent-a", "--to", "9999-12-31"), ["--to", "hors de portée"]),
        (("gaps", "--from", "0001-01-01T12:00"), ["--from", "hors de portée"]),
        (("gaps", "--from", "hier\x1b[31m"), ["--from", "\\u{1b}"]),
        (("evidence", "ent-a/logn"), ["ent-a/login", "UAI"]),
        (("evidence", "0620001P"), ["ecoles/0620001P", "accord"]),
        (("evidence", "ecole"), ["ecoles"]),
        (("evidence", "ent-b"), ["ent-b", "ent-a"]),
        (("gaps", "--service", "ent-b"), ["ent-b", "ent-a"]),
    ],
)
def test_what_people_do_wrong(vigie: Vigie, store: Store, words: tuple[str, ...], said: list[str]) -> None:
    ended = vigie(*words)
    assert ended.exit_code == 2
    assert ended.stdout == ""
    for word in said:
        assert word in ended.stderr


def test_without_a_book_the_mend_is_named(vigie: Vigie) -> None:
    for words in (("gaps",), ("evidence", "ent-a")):
        ended = vigie(*words)
        assert ended.exit_code == 2
        assert "vigie db upgrade" in ended.stderr


@pytest.mark.parametrize(
    ("since", "until", "begin", "end"),
    [
        (None, None, "2026-11-22T12:00Z", "2026-11-23T12:00Z"),
        ("2026-11-21", "2026-11-22", "2026-11-20T23:00Z", "2026-11-22T23:00Z"),
        ("2026-11-22T08:00", None, "2026-11-22T07:00Z", "2026-11-23T12:00Z"),
        ("2026-11-22T08:00Z", "2026-11-22T10:30+02:00", "2026-11-22T08:00Z", "2026-11-22T08:30Z"),
        (None, "2026-11-22T13:00", "2026-11-21T12:00Z", "2026-11-22T12:00Z"),
        ("2026-11-23", "2026-11-23", "2026-11-22T23:00Z", "2026-11-23T12:00Z"),
        ("2026-03-29", "2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("2026-10-25", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
    ],
)
def test_windows_as_people_write_them(since: str | None, until: str | None, begin: str, end: str) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert window(since, until, now) == (datetime.fromisoformat(begin), datetime.fromisoformat(end))


def test_every_excuse_is_worded() -> None:
    assert set(shown.EXCUSES) == set(Excuse)
    assert len(set(shown.EXCUSES.values())) == len(Excuse)
