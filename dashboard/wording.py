"""French and English words for every member of the closed lists; tests demand that none is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.tongue import FRENCH, spoken
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

    @property
    def said(self) -> str:
        """The words in the language that is spoken."""
        return self.fr if spoken() == FRENCH else self.en


HEALTHS: Mapping[Health, Words] = {
    Health.UP: Words("Tout répond", "Answering"),
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
        "Le nom du service n’existe plus dans l’annuaire d’internet.",
        "The service’s name no longer exists in the internet’s directory (DNS).",
    ),
    Failure.RESOLVE_SERVFAIL: Words(
        "L’annuaire d’internet ne sait pas répondre pour ce nom.",
        "The internet’s directory (DNS) cannot answer for this name.",
    ),
    Failure.RESOLVE_TIMEOUT: Words(
        "L’annuaire d’internet ne répond pas à temps pour ce nom.",
        "The internet’s directory (DNS) does not answer in time for this name.",
    ),
    Failure.RESOLVE_EMPTY: Words(
        "Le nom existe, mais ne mène à aucune adresse.", "The name exists but leads to no address."
    ),
    Failure.RESOLVE_PRIVATE_ANSWER: Words("Le nom mène à une adresse privée.", "The name leads to a private address."),
    Failure.CONNECT_REFUSED: Words("Le serveur refuse la connexion.", "The server refuses the connection."),
    Failure.CONNECT_TIMEOUT: Words(
        "Le serveur n’accepte pas la connexion à temps.", "The server does not accept the connection in time."
    ),
    Failure.CONNECT_RESET: Words(
        "La connexion est coupée dès l’ouverture.", "The connection is cut as soon as it opens."
    ),
    Failure.CONNECT_UNREACHABLE: Words("Aucune route ne mène au serveur.", "No route leads to the server."),
    Failure.TLS_EXPIRED: Words("Le certificat de sécurité a expiré.", "The security certificate has expired."),
    Failure.TLS_NOT_YET_VALID: Words(
        "Le certificat de sécurité n’est pas encore valable.", "The security certificate is not valid yet."
    ),
    Failure.TLS_WRONG_HOST: Words(
        "Le certificat de sécurité porte un autre nom.", "The security certificate bears another name."
    ),
    Failure.TLS_UNTRUSTED: Words(
        "Le certificat de sécurité n’est pas reconnu.", "The security certificate is not trusted."
    ),
    Failure.TLS_HANDSHAKE: Words("La connexion sécurisée ne s’établit pas.", "The secure connection cannot be set up."),
    Failure.TLS_TIMEOUT: Words(
        "La connexion sécurisée ne s’établit pas à temps.", "The secure connection is not set up in time."
    ),
    Failure.EXCHANGE_TIMEOUT: Words("Le serveur ne répond pas à temps.", "The server does not answer in time."),
    Failure.EXCHANGE_RESET: Words(
        "Le serveur coupe la connexion avant de répondre.", "The server cuts the connection before answering."
    ),
    Failure.EXCHANGE_TRUNCATED: Words("La réponse s’arrête avant la fin.", "The answer breaks off before its end."),
    Failure.EXCHANGE_MALFORMED: Words("La réponse est illisible.", "The answer cannot be read."),
    Failure.EXCHANGE_SERVER_ERROR: Words("Le serveur répond par une erreur.", "The server answers with an error."),
    Failure.EXCHANGE_CLIENT_ERROR: Words(
        "Le serveur ne trouve pas la page demandée.", "The server cannot find the page requested."
    ),
    Failure.EXCHANGE_REDIRECT_LOOP: Words(
        "Les pages se renvoient l’une à l’autre sans fin.", "The pages send visitors round in circles."
    ),
    Failure.EXCHANGE_REDIRECT_FORBIDDEN: Words(
        "La page renvoie vers une adresse interdite.", "The page redirects to a forbidden address."
    ),
    Failure.EXCHANGE_OVERLOADED: Words(
        "Le serveur, trop chargé, demande de revenir plus tard.",
        "The server is overloaded and asks visitors to come back later.",
    ),
    Failure.CONTENT_WAITING_ROOM: Words(
        "Une file d’attente s’affiche à la place de la page.", "A waiting room is shown instead of the page."
    ),
    Failure.CONTENT_RESTRICTED: Words(
        "L’accès est limité à une partie du public.", "Access is limited to part of the public."
    ),
    Failure.CONTENT_MAINTENANCE: Words("Une page de maintenance s’affiche.", "A maintenance page is shown."),
    Failure.CONTENT_UNEXPECTED: Words(
        "La page s’affiche sans ce qu’il faut pour entrer.", "The page appears without what users need to get in."
    ),
    Failure.CONTENT_TOO_LARGE: Words("La page est démesurée.", "The page is far too large."),
    Failure.CONTENT_UNDECODABLE: Words(
        "Le contenu de la page est illisible.", "The content of the page cannot be read."
    ),
    Failure.CONTENT_SLOW: Words("La page répond bien, mais tard.", "The page answers well, but late."),
    Failure.OURS_BLOCKED: Words(
        "Le service refuse nos mesures : cela ne dit rien de son état.",
        "The service refuses our measurements: this says nothing of its state.",
    ),
    Failure.OURS_OFFLINE: Words("Notre propre connexion était coupée.", "Our own connection was down."),
    Failure.OURS_POLICY: Words("Nos règles interdisent cette mesure.", "Our own rules forbid this measurement."),
    Failure.OURS_STALLED: Words("Vigie était en retard sur ses mesures.", "Vigie was late with its measurements."),
    Failure.OURS_STORAGE: Words("Vigie n’a pas pu enregistrer la mesure.", "Vigie could not store the measurement."),
    Failure.OURS_BUG: Words("Un défaut de Vigie a empêché la mesure.", "A fault in Vigie prevented the measurement."),
}

REASONS: Mapping[Reason, Words] = {
    Reason.OPENED: Words("Premier échec mesuré", "First failure measured"),
    Reason.WORSENED: Words("Aggravation", "Worse"),
    Reason.SPREAD: Words("Extension", "Wider"),
    Reason.EXPLAINED: Words(
        "Un point commun explique l’incident mieux que le hasard",
        "Something in common explains the incident better than chance",
    ),
    Reason.EASED: Words(
        "Stable, sous surveillance jusqu’au prochain pic de connexions",
        "Stable, under watch until the next peak of log-ins",
    ),
    Reason.RELAPSED: Words("Rechute", "Relapse"),
    Reason.STILL_OPEN: Words("Toujours en cours", "Still going on"),
    Reason.MERGED: Words("Rejoint un incident plus large", "Joins a wider incident"),
    Reason.CLOSED: Words("Clos", "Closed"),
}

LEVELS: Mapping[Level, Words] = {
    Level.PAYS: Words("Pays", "Country"),
    Level.REGION: Words("Région académique", "Région académique"),
    Level.ACADEMIE: Words("Académie", "Académie"),
    Level.DEPARTEMENT: Words("Département", "Département"),
    Level.COLLECTIVITE: Words("Collectivité d’outre-mer", "Overseas collectivité"),
    Level.SCHOOL: Words("Établissement", "School"),
}

KINDS: Mapping[ServiceKind, Words] = {
    ServiceKind.ENT: Words("Espace numérique de travail", "School portal (ENT)"),
    ServiceKind.VIE_SCOLAIRE: Words("Vie scolaire", "School administration"),
    ServiceKind.IDENTITE: Words("Identité", "Identity provider"),
    ServiceKind.CNED: Words("Enseignement à distance", "Distance learning"),
    ServiceKind.VISIO: Words("Visioconférence", "Video conferencing"),
    ServiceKind.AUTRE: Words("Autre service", "Other service"),
}

AUDIENCES: Mapping[Audience, Words] = {
    Audience.ECOLE: Words("école", "primary schools"),
    Audience.COLLEGE: Words("collège", "collèges"),
    Audience.LYCEE: Words("lycée", "lycées"),
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
    "Declared by people, not measured by Vigie: none of this changes a measurement.",
)
WINDOWS = Words(
    "Une maintenance déclarée à l’avance n’entre pas dans la disponibilité\u00a0; le service reste mesuré pendant ce "
    "temps.",
    "Maintenance declared in advance is left out of availability; the service is still measured meanwhile.",
)
AVAILABILITY = Words(
    "Part du temps compté pendant laquelle les usagers pouvaient travailler. N’est pas compté ce que Vigie n’a pas pu "
    "mesurer, ni une maintenance déclarée à l’avance\u00a0; la couverture dit quelle part du temps est comptée.",
    "The share of counted time during which users could work. Left out: what Vigie could not measure, and maintenance "
    "declared in advance; coverage says what share of the time is counted.",
)

VITALS: Mapping[Vital, Words] = {
    Vital.PROBING: Words("Les questions ont des réponses", "Questions are answered"),
    Vital.PACING: Words("Le cadenceur lance les questions à l’heure", "Questions leave on time"),
    Vital.LOOP: Words("La boucle de la veille est à l’heure", "The monitor’s loop is on time"),
    Vital.COMMITS: Words("Les réponses sont écrites au registre", "Answers are written to the books"),
    Vital.EVALUATION: Words("Les réponses sont jugées et publiées", "Answers are judged and published"),
    Vital.TELLING: Words("Vigie cherche qui prévenir", "Vigie looks for people to tell"),
    Vital.QUEUE: Words("Les messages ne font pas la queue", "Messages are not queueing"),
    Vital.SENDER: Words("Le processus d’envoi répond", "The sending process answers"),
    Vital.RESOLVER: Words("Les serveurs de noms répondent", "Name servers answer"),
    Vital.LINE: Words("Notre propre ligne fonctionne", "Our own connection works"),
    Vital.DRILL: Words("L’exercice quotidien est arrivé", "The daily drill has arrived"),
}

EXCUSES: Mapping[Excuse, Words] = {
    Excuse.BUSY: Words("la question précédente n’était pas terminée", "the previous question had not finished"),
    Excuse.BACK_OFF: Words("l’hôte nous refuse, ou demande d’attendre", "the host refuses us, or asks us to wait"),
    Excuse.COURTESY: Words(
        "par courtoisie : l’hôte a été assez sollicité", "out of courtesy: the host had been asked enough"
    ),
    Excuse.STOPPED: Words("la veille ne tournait pas", "the monitor was not running"),
    Excuse.ASLEEP: Words("la machine ou la veille était suspendue", "the machine or the monitor was suspended"),
    Excuse.CLOCK: Words("l’horloge de la machine a été réglée", "the machine’s clock was set"),
    Excuse.STORAGE: Words("le registre refusait d’écrire", "the books could not be written"),
}
