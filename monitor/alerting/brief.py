"""A letter to a head of school: what, since when, what to do now; three lines that a telephone shows whole."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerting.brief_words import BriefWords
from monitor.alerting.case import Case
from monitor.alerting.clean import shorten
from monitor.alerting.extent import PARIS, places
from monitor.alerting.nearby import instead_of
from monitor.alerting.subject import name_of
from monitor.domain.catalog import Audience, Service, ServiceKind
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.reason import Reason

BRIEF_TITLE_LIMIT = 60
LINES_LIMIT = 320  # of the three together
_NAME, _SHORT_NAME = 40, 24
# Room for a name, whether to tell the first hour of a relapse, and what may be used instead: from all to the least.
_WAYS = ((_NAME, True, True), (_NAME, True, False), (_SHORT_NAME, True, False), (_SHORT_NAME, False, False))
_NAME_IN_TITLE = 12  # with less room than that for the name, a title does without the hour
_SHOWN = 2
_DASH = " — "
_STANDSTILL = frozenset({Health.DOWN, Health.RESTRICTED, Health.MAINTENANCE})


def brief_title(case: Case, mark: str, room: int) -> str:
    """State, service, since when: `mark` is the state."""
    when = _when_in_title(case)
    left = room - len(_DASH.join([mark, "", when]))
    if left < _NAME_IN_TITLE + len(_others(case)):
        return _DASH.join([mark, brief_names(case, room - len(_DASH) - len(mark))])
    return _DASH.join([mark, brief_names(case, left), when])


def brief_lines(case: Case) -> list[str]:
    """The three lines, at most 320 characters in all: what is said last in each is left out first."""
    lines = list[str]()
    for name_room, full, instead in _WAYS:
        lines = [_what(case, name_room), _since(case, full=full), _what_to_do(case, instead=instead)]
        if sum(map(len, lines)) <= LINES_LIMIT:
            break
    return lines


def health_of_theirs(case: Case) -> Health:
    """As bad as the worst of the services that the school uses."""
    healths = [case.healths.get(one.id, case.incident.health) for one in case.own]
    return max(healths, key=SEVERITY.__getitem__, default=case.incident.health)


def brief_names(case: Case, room: int) -> str:
    """Its services that the school uses, in at most `room` characters."""
    services, said = case.own, _said(case)
    if not services:
        return shorten(case.subject.title, room)
    first, *others = [_name(one, case) for one in services]
    if len(others) == 1 and len(both := said.joined.format(first=first, second=others[0])) <= room:
        return both
    rest = _others(case)
    return shorten(first, room - len(rest)) + rest


def _name(service: Service, case: Case) -> str:
    return name_of(f"service:{service.id}", case.catalog)


def _others(case: Case) -> str:
    """What follows the name of the first, if there are others: « et 2 autres services »."""
    count = len(case.own) - 1
    return _said(case).others[count > 1].format(count=count) if count > 0 else ""


def clock_of(case: Case) -> ZoneInfo:
    """The clock on the wall of a school; that of Paris for everybody else."""
    if not case.brief:
        return PARIS
    own = places(case.subscription.places, case.catalog)
    return ZoneInfo(own[0].timezone) if own else PARIS


def _said(case: Case) -> BriefWords:
    return case.words.brief


def _what(case: Case, room: int) -> str:
    said, services = _said(case), case.own
    if case.words.withdrawn(case.reason, case.incident):
        pair = said.withdrawn
    elif case.over:
        pair = said.again if case.reason is Reason.EASED else said.closed
    elif case.reason is Reason.MERGED:
        pair = said.merged
    else:
        health = health_of_theirs(case)
        logins = health is Health.DOWN and _kind(services) is ServiceKind.IDENTITE
        pair = said.what_of_login if logins else said.whats[health]
    staff = bool(services) and all(set(one.audience) == {Audience.PERSONNELS} for one in services)
    several = len(services) > 1 or (not services and case.subject.several)
    what = pair[several].format(service=brief_names(case, room), people=said.staff if staff else said.pupils)
    return said.before.get(case.reason, "{what}").format(what=what)


def _kind(services: Sequence[Service]) -> ServiceKind:
    """What they are for, if it is one thing."""
    kinds = {one.kind for one in services}
    return next(iter(kinds)) if len(kinds) == 1 else ServiceKind.AUTRE


def _what_to_do(case: Case, *, instead: bool) -> str:
    said = _said(case)
    if case.words.withdrawn(case.reason, case.incident):
        return said.try_it
    if case.over:
        return said.use_gently if case.reason is Reason.EASED else said.use
    health = health_of_theirs(case)
    if health not in _STANDSTILL:
        calm = {Health.WAITING: said.wait, Health.SLOW: said.slow, Health.UNKNOWN: said.try_it}
        return calm.get(health, said.follows)
    services = case.own
    parts = [said.nothing, said.instead[_kind(services)]]
    found = instead_of(services, case)[:_SHOWN] if instead else []
    if found:
        names = [shorten(_name(one, case), _SHORT_NAME) for one in found]
        both = said.joined.format(first=names[0], second=names[-1]) if len(names) > 1 else names[0]
        parts.append(said.works[len(names) > 1].format(service=both))
    return " ".join(parts)


def _elsewhere(case: Case, at: datetime) -> str:
    if clock_of(case) == PARIS:
        return ""
    return _said(case).elsewhere.format(clock=case.words.clock(at.astimezone(PARIS)))


def _since(case: Case, *, full: bool) -> str:
    if case.over:
        return _lasted(case)
    words, said, zone = case.words, _said(case), clock_of(case)
    first, began = case.incident.opened_at.astimezone(zone), case.began.astimezone(zone)
    template = said.since if began.date() == case.now.astimezone(zone).date() else said.since_day
    since = template.format(clock=words.clock(began), day=words.day(began), elsewhere=_elsewhere(case, began))
    if began == first or not full:
        return since
    template = said.same if first.date() == began.date() else said.same_day
    return template.format(since=since, clock=words.clock(first), day=words.day(first))


def _lasted(case: Case) -> str:
    words, said, zone = case.words, _said(case), clock_of(case)
    start, end = case.incident.opened_at.astimezone(zone), case.end.astimezone(zone)
    template = said.lasted if start.date() == end.date() else said.lasted_days
    return template.format(
        span=words.span(start, end),
        start=words.clock(start),
        start_day=words.day(start),
        end=words.clock(end),
        end_day=words.day(end),
        elsewhere=_elsewhere(case, end),
    )


def _when_in_title(case: Case) -> str:
    words, said, zone = case.words, _said(case), clock_of(case)
    if case.over:
        return words.lasted.format(span=words.span(case.incident.opened_at, case.end))
    began = case.began.astimezone(zone)
    template = said.since_title if began.date() == case.now.astimezone(zone).date() else said.since_day_title
    return template.format(clock=words.clock(began), day=words.day(began))
