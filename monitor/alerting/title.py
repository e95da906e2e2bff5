"""The subject of a letter: state, what it is of, where, since when. Its middle is the same in all of an incident."""

from monitor.alerting.brief import BRIEF_TITLE_LIMIT, brief_title, health_of_theirs
from monitor.alerting.case import Case
from monitor.alerting.clean import shorten
from monitor.alerting.extent import PARIS, in_title

TITLE_LIMIT = 120
_DASH = " — "


def room_of(case: Case, rehearsal: str | None) -> int:
    """How many characters a title may have before it is marked as a rehearsal's."""
    limit = BRIEF_TITLE_LIMIT if case.brief else TITLE_LIMIT
    return limit - (len(case.words.rehearsal.format(title="")) if rehearsal else 0)


def title_of(case: Case, room: int) -> str:
    """State, what it is of, where, since when, in at most `room` characters."""
    if case.incident.ours:
        return _own_title(case, room)
    return brief_title(case, mark_of(case), room) if case.brief else _title(case, room)


def when_of(case: Case) -> str:
    """« depuis 8 h 07 », « depuis le 5 avril à 22 h 10 », or « après 1 h 12 » once it is over."""
    words, start = case.words, case.incident.opened_at.astimezone(PARIS)
    if case.over:
        return words.lasted.format(span=words.span(case.incident.opened_at, case.end))
    template = words.since if start.date() == case.now.astimezone(PARIS).date() else words.since_day
    return template.format(clock=words.clock(start), day=words.day(start))


def mark_of(case: Case) -> str:
    """The state that a subject begins with."""
    words, incident = case.words, case.incident
    if words.withdrawn(case.reason, incident):
        return words.withdrawn_mark
    health = health_of_theirs(case) if case.brief else incident.health
    return words.marks[case.reason].format(state=words.states[health])


def _title(case: Case, room: int) -> str:
    words, incident, mark = case.words, case.incident, mark_of(case)
    extent = in_title(incident.territories, case.catalog, words)
    fixed = [part for part in (shorten(extent, room // 3), when_of(case)) if part]
    left = room - len(_DASH.join([mark, "", *fixed]))
    return _DASH.join([mark, shorten(case.subject.title, left), *fixed])


def _own_title(case: Case, room: int) -> str:
    template = case.words.own_line.get(case.reason, case.words.own_line_default).title
    when = when_of(case)
    left = room - len(template.format(name="", since=when))
    return template.format(name=shorten(case.subject.title, left), since=when)
