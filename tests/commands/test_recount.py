"""What `vigie availability` publishes of a small history, counted again from what `vigie export` gives, in SQL alone."""

import json
import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.sketch import Sketch
from monitor.domain.window import Once, Scope, ScopeKind, Weekly, Window
from monitor.store import Evaluation, open_desk, open_reader, open_store
from tests.bench.recount import Recount, codes_of, recount, recount_answers
from tests.commands.declaring import CATALOGUE, Vigie
from tests.prepared import prepared

PARIS = ZoneInfo("Europe/Paris")
BEGIN = datetime(2021, 10, 27, tzinfo=PARIS).astimezone(UTC)  # a Wednesday of holidays; clocks change four days later
PERIOD = ("--from", "2021-10-27", "--to", "2021-11-10")
END = BEGIN + timedelta(days=13, hours=20)  # when the monitor last spoke
US = timedelta(microseconds=1)
MORE = """\
  - {id: ent-b, name: ENT B, kind: ent, operator: edifice, territories: ["D:62", "A:reims"], audience: [college, lycee], formerly: [ent-b-2020],
     probes: {login: {kind: http, url: "https://b.example/", expect: {contains: ["Identifiant"]}}}}
  - {id: pronote, name: Pronote, kind: vie-scolaire, territories: ["N"], audience: [lycee],
     probes: {login: {kind: http, url: "https://p.example/", expect: {contains: ["Identifiant"]}}}}
"""
CHOICES = (
    *(("--by", by) for by in ("month", "day", "hour", "grid")),
    *(
        ("--territory", code, "--by", "grid", "--to", "2021-11-03", "--against", "2021-11-03..2021-11-10")
        for code in ("R:32", "C:988")
    ),
    ("--audience", "lycee", "--against", "2021-10-20..2021-10-30", "--by", "day"),
)


def written(url: str) -> None:
    """Two weeks of made-up states, overlaps and holes among them, incidents, windows and answers."""
    rng = random.Random(6)
    prepared(url, "real", BEGIN)
    spans, begin = [], BEGIN - timedelta(hours=5)
    for name in ("ent-a", "ent-b-2020", "ent-b", "ent-nc", "pronote"):
        begin = BEGIN + (timedelta(days=5) if name == "ent-b" else -timedelta(hours=5))
        for _ in range(90):
            end = begin + rng.randrange(1, 9 * 3600 * 10**6) * US
            health = rng.choice([Health.UP, Health.UP, Health.UP, *Health])
            failure = Failure.EXCHANGE_TIMEOUT if health is Health.DOWN else None
            spans.append(Span(name, None, "", health, begin, end, failure))
            begin = end + rng.choice([0, 0, 0, rng.randrange(-3600, 3600) * 10**6]) * US
            if begin > (BEGIN + timedelta(days=5) if name == "ent-b-2020" else END - timedelta(hours=9)):
                break
    incidents = [_incident(rng, n) for n in range(12)]
    snapshot = json.dumps({"at": END.isoformat(timespec="milliseconds")}).encode()
    store = open_store(url, kind="real")
    store.save(
        Evaluation(
            (),
            (ServiceVerdict("ent-a", Health.UP, END - timedelta(hours=9)),),
            tuple(spans),
            tuple(incidents),
            snapshot,
            END,
        )
    )
    store.append([_answer(rng, n) for n in range(2000)])
    store.close()
    night = Weekly(
        frozenset({2, 6}), datetime.min.time().replace(hour=1), datetime.min.time().replace(hour=4), BEGIN.date()
    )
    day = Once(*(datetime.fromisoformat(f"2021-11-08T{hour}") for hour in ("09:20", "15:05:07")))
    with closing(open_desk(url)) as desk:
        desk.declare(Window("nuits", Scope(ScopeKind.OPERATOR, "edifice"), night, PARIS, BEGIN, "r", "x"))
        desk.declare(Window("jour", Scope(ScopeKind.TERRITORY, "R:32"), day, PARIS, BEGIN, "r", "x"))


def _incident(rng: random.Random, number: int) -> Incident:
    opened = BEGIN + rng.randrange(-(10**11), 14 * 86_400 * 10**6) * US
    confirmed = opened + rng.randrange(60, 600) * 10**6 * US
    services = tuple(rng.sample(["ent-a", "ent-b", "ent-b-2020", "ent-nc"], rng.randrange(1, 4)))
    return Incident(
        id=f"i{number}", culprit="vantage:local" if number == 3 else f"service:{services[0]}", opened_at=opened,
        confirmed_at=confirmed, health=Health.UP, worst=Health.DOWN, services=services, territories=(),
        recovered_at=confirmed + rng.randrange(10**10) * US if number % 3 else None,
        absorbed_into="i1" if number == 5 else None,
    )  # fmt: skip


def _answer(rng: random.Random, number: int) -> Observation:
    failure = rng.choice([None, None, None, Failure.CONTENT_SLOW, Failure.EXCHANGE_TIMEOUT])
    return Observation(
        "ent-a/login",
        "local",
        BEGIN + number * timedelta(seconds=17),
        rng.lognormvariate(-1, 1) * timedelta(seconds=1),
        failure,
    )


@pytest.fixture
def files(vigie: Vigie, monkeypatch, tmp_path: Path) -> Path:
    """A folder with all that is published; what is read from each database, other tests compare."""
    url = f"sqlite:///{tmp_path}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    (tmp_path / "probes.yaml").write_text(CATALOGUE + MORE, encoding="utf-8")
    written(url)
    for what in ("spans", "incidents"):
        assert (
            vigie(
                "export", what, "--from", "2021-10-18", *PERIOD[2:], "--raw", "--output", str(tmp_path / f"{what}.csv")
            )[0]
            == 0
        )
    for number, words in enumerate(CHOICES):
        code, out, err = vigie("availability", *PERIOD, *words, "--format", "json")
        assert (code, err) == (0, "")
        (tmp_path / f"said-{number}.json").write_text(out, encoding="utf-8")
    for place in sorted({code for file in tmp_path.glob("said-*.json") for code in codes_of(file)}):
        shown = vigie("calendar", "show", place, "--from", "2021-10-18", "--days", "30", "--format", "json")[1]
        (tmp_path / f"calendar-{place.replace(':', '-')}.json").write_text(shown, encoding="utf-8")
    return tmp_path


def counted_again(files: Path) -> list[Recount]:
    return [recount(files, file) for file in sorted(files.glob("said-*.json"))]


def test_every_figure_counted_again(files: Path) -> None:
    found = counted_again(files)
    assert [one.wrong for one in found] == [()] * len(CHOICES)
    assert sum(one.figures for one in found) > 5000
    # Nothing of it is trivial: states, windows, school hours and incidents are all in it.
    whole = json.loads((files / "said-0.json").read_text(encoding="utf-8"))
    first = whole["services"][0]
    assert all(figure[key] for figure in first["figures"] for key in ("available_s", "unavailable_s", "declared_s"))
    assert (whole["incidents"]["number"], whole["incidents"]["recovered"]) == (10, 6) or whole["incidents"][
        "number"
    ] > 3
    _lie(files)


def _lie(files: Path) -> None:
    """A published figure that is off by a second, or missing, is found."""
    file = files / "said-1.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    said["services"][0]["parts"][0]["available_s"] += 1
    del said["services"][1]["parts"][1]
    said["services"][0]["incidents"]["number"] += 1
    file.write_text(json.dumps(said), encoding="utf-8")
    wrong = [(what, of) for what, of, _, _ in recount(files, file).wrong]
    assert ("available_s", "ent-a/all/2021-10-27") in wrong
    assert ("incidents", "ent-a") in wrong
    assert any(what == "availability" and of.startswith("ent-nc/all/") for what, of in wrong)


def test_counts_and_percentiles_of_answers(vigie: Vigie, tmp_path: Path, monkeypatch) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    written(url)
    assert (
        vigie(
            "export", "observations", *PERIOD, "--format", "parquet", "--output", str(tmp_path / "observations.parquet")
        )[0]
        == 0
    )
    with closing(open_reader(url)) as reader:
        records = list(reader.records(BEGIN, END))
    hours = sorted({one.at // 3_600_000_000 for one in records})
    said = []
    for hour in hours:
        own = [one for one in records if one.at // 3_600_000_000 == hour]
        sketch = Sketch.of(one.took_us * US for one in own if one.health in {"up", "slow"})
        kinds = {name: sum((one.failure or "") == name for one in own) for name in {one.failure or "" for one in own}}
        percentiles = {percent: sketch.percentile(percent) // US for percent in (50, 95, 99)}
        said.append(
            {
                "probe": "ent-a/login",
                "vantage": "local",
                "since_us": hour * 3_600_000_000,
                "kinds": kinds,
                "percentiles_us": percentiles,
            }
        )
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    counts, percentiles = recount_answers(tmp_path)
    assert (counts.wrong, percentiles.wrong) == ((), ())
    assert (counts.figures, percentiles.figures) == (3 * len(hours), 3 * len(hours))
    assert 0.001 < percentiles.largest <= 0.02
    said[0]["percentiles_us"][50] *= 1.03
    said[1]["kinds"][""] += 1
    file.write_text(json.dumps(said), encoding="utf-8")
    assert [len(one.wrong) for one in recount_answers(tmp_path)] == [1, 1]
