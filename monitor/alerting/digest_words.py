"""The words of the letter of every morning, in French and in English. Templates name their holes, as everywhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DigestWords:
    """One language; pairs are singular and plural, `{n}` the number.

    Attributes:
        title: `{day}` and `{said}`, which is `counts` joined, or `calm`.
        nothing: the one line that the operator gets when there is nothing else to say.
        incident: one that goes on; `ended`: one that is over; `taken` follows the first where somebody works on it.
        silence, window: what people declared, with reason and author.
        scopes: what a silence or a window is for, by kind; `{name}` open.
    """

    title: str
    calm: str
    counts: dict[str, tuple[str, str]]
    head: str
    sections: dict[str, str]
    incident: str
    ended: str
    taken: str
    note: str
    silence: str
    only_for: str
    window: str
    scopes: dict[str, str]
    sent: str
    nothing: str
    more: tuple[str, str]
    joiner: str = ", "


FRENCH_DIGEST = DigestWords(
    title="Vigie — bilan du {day}\u00a0: {said}",
    calm="rien à signaler",
    counts={
        "going_on": ("{n} incident en cours", "{n} incidents en cours"),
        "undelivered": ("{n} message non remis", "{n} messages non remis"),
        "ended": ("{n} terminé", "{n} terminés"),
        "silences": ("{n} silence", "{n} silences"),
        "planned": ("{n} maintenance", "{n} maintenances"),
    },
    head="Bilan du {day} à {clock} (heure de Paris).",
    sections={
        "going_on": "Incidents en cours\u00a0:",
        "ended": "Terminés depuis 24\u00a0heures\u00a0:",
        "silences": "Silences en vigueur\u00a0:",
        "planned": "Maintenances déclarées d’ici à minuit\u00a0:",
        "never_seen": "Jamais vus en marche, ils n’accusent personne\u00a0:",
    },
    incident="– {subject} {state} depuis le {day} à {clock}{local}{taken}",
    ended="– {subject}\u00a0: du {day} à {clock}{local}, pendant {span}",
    taken="\u00a0; pris en charge par {author}{note}",
    note=" («\u00a0{note}\u00a0»)",
    silence="– {what}{whom}, jusqu’au {day} à {clock}\u00a0: {reason} ({author})",
    only_for=", pour l’abonnement {name} seul",
    window="– {what}, le {day} de {since} à {until}\u00a0: {reason} ({author})",
    scopes={
        "service": "{name}",
        "operator": "services exploités par {name}",
        "territory": "services situés dans\u00a0: {name}",
        "incident": "incident {name}",
        "everything": "tout le pays",
    },
    sent="Messages depuis 24\u00a0heures\u00a0: {delivered} remis, {waiting} en attente, {given_up} sans suite.",
    nothing="Rien à signaler, Vigie veille. Messages remis depuis 24\u00a0heures\u00a0: {delivered}.",
    more=("– et {n} autre", "– et {n} autres"),
)

ENGLISH_DIGEST = DigestWords(
    title="Vigie — digest of {day}: {said}",
    calm="nothing to report",
    counts={
        "going_on": ("{n} incident under way", "{n} incidents under way"),
        "undelivered": ("{n} message undelivered", "{n} messages undelivered"),
        "ended": ("{n} ended", "{n} ended"),
        "silences": ("{n} silence", "{n} silences"),
        "planned": ("{n} maintenance", "{n} maintenances"),
    },
    head="Digest of {day}, {clock} (Paris time).",
    sections={
        "going_on": "Incidents under way:",
        "ended": "Ended in the last 24 hours:",
        "silences": "Silences in force:",
        "planned": "Maintenance declared until midnight:",
        "never_seen": "Never seen working, hence accusing nobody:",
    },
    incident="– {subject} {state} (since {day}, {clock}{local}){taken}",
    ended="– {subject}: {day}, {clock}{local}, for {span}",
    taken="; taken care of by {author}{note}",
    note=" (“{note}”)",
    silence="– {what}{whom}, until {day}, {clock}: {reason} ({author})",
    only_for=", for the subscription {name} alone",
    window="– {what}, {day}, {since} to {until}: {reason} ({author})",
    scopes={
        "service": "{name}",
        "operator": "services run by {name}",
        "territory": "services in {name}",
        "incident": "incident {name}",
        "everything": "the whole country",
    },
    sent="Messages in the last 24 hours: {delivered} delivered, {waiting} waiting, {given_up} given up.",
    nothing="Nothing to report, Vigie is watching. Messages delivered in the last 24 hours: {delivered}.",
    more=("– and {n} more", "– and {n} more"),
)
