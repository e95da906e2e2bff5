"""A catalogue made fit for a scenario: what it names exists, and counts as seen working."""

import re
from collections.abc import Mapping
from dataclasses import replace

from monitor.domain.catalog import Catalog, Marker, Operator, Probe, ProbeKind, Service, ServiceKind
from monitor.rehearsal.reading import declared
from monitor.rehearsal.steps import OUR_LINE, PARIS, Scenario, Step

# What a service that exists in no catalogue looks like; `.invalid` is reserved: such a host can never be asked by
# mistake.
MADE_UP_URL = "https://{id}.invalid/connexion"
MADE_UP = Marker(status=(200,), contains=("Identifiant",))
MADE_UP_WAITING = (Marker(contains=("forte affluence",)),)
MADE_UP_RESTRICTED = (Marker(contains=("temporairement restreint",)),)


def with_scenario(catalog: Catalog, scenario: Scenario) -> Catalog:
    """`catalog` with the services that only the scenario names; every service counts as seen working on the first day.

    A service that the catalogue knows, be it under a former id, keeps the catalogue's own facts. One that it lacks gets
    one http probe, the territories of the file where their codes exist (else the country), and an operator found by id,
    name or alias, else a new one. What the catalogue does not declare of a service it knows (its hoster), the file may.
    """
    operators = dict(catalog.operators)
    known = current_ids(catalog)
    services = dict(catalog.services)
    for step in scenario.steps:
        if step.service == OUR_LINE:
            continue
        current = services.get(known.get(step.service, step.service))
        if current is not None:
            services[current.id] = replace(current, hoster=current.hoster or step.hoster)
            continue
        operator = _operator(step.operator, operators)
        if operator is not None:
            operators.setdefault(operator.id, operator)
        services[step.service] = _service(step, catalog, operator)
    first_day = scenario.begins.astimezone(PARIS).date()
    seen = {id_: replace(service, confirmed=service.confirmed or first_day) for id_, service in services.items()}
    return replace(catalog, services=seen, operators=operators)


def current_ids(catalog: Catalog) -> Mapping[str, str]:
    """Every id that a service of the catalogue has or had → the id that it has now."""
    former = {old: service.id for service in catalog.services.values() for old in service.formerly}
    return former | {id_: id_ for id_ in catalog.services}


def in_current_ids(scenario: Scenario, catalog: Catalog) -> Scenario:
    """The same scenario, its steps naming services as the catalogue does today."""
    ids = current_ids(catalog)
    return replace(
        scenario, steps=tuple(replace(step, service=ids.get(step.service, step.service)) for step in scenario.steps)
    )


def _service(step: Step, catalog: Catalog, operator: Operator | None) -> Service:
    kind = ServiceKind.ENT if step.service.startswith("ent") else ServiceKind.AUTRE
    url = MADE_UP_URL.format(id=re.sub(r"[^a-z0-9-]", "-", step.service))
    probe = Probe(
        f"{step.service}/page", step.service, ProbeKind.HTTP, url=url,
        expect=MADE_UP, waiting_room=MADE_UP_WAITING, restricted=MADE_UP_RESTRICTED,
    )  # fmt: skip
    territories = tuple(code for code in step.territory.split() if code in catalog.territories) or ("N",)
    return Service(
        step.service,
        step.label,
        kind,
        (probe,),
        territories,
        operator=operator.id if operator else None,
        hoster=step.hoster,
    )


def _operator(words: str, operators: Mapping[str, Operator]) -> Operator | None:
    """The operator that `words` name, with or without what stands in brackets; a new one where none does."""
    name = declared(words)
    if name is None:
        return None
    bare = re.sub(r"\s*\(.*", "", name) or name
    for operator in operators.values():
        names = {known.casefold() for known in (operator.id, operator.name, *operator.aliases)}
        if names & {name.casefold(), bare.casefold()}:
            return operator
    return Operator(_slug(bare), bare)


def _slug(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name.casefold()).strip("-") or "operateur"
