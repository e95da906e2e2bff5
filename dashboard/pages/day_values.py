"""What the browser plays a day from: one bounded value, changes only, so that scrubbing asks nobody anything."""

from typing import Any

from dashboard.components.replayed import Titled, clean, first_minute, sentences, worst_minute
from dashboard.model import severity
from dashboard.pages.day_chart import QUIET, Axis
from dashboard.wording import EXCUSES, HEALTHS
from monitor.domain.catalog import Level
from monitor.domain.observation import Health
from monitor.reports.day import CountryDay, Course

_ORDER = tuple(Health)


def play_values(told: CountryDay, incidents: tuple[Titled, ...], axis: Axis, minute: int | None) -> dict[str, Any]:
    """Plain values for assets/replay.js.

    Instants are seconds and minutes since the day's first instant, healths the places of their words in `healths`;
    `minute` is where it begins, None: where most was in trouble.
    """
    start = max(worst_minute(told), axis.first) if minute is None else minute
    opened = {first_minute(one.incident.opened, told.since): one for one in incidents if _shown(one)}
    return {
        "day": told.day.isoformat(),
        "since": int(told.since.timestamp()) * 1000,
        "first": axis.first,
        "last": axis.last,
        "start": min(max(start, axis.first), axis.last),
        "healths": [health.value for health in _ORDER],
        "words": {health.value: words.fr for health, words in HEALTHS.items()},
        "order": {health.value: severity(health) for health in Health},
        "services": [
            [clean(one.name), _flat(one.course, told)]
            for one in told.services
            if any(change.health not in QUIET for change in one.course)
        ],
        "places": [
            [one.code, clean(one.name), _flat(one.course, told, shares=True)]
            for one in told.places
            if one.level == Level.ACADEMIE.value
        ],
        "sentences": [
            [one.minute, [[clean(part.text), part.health and part.health.value] for part in one.segments]]
            for one in sentences(told)
        ],
        "leaps": sorted(minute for minute in opened if axis.first <= minute <= axis.last),
        "blind": [[first_minute(a, told.since), first_minute(b, told.since)] for a, b in told.blind],
        "pauses": [
            [first_minute(one.since, told.since), first_minute(one.until, told.since), EXCUSES[one.excuse].fr]
            for one in told.pauses
        ],
    }


def _shown(one: Titled) -> bool:
    return one.incident.absorbed_into is None


def _flat(course: Course, told: CountryDay, *, shares: bool = False) -> list[float]:
    found: list[float] = []
    for one in course:
        found += [(one.at - told.since).total_seconds(), _ORDER.index(one.health)]
        if shares:
            found.append(one.share)
    return found
