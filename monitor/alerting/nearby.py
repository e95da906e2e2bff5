"""What is beside an incident: what its readers may use meanwhile, and how its operator's other services are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from monitor.alerting.case import Case, far
from monitor.alerting.clean import clean
from monitor.alerting.extent import listed
from monitor.alerting.subject import name_of
from monitor.domain.catalog import Catalog, Service, ServiceKind
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.weights import audiences_of

NAMED = 3
_MEASURED = frozenset(Health) - {Health.UNKNOWN}
# What people turn to first; one of each kind is named before a second of any.
_ORDER = (
    ServiceKind.IDENTITE,
    ServiceKind.VIE_SCOLAIRE,
    ServiceKind.ENT,
    ServiceKind.CNED,
    ServiceKind.VISIO,
    ServiceKind.AUTRE,
)


def what_works(case: Case) -> Iterator[str]:
    """The services of the readers' territories that answer: one of each kind first, then how many more."""
    answering = [one for one in _up(case) if case.serves(one)]
    if answering:
        names = [name_of(f"service:{one.id}", case.catalog) for one in _one_of_each_first(answering, case.catalog)]
        yield case.words.groups.works[len(names) > 1].format(services=listed(names, case.words, NAMED))


def same_operator(case: Case) -> Iterator[str]:
    """How the other services of the one operator are: what fails together there, not why."""
    if len(case.operators) != 1:
        return
    operator, cause = case.operators[0], case.incident.cause
    if cause is not None and cause.test is not None and cause.test.candidate == f"operator:{operator.id}":
        return  # the same counts stand there
    others = [
        case.healths[one.id]
        for one in case.catalog.services.values()
        if one.operator == operator.id and one.id not in case.incident.services
        if case.healths.get(one.id) in _MEASURED
    ]
    if others:
        unwell = sum(SEVERITY[health] > SEVERITY[Health.UP] for health in others)
        said = case.words.groups.elsewhere if unwell else case.words.groups.nothing_elsewhere
        yield said[len(others) > 1].format(operator=clean(operator.name), unwell=unwell, all=len(others))


def instead_of(services: Sequence[Service], case: Case) -> list[Service]:
    """What a school may use meanwhile: an ENT of its own, or what follows school life, for the same audiences."""
    meant = {audience for one in services for audience in audiences_of(one)}
    hit = {one.id for one in services}.union(case.incident.services)
    fit = [
        one
        for one in _up(case)
        if (one.kind is ServiceKind.VIE_SCOLAIRE or (one.kind is ServiceKind.ENT and not far(one)))
        if not meant.isdisjoint(audiences_of(one)) and hit.isdisjoint(one.depends_on)
        if case.serves(one)
    ]
    return sorted(fit, key=lambda one: (_ORDER.index(one.kind), one.national, one.name.casefold()))


def _up(case: Case) -> Iterator[Service]:
    """The services outside the incident that are known to answer well."""
    for name, health in case.healths.items():
        if health is Health.UP and name not in case.incident.services and name in case.catalog.services:
            yield case.catalog.services[name]


def _one_of_each_first(services: Iterable[Service], catalog: Catalog) -> list[Service]:
    needed = Counter(name for one in catalog.services.values() for name in one.depends_on)
    ordered = sorted(
        services,
        key=lambda one: (far(one), _ORDER.index(one.kind), one.national, -needed[one.id], one.name.casefold()),
    )
    firsts = {one.kind: one for one in reversed(ordered) if not far(one)}
    return sorted(ordered, key=lambda one: one is not firsts.get(one.kind))
