"""From spans to the courses of a day: of services, and of territories as the snapshot would have shown them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.domain.catalog import Catalog
from monitor.domain.observation import Health
from monitor.domain.rollup import Ground, roll_up
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import states
from monitor.reports.day import Change, Course, PlaceDay

COUNTRY = "N"  # what the whole country is, the sentence says; to weigh it takes as long as to weigh all the rest
SHARE_DIGITS = 3  # a tenth of a percent: more than anybody is shown


def second(at: datetime) -> datetime:
    """The whole second that an instant lies in."""
    return at.replace(microsecond=0)


def service_course(spans: Iterable[Span], since: datetime, until: datetime) -> Course:
    """The changes of a service in [since, until); unknown where no span speaks; where two do, as in figures."""
    said = {since: Health.UNKNOWN}
    for when, health in states(spans, (since, until)):
        begin, end = map(second, when)
        if begin < end:
            said[begin] = health
            said[end] = Health.UNKNOWN  # unless the next span begins there
    return _changes([Change(at, said[at]) for at in sorted(said) if at < until])


def place_courses(courses: Mapping[str, Course], catalog: Catalog, ground: Ground) -> tuple[PlaceDay, ...]:
    """The changes of every territory but the country, weighed again at each instant where one of its services changed.

    `courses` are those of services by id, all from one instant on.
    """
    at_once = defaultdict[datetime, dict[str, Health]](dict)
    for service, course in courses.items():
        for change in course:
            at_once[change.at][service] = change.health
    served = _served(ground)
    healths: dict[str, Health] = {}
    found = defaultdict[str, list[Change]](list)
    for number, (at, turned) in enumerate(sorted(at_once.items())):
        healths |= turned
        codes = set().union(*(served.get(one, ()) for one in turned))
        there = _without_country(ground) if number == 0 else _part(ground, codes)
        for state in roll_up(there, healths):
            found[state.code].append(Change(at, state.health, round(state.share_affected, SHARE_DIGITS)))
    places = (place for code, place in catalog.territories.items() if code in found)
    return tuple(PlaceDay(place.code, place.name, place.level.value, _changes(found[place.code])) for place in places)


def _changes(told: Iterable[Change]) -> Course:
    """The same without what changes nothing."""
    kept: list[Change] = []
    for one in told:
        if not kept or (kept[-1].health, kept[-1].share) != (one.health, one.share):
            kept.append(one)
    return tuple(kept)


def _served(ground: Ground) -> Mapping[str, set[str]]:
    """The territories in which a service weighs something, by its id."""
    found = defaultdict[str, set[str]](set)
    for code, figures in ground.figures.items():
        for figure in figures:
            for service in figure.weights:
                found[service].add(code)
    return found


def _without_country(ground: Ground) -> Ground:
    return _part(ground, set(ground.figures))


def _part(ground: Ground, codes: set[str]) -> Ground:
    """As much of the ground as these territories stand on: a change of one portal need not weigh all of France."""
    figures = {code: ground.figures[code] for code in codes if code != COUNTRY}
    cells = {key for there in figures.values() for figure in there for key in figure.cells}
    return replace(ground, figures=figures, cells={key: ground.cells[key] for key in cells})
