"""The letter of the daily drill: marked from its first word, and of no incident."""

from collections.abc import Mapping
from datetime import datetime

from monitor.alerting.extent import PARIS
from monitor.alerting.messages import LANGUAGES, Letter

_DEFAULT = "fr"
_TITLES: Mapping[str, str] = {
    "fr": "EXERCICE QUOTIDIEN — Vigie — {day}",
    "en": "DAILY DRILL — Vigie — {day}",
}
_BODIES: Mapping[str, str] = {
    "fr": (
        "EXERCICE QUOTIDIEN : rien n’est en panne, il n’y a rien à faire.\n"
        "Ce message a suivi le chemin de tous les autres : le registre, le processus d’envoi, votre adresse.\n\n"
        "Parti le {day} à {clock} (heure de Paris). S’il manque un jour, les alertes vous manqueraient aussi : "
        "« vigie status » dit ce qu’il en est."
    ),
    "en": (
        "DAILY DRILL: nothing is down, there is nothing to do.\n"
        "This message went the way of all others: the books, the process that sends, your address.\n\n"
        "Sent on {day} at {clock} (Paris time). On a day without it alerts would be missing too: "
        "“vigie status” says what is the matter."
    ),
}


def drill_letter(now: datetime, language: str) -> Letter:
    """The drill of the day of Paris that holds `now` (aware); an unknown language reads French."""
    spoken = language if language in LANGUAGES else _DEFAULT
    words, local = LANGUAGES[spoken], now.astimezone(PARIS)
    said = {"day": words.day(local), "clock": words.clock(local)}
    return Letter(_TITLES[spoken].format(**said), f"{_BODIES[spoken].format(**said)}\n\n{words.signature}\n")
