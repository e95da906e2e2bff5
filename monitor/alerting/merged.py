"""A beginning and its end that arrive together: both were missed, because the destination did not take them."""

from datetime import datetime
from typing import Protocol

from monitor.alerting.clean import clean
from monitor.alerting.extent import PARIS
from monitor.alerting.messages import LANGUAGES

_TOGETHER = {
    "fr": (
        "Deux messages en un\u00a0: le premier n’a pas pu être remis plus tôt. Du {day} à {clock} (heure de Paris), il "
        "disait\u00a0: «\u00a0{title}\u00a0». Voici la suite."
    ),
    "en": (
        "Two messages in one: the first could not be delivered earlier. Of {day} at {clock} (Paris time), it said: "
        "“{title}”. What follows is the second."
    ),
}


class Said(Protocol):
    """A message as it was to be sent."""

    @property
    def title(self) -> str:
        """Its one line."""
        ...

    @property
    def body(self) -> str:
        """Its text."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was written."""
        ...


def merged(first: Said, last: Said, language: str) -> tuple[str, str]:
    """Title and body of the one message that says what the first and the last were to say."""
    known = language if language in _TOGETHER else "fr"
    words, at = LANGUAGES[known], first.created_at.astimezone(PARIS)
    opening = _TOGETHER[known].format(day=words.day(at), clock=words.clock(at), title=clean(first.title))
    return last.title, f"{opening}\n\n{last.body}"
