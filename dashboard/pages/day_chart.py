"""The strips of a day under one axis: incidents, then the services that were in trouble."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import dates
from dashboard.components.phrases import stretch_words
from dashboard.components.replayed import Titled, clean, first_minute
from dashboard.model import Stretch
from dashboard.wording import EXCUSES
from monitor.domain.observation import Health
from monitor.reports.day import CountryDay, Course, ServiceDay

QUIET = frozenset({Health.UP, Health.UNKNOWN})
ROWS_MOST = 80  # services shown; beyond, a sentence says that there are more
THIRD = 3  # on a narrow screen every third hour of a long day is written
FEW_MINUTES = 6 * 60  # so short an axis has room for each
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEVER = timedelta(days=9)  # so long after, a day is told by its name, not as yesterday


@dataclass(frozen=True, slots=True)
class Axis:
    """What the scrubber and the strips share: the day's first instant, and the minutes that they begin and end at."""

    since: datetime
    first: int
    last: int

    def percent(self, at: datetime) -> float:
        """Where an instant lies between the two ends, 0 to 100."""
        minutes = (at - self.since) / MINUTE
        return min(max((minutes - self.first) / (self.last - self.first), 0.0), 1.0) * 100


def axis_of(told: CountryDay) -> Axis:
    """From the hour in which anything was known for the first time to the one in which it was for the last time."""
    known = [s for one in told.services for s in _stretches(one.course) if s.health is not Health.UNKNOWN]
    begin = min((s.since for s in known), default=told.since)
    end = max((s.until or told.until for s in known), default=told.until)
    first = (begin - told.since) // HOUR * 60
    last = min(-((told.since - end) // HOUR) * 60, (told.until - told.since) // MINUTE)
    return Axis(told.since, first, max(last, first + 1))


def chart(told: CountryDay, incidents: Sequence[Titled], axis: Axis) -> html.Div:
    """Everything under the common axis. Bars say nothing to who hears the page: the words stand beside each."""
    shown = [one for one in incidents if one.incident.absorbed_into is None]
    troubled = sorted(_troubled(told), key=lambda row: (row[1][0].since, row[0].name.casefold()))
    hidden = len(troubled) - ROWS_MOST
    rows = [_service(one, stretches, told, axis) for one, stretches in troubled[:ROWS_MOST]]
    parts: list[Component] = [_hours(axis)]
    if told.blind or told.pauses:
        parts += [html.H3("Vigie elle-même"), html.Ul(list(_ours(told, axis)), className="strips")]
    parts += [html.H3("Incidents"), _list([_incident(one, told, axis) for one in shown], "Aucun incident ce jour-là.")]
    parts += [html.H3("Services touchés"), _list(rows, "Aucun service n’a été touché ce jour-là.")]
    if hidden > 0:
        parts.append(html.P(f"Services touchés plus tard, et non dessinés{dates.NB}: {hidden}.", className="note"))
    line = html.Div(html.I(), className="cursor", **_mute())
    return html.Div([line, *parts], className="chart-of-day", style={"--hours": (axis.last - axis.first) / 60})


def _list(rows: list[html.Li], nothing: str) -> Component:
    return html.Ul(rows, className="strips") if rows else html.P(nothing, className="empty")


def _hours(axis: Axis) -> html.Div:
    marks = []
    for minute in range(axis.first, axis.last + 1, 60):
        at = axis.since + minute * MINUTE
        hour = at.astimezone(dates.PARIS).hour
        name = "hour" if hour % THIRD == 0 or axis.last - axis.first <= FEW_MINUTES else "hour minor"
        marks.append(html.Span(f"{hour}{dates.NB}h", className=name, style={"left": f"{axis.percent(at):.3f}%"}))
    parts = [html.Div(className="who"), html.Div(marks, className="track")]
    return html.Div(parts, className="strip-row hours-row", **_mute())


def _incident(one: Titled, told: CountryDay, axis: Axis) -> html.Li:
    incident = one.incident
    end = incident.ended or told.until
    bar = _bar(incident.worst, incident.opened, end, axis)
    when = between(incident.opened, incident.ended, told)
    minute = min(max(first_minute(incident.opened, told.since), axis.first), axis.last)
    named: dict[str, Any] = {"data-minute": str(minute)}
    leap = html.Button(one.title, type="button", className="leap", **named)
    return _row([leap, html.Small(f"{when}{dates.NB}; {one.where}" if one.where else when)], [bar])


def _service(one: ServiceDay, stretches: Sequence[Stretch], told: CountryDay, axis: Axis) -> html.Li:
    drawn = [_bar(s.health, s.since, s.until or told.until, axis) for s in _stretches(one.course)]
    # On the way from well to down a probe may be slow for some seconds: drawn, but no words.
    told_of = [s for s in stretches if (s.until or told.until) - s.since >= MINUTE] or stretches
    words = stretch_words(tuple(told_of), told.since, told.until - timedelta(seconds=1))
    return _row([html.B(clean(one.name)), html.Small(words)], drawn)


def _ours(told: CountryDay, axis: Axis) -> Iterator[html.Li]:
    if told.blind:
        words = f"{dates.NB}; ".join(between(a, b, told) for a, b in told.blind)
        bars = [_bar(Health.UNKNOWN, a, b, axis, "ours") for a, b in told.blind]
        yield _row([html.B("Notre propre connexion était coupée"), html.Small(words)], bars)
    for one in told.pauses:
        bars = [_bar(Health.UNKNOWN, one.since, one.until, axis, "ours")]
        when = between(one.since, one.until, told)
        yield _row([html.B("Rien n’était mesuré"), html.Small(f"{when}{dates.NB}: {EXCUSES[one.excuse].fr}")], bars)


def _row(who: list[Any], bars: list[html.I]) -> html.Li:
    parts = [html.Div(who, className="who"), html.Div(bars, className="track", **_mute())]
    return html.Li(parts, className="strip-row")


def _bar(health: Health, since: datetime, until: datetime, axis: Axis, name: str = "") -> html.I:
    left, right = axis.percent(since), axis.percent(until)
    place = {"left": f"{left:.3f}%", "width": f"{right - left:.3f}%"}
    return html.I(className=f"stretch s-{health.value} {name}".strip(), style=place)


def _troubled(told: CountryDay) -> Iterator[tuple[ServiceDay, list[Stretch]]]:
    for one in told.services:
        stretches = [s for s in _stretches(one.course) if s.health not in QUIET]
        if stretches:
            yield one, stretches


def _stretches(course: Course) -> Iterable[Stretch]:
    """A course as stretches; the last one has no end."""
    for one, other in pairwise(course):
        yield Stretch(one.health, one.at, other.at)
    if course:
        yield Stretch(course[-1].health, course[-1].at, None)


def between(since: datetime, until: datetime | None, told: CountryDay) -> str:
    """``de 8 h 02 à 10 h 16``, or since when; another day than this one is named."""
    here = all(told.since <= at < told.since + timedelta(days=1) for at in (since, until or since))
    now = told.since if here else told.since + NEVER
    return f"depuis {dates.since(since, now)}" if until is None else dates.from_to(since, until, now)


def _mute() -> dict[str, Any]:
    return {"aria-hidden": "true"}
