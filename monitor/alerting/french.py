"""The French words of a notice: measured facts in the present tense, no blame, no exclamation mark."""

from datetime import datetime

from monitor.alerting.french_brief import FRENCH_BRIEF
from monitor.alerting.french_gathered import FRENCH_GATHERED
from monitor.alerting.french_groups import FRENCH_GROUPS
from monitor.alerting.words import OwnLine, Words
from monitor.domain.catalog import Audience, Level
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def _clock(at: datetime) -> str:
    return f"{at.hour} h {at.minute:02d}"


def _day(at: datetime) -> str:
    return f"{'1er' if at.day == 1 else at.day} {_MONTHS[at.month - 1]}"


def _span(start: datetime, end: datetime) -> str:
    minutes = max(0, round((end - start).total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if days:
        return f"{days} j {left} h"
    return f"{hours} h {rest:02d}" if hours else f"{rest} min"


def _place(level: Level, name: str) -> str:
    if level is Level.ACADEMIE:
        return f"académie d’{name}" if name[:1].lower() in "aàâeéèêiîoôuyœ" else f"académie de {name}"
    if level is Level.REGION:
        return name if name.lower().startswith("région") else f"région académique {name}"
    return name


_FAILURES = {
    Failure.RESOLVE_NXDOMAIN: "le nom du service n’existe plus dans l’annuaire du réseau (DNS)",
    Failure.RESOLVE_SERVFAIL: "les serveurs de noms (DNS) du service répondent par une erreur",
    Failure.RESOLVE_TIMEOUT: "les serveurs de noms (DNS) du service ne répondent pas à temps",
    Failure.RESOLVE_EMPTY: "le nom du service ne mène à aucune adresse",
    Failure.RESOLVE_PRIVATE_ANSWER: "le nom du service mène à une adresse privée",
    Failure.CONNECT_REFUSED: "le serveur refuse la connexion",
    Failure.CONNECT_TIMEOUT: "le serveur n’accepte pas la connexion à temps",
    Failure.CONNECT_RESET: "le serveur coupe la connexion dès son ouverture",
    Failure.CONNECT_UNREACHABLE: "le serveur est injoignable",
    Failure.TLS_EXPIRED: "le certificat de sécurité a expiré",
    Failure.TLS_NOT_YET_VALID: "le certificat de sécurité n’est pas encore valable",
    Failure.TLS_WRONG_HOST: "le certificat de sécurité est celui d’un autre nom",
    Failure.TLS_UNTRUSTED: "le certificat de sécurité n’est pas signé par une autorité reconnue",
    Failure.TLS_HANDSHAKE: "la connexion chiffrée ne s’établit pas",
    Failure.TLS_TIMEOUT: "la connexion chiffrée ne s’établit pas à temps",
    Failure.EXCHANGE_TIMEOUT: "le serveur ne répond pas à temps",
    Failure.EXCHANGE_RESET: "le serveur coupe la connexion sans répondre",
    Failure.EXCHANGE_TRUNCATED: "le serveur coupe la connexion au milieu de sa réponse",
    Failure.EXCHANGE_MALFORMED: "la réponse du serveur est illisible",
    Failure.EXCHANGE_SERVER_ERROR: "le serveur répond par une erreur interne (5xx)",
    Failure.EXCHANGE_CLIENT_ERROR: "le serveur refuse la demande (4xx)",
    Failure.EXCHANGE_REDIRECT_LOOP: "le service renvoie sans fin d’une adresse à l’autre",
    Failure.EXCHANGE_REDIRECT_FORBIDDEN: "le service renvoie vers une adresse que Vigie ne suit pas",
    Failure.EXCHANGE_OVERLOADED: "le serveur se dit saturé et demande de revenir plus tard",
    Failure.CONTENT_WAITING_ROOM: "une page d’attente s’affiche à la place du service",
    Failure.CONTENT_RESTRICTED: "une page d’accès restreint s’affiche pour un visiteur anonyme",
    Failure.CONTENT_MAINTENANCE: "une page de maintenance s’affiche",
    Failure.CONTENT_UNEXPECTED: "une page s’affiche, mais pas celle où l’on se connecte",
    Failure.CONTENT_TOO_LARGE: "la page dépasse la taille que Vigie lit",
    Failure.CONTENT_UNDECODABLE: "la page est illisible",
    Failure.CONTENT_SLOW: "le service répond, mais plus lentement que son seuil",
    Failure.OURS_BLOCKED: "le service refuse les sondes de Vigie, ce qui ne dit rien de ses usagers",
    Failure.OURS_OFFLINE: "la connexion de Vigie est coupée",
    Failure.OURS_POLICY: "les règles de Vigie lui interdisent cette mesure",
    Failure.OURS_STALLED: "Vigie a pris du retard",
    Failure.OURS_STORAGE: "Vigie n’a pas pu enregistrer sa mesure",
    Failure.OURS_BUG: "une erreur de Vigie a empêché la mesure",
}

_STATES = {
    Health.UP: "RÉPOND",
    Health.SLOW: "LENT",
    Health.WAITING: "FILE D’ATTENTE",
    Health.RESTRICTED: "ACCÈS RESTREINT",
    Health.DOWN: "EN PANNE",
    Health.MAINTENANCE: "MAINTENANCE",
    Health.UNKNOWN: "NON MESURÉ",
}

_MARKS = {
    Reason.OPENED: "{state}",
    Reason.WORSENED: "{state} (aggravation)",
    Reason.SPREAD: "{state} (extension)",
    Reason.EXPLAINED: "{state} (éléments nouveaux)",
    Reason.EASED: "RÉPOND DE NOUVEAU",
    Reason.RELAPSED: "{state} (rechute)",
    Reason.STILL_OPEN: "{state} (toujours)",
    Reason.MERGED: "{state} (regroupé)",
    Reason.CLOSED: "RÉTABLI",
}

_LEADS = {
    Reason.OPENED: ("{service} {state}.",) * 2,
    Reason.WORSENED: ("La situation s’aggrave : {service} {state}.",) * 2,
    Reason.SPREAD: ("L’incident s’étend : {service} {state}.",) * 2,
    Reason.EXPLAINED: ("Un élément nouveau éclaire l’incident : {service} {state}.",) * 2,
    Reason.EASED: (
        "{service} répond de nouveau, nous restons attentifs jusqu’au prochain pic de connexions.",
        "{service} répondent de nouveau, nous restons attentifs jusqu’au prochain pic de connexions.",
    ),
    Reason.RELAPSED: ("Rechute du même incident : {service} {state}.",) * 2,
    Reason.STILL_OPEN: ("Toujours en cours : {service} {state}.",) * 2,
    Reason.MERGED: ("{service} : cet incident en rejoint un plus large, suivi désormais à sa place.",) * 2,
    Reason.CLOSED: (
        "{service} répond normalement : l’incident est clos.",
        "{service} répondent normalement : l’incident est clos.",
    ),
}

_STATE_IN_SENTENCE = {
    Health.UP: ("répond", "répondent"),
    Health.SLOW: ("répond lentement", "répondent lentement"),
    Health.WAITING: ("fait patienter ses usagers", "font patienter leurs usagers"),
    Health.RESTRICTED: (
        "restreint ses accès, d’après ce qu’en voit un visiteur anonyme",
        "restreignent leurs accès, d’après ce qu’en voit un visiteur anonyme",
    ),
    Health.DOWN: ("est en panne", "sont en panne"),
    Health.MAINTENANCE: ("affiche une page de maintenance", "affichent une page de maintenance"),
    Health.UNKNOWN: ("n’est pas mesuré", "ne sont pas mesurés"),
}

_BLIND = OwnLine(
    "VIGIE NE VOIT PLUS RIEN — ligne « {name} » — {since}",
    "La majorité de nos témoins ne répondent plus : c’est la connexion de Vigie qui est en cause, pas les services.\n"
    "Aucun service n’est déclaré en panne, aucun autre abonné n’est prévenu ; la page publique le dit.\n"
    "À vérifier : la connexion de cette machine, ses serveurs de noms (DNS), son pare-feu.",
)
_SEES = OwnLine(
    "VIGIE VOIT DE NOUVEAU — ligne « {name} » — {since}",
    "La majorité de nos témoins répondent de nouveau. Les mesures reprennent d’elles-mêmes, sans rien à faire.\n"
    "Le temps passé sans voir ne compte ni pour ni contre la disponibilité des services.",
)
_STILL_BLIND = OwnLine(_BLIND.title.replace("NE VOIT PLUS RIEN", "NE VOIT TOUJOURS RIEN"), _BLIND.body)

FRENCH = Words(
    states=_STATES,
    marks=_MARKS,
    leads=_LEADS,
    state_in_sentence=_STATE_IN_SENTENCE,
    failures=_FAILURES,
    audiences={
        Audience.ECOLE: "écoles",
        Audience.COLLEGE: "collèges",
        Audience.LYCEE: "lycées",
        Audience.PRIVE: "enseignement privé",
        Audience.PERSONNELS: "personnels",
        Audience.TOUS: "écoles, collèges et lycées",
    },
    levels={
        Level.PAYS: ("pays", "pays"),
        Level.REGION: ("région académique", "régions académiques"),
        Level.ACADEMIE: ("académie", "académies"),
        Level.DEPARTEMENT: ("département", "départements"),
        Level.COLLECTIVITE: ("collectivité", "collectivités"),
        Level.SCHOOL: ("établissement", "établissements"),
    },
    place=_place,
    clock=_clock,
    day=_day,
    span=_span,
    own_line={
        Reason.OPENED: _BLIND,
        Reason.STILL_OPEN: _STILL_BLIND,
        Reason.EASED: _SEES,
        Reason.CLOSED: _SEES,
    },
    own_line_default=_BLIND,
    since="depuis {clock}",
    since_day="depuis le {day} à {clock}",
    lasted="après {span}",
    country="toute la France",
    territories="{count} territoires",
    rehearsal="RÉPÉTITION — {title}",
    rehearsal_note="RÉPÉTITION : journée rejouée ({name}). Aucun service n’est réellement touché.",
    opened="Début : le {day} à {clock} (heure de Paris){local}.",
    recovered="Fin : le {day} à {clock} (heure de Paris){local}. Durée : {span}.",
    local_time="{clock} heure locale ({place})",
    measured="Ce que mesure Vigie : {failure}.",
    worst="Au plus fort de l’incident : {state}.",
    extent="Territoires : {places}.",
    services="Services touchés : {services}.",
    audience="Publics : {audience}.",
    share="Part estimée des usagers touchés : {share} %{before}.",
    share_own="Part estimée des usagers touchés sur votre territoire ({place}) : {share} %{before}.",
    buyer="Service acheté par : {buyer}.",
    operator="Exploité par : {operator}.",
    support="Assistance de l’exploitant : {support}",
    nobody="L’acheteur et l’exploitant ne sont pas connus de Vigie.",
    cause_unknown="Cause non établie : Vigie constate ce qui répond ou non, sans en attribuer la cause.",
    page="Suivi de l’incident : {page}",
    next_update="Prochain message : au premier changement, sinon dans {span}.",
    next_change="Prochain message : au premier changement.",
    signature="Vigie, mesure indépendante des services numériques des établissements scolaires.",
    withdrawn_mark="CLOS",
    withdrawn_lead=(
        "{service} n’est plus suivi par Vigie : l’incident est clos, sans rétablissement mesuré.",
        "{service} ne sont plus suivis par Vigie : l’incident est clos, sans rétablissement mesuré.",
    ),
    others=("{places} et {count} autre", "{places} et {count} autres"),
    joiner=" et ",
    groups=FRENCH_GROUPS,
    brief=FRENCH_BRIEF,
    gathered=FRENCH_GATHERED,
)
