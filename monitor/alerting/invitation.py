"""The letter that asks whether an address wants to be written to, and what stands below each letter to the public.

Links are secrets: they are added as a letter leaves, and stand in no book.
"""

from collections.abc import Mapping

from monitor.alerting.clean import clean
from monitor.alerting.messages import LANGUAGES, Letter
from monitor.domain.catalog import Catalog
from monitor.domain.subscriber import Purpose, Subscriber
from monitor.domain.window import ScopeKind

_TITLE = {
    "fr": "Vigie\u00a0: confirmez votre abonnement",
    "en": "Vigie: confirm your subscription",
}
_BODY = {
    "fr": (
        "Quelqu’un, sans doute vous, a demandé que Vigie écrive à cette adresse quand un service numérique de l’école "
        "ne répond plus.",
        "Ce qui serait suivi\u00a0: {what}.",
        "Tant que vous n’avez pas confirmé, rien d’autre ne vous sera envoyé.",
    ),
    "en": (
        "Somebody, probably you, asked Vigie to write to this address when a digital service of the school no longer "
        "answers.",
        "What would be followed: {what}.",
        "Until you confirm, nothing else will be sent to you.",
    ),
}
_TO_CONFIRM = {
    "fr": (
        "Pour confirmer, ouvrez cette page et appuyez sur le bouton (7\u00a0jours au plus)\u00a0:\n{confirmer}",
        "Si vous n’avez rien demandé, ne faites rien\u00a0: l’adresse sera effacée dans 7\u00a0jours. "
        "Pour l’effacer tout de suite\u00a0:\n{desabonner}",
    ),
    "en": (
        "To confirm, open this page and press the button (within 7 days):\n{confirmer}",
        "If you asked for nothing, do nothing: the address will be erased in 7 days. To erase it now:\n{desabonner}",
    ),
}
_BELOW = {
    "fr": ("Votre abonnement\u00a0: {gerer}", "Ne plus rien recevoir\u00a0: {desabonner}"),
    "en": ("Your subscription: {gerer}", "Unsubscribe: {desabonner}"),
}


def invitation(one: Subscriber, catalog: Catalog) -> Letter:
    """The letter that asks to confirm, without its links."""
    words = LANGUAGES[one.language]
    lines = [line.format(what=_followed(one, catalog)) for line in _BODY[one.language]]
    return Letter(_TITLE[one.language], "\n\n".join([*lines, words.signature]) + "\n")


def postscript(one: Subscriber, links: Mapping[Purpose, str]) -> str:
    """What is added below a letter as it leaves: where to confirm, or where to change and to leave."""
    named = {purpose.value: link for purpose, link in links.items()}
    lines = [line.format(**named) for line in (_BELOW if one.confirmed_at else _TO_CONFIRM)[one.language]]
    return "\n" + ("\n" if one.confirmed_at else "\n\n").join(lines) + "\n"


def _followed(one: Subscriber, catalog: Catalog) -> str:
    words, name = LANGUAGES[one.language], one.scope.name
    if one.scope.kind is ScopeKind.SERVICE:
        service = catalog.services.get(name)
        return clean(service.name if service else name)
    place = catalog.territories.get(name)
    return clean(words.place(place.level, place.name) if place else name.removeprefix("U:"))
