"""Who an incident is about, in words: a service by its name, several by what they share. What they share, never why."""

from collections.abc import Mapping, Sequence

from dashboard.components.headline import counted
from dashboard.incident_view import IncidentView
from dashboard.model import ServiceView, View
from dashboard.tongue import N_, NN_, _, ngettext

# What follows « 5 portails », by kind of culprit: singular, plural.
SHARED: Mapping[str, tuple[str, str]] = {
    "operator": NN_("exploité par {name}", "exploités par {name}"),
    "platform": NN_("de la plateforme {name}", "de la plateforme {name}"),
    "hoster": NN_("déclaré comme hébergé chez {name}", "déclarés comme hébergés chez {name}"),
    "network": NN_("du réseau {name}", "du réseau {name}"),
    "zone": NN_("du domaine {name}", "du domaine {name}"),
    "issuer": NN_("dont le certificat est émis par {name}", "dont le certificat est émis par {name}"),
    "service": NN_("qui s’appuie sur {name}", "qui s’appuient sur {name}"),
}
POINTS: Mapping[str, str] = {
    "operator": N_("Exploitant {name}"),
    "platform": N_("Plateforme {name}"),
    "hoster": N_("Hébergeur déclaré {name}"),
    "network": N_("Réseau {name}"),
    "zone": N_("Domaine {name}"),
    "issuer": N_("Certificats émis par {name}"),
    "service": N_("Dépendance à {name}"),
    "vantage": N_("Point de mesure {name}"),
}
KINDS: Mapping[str, str] = {
    "operator": N_("Exploitant"),
    "platform": N_("Plateforme"),
    "hoster": N_("Hébergeur"),
    "network": N_("Réseau"),
    "issuer": N_("Autorité de certification"),
}


def name_of(culprit: str, view: View) -> str:
    """What people call a culprit; its identifier where the snapshot has no name for it."""
    kind, _, identity = culprit.partition(":")
    if kind == "service" and identity in view.services:
        return view.services[identity].name
    return view.operators.get(identity, identity) if kind == "operator" else identity or kind


def point(candidate: str, view: View) -> str:
    """Something in common, by itself: ``Exploitant Edifice``."""
    return _(POINTS.get(candidate.partition(":")[0], "{name}")).format(name=name_of(candidate, view))


def shared_by(culprit: str, count: int, view: View) -> str:
    """What several services share, after their number: ``exploités par Edifice``; empty where it has no words."""
    words = SHARED.get(culprit.partition(":")[0])
    return ngettext(*words, count).format(name=name_of(culprit, view)) if words else ""


def subject_of(incident: IncidentView, services: Sequence[ServiceView], view: View) -> tuple[str, bool]:
    """The subject of a sentence about these services of an incident, and whether its verb is in the plural."""
    kind, _, identity = incident.culprit.partition(":")
    if incident.alone or not services:
        return name_of(incident.culprit, view), False
    others = [one for one in services if kind != "service" or one.id != identity]
    if kind == "service" and len(others) < len(services):
        if not others:
            return name_of(incident.culprit, view), False
        words = ngettext("{name} et {others} qui en dépend", "{name} et {others} qui en dépendent", len(others))
        return words.format(name=name_of(incident.culprit, view), others=counted(others)), True
    return f"{counted(others)} {shared_by(incident.culprit, len(others), view)}".strip(), len(others) > 1
