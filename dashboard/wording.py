"""French and English words for every member of the closed lists; tests demand that none is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.announcement import AnnouncementKind
from monitor.domain.catalog import Audience, Level, ServiceKind
from monitor.domain.gap import Excuse
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason
from monitor.domain.uptime import Hours
from monitor.domain.vitals import Vital


@dataclass(frozen=True, slots=True)
class Words:
    """One thing in two languages."""

    fr: str
    en: str


HEALTHS: Mapping[Health, Words] = {
    Health.UP: Words("Tout répond", "All answers"),
    Health.SLOW: Words("Lent", "Slow"),
    Health.WAITING: Words("File d’attente", "Waiting room"),
    Health.RESTRICTED: Words("Accès restreint", "Restricted access"),
    Health.DOWN: Words("En panne", "Down"),
    Health.MAINTENANCE: Words("Maintenance", "Maintenance"),
    Health.UNKNOWN: Words("Non mesuré", "Not measured"),
}

# What a subject does in that state: singular, plural.
CLAUSES: Mapping[Health, tuple[str, str]] = {
    Health.UP: ("répond", "répondent"),
    Health.SLOW: ("répond lentement", "répondent lentement"),
    Health.WAITING: ("fait patienter ses élèves", "font patienter leurs élèves"),
    Health.RESTRICTED: ("restreint son accès", "restreignent leur accès"),
    Health.DOWN: ("est en panne", "sont en panne"),
    Health.MAINTENANCE: ("est en maintenance", "sont en maintenance"),
    Health.UNKNOWN: ("n’est pas mesuré", "ne sont pas mesurés"),
}

# Sentences: what was measured, nothing about why.
FAILURES: Mapping[Failure, Words] = {
    Failure.RESOLVE_NXDOMAIN: Words(
        "Le nom du service n’existe plus dans l’annuaire d’internet.", "The name does not exist."
    ),
    Failure.RESOLVE_SERVFAIL: Words(
        "L’annuaire d’internet ne sait pas répondre pour ce nom.", "The name servers fail or refuse."
    ),
    Failure.RESOLVE_TIMEOUT: Words(
        "L’annuaire d’internet ne répond pas à temps pour ce nom.", "The name servers do not answer in time."
    ),
    Failure.RESOLVE_EMPTY: Words("Le nom existe, mais ne mène à aucune adresse.", "The name leads to no address."),
    Failure.RESOLVE_PRIVATE_ANSWER: Words("Le nom mène à une adresse privée.", "The name leads to a private address."),
    Failure.CONNECT_REFUSED: Words("Le serveur refuse la connexion.", "The server refuses the connection."),
    Failure.CONNECT_TIMEOUT: Words(
        "Le serveur n’accepte pas la connexion à temps.", "The connection is not accepted in time."
    ),
    Failure.CONNECT_RESET: Words("La connexion est coupée dès l’ouverture.", "The connection is reset while opening."),
    Failure.CONNECT_UNREACHABLE: Words("Aucune route ne mène au serveur.", "No route leads to the server."),
    Failure.TLS_EXPIRED: Words("Le certificat de sécurité a expiré.", "The certificate has expired."),
    Failure.TLS_NOT_YET_VALID: Words(
        "Le certificat de sécurité n’est pas encore valable.", "The certificate is not valid yet."
    ),
    Failure.TLS_WRONG_HOST: Words(
        "Le certificat de sécurité porte un autre nom.", "The certificate bears another name."
    ),
    Failure.TLS_UNTRUSTED: Words("Le certificat de sécurité n’est pas reconnu.", "The certificate is not trusted."),
    Failure.TLS_HANDSHAKE: Words("La connexion sécurisée ne s’établit pas.", "The secure connection cannot be set up."),
    Failure.TLS_TIMEOUT: Words(
        "La connexion sécurisée ne s’établit pas à temps.", "The secure connection is not set up in time."
    ),
    Failure.EXCHANGE_TIMEOUT: Words("Le serveur ne répond pas à temps.", "The server does not answer in time."),
    Failure.EXCHANGE_RESET: Words(
        "Le serveur coupe la connexion avant de répondre.", "The server cuts the connection before answering."
    ),
    Failure.EXCHANGE_TRUNCATED: Words("La réponse s’arrête avant la fin.", "The answer stops before its end."),
    Failure.EXCHANGE_MALFORMED: Words("La réponse est illisible.", "The answer is malformed."),
    Failure.EXCHANGE_SERVER_ERROR: Words("Le serveur répond par une erreur.", "The server answers with an error."),
    Failure.EXCHANGE_CLIENT_ERROR: Words(
        "Le serveur ne trouve pas la page demandée.", "The server does not find the page."
    ),
    Failure.EXCHANGE_REDIRECT_LOOP: Words(
        "Les pages se renvoient l’une à l’autre sans fin.", "Redirections never end."
    ),
    Failure.EXCHANGE_REDIRECT_FORBIDDEN: Words(
        "La page renvoie vers une adresse interdite.", "The page redirects to a forbidden address."
    ),
    Failure.EXCHANGE_OVERLOADED: Words(
        "Le serveur, trop chargé, demande de revenir plus tard.", "The server, overloaded, asks to come back later."
    ),
    Failure.CONTENT_WAITING_ROOM: Words(
        "Une file d’attente s’affiche à la place de la page.", "A waiting room stands in place of the page."
    ),
    Failure.CONTENT_RESTRICTED: Words(
        "L’accès est limité à une partie du public.", "Access is limited to part of the public."
    ),
    Failure.CONTENT_MAINTENANCE: Words("Une page de maintenance s’affiche.", "A maintenance page is shown."),
    Failure.CONTENT_UNEXPECTED: Words(
        "La page s’affiche sans ce qu’il faut pour entrer.", "The page lacks what a user needs to get in."
    ),
    Failure.CONTENT_TOO_LARGE: Words("La page est démesurée.", "The page is far too large."),
    Failure.CONTENT_UNDECODABLE: Words("Le contenu de la page est illisible.", "The content cannot be decoded."),
    Failure.CONTENT_SLOW: Words("La page répond bien, mais tard.", "The page answers well, but late."),
    Failure.OURS_BLOCKED: Words(
        "Le service refuse nos mesures : cela ne dit rien de son état.", "The service refuses our measures."
    ),
    Failure.OURS_OFFLINE: Words("Notre propre connexion était coupée.", "Our own line was cut."),
    Failure.OURS_POLICY: Words("Nos règles interdisent cette mesure.", "Our own rules forbid this measure."),
    Failure.OURS_STALLED: Words("Vigie était en retard sur ses mesures.", "Vigie was late."),
    Failure.OURS_STORAGE: Words("Vigie n’a pas pu enregistrer la mesure.", "Vigie could not store the measure."),
    Failure.OURS_BUG: Words("Un défaut de Vigie a empêché la mesure.", "A defect of Vigie prevented the measure."),
}

REASONS: Mapping[Reason, Words] = {
    Reason.OPENED: Words("Premier échec mesuré", "Incident opened"),
    Reason.WORSENED: Words("Aggravation", "Worsened"),
    Reason.SPREAD: Words("Extension", "Spread"),
    Reason.EXPLAINED: Words("Un point commun explique l’incident mieux que le hasard", "Explained"),
    Reason.EASED: Words("Stable, sous surveillance jusqu’au prochain pic de connexions", "Answers again, under watch"),
    Reason.RELAPSED: Words("Rechute", "Relapsed"),
    Reason.STILL_OPEN: Words("Toujours en cours", "Still open"),
    Reason.MERGED: Words("Rejoint un incident plus large", "Merged"),
    Reason.CLOSED: Words("Clos", "Closed"),
}

LEVELS: Mapping[Level, Words] = {
    Level.PAYS: Words("Pays", "Country"),
    Level.REGION: Words("Région académique", "Academic region"),
    Level.ACADEMIE: Words("Académie", "Academy"),
    Level.DEPARTEMENT: Words("Département", "Département"),
    Level.COLLECTIVITE: Words("Collectivité d’outre-mer", "Overseas collectivity"),
    Level.SCHOOL: Words("Établissement", "School"),
}

KINDS: Mapping[ServiceKind, Words] = {
    ServiceKind.ENT: Words("Espace numérique de travail", "School portal"),
    ServiceKind.VIE_SCOLAIRE: Words("Vie scolaire", "School life"),
    ServiceKind.IDENTITE: Words("Identité", "Identity provider"),
    ServiceKind.CNED: Words("Enseignement à distance", "Distance teaching"),
    ServiceKind.VISIO: Words("Visioconférence", "Video conference"),
    ServiceKind.AUTRE: Words("Autre service", "Other service"),
}

AUDIENCES: Mapping[Audience, Words] = {
    Audience.ECOLE: Words("école", "primary school"),
    Audience.COLLEGE: Words("collège", "lower secondary"),
    Audience.LYCEE: Words("lycée", "upper secondary"),
    Audience.PRIVE: Words("privé", "private schools"),
    Audience.PERSONNELS: Words("personnels", "staff"),
    Audience.TOUS: Words("tous les élèves", "all pupils"),
}

SAID: Mapping[AnnouncementKind, Words] = {
    AnnouncementKind.ANNOUNCEMENT: Words("Annonce", "Announcement"),
    AnnouncementKind.STATEMENT: Words("L’exploitant s’exprime", "The operator’s statement"),
    AnnouncementKind.POSTMORTEM: Words("Bilan", "Post-mortem"),
}

HOURS: Mapping[Hours, Words] = {
    Hours.ALL: Words("Jour et nuit", "Round the clock"),
    Hours.SCHOOL: Words("Aux heures scolaires", "In school hours"),
}

DECLARED = Words(
    "Déclaré par des personnes, et non mesuré par Vigie\u00a0: rien de ceci ne change une mesure.",
    "Declared by people, not measured by Vigie: none of it alters a measure.",
)
WINDOWS = Words(
    "Une maintenance déclarée à l’avance n’entre pas dans la disponibilité\u00a0; le service reste mesuré pendant ce "
    "temps.",
    "Maintenance that was declared beforehand is left out of the availability; the service goes on being measured.",
)
AVAILABILITY = Words(
    "Part du temps compté pendant laquelle les usagers pouvaient travailler. N’est pas compté ce que Vigie n’a pas pu "
    "mesurer, ni une maintenance déclarée à l’avance\u00a0; la couverture dit quelle part du temps est comptée.",
    "The share of the counted time during which users could work. Not counted: what Vigie could not measure, and "
    "maintenance declared beforehand; the coverage says how much of the time is counted.",
)

VITALS: Mapping[Vital, Words] = {
    Vital.PROBING: Words("Les questions ont des réponses", "Questions are answered"),
    Vital.PACING: Words("Le cadenceur lance les questions à l’heure", "Questions leave on time"),
    Vital.LOOP: Words("La boucle de la veille est à l’heure", "The monitor’s loop is on time"),
    Vital.COMMITS: Words("Les réponses sont écrites au registre", "Answers are written"),
    Vital.EVALUATION: Words("Les réponses sont jugées et publiées", "Answers are judged and published"),
    Vital.TELLING: Words("Vigie cherche qui prévenir", "Vigie looks for whom to tell"),
    Vital.QUEUE: Words("Les messages ne font pas la queue", "Messages do not queue"),
    Vital.SENDER: Words("Le processus d’envoi répond", "The sender answers"),
    Vital.RESOLVER: Words("Les serveurs de noms répondent", "Name servers answer"),
    Vital.LINE: Words("Notre propre ligne fonctionne", "Our own line works"),
    Vital.DRILL: Words("L’exercice quotidien est arrivé", "The daily drill arrived"),
}

EXCUSES: Mapping[Excuse, Words] = {
    Excuse.BUSY: Words("la question précédente n’était pas terminée", "the question before was still under way"),
    Excuse.BACK_OFF: Words("l’hôte nous refuse, ou demande d’attendre", "the host refuses us, or asks us to wait"),
    Excuse.COURTESY: Words("par courtoisie : l’hôte a été assez sollicité", "out of courtesy to the host"),
    Excuse.STOPPED: Words("la veille ne tournait pas", "the monitor did not run"),
    Excuse.ASLEEP: Words("la machine ou la veille était suspendue", "the machine or the monitor was suspended"),
    Excuse.CLOCK: Words("l’horloge de la machine a été réglée", "the clock of the machine was set"),
    Excuse.STORAGE: Words("le registre refusait d’écrire", "the books refused to be written"),
}
