"""From an incident to the words that people read: pure, French first, English by choice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alerting.brief import brief_lines
from monitor.alerting.case import Case
from monitor.alerting.clean import clean
from monitor.alerting.common_ground import in_common
from monitor.alerting.english import ENGLISH
from monitor.alerting.extent import PARIS, local_times
from monitor.alerting.french import FRENCH
from monitor.alerting.letter import Letter, sealed
from monitor.alerting.nearby import same_operator, what_works
from monitor.alerting.reach import actors, reach
from monitor.alerting.subject import state_of, subject_of
from monitor.alerting.title import TITLE_LIMIT, room_of, title_of
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.reason import Reason

__all__ = ["LANGUAGES", "TITLE_LIMIT", "Letter", "compose"]

LANGUAGES = {"fr": FRENCH, "en": ENGLISH}


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
    touched: Sequence[str] = (),
    share_before: float | None = None,
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
        survivor: the incident that an absorbed one joins, where it is known; share and touched are then its own.
        touched: codes of the subscription's own places, and ids of its services, that are affected.
        share_before: the share that it last heard of, None where it heard of none.
    """
    words = words_of(subscription)
    beside = (healths or {}, survivor, touched, share_before)
    case = Case(reason, incident, subscription, catalog, share, now, page, words, *beside)
    return letter_of(case, rehearsal)


def letter_of(case: Case, rehearsal: str | None) -> Letter:
    """The letter of a case; `rehearsal` as in `compose`."""
    lines = _own_lines(case) if case.incident.ours else _brief_lines(case) if case.brief else _lines(case)
    return sealed(case.words, title_of(case, room_of(case, rehearsal)), lines, rehearsal)


def words_of(subscription: Subscription) -> Words:
    """The language that a subscription asks for; French where it is not known."""
    return LANGUAGES.get(subscription.language, FRENCH)


def _own_lines(case: Case) -> Iterator[str]:
    yield case.words.own_line.get(case.reason, case.words.own_line_default).body
    yield _times(case)
    if case.page:
        yield case.words.page.format(page=clean(case.page))


def _brief_lines(case: Case) -> Iterator[str]:
    yield "\n".join(brief_lines(case))
    if case.page:
        yield case.words.page.format(page=clean(case.page))


def _lines(case: Case) -> Iterator[str]:
    survivor = case.survivor if case.reason is Reason.MERGED else None
    about = replace(case, incident=survivor) if survivor is not None else case
    yield "\n".join(_facts(case))
    yield _times(case)
    yield "\n".join(reach(about))
    if beside := [] if case.over else [*same_operator(about), *what_works(about)]:
        yield "\n".join(beside)
    yield "\n".join(actors(about))
    yield "\n".join(in_common(about.incident, case.catalog, case.words))
    if closing := list(_closing(case)):
        yield "\n".join(closing)


def _closing(case: Case) -> Iterator[str]:
    """Where to read on, and when to expect the next message."""
    words, repeat = case.words, case.subscription.repeat
    if case.page:
        yield words.page.format(page=clean(case.page))
    if case.over or case.reason is Reason.MERGED:
        return
    yield words.next_update.format(span=words.span(case.now, case.now + repeat)) if repeat else words.next_change


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
    if case.began > case.incident.opened_at:
        lines.append(_instant(case, case.words.groups.relapsed, case.began))
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
