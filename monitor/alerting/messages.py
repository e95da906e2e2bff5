"""From an incident to the words that people read: pure, French first, English by choice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.alerting.clean import clean, shorten
from monitor.alerting.english import ENGLISH
from monitor.alerting.extent import PARIS, in_body, in_title, local_times
from monitor.alerting.french import FRENCH
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog, Operator, Service
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import SEVERITY
from monitor.domain.reason import Reason

TITLE_LIMIT = 120
_DASH = " — "
_OVER = frozenset({Reason.EASED, Reason.CLOSED})
LANGUAGES = {"fr": FRENCH, "en": ENGLISH}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: one line of at most 120 characters, and plain text."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything one letter speaks of."""

    reason: Reason
    incident: Incident
    subscription: Subscription
    catalog: Catalog
    share: float | None
    now: datetime
    page: str | None
    words: Words

    @property
    def over(self) -> bool:
        """Whether the letter tells of an end."""
        return self.reason in _OVER

    @property
    def end(self) -> datetime:
        """The instant at which all was well again, or now."""
        return self.incident.recovered_at or self.incident.closed_at or self.now

    @property
    def service(self) -> Service | None:
        """The service at fault, where the culprit is one that the catalogue knows."""
        kind, _, identity = self.incident.culprit.partition(":")
        return self.catalog.services.get(identity) if kind == "service" else None

    @property
    def name(self) -> str:
        """What people call the culprit; its identifier where the catalogue has no name for it."""
        kind, _, identity = self.incident.culprit.partition(":")
        named = self.service or (self.operator if kind == "operator" else None)
        return clean(named.name if named else identity or kind) or "?"

    @property
    def operator(self) -> Operator | None:
        """Who runs the culprit, where declared."""
        kind, _, identity = self.incident.culprit.partition(":")
        declared = identity if kind == "operator" else self.service and self.service.operator
        return self.catalog.operators.get(declared) if declared else None


def compose(  # noqa: PLR0917 - eight facts make a letter; all are named at the call
    reason: Reason,
    incident: Incident,
    subscription: Subscription,
    catalog: Catalog,
    share: float | None,
    now: datetime,
    page: str | None,
    rehearsal: str | None,
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
    """
    words = LANGUAGES.get(subscription.language, FRENCH)
    case = _Case(reason, incident, subscription, catalog, share, now, page, words)
    own = incident.culprit.startswith("vantage:")
    room = TITLE_LIMIT - (len(words.rehearsal.format(title="")) if rehearsal else 0)
    title = _own_title(case, room) if own else _title(case, room)
    lines = list(_own_lines(case) if own else _lines(case))
    if rehearsal:
        title = words.rehearsal.format(title=title)
        lines.insert(0, words.rehearsal_note.format(name=clean(rehearsal)))
    return Letter(title, "\n\n".join([*lines, words.signature]) + "\n")


def _when(case: _Case) -> str:
    """« depuis 8 h 07 », « depuis le 5 avril à 22 h 10 », or « après 1 h 12 » once it is over."""
    words, start = case.words, case.incident.opened_at.astimezone(PARIS)
    if case.over:
        return words.lasted.format(span=words.span(case.incident.opened_at, case.end))
    template = words.since if start.date() == case.now.astimezone(PARIS).date() else words.since_day
    return template.format(clock=words.clock(start), day=words.day(start))


def _title(case: _Case, room: int) -> str:
    words, incident = case.words, case.incident
    withdrawn = words.withdrawn(case.reason, incident)
    mark = words.withdrawn_mark if withdrawn else words.marks[case.reason].format(state=words.states[incident.health])
    extent = in_title(incident.territories, case.catalog, words)
    fixed = [part for part in (shorten(extent, room // 3), _when(case)) if part]
    left = room - len(_DASH.join([mark, "", *fixed]))
    return _DASH.join([mark, shorten(case.name, left), *fixed])


def _own_title(case: _Case, room: int) -> str:
    template = case.words.own_line.get(case.reason, case.words.own_line_default).title
    when = _when(case)
    left = room - len(template.format(name="", since=when))
    return template.format(name=shorten(case.name, left), since=when)


def _own_lines(case: _Case) -> Iterator[str]:
    yield case.words.own_line.get(case.reason, case.words.own_line_default).body
    yield _times(case)
    if case.page:
        yield case.words.page.format(page=clean(case.page))


def _lines(case: _Case) -> Iterator[str]:
    words = case.words
    yield "\n".join(_facts(case))
    yield _times(case)
    yield "\n".join(_reach(case))
    yield "\n".join(_actors(case))
    yield words.cause_unknown
    closing = [words.page.format(page=clean(case.page))] if case.page else []
    if case.subscription.repeat and not case.over:
        closing.append(words.next_update.format(span=words.span(case.now, case.now + case.subscription.repeat)))
    if closing:
        yield "\n".join(closing)


def _facts(case: _Case) -> Iterator[str]:
    """What was measured, in one to three sentences."""
    words, incident, name = case.words, case.incident, case.name
    lead = words.withdrawn_lead if words.withdrawn(case.reason, incident) else words.leads[case.reason]
    sentence = lead.format(service=name, state=words.state_in_sentence[incident.health])
    yield sentence
    if incident.failure is not None and not case.over:
        yield words.measured.format(failure=words.failures[incident.failure])
    if case.over or SEVERITY[incident.worst] > SEVERITY[incident.health]:
        yield words.worst.format(state=words.states[incident.worst].lower())


def _times(case: _Case) -> str:
    """Beginning, and end where there is one, in Paris time and in local time overseas."""
    lines = [_instant(case, case.words.opened, case.incident.opened_at)]
    if case.over:
        lines.append(_instant(case, case.words.recovered, case.end))
    return "\n".join(lines)


def _instant(case: _Case, template: str, at: datetime) -> str:
    words, paris = case.words, at.astimezone(PARIS)
    local = local_times(at, case.incident.territories, case.catalog, words)
    span = words.span(case.incident.opened_at, at)
    return template.format(day=words.day(paris), clock=words.clock(paris), local=local, span=span)


def _reach(case: _Case) -> Iterator[str]:
    """How far it reaches: territories, services, audience, share of the users."""
    words, incident, catalog = case.words, case.incident, case.catalog
    if names := in_body(incident.territories, catalog, words):
        yield words.extent.format(places=names)
    if len(incident.services) > 1:
        known = (catalog.services[one].name if one in catalog.services else one for one in incident.services)
        yield words.services.format(services=", ".join(clean(name) for name in known))
    if case.service:
        yield words.audience.format(audience=", ".join(words.audiences[one] for one in case.service.audience))
    if case.share is not None and not case.over:
        place = in_body(case.subscription.territories, catalog, words)
        template = words.share_own if place else words.share
        yield template.format(share=round(100 * case.share), place=place)


def _actors(case: _Case) -> Iterator[str]:
    """Who acts: the authority that buys the service, whoever runs it, and where its support answers."""
    words, service, operator = case.words, case.service, case.operator
    if service and service.buyer:
        yield words.buyer.format(buyer=clean(service.buyer))
    if operator:
        yield words.operator.format(operator=clean(operator.name))
        if operator.support:
            yield words.support.format(support=clean(operator.support))
    if not operator and not (service and service.buyer):
        yield words.nobody
