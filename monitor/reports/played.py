"""The catalogue that a book was filled by: that of the settings, and in a packaged rehearsal what its days made up."""

from monitor.domain.catalog import Catalog
from monitor.rehearsal.scenario import PACKAGED, load_scenario, with_scenario
from monitor.store import Identity


def as_played(catalog: Catalog, identity: Identity | None) -> Catalog:
    """`catalog` with the services that a packaged scenario makes up; itself for any other book."""
    scenario = scenario_of(identity)
    return with_scenario(catalog, load_scenario(scenario)) if scenario and scenario in PACKAGED else catalog


def scenario_of(identity: Identity | None) -> str | None:
    """The scenario of a rehearsal ("" for one without a name), None in real life."""
    return None if identity is None or identity.kind == "real" else identity.scenario or ""
