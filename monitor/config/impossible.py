"""Expectations that no answer can meet, or that any answer meets: refused at noon, or they would accuse at night.

A closed list: what contradicts itself within one expectation, and what makes every healthy page a waiting room.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from monitor.config.wire import Wrong
from monitor.domain.catalog import Marker, Probe

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BODILESS = frozenset({204, 205, 304})
# Headers that a page of error does not carry; any other one (Server, Content-Type) says nothing of who can get in.
_TELLING = frozenset({"set-cookie", "location"})
_TURNED_AWAY = ("waiting_room", "maintenance", "restricted", "blocked")


def tells(expect: Marker) -> bool:
    """Whether an expectation asks to *see* something, so that a page of error in 200 does not pass for a healthy one.

    A status that comes without a body (204, 304) has nothing to show.
    """
    if expect.contains or expect.matches or expect.json or any(name.lower() in _TELLING for name, _ in expect.header):
        return True
    return bool(expect.status) and _BODILESS.issuperset(expect.status)


def impossible(probe: Probe) -> Iterator[tuple[str, Wrong]]:
    """Every contradiction of an http probe, as the key that it stands under, what is wrong and the mend."""
    for wrong in (*within(probe.expect), *_of_the_way(probe)):
        yield "expect", wrong
    if probe.queue_on_429 and 429 in probe.expect.status:
        yield "queue_on_429", ("429 à la fois attendu et file d’attente", "retirez 429 de « status » ou cette clé")
    for key in _TURNED_AWAY:
        for place, marker in enumerate(getattr(probe, key), 1):
            if marker and (_sure(probe.expect, marker) or _any_status(probe.expect, marker)):
                what = f"repère n° {place} que toute réponse attendue porte aussi : rien ne serait jamais en marche"
                yield key, (what, "cherchez ce que la page saine n’a pas, ou changez « expect »")


def within(expect: Marker) -> Iterator[Wrong]:
    """What contradicts itself inside one expectation; it does so whatever else the expectation may hold."""
    for text in expect.contains:
        if any(forbidden in text for forbidden in expect.not_contains):
            yield "texte à la fois attendu et interdit", "retirez-le de « contains » ou de « not_contains »"
            break
    if expect.status and _BODILESS.issuperset(expect.status) and (expect.contains or expect.matches or expect.json):
        yield "contenu attendu d’une réponse sans corps (204, 205, 304)", "changez « status », ou retirez le contenu"
    if any(status < 200 for status in expect.status):
        yield "statut 1xx attendu : ce n’est jamais une réponse finale", "écrivez un statut de 200 à 599"
    values = {path for path, value in expect.json if value != "present"}
    for path, _ in expect.json:
        if any(path.startswith(f"{value}.") for value in values):
            yield "champ JSON attendu sous un autre qui doit être une valeur simple", "gardez l’un des deux chemins"
            break


def _of_the_way(probe: Probe) -> Iterator[Wrong]:
    """An expected redirect is an answer: it is not followed, and its host is the one that was asked."""
    expect = probe.expect
    if expect.final_host is None or not REDIRECTS.issuperset(expect.status):
        return
    host = (urlsplit(probe.url or "").hostname or "").rstrip(".")
    if expect.final_host.rstrip(".").lower() != host:
        yield (
            "redirection attendue, donc jamais suivie, et « final_host » d’un autre hôte",
            "retirez la redirection de « status » pour la suivre, ou cherchez l’hôte par « header: {Location: …} »",
        )


def _any_status(expect: Marker, marker: Marker) -> bool:
    """A marker that only asks for a status that is also expected."""
    return marker == Marker(status=marker.status, name=marker.name) and not set(marker.status).isdisjoint(expect.status)


def _sure(expect: Marker, marker: Marker) -> bool:
    """Whether whatever meets the expectation bears the marker too, list by list."""
    checks = (
        (marker.status, set(expect.status) <= set(marker.status)),
        (marker.contains, any(text in held for text in marker.contains for held in expect.contains)),
        (marker.not_contains, all(any(no in text for no in expect.not_contains) for text in marker.not_contains)),
        (marker.not_matches, set(marker.not_matches) <= set(expect.not_matches)),
        (marker.matches, not set(marker.matches).isdisjoint(expect.matches)),
        (marker.json, not set(marker.json).isdisjoint(expect.json)),
        (marker.header, not set(marker.header).isdisjoint(expect.header)),
        (marker.final_host, marker.final_host == expect.final_host),
    )
    return all(sure for wanted, sure in checks if wanted)
