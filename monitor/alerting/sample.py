"""The message that tries whether somebody can be reached: it says so in its first words, and alarms nobody."""

from datetime import datetime

from monitor.alerting.extent import PARIS
from monitor.alerting.messages import LANGUAGES, Letter
from monitor.alerting.words import Words

MARK = "MESSAGE D’ESSAI"  # in every language: whoever is rung up about it can say what it is called

_TITLES = {
    "fr": f"[{MARK}] Vigie peut vous joindre",
    "en": f"[{MARK} – test message] Vigie can reach you",
}
_BODIES = {
    "fr": (
        f"Ceci est un {MARK} de Vigie\u00a0: rien n’est en panne, et vous n’avez rien à faire.",
        "Si vous le lisez, les alertes qui vous concernent arriveront ici.",
        "Envoyé le {day} à {clock}, heure de Paris.",
    ),
    "en": (
        f"This is a test message ({MARK}) from Vigie: nothing is down, and there is nothing for you to do.",
        "If you can read it, alerts that concern you will arrive here.",
        "Sent on {day} at {clock}, Paris time.",
    ),
}


def sample(language: str, now: datetime) -> Letter:
    """A letter that is marked as a trial; an unknown language reads French. `now`: aware."""
    known = language if language in _TITLES else "fr"
    words: Words = LANGUAGES[known]
    paris = now.astimezone(PARIS)
    lines = (line.format(day=words.day(paris), clock=words.clock(paris)) for line in _BODIES[known])
    return Letter(_TITLES[known], "\n\n".join([*lines, words.signature]) + "\n")
