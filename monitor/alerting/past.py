"""What began and ended before it could be said: one letter that tells both, with their hours."""

from collections.abc import Iterator
from datetime import datetime

from monitor.alerting.brief import brief_names, clock_of
from monitor.alerting.case import Case
from monitor.alerting.clean import clean, shorten
from monitor.alerting.extent import in_title
from monitor.alerting.letter import Letter, sealed
from monitor.alerting.messages import words_of
from monitor.alerting.reach import actors, reach
from monitor.alerting.title import mark_of, room_of
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.reason import Reason

_DASH = " — "
_NAME = 60
_NAME_IN_TITLE = 12


def past(
    reason: Reason,
    incident: Incident,
    subscription: Subscription,
    catalog: Catalog,
    now: datetime,
    *,
    page: str | None = None,
    rehearsal: str | None = None,
) -> Letter:
    """The letter in place of two that were not delivered: the opening of `incident`, and `reason`, its end.

    `reason`: eased, closed or merged; the rest as in `compose`.
    """
    words = words_of(subscription)
    case = Case(reason, incident, subscription, catalog, None, now, page, words, {}, None)
    return sealed(words, _title(case, room_of(case, rehearsal)), _lines(case), rehearsal)


def _title(case: Case, room: int) -> str:
    words, zone = case.words.gathered, clock_of(case)
    start, end = case.incident.opened_at.astimezone(zone), case.end.astimezone(zone)
    template = words.from_to if start.date() == end.date() else words.from_to_days
    when = template.format(**_hours(case.words, start, end))
    extent = "" if case.brief else shorten(in_title(case.incident.territories, case.catalog, case.words), room // 3)
    mark = mark_of(case)
    parts = [part for part in (extent, when) if part]
    left = room - len(_DASH.join([mark, "", *parts]))
    if left < _NAME_IN_TITLE:
        parts, left = [], room - len(_DASH) - len(mark)
    return _DASH.join([mark, _name(case, left), *parts])


def _name(case: Case, room: int) -> str:
    return brief_names(case, room) if case.brief else shorten(case.subject.title, room)


def _lines(case: Case) -> Iterator[str]:
    yield f"{_sentence(case)}\n{case.words.gathered.late}"
    if not case.brief:
        yield "\n".join(reach(case))
        yield "\n".join(actors(case))
    if case.page:
        yield case.words.page.format(page=clean(case.page))


def _sentence(case: Case) -> str:
    words, zone, incident = case.words.gathered, clock_of(case), case.incident
    start, end = incident.opened_at.astimezone(zone), case.end.astimezone(zone)
    withdrawn = case.words.withdrawn(case.reason, incident)
    outcome = words.withdrawn if withdrawn else words.outcomes[case.reason][case.subject.several]
    return (words.past if start.date() == end.date() else words.past_days).format(
        service=_name(case, _NAME),
        state=case.words.states[incident.worst].lower(),
        outcome=outcome,
        **_hours(case.words, start, end),
    )


def _hours(words: Words, start: datetime, end: datetime) -> dict[str, str]:
    return {
        "start": words.clock(start),
        "start_day": words.day(start),
        "end": words.clock(end),
        "end_day": words.day(end),
    }
