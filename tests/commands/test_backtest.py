"""`vigie backtest`, as people type it, on a real book."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.__main__ import cli
from monitor.commands.rejudged import REASONS
from monitor.commands.usage import run
from monitor.domain.incident import Incident
from monitor.domain.notice import Reason
from monitor.domain.observation import Failure, Health, Observation
from monitor.store import Evaluation, Store, open_store
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
    name: "ENT A"
    kind: ent
    territories: ["D:59"]
    confirmed: 2024-01-01
    probes: {login: {kind: http, url: "https://a.example/", expect: {contains: ["Identifiant"]}}}
  - id: ent-b
    name: "ENT B"
    kind: ent
    territories: ["D:62"]
    confirmed: 2024-01-01
    probes: {login: {kind: http, url: "https://b.example/", expect: {contains: ["Identifiant"]}}}
subscriptions:
  - {id: rectorat, territories: ["A:lille"], from: down, settle: 1m, min_share: 0, to_env: VIGIE_RECTORAT}
"""
NINE = datetime(2024, 3, 5, 8, tzinfo=UTC)  # nine o'clock in Paris, a Tuesday
MINUTE = timedelta(minutes=1)
DAY = ("--from", "2024-03-05", "--to", "2024-03-06")

Typed = tuple[int, str, str]
Vigie = Callable[..., Typed]


@pytest.fixture
def vigie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vigie:
    """vigie(word, …): the exit code, stdout and stderr with plain spaces, in a folder with a small catalogue."""
    (tmp_path / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "VIGIE_DATABASE_URL": f"sqlite:///{tmp_path}/vigie.db",
        "VIGIE_CONTACT": "essai@example.org",
        "VIGIE_CONFIG": str(tmp_path / "probes.yaml"),
    }.items():
        monkeypatch.setenv(name, value)

    def typed(*words: str) -> Typed:
        code = run(cli, ["backtest", *words])
        said = capsys.readouterr()
        return code, *(text.replace("\u00a0", " ").replace("\u202f", " ") for text in said)

    return typed


@pytest.fixture
def store(vigie: Vigie, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", NINE)
    opened = open_store(url, kind="real")
    yield opened
    opened.close()


@pytest.fixture
def morning(store: Store) -> Store:
    """Two hours of answers, ENT A down from 9:00 to 9:20; the books hold its incident as it was confirmed then."""
    answers = []
    for second in range(-3600, 7200, 30):
        at = NINE + timedelta(seconds=second)
        failed = Failure.EXCHANGE_SERVER_ERROR if 0 <= second < 1200 else None
        answers += [Observation(f"canary/c{n}", "local", at, timedelta(seconds=0.1)) for n in range(1, 5)]
        answers.append(Observation("ent-a/login", "local", at, timedelta(seconds=0.2), failed))
        answers.append(Observation("ent-b/login", "local", at, timedelta(seconds=3)))
    store.append(answers)
    opened = Incident(
        "20240305-080000-ent-a", "service:ent-a", NINE, NINE + 95 * timedelta(seconds=1), Health.UP, Health.DOWN,
        ("ent-a",), ("D:59",), Failure.EXCHANGE_SERVER_ERROR, closed_at=NINE + 20 * MINUTE,
    )  # fmt: skip
    store.save(Evaluation((), (), (), (opened,), None, NINE))
    return store


def test_the_same_policy_finds_what_was_opened(vigie: Vigie, morning: Store) -> None:
    code, said, beside = vigie(*DAY)
    assert (code, beside) == (0, "")
    assert "réponses rejugées du 05/03/2024 00:00:00 au 06/03/2024 00:00:00" in said
    assert "05/03/2024 09:00:00" in said
    assert "ENT A" in said
    assert "rectorat" in said
    assert "début" in said


def test_as_data_everything_is_in_utc_and_beside_the_books(vigie: Vigie, morning: Store) -> None:
    code, said, _ = vigie(*DAY, "--format", "json")
    found = json.loads(said)
    assert code == 0
    assert (found["from"], found["to"]) == ("2024-03-04T23:00:00.000Z", "2024-03-05T23:00:00.000Z")
    assert (found["policy"], found["answers"]) == (None, 360 * 6)
    (one,) = found["incidents"]
    assert one["really"]["confirmed_at"] == "2024-03-05T08:01:35.000Z"
    assert one["again"]["id"] == one["really"]["id"]
    assert one["again"]["opened_at"] == "2024-03-05T08:00:00.000Z"
    assert one["again"]["closed_at"] == "2024-03-05T08:20:00.000Z"
    assert one["against_the_books"] in {"same", "earlier"}
    assert [(notice["subscription"], notice["reason"]) for notice in found["notices"]] == [
        ("rectorat", "opened"), ("rectorat", "closed"),
    ]  # fmt: skip
    assert found["cannot_know"]


def test_another_policy_shows_what_it_would_have_changed(vigie: Vigie, morning: Store, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("slow: 2s\nfail_for: 5m\n", encoding="utf-8")
    found = json.loads(vigie(*DAY, "--policy", "p.yaml", "--format", "json")[1])
    assert found["policy"] == {"slow": 2.0, "fail_for": 300.0}
    by = {one["again"]["culprit"]: one for one in found["incidents"]}
    assert by["service:ent-a"]["against_the_books"] == "later"
    assert by["service:ent-b"]["against_the_books"] == "only_here"
    assert by["service:ent-b"]["again"]["worst"] == "slow"
    _, said, _ = vigie(*DAY, "--policy", "p.yaml")
    assert "ici seulement" in said
    assert "min plus tôt" in said
    assert "nul ne peut le savoir" in said


def test_what_only_the_books_hold_is_shown(vigie: Vigie, morning: Store, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("fail_for: 40m\n", encoding="utf-8")
    (one,) = json.loads(vigie(*DAY, "--policy", "p.yaml", "--format", "json")[1])["incidents"]
    assert one["against_the_books"] == "only_there"
    assert one["again"] is None
    code, said, _ = vigie(*DAY, "--policy", "p.yaml")
    assert code == 0
    assert "registre seulement, confirmé 05/03/2024 09:01:35" in said
    assert "Personne n’aurait été prévenu." in said


def test_a_service_alone(vigie: Vigie, morning: Store) -> None:
    assert json.loads(vigie(*DAY, "--service", "ent-b", "--format", "json")[1])["incidents"] == []
    assert "Aucun incident, ni ici ni au registre." in vigie(*DAY, "--service", "ent-b")[1]


def test_an_instant_is_a_bound_too_and_what_began_before_is_known(vigie: Vigie, morning: Store) -> None:
    found = json.loads(vigie("--from", "2024-03-05T09:10", "--to", "2024-03-05T09:30", "--format", "json")[1])
    (one,) = found["incidents"]
    assert one["again"]["opened_at"] == "2024-03-05T08:00:00.000Z"
    assert found["notices"] == []


def test_a_period_without_answers_has_nothing_to_judge(vigie: Vigie, morning: Store) -> None:
    code, said, _ = vigie("--from", "2023-03-05", "--to", "2023-03-06")
    assert code == 1
    assert "Aucune réponse du 05/03/2023 00:00:00 au 06/03/2023 00:00:00" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "hier", "--to", "2024-13-45"), ("--from : « hier »", "--to : « 2024-13-45 »")),
        (("--from", "2024-03-06", "--to", "2024-03-06"), ("le début ne précède pas la fin",)),
        (("--to", "2024-03-06"), ("--from",)),
        ((*DAY, "--service", "ent-c"), ("Service inconnu du catalogue : ent-c",)),
        ((*DAY, "--policy", "absente.yaml"), ("fichier absent", "--policy")),
        ((*DAY, "--policy", "mauvaise.yaml"), ("2 erreurs", "ligne 1", "ligne 2", "« fail_after »")),
    ],
)
def test_mistakes_are_told_with_their_mend(
    vigie: Vigie, morning: Store, tmp_path: Path, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    (tmp_path / "mauvaise.yaml").write_text("fail_afer: 2\nslow: vite\n", encoding="utf-8")
    code, shown, told = vigie(*words)
    assert (code, shown) == (2, "")
    for words_said in said:
        assert words_said in told


def test_without_books_there_is_one_clear_message(vigie: Vigie) -> None:
    code, shown, told = vigie(*DAY)
    assert (code, shown) == (2, "")
    assert "vigie db upgrade" in told


def test_every_reason_has_its_word() -> None:
    assert set(REASONS) == set(Reason)
