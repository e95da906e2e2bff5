"""The French words of `vigie explain`: turns, ties, numbers."""

import re
from collections.abc import Mapping
from datetime import timedelta

from monitor.domain.reason import Reason

TURNS: Mapping[Reason, str] = {
    Reason.OPENED: "première mauvaise réponse",
    Reason.WORSENED: "aggravation",
    Reason.SPREAD: "extension",
    Reason.EXPLAINED: "cause commune établie par le test exact",
    Reason.EASED: "tout répond de nouveau, sous surveillance jusqu’au prochain pic",
    Reason.RELAPSED: "rechute",
    Reason.STILL_OPEN: "toujours en cours",
    Reason.MERGED: "rejoint un autre incident",
    Reason.CLOSED: "clos",
}
# What a candidate is, and how what lies inside it reads after « touchés ».
POINTS: Mapping[str, tuple[str, str]] = {
    "operator": ("l’exploitant {name}", "chez {name}"),
    "platform": ("la plateforme {name}", "sur la plateforme {name}"),
    "hoster": ("l’hébergeur déclaré {name}", "chez l’hébergeur déclaré {name}"),
    "network": ("le réseau {name}", "dans le réseau {name}"),
    "zone": ("le domaine {name}", "sous le domaine {name}"),
    "issuer": ("l’autorité de certification {name}", "avec un certificat émis par {name}"),
    "service": ("le service {name}", "parmi {name} et ce qui en dépend"),
    "vantage": ("notre propre ligne (point de mesure {name})", "vus du point de mesure {name}"),
}
UNDECLARED: Mapping[str, str] = {
    "operator": "l’exploitant",
    "platform": "la plateforme",
    "hoster": "l’hébergeur",
    "network": "le réseau",
    "issuer": "l’autorité de certification",
}
# What was observed of several services: measured, and no more than that.
OBSERVED: Mapping[str, str] = {
    "network": "même réseau : {name}",
    "issuer": "même autorité de certification : {name}",
}
_RARELY, _NEVER = 0.01, 1e-6
# A narrow sign never begins a line, nor a number leave its unit.
_HELD = re.compile(r" (?=[:;?!»%])|(?<=«) |(?<=\d) (?=(?:ms|s|min|h|j)\b)")


def spaced(text: str) -> str:
    """French spacing: spaces that must not break do not."""
    return _HELD.sub("\u00a0", text)


def point(candidate: str, name: str) -> str:
    """What a candidate is: « l’exploitant Edifice »."""
    return POINTS.get(candidate.partition(":")[0], ("{name}", ""))[0].format(name=name)


def inside(candidate: str, name: str) -> str:
    """Where those inside a candidate are: « chez Edifice »."""
    return POINTS.get(candidate.partition(":")[0], ("", "pour {name}"))[1].format(name=name)


def chance_of(chance: float) -> str:
    """How often chance alone would do as much."""
    if chance >= _RARELY:
        return f"{chance * 100:.0f} fois sur 100"
    if chance < _NEVER:
        return "moins d’une fois sur un million"
    return f"une fois sur {round(1 / chance):_}".replace("_", "\u202f")


def counted(number: int, one: str, several: str | None = None) -> str:
    """« 1 réponse », « 12 réponses »: in French zero is singular."""
    return f"{number:_} {one if number < 2 else several or one + 's'}".replace("_", "\u202f", 1)


def lasted(span: timedelta) -> str:
    """A duration as people say it: « 45 s », « 3 min 20 s », « 2 h 05 », « 3 j 4 h »."""
    minutes, seconds = divmod(max(round(span.total_seconds()), 0), 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return f"{days} j {hours_left} h"
    if hours:
        return f"{hours} h {minutes_left:02d}"
    if minutes:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    return f"{seconds} s"


def took(duration: timedelta) -> str:
    """How long an answer took: milliseconds, from a second on seconds."""
    seconds = duration.total_seconds()
    return f"{seconds:.1f} s".replace(".", ",") if seconds >= 1 else f"{seconds * 1000:.0f} ms"
