"""The French words for a head of school: what, since when, what to do now."""

from monitor.alerting.brief_words import BriefWords
from monitor.domain.catalog import ServiceKind
from monitor.domain.observation import Health
from monitor.domain.reason import Reason

_OTHER_WAY = "Prévenez familles et enseignants par un autre moyen."
_OFFLINE = "Prévoyez un travail qui se fait sans connexion."

FRENCH_BRIEF = BriefWords(
    whats={
        Health.UP: (
            "{service} répond, mais l’incident n’est pas terminé.",
            "{service} répondent, mais l’incident n’est pas terminé.",
        ),
        Health.SLOW: (
            "{service} répond lentement : se connecter prend plus de temps que d’habitude.",
            "{service} répondent lentement : se connecter prend plus de temps que d’habitude.",
        ),
        Health.WAITING: (
            "{service} fait patienter {people} avant de les laisser entrer.",
            "{service} font patienter {people} avant de les laisser entrer.",
        ),
        Health.RESTRICTED: (
            "{service} restreint ses accès : une partie des usagers ne peut pas entrer.",
            "{service} restreignent leurs accès : une partie des usagers ne peut pas entrer.",
        ),
        Health.DOWN: (
            "{service} ne répond pas : {people} ne peuvent pas s’y connecter.",
            "{service} ne répondent pas : {people} ne peuvent pas s’y connecter.",
        ),
        Health.MAINTENANCE: (
            "{service} affiche une page de maintenance : {people} ne peuvent pas entrer.",
            "{service} affichent une page de maintenance : {people} ne peuvent pas entrer.",
        ),
        Health.UNKNOWN: (
            "{service} n’est pas mesuré pour le moment.",
            "{service} ne sont pas mesurés pour le moment.",
        ),
    },
    what_of_login=(
        "{service} ne répond pas : {people} ne peuvent pas entrer dans les services qui l’utilisent.",
        "{service} ne répondent pas : {people} ne peuvent pas entrer dans les services qui les utilisent.",
    ),
    before={
        Reason.WORSENED: "Aggravation. {what}",
        Reason.SPREAD: "Extension. {what}",
        Reason.EXPLAINED: "Toujours en cours. {what}",
        Reason.RELAPSED: "Rechute. {what}",
        Reason.STILL_OPEN: "Toujours en cours. {what}",
    },
    again=("{service} répond de nouveau.", "{service} répondent de nouveau."),
    closed=("{service} répond normalement.", "{service} répondent normalement."),
    withdrawn=(
        "Vigie ne suit plus {service} : l’incident est clos sans retour mesuré.",
        "Vigie ne suit plus {service} : l’incident est clos sans retour mesuré.",
    ),
    merged=(
        "{service} : l’incident en rejoint un plus large, suivi à sa place.",
        "{service} : l’incident en rejoint un plus large, suivi à sa place.",
    ),
    pupils="les élèves et les familles",
    staff="les personnels",
    joined="{first} et {second}",
    others=(" et {count} autre service", " et {count} autres services"),
    since="Depuis {clock}{elsewhere}.",
    since_day="Depuis le {day} à {clock}{elsewhere}.",
    same="{since} C’est le même incident qu’à {clock}.",
    same_day="{since} C’est le même incident que le {day}.",
    lasted="L’incident a duré {span}, de {start} à {end}{elsewhere}.",
    lasted_days="L’incident a duré {span}, du {start_day} à {start} au {end_day} à {end}{elsewhere}.",
    elsewhere=" (heure locale, {clock} à Paris)",
    nothing="Rien à faire de votre côté : le problème se mesure hors de l’établissement.",
    wait="Rien à faire de votre côté. Réessayez un peu plus tard, sans connecter toute une classe à la même minute.",
    slow="Rien à faire de votre côté. Laissez la page se charger, sans la relancer.",
    try_it="Pour savoir où il en est, essayez de vous y connecter.",
    follows="Rien à faire de votre côté : un message vous dira la fin.",
    instead={
        ServiceKind.ENT: _OTHER_WAY,
        ServiceKind.VIE_SCOLAIRE: "Faites l’appel sur papier, il se saisira ensuite.",
        ServiceKind.IDENTITE: "Inutile de changer de mot de passe.",
        ServiceKind.CNED: _OFFLINE,
        ServiceKind.VISIO: _OFFLINE,
        ServiceKind.AUTRE: "Prévoyez de vous en passer en attendant.",
    },
    works=("{service} répond, si vous l’utilisez.", "{service} répondent, si vous les utilisez."),
    use="Rien à faire : l’incident est clos.",
    use_gently=(
        "Vous pouvez vous y connecter, de préférence sans toute une classe à la même minute. "
        "En cas de rechute, un message vous le dira."
    ),
    since_title="depuis {clock}",
    since_day_title="depuis le {day}",
)
