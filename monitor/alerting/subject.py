"""Who an incident is about, and what they do: one service by its name, several by what they share and how many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.alerting.clean import clean
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.observation import SEVERITY, Health


@dataclass(frozen=True, slots=True)
class Subject:
    """An incident's culprit in words.

    Attributes:
        title: as it stands in a title: « Edifice : 5 services ».
        sentence: as the subject of a sentence: « 5 services exploités par Edifice ».
        several: whether the verb is in the plural.
        alone: whether it is one service by its name.
    """

    title: str
    sentence: str
    several: bool = False
    alone: bool = False


def subject_of(culprit: str, services: Sequence[str], catalog: Catalog, words: Words) -> Subject:
    """The words for a culprit that holds these services (ids); a service that stands for itself is its name."""
    kind, _, identity = culprit.partition(":")
    said, name, count = words.groups, name_of(culprit, catalog), len(services)
    if kind == "service" and all(one == identity for one in services):
        return Subject(name, name, alone=True)
    if kind == "service":
        others = count - (identity in services)
        titles = said.title_with_dependants if identity in services else said.title
        subjects = said.with_dependants if identity in services else said.dependants
        title, sentence = (pair[others > 1].format(name=name, count=others) for pair in (titles, subjects))
        return Subject(title, sentence, several=count > 1)
    if not services:
        return Subject(name, name, alone=True)
    named = said.title_names.get(kind, "{name}").format(name=name)
    title = said.title[count > 1].format(name=named, count=count)
    subject = said.subjects.get(kind, said.any_subject)[count > 1]
    return Subject(title, subject.format(name=name, count=count), several=count > 1)


def name_of(culprit: str, catalog: Catalog) -> str:
    """What people call a culprit; its identifier where the catalogue has no name for it."""
    kind, _, identity = culprit.partition(":")
    services, operators = catalog.services, catalog.operators
    named = services.get(identity) if kind == "service" else operators.get(identity) if kind == "operator" else None
    return clean(named.name if named else identity or kind) or "?"


def state_of(incident: Incident, subject: Subject, healths: Mapping[str, Health], words: Words) -> str:
    """What they do now: one verb phrase, or how many do what where they are not all in the same state.

    `healths`: the health of each service now; a service that it lacks is as bad as the incident.
    """
    counts = Counter(healths.get(one, incident.health) for one in incident.services)
    if subject.alone or len(counts) == 0:
        return words.state_in_sentence[incident.health][0]
    if len(counts) == 1:
        return words.state_in_sentence[next(iter(counts))][subject.several]
    worst_first = sorted(counts, key=lambda health: -SEVERITY[health])
    told = (f"{counts[health]} {words.state_in_sentence[health][counts[health] > 1]}" for health in worst_first)
    return words.groups.touched.format(states=words.groups.separator.join(told))
