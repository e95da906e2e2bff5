"""What the operator of Vigie is told of its own messages: destinations that fail, incidents that nobody hears of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from monitor.alerting.clean import clean, shorten
from monitor.alerting.extent import PARIS
from monitor.alerting.messages import LANGUAGES, Letter
from monitor.domain.catalog import Role
from monitor.domain.notice import Subscription

_SHOWN = 5

_FR = {
    "down": (
        "VIGIE — une destination d’envoi ne répond plus",
        "Depuis le {since}, une destination d’envoi n’accepte plus aucun message. Abonnements concernés\u00a0: {names}."
        "\nLes messages attendent et seront repris jusqu’à 24 h\u00a0; ceux qui ont une seconde destination partent "
        "par elle. «\u00a0vigie tellings list --state queued\u00a0» montre ce qui attend.",
    ),
    "back": (
        "VIGIE — une destination d’envoi répond de nouveau",
        "Une destination d’envoi accepte de nouveau les messages. Elle n’en acceptait plus depuis le {since}. "
        "Abonnements concernés\u00a0: {names}.\n«\u00a0vigie tellings list --state dead\u00a0» montre ce qui a été "
        "abandonné.",
    ),
    "refused": (
        "VIGIE — les messages d’un abonnement sont refusés",
        "Depuis 15 minutes ou davantage, les messages de l’abonnement {names} sont refusés, alors que la même "
        "destination en accepte d’autres. Ils seront repris jusqu’à 24 h. Vérifiez l’adresse\u00a0: "
        "«\u00a0vigie tellings list\u00a0» montre ce qui a été répondu.",
    ),
    "accepted": (
        "VIGIE — les messages d’un abonnement ne sont plus refusés",
        "Aucun message de l’abonnement {names} n’attend plus.\n"
        "«\u00a0vigie tellings list --state dead\u00a0» montre ce qui a été abandonné.",
    ),
    "nobody": (
        "VIGIE — un incident sans abonné",
        "L’incident {incident} est ouvert, et aucun abonnement que Vigie puisse joindre n’est concerné\u00a0: personne "
        "n’est prévenu. Ajoutez un abonnement au catalogue, ou l’adresse qui manque à l’un d’eux.",
    ),
    "empty": (
        "VIGIE — personne n’est abonné",
        "Hormis l’exploitant de Vigie, aucun abonnement n’a d’adresse\u00a0: personne ne sera prévenu d’aucune panne.",
    ),
    "peopled": ("VIGIE — il y a de nouveau des abonnés", "Au moins un abonnement a une adresse d’envoi."),
}
_EN = {
    "down": (
        "VIGIE — a destination no longer answers",
        "Since {since}, a destination has accepted no message. Subscriptions concerned: {names}.\nMessages wait and "
        "are tried again for 24 h; those with a second destination leave by it. “vigie tellings list --state queued” "
        "shows what waits.",
    ),
    "back": (
        "VIGIE — a destination answers again",
        "A destination accepts messages again. It had accepted none since {since}. Subscriptions concerned: {names}.\n"
        "“vigie tellings list --state dead” shows what was given up.",
    ),
    "refused": (
        "VIGIE — the messages of a subscription are refused",
        "For 15 minutes or more the messages of subscription {names} have been refused, while the same destination "
        "accepts others. They are tried again for 24 h. Check the address: “vigie tellings list” shows what was "
        "answered.",
    ),
    "accepted": (
        "VIGIE — the messages of a subscription are refused no more",
        "No message of subscription {names} waits any more.\n“vigie tellings list --state dead” shows what was given "
        "up.",
    ),
    "nobody": (
        "VIGIE — an incident without a subscriber",
        "Incident {incident} is open and concerns no subscription that Vigie can reach: nobody is told. Add a "
        "subscription to the catalogue, or the address that one of them lacks.",
    ),
    "empty": (
        "VIGIE — nobody subscribes",
        "But for the operator of Vigie, no subscription has an address: nobody will be told of any outage.",
    ),
    "peopled": ("VIGIE — there are subscribers again", "At least one subscription has an address."),
}


def alarm(kind: str, language: str, *, since: datetime, names: Sequence[str] = (), incident: str = "") -> Letter:
    """The letter to the operator, without any address; `kind`: a word of `_FR`."""
    words = LANGUAGES[language if language == "en" else "fr"]
    title, body = (_EN if language == "en" else _FR)[kind]
    local = since.astimezone(PARIS)
    at = f"{words.day(local)}, {words.clock(local)}"
    shown = ", ".join(clean(name) for name in names[:_SHOWN])
    if (more := len(names) - _SHOWN) > 0:
        shown += f" (+\u00a0{more})"
    return Letter(title, body.format(since=at, names=shown or "–", incident=shorten(clean(incident), 120)) + "\n")


def unheard(
    subscriptions: Sequence[Subscription], first: Mapping[str, str], second: Mapping[str, str]
) -> Iterator[str]:
    """What whoever starts Vigie should know of the subscriptions, by the addresses that the environment gives them."""
    roles = [one.role for one in subscriptions if one.id in first]
    if all(role is Role.OPERATOR for role in roles):
        yield "Aucun abonnement n’a d’adresse : personne ne sera prévenu d’aucune panne."
    if Role.OPERATOR not in roles:
        yield "L’exploitant de Vigie n’a pas d’adresse : il ne saura ni pannes d’envoi ni exercices."
    for one in subscriptions:
        if one.id not in first:
            yield f"Abonnement {one.id} : {one.to_env} n’est pas défini, personne ne sera prévenu."
        if one.second_to_env and one.id not in second:
            yield f"Abonnement {one.id} : {one.second_to_env} n’est pas défini, il n’a pas de seconde destination."
