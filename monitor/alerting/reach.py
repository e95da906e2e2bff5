"""How far an incident reaches, and who acts."""

from collections.abc import Iterable, Iterator

from monitor.alerting.case import Case
from monitor.alerting.clean import clean
from monitor.alerting.extent import NAMED, in_body, listed
from monitor.alerting.subject import name_of
from monitor.domain.catalog import AUDIENCES_OF_TOUS, Audience, Service
from monitor.domain.reason import Reason

NAMED_SHORT = 3  # buyers, operators, services with their states


def reach(case: Case) -> Iterator[str]:
    """How far it reaches: territories, services, audience, share of the users."""
    words, incident, catalog = case.words, case.incident, case.catalog
    if everywhere := in_body(incident.territories, catalog, words):
        yield words.extent.format(places=everywhere)
    own = tuple(code for code in case.touched if code in catalog.territories)
    if (places := in_body(own, catalog, words)) not in {"", everywhere}:
        yield words.groups.own_places[len(own) > 1].format(places=places)
    if len(incident.services) > 1:
        names = sorted((name_of(f"service:{one}", catalog) for one in incident.services), key=str.casefold)
        yield words.services.format(services=listed(names, words, NAMED))
    yield from _own_services(case)
    if audiences := _audiences(case.services):
        yield words.audience.format(audience=", ".join(words.audiences[one] for one in audiences))
    if case.share is not None and not case.over:
        place = in_body(case.subscription.territories, catalog, words)
        template = words.share_own if place else words.share
        yield template.format(share=round(100 * case.share), place=place, before=_before(case))


def _own_services(case: Case) -> Iterator[str]:
    """Which of the services are the reader's and what they do, where others are not."""
    own, words = case.own, case.words
    if case.over or len(own) >= len(case.incident.services):
        return
    healths = [(one, case.healths.get(one.id, case.incident.health)) for one in own]
    told = [f"{name_of(f'service:{one.id}', case.catalog)} {words.state_in_sentence[how][0]}" for one, how in healths]
    yield words.groups.own_services.format(services=listed(told, words, NAMED_SHORT))


def _before(case: Case) -> str:
    """What the share was, where the letter says that it has grown."""
    if case.reason is not Reason.SPREAD or case.share_before is None:
        return ""
    return case.words.groups.share_before.format(share=round(100 * case.share_before))


def _audiences(services: Iterable[Service]) -> list[Audience]:
    """Those of all of them, each once; `tous` holds three others."""
    found = {one for service in services for one in service.audience}
    held = AUDIENCES_OF_TOUS if Audience.TOUS in found else ()
    return [one for one in Audience if one in found and one not in held]


def actors(case: Case) -> Iterator[str]:
    """Who acts: the authorities that buy the services, whoever runs them, and where one operator's support answers."""
    words, operators = case.words, case.operators
    buyers = list(dict.fromkeys(clean(one.buyer) for one in case.services if one.buyer))
    several = len(case.services) > 1
    if buyers:
        template = words.groups.buyers if several else words.buyer
        yield template.format(buyer=listed(buyers, words, NAMED_SHORT))
    if operators:
        template = words.groups.operators if several else words.operator
        yield template.format(operator=listed([clean(one.name) for one in operators], words, NAMED_SHORT))
    if len(operators) == 1 and operators[0].support:
        yield words.support.format(support=clean(operators[0].support))
    if not operators and not buyers:
        yield words.nobody
