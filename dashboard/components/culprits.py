"""Who an incident is about, in words: a service by its name, several by what they share. What they share, never why."""

from collections.abc import Mapping, Sequence

from dashboard.components.headline import counted
from dashboard.incident_view import IncidentView
from dashboard.model import ServiceView, View

# What follows « 5 portails », by kind of culprit: singular, plural.
SHARED: Mapping[str, tuple[str, str]] = {
    "operator": ("exploité par {name}", "exploités par {name}"),
    "platform": ("de la plateforme {name}", "de la plateforme {name}"),
    "hoster": ("déclaré comme hébergé chez {name}", "déclarés comme hébergés chez {name}"),
    "network": ("du réseau {name}", "du réseau {name}"),
    "zone": ("du domaine {name}", "du domaine {name}"),
    "issuer": ("dont le certificat est émis par {name}", "dont le certificat est émis par {name}"),
    "service": ("qui s’appuie sur {name}", "qui s’appuient sur {name}"),
}
POINTS: Mapping[str, str] = {
    "operator": "Exploitant {name}",
    "platform": "Plateforme {name}",
    "hoster": "Hébergeur déclaré {name}",
    "network": "Réseau {name}",
    "zone": "Domaine {name}",
    "issuer": "Certificats émis par {name}",
    "service": "Dépendance à {name}",
    "vantage": "Point de mesure {name}",
}
KINDS: Mapping[str, str] = {
    "operator": "Exploitant",
    "platform": "Plateforme",
    "hoster": "Hébergeur",
    "network": "Réseau",
    "issuer": "Autorité de certification",
}


def name_of(culprit: str, view: View) -> str:
    """What people call a culprit; its identifier where the snapshot has no name for it."""
    kind, _, identity = culprit.partition(":")
    if kind == "service" and identity in view.services:
        return view.services[identity].name
    return view.operators.get(identity, identity) if kind == "operator" else identity or kind


def point(candidate: str, view: View) -> str:
    """Something in common, by itself: ``Exploitant Edifice``."""
    return POINTS.get(candidate.partition(":")[0], "{name}").format(name=name_of(candidate, view))


def shared_by(culprit: str, count: int, view: View) -> str:
    """What several services share, after their number: ``exploités par Edifice``; empty where it has no words."""
    words = SHARED.get(culprit.partition(":")[0], ("", ""))
    return words[count > 1].format(name=name_of(culprit, view))


def subject_of(incident: IncidentView, services: Sequence[ServiceView], view: View) -> tuple[str, bool]:
    """The subject of a sentence about these services of an incident, and whether its verb is in the plural."""
    kind, _, identity = incident.culprit.partition(":")
    if incident.alone or not services:
        return name_of(incident.culprit, view), False
    others = [one for one in services if kind != "service" or one.id != identity]
    if kind == "service" and len(others) < len(services):
        if not others:
            return name_of(incident.culprit, view), False
        verb = "dépendent" if len(others) > 1 else "dépend"
        return f"{name_of(incident.culprit, view)} et {counted(others)} qui en {verb}", True
    return f"{counted(others)} {shared_by(incident.culprit, len(others), view)}".strip(), len(others) > 1
