"""A day of the country as plain JSON values, small enough for a file of the package and for a browser: there and back.

Instants are whole seconds since the day's first one, courses flat lists: [second, health, second, health…] of a
service, [second, health, share, …] of a territory, health being the place of its word in `healths`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from monitor.domain.gap import Excuse
from monitor.domain.observation import Health
from monitor.domain.snapshot import instant
from monitor.reports.day import Change, CountryDay, Course, IncidentDay, Pause, PlaceDay, ServiceDay

FORMAT = 1  # of these values, not of the method
_HEALTHS = tuple(Health)
_EXCUSES = {excuse.value: excuse for excuse in Excuse}


def day_values(told: CountryDay) -> dict[str, Any]:
    """Plain values, ready for JSON. `vigie_day` is the version of the shape."""
    since = told.since
    return {
        "vigie_day": FORMAT,
        "day": told.day.isoformat(),
        "since": instant(since),
        "until": _second(told.until, since),
        "method": told.method,
        "weighting": told.weighting,
        "scenario": told.scenario,
        "healths": [health.value for health in _HEALTHS],
        "services": [
            [one.id, one.name, one.kind, int(one.national), int(one.dormant), [*_flat(one.course, since, shares=False)]]
            for one in told.services
        ],
        "places": [[one.code, one.name, one.level, [*_flat(one.course, since, shares=True)]] for one in told.places],
        "incidents": [_incident(one, since) for one in told.incidents],
        "blind": [[_second(a, since), _second(b, since)] for a, b in told.blind],
        "pauses": [[_second(one.since, since), _second(one.until, since), one.excuse.value] for one in told.pauses],
    }


def day_of_values(values: Mapping[str, Any]) -> CountryDay:
    """The day again. Raises KeyError, ValueError or TypeError where these are not values of that shape."""
    if values["vigie_day"] != FORMAT:
        raise ValueError(values["vigie_day"])
    since, healths = datetime.fromisoformat(values["since"]), [Health(word) for word in values["healths"]]
    return CountryDay(
        day=date.fromisoformat(values["day"]),
        since=since,
        until=since + timedelta(seconds=values["until"]),
        services=tuple(
            ServiceDay(key, name, kind, bool(national), bool(dormant), _course(course, since, healths, 2))
            for key, name, kind, national, dormant, course in values["services"]
        ),
        places=tuple(
            PlaceDay(code, name, level, _course(course, since, healths, 3))
            for code, name, level, course in values["places"]
        ),
        incidents=tuple(_incident_of(one, since) for one in values["incidents"]),
        blind=tuple((_instant(a, since), _instant(b, since)) for a, b in values["blind"]),
        pauses=tuple(
            Pause(_instant(a, since), _instant(b, since), _EXCUSES[excuse]) for a, b, excuse in values["pauses"]
        ),
        method=values["method"],
        weighting=values["weighting"],
        scenario=values["scenario"],
    )


def _second(at: datetime, since: datetime) -> int:
    return int((at - since).total_seconds())


def _instant(second: int, since: datetime) -> datetime:
    return since + timedelta(seconds=second)


def _flat(course: Course, since: datetime, *, shares: bool) -> Iterator[float]:
    for one in course:
        yield _second(one.at, since)
        yield _HEALTHS.index(one.health)
        if shares:
            yield one.share or 0


def _course(flat: Sequence[float], since: datetime, healths: Sequence[Health], width: int) -> Course:
    rows = [flat[at : at + width] for at in range(0, len(flat), width)]
    return tuple(Change(_instant(int(row[0]), since), healths[int(row[1])], *map(float, row[2:])) for row in rows)


def _incident(one: IncidentDay, since: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "culprit": one.culprit,
        "shared": one.shared,
        "worst": one.worst.value,
        **{
            name: None if at is None else _second(at, since)
            for name, at in (
                ("opened", one.opened),
                ("confirmed", one.confirmed),
                ("recovered", one.recovered),
                ("closed", one.closed),
            )
        },
        "services": list(one.services),
        "territories": list(one.territories),
        "share": one.share,
        "absorbed_into": one.absorbed_into,
    }


def _incident_of(values: Mapping[str, Any], since: datetime) -> IncidentDay:
    return IncidentDay(
        id=values["id"],
        culprit=values["culprit"],
        shared=values["shared"],
        worst=Health(values["worst"]),
        opened=_instant(values["opened"], since),
        confirmed=_instant(values["confirmed"], since),
        recovered=None if values["recovered"] is None else _instant(values["recovered"], since),
        closed=None if values["closed"] is None else _instant(values["closed"], since),
        services=tuple(values["services"]),
        territories=tuple(values["territories"]),
        share=values["share"],
        absorbed_into=values["absorbed_into"],
    )
