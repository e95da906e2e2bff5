"""The shipped 6 April 2021: what the report says of a rehearsed book, by today's method; an excerpt is rehearsed again."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

import pytest

from monitor.config import load
from monitor.domain.method import METHOD
from monitor.domain.observation import Health
from monitor.play import Stage, play
from monitor.rehearsal.scenario import load_scenario, with_scenario
from monitor.reports import sources
from monitor.reports.day import CountryDay, Course
from monitor.reports.day_read import country_day
from monitor.reports.day_written import FORMAT, day_values
from monitor.reports.open_shares import Books
from monitor.reports.reconstruction import NO_MEASURE, NOTE, SIXTH_OF_APRIL, reconstruction
from monitor.settings import Settings
from monitor.store import open_store
from monitor.store.days import PARIS
from tests.prepared import prepared

FRANCE = Path(__file__).parents[2] / "probes.yaml"
PLACES = {"R:52", "A:nantes", "D:44", "D:49", "D:53", "D:72", "D:85"}
SINCE, UNTIL = time(7, 29), time(7, 33)


def at(hour: int, minute: int) -> datetime:
    return datetime(2021, 4, 6, hour, minute, tzinfo=PARIS).astimezone(UTC)


def state(course: Course, instant: datetime) -> tuple[Health, float]:
    last = [one for one in course if one.at <= instant][-1]
    return last.health, last.share


@pytest.fixture(scope="module")
def shipped() -> CountryDay:
    told = reconstruction(SIXTH_OF_APRIL)
    assert told is not None
    return told


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountryDay]:
    """Four minutes of the same scenario in Pays de la Loire, played by the real engine."""
    folder = tmp_path_factory.mktemp("excerpt")
    url = f"sqlite:///{folder}/played.db"
    prepared(url, "rehearsal", at(12, 0), "2021-04-06")
    config, scenario = load(FRANCE), load_scenario("2021-04-06")
    services = {name: one for name, one in config.catalog.services.items() if PLACES & set(one.territories)}
    assert "ent-eprimo" in services
    with closing(open_store(url, kind="rehearsal")) as store:
        stage = Stage(
            config=replace(config, catalog=replace(config.catalog, services=services)),
            scenario=replace(scenario, steps=tuple(step for step in scenario.steps if step.service in services)),
            store=store,
            settings=Settings(),
            wall=lambda: at(12, 0),
            version="0.1.0",
            between=((SINCE, UNTIL),),
        )
        play(stage)
    yield country_day(Books(url, FRANCE, folder / "none", folder / "none"), SIXTH_OF_APRIL, datetime.now(UTC))
    sources.close_all()


def test_the_shipped_day_has_the_shape_and_the_method_of_today(shipped: CountryDay) -> None:
    text = resources.files("monitor.reports").joinpath("data/2021-04-06.json").read_text(encoding="utf-8")
    assert len(text.encode()) < 150_000
    values = json.loads(text)
    assert (values["vigie_day"], values["method"], values["scenario"]) == (FORMAT, METHOD, "2021-04-06")
    assert day_values(shipped) == values
    scenario = load_scenario("2021-04-06")
    services = with_scenario(load(FRANCE).catalog, scenario).services
    # Of whom something is told, it is told under the name of today: else `make reconstruction` is due.
    names = {one.id: one.name for one in shipped.services}
    written = {step.service for step in scenario.steps} & services.keys()
    assert len(written) > 15
    assert {name: names[name] for name in written} == {name: services[name].name for name in written}
    assert "Reconstitution" in NOTE
    assert "pas une mesure" in NO_MEASURE
    assert reconstruction(date(2021, 4, 7)) is None


def test_what_it_says_of_that_day(shipped: CountryDay) -> None:
    healths = {one.id: state(one.course, at(8, 30))[0] for one in shipped.services}
    places = {one.code: state(one.course, at(8, 30))[0].value for one in shipped.places}
    assert [healths[name] for name in ("ent-monlycee-idf", "ent-hdf", "ent-eprimo")] == [Health.WAITING] * 3
    assert [places[code] for code in ("A:paris", "A:lille", "A:reims", "A:bordeaux", "A:nice")] == [
        "waiting", "waiting", "down", "slow", "up",
    ]  # fmt: skip
    quiet = {state(one.course, at(7, 30))[0] for one in shipped.services}
    assert quiet <= {Health.UP, Health.UNKNOWN}
    survivors = {one.culprit for one in shipped.incidents if one.absorbed_into is None}
    assert {"operator:edifice", "operator:kosmos", "service:ent-laclasse"} <= survivors


def test_the_excerpt_says_what_is_shipped(shipped: CountryDay, rehearsed: CountryDay) -> None:
    assert (rehearsed.day, rehearsed.since, rehearsed.method) == (shipped.day, shipped.since, shipped.method)
    assert (rehearsed.weighting, rehearsed.scenario) == (shipped.weighting, shipped.scenario)
    # At 7:30:30 all is well, at 7:32 e-primo's queue has been there for a minute: of both the same is said.
    for instant in (at(7, 30) + timedelta(seconds=30), at(7, 32)):
        services, places = dict(_courses(shipped.services)), dict(_courses(shipped.places))
        said = {name: state(course, instant) for name, course in _courses(rehearsed.services)}
        known = {name: one for name, one in said.items() if one[0] is not Health.UNKNOWN}
        assert "ent-eprimo" in known
        assert known == {name: state(services[name], instant) for name in known}
        there = {name: state(course, instant) for name, course in _courses(rehearsed.places) if name in PLACES}
        assert there == {name: state(places[name], instant) for name in PLACES}
    [one] = [one for one in rehearsed.services if one.id == "ent-eprimo"]
    [other] = [one for one in shipped.services if one.id == "ent-eprimo"]
    began = [next(change.at for change in each.course if change.health is Health.WAITING) for each in (one, other)]
    assert abs(began[0] - began[1]) < timedelta(minutes=1)
    assert [incident.culprit for incident in rehearsed.incidents] == ["service:ent-eprimo"]


def _courses(things: object) -> Iterator[tuple[str, Course]]:
    for one in things:  # type: ignore[attr-defined]
        yield getattr(one, "id", None) or one.code, one.course
