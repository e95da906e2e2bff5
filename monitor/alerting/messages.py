"""From an incident to the words that people read: pure, French first, English by choice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.alerting.case import Case
from monitor.alerting.clean import clean, shorten
from monitor.alerting.common_ground import in_common
from monitor.alerting.english import ENGLISH
from monitor.alerting.extent import PARIS, in_title, local_times
from monitor.alerting.french import FRENCH
from monitor.alerting.reach import actors, reach
from monitor.alerting.subject import state_of, subject_of
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.reason import Reason

TITLE_LIMIT = 120
_DASH = " — "
LANGUAGES = {"fr": FRENCH, "en": ENGLISH}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: one line of at most 120 characters, and plain text."""

    title: str
    body: str


def compose(  # noqa: PLR0917 - eight facts make a letter; all are named at the call
    reason: Reason,
    incident: Incident,
    subscription: Subscription,
    catalog: Catalog,
    share: float | None,
    now: datetime,
    page: str | None,
    rehearsal: str | None,
    *,
    healths: Mapping[str, Health] | None = None,
    survivor: Incident | None = None,
) -> Letter:
    """The letter that tells `subscription` what is new about `incident`.

    Args:
        reason: why we write.
        incident: what we write about; a culprit ``vantage:…`` is our own line and gets words of its own.
        subscription: the reader; an unknown `language` reads French.
        catalog: gives names, territories, buyer and operator.
        share: share (0..1) of the users affected on the subscription's own territory, None where unknown.
        now: the instant of writing (aware).
        page: absolute address of the incident's page, if Vigie has a public address.
        rehearsal: name of the scenario, None in real life.
        healths: health of each service now; None, or one that is not in it: as bad as the incident.
        survivor: the incident that an absorbed one joins, where it is known.
    """
    words = LANGUAGES.get(subscription.language, FRENCH)
    case = Case(reason, incident, subscription, catalog, share, now, page, words, healths or {}, survivor)
    own = incident.culprit.startswith("vantage:")
    room = TITLE_LIMIT - (len(words.rehearsal.format(title="")) if rehearsal else 0)
    title = _own_title(case, room) if own else _title(case, room)
    lines = list(_own_lines(case) if own else _lines(case))
    if rehearsal:
        title = words.rehearsal.format(title=title)
        lines.insert(0, words.rehearsal_note.format(name=clean(rehearsal)))
    return Letter(title, "\n\n".join([*lines, words.signature]) + "\n")


def _when(case: Case) -> str:
    """« depuis 8 h 07 », « depuis le 5 avril à 22 h 10 », or « après 1 h 12 » once it is over."""
    words, start = case.words, case.incident.opened_at.astimezone(PARIS)
    if case.over:
        return words.lasted.format(span=words.span(case.incident.opened_at, case.end))
    template = words.since if start.date() == case.now.astimezone(PARIS).date() else words.since_day
    return template.format(clock=words.clock(start), day=words.day(start))


def _title(case: Case, room: int) -> str:
    words, incident = case.words, case.incident
    withdrawn = words.withdrawn(case.reason, incident)
    mark = words.withdrawn_mark if withdrawn else words.marks[case.reason].format(state=words.states[incident.health])
    extent = in_title(incident.territories, case.catalog, words)
    fixed = [part for part in (shorten(extent, room // 3), _when(case)) if part]
    left = room - len(_DASH.join([mark, "", *fixed]))
    return _DASH.join([mark, shorten(case.subject.title, left), *fixed])


def _own_title(case: Case, room: int) -> str:
    template = case.words.own_line.get(case.reason, case.words.own_line_default).title
    when = _when(case)
    left = room - len(template.format(name="", since=when))
    return template.format(name=shorten(case.subject.title, left), since=when)


def _own_lines(case: Case) -> Iterator[str]:
    yield case.words.own_line.get(case.reason, case.words.own_line_default).body
    yield _times(case)
    if case.page:
        yield case.words.page.format(page=clean(case.page))


def _lines(case: Case) -> Iterator[str]:
    words = case.words
    yield "\n".join(_facts(case))
    yield _times(case)
    yield "\n".join(reach(case))
    yield "\n".join(actors(case))
    # A head of school asks what to do, not what the figures say.
    common = [words.cause_unknown] if case.brief else in_common(case.incident, case.catalog, words)
    yield "\n".join(common)
    closing = [words.page.format(page=clean(case.page))] if case.page else []
    if case.subscription.repeat and not case.over:
        closing.append(words.next_update.format(span=words.span(case.now, case.now + case.subscription.repeat)))
    if closing:
        yield "\n".join(closing)


def _facts(case: Case) -> Iterator[str]:
    """What was measured, in one to three sentences."""
    words, incident, subject = case.words, case.incident, case.subject
    leads = words.withdrawn_lead if words.withdrawn(case.reason, incident) else words.leads[case.reason]
    yield leads[subject.several].format(service=subject.sentence, state=_state(case, incident))
    if case.reason is Reason.MERGED:
        yield from _joined(case)
        return
    if incident.failure is not None and not case.over:
        yield words.measured.format(failure=words.failures[incident.failure])
    if case.over or SEVERITY[incident.worst] > SEVERITY[incident.health]:
        yield words.worst.format(state=words.states[incident.worst].lower())


def _state(case: Case, incident: Incident) -> str:
    subject = subject_of(incident.culprit, incident.services, case.catalog, case.words)
    return state_of(incident, subject, case.healths, case.words)


def _joined(case: Case) -> Iterator[str]:
    """Which incident a merged one is told with from now on."""
    words, survivor = case.words, case.survivor
    if survivor is not None:
        subject = subject_of(survivor.culprit, survivor.services, case.catalog, words)
        began = survivor.opened_at.astimezone(PARIS)
        told = f"{subject.sentence} {_state(case, survivor)}"
        yield words.groups.joined.format(incident=told, day=words.day(began), clock=words.clock(began))


def _times(case: Case) -> str:
    """Beginning, and end where there is one, in Paris time and in local time overseas."""
    lines = [_instant(case, case.words.opened, case.incident.opened_at)]
    if case.over:
        lines.append(_instant(case, case.words.recovered, case.end))
    if case.reason is Reason.EASED and case.incident.watch_until is not None:
        lines.append(_instant(case, case.words.groups.watched, case.incident.watch_until))
    return "\n".join(lines)


def _instant(case: Case, template: str, at: datetime) -> str:
    words, paris = case.words, at.astimezone(PARIS)
    local = local_times(at, case.incident.territories, case.catalog, words)
    span = words.span(case.incident.opened_at, at)
    return template.format(day=words.day(paris), clock=words.clock(paris), local=local, span=span)
