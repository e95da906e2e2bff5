"""The columns of everything that can be exported; docs/exports.md lists them (tests/exports/test_documented.py)."""

from collections.abc import Mapping
from enum import StrEnum

from monitor.exports.columns import Column, Kind, column


class What(StrEnum):
    """What can be exported."""

    OBSERVATIONS = "observations"
    SPANS = "spans"
    INCIDENTS = "incidents"
    AVAILABILITY = "availability"


TITLES: Mapping[What, Mapping[str, str]] = {
    What.OBSERVATIONS: {"fr": "Observations", "en": "Observations"},
    What.SPANS: {"fr": "États", "en": "Spans"},
    What.INCIDENTS: {"fr": "Incidents", "en": "Incidents"},
    What.AVAILABILITY: {"fr": "Disponibilité", "en": "Availability"},
}

_FAILURE = (
    "étape/nom de ce qui a manqué ; vide quand tout va bien",
    "stage/name of what failed; empty when all is well",
)
_SERVICE = ("identifiant du service", "id of the service")
_HEALTHS = (
    "up, slow, waiting, restricted, down, maintenance ou unknown",
    "up, slow, waiting, restricted, down, maintenance or unknown",
)

OBSERVATIONS = (
    column("at", Kind.INSTANT, ("Instant", "Instant"), ("début de la question", "start of the question")),
    column("vantage", Kind.TEXT, ("Point de mesure", "Vantage"),
        ("d’où la question est partie", "where the question came from")),
    column("service", Kind.TEXT, ("Service", "Service"), (
        "ce qui précède la barre dans la sonde", "what stands before the slash of the probe")),
    column("probe", Kind.TEXT, ("Sonde", "Probe"), ("identifiant de la question", "id of the question")),
    column("health", Kind.TEXT, ("État", "Health"), (
        "ce que la réponse vaut seule, avant toute confirmation",
        "what the answer says alone, before any confirmation")),
    column("failure", Kind.TEXT, ("Défaut", "Failure"), _FAILURE),
    column("took_ms", Kind.MILLISECONDS, ("Durée (ms)", "Took (ms)"), ("durée totale", "total duration")),
    column("resolve_ms", Kind.MILLISECONDS, ("DNS (ms)", "Resolve (ms)"),
        ("résolution du nom", "resolution of the name")),
    column("connect_ms", Kind.MILLISECONDS, ("TCP (ms)", "Connect (ms)"), ("connexion", "connection")),
    column("tls_ms", Kind.MILLISECONDS, ("TLS (ms)", "TLS (ms)"), ("poignée de main TLS", "TLS handshake")),
    column("first_byte_ms", Kind.MILLISECONDS, ("Premier octet (ms)", "First byte (ms)"), (
        "de la demande au premier octet", "from the request to the first byte")),
    column("transfer_ms", Kind.MILLISECONDS, ("Transfert (ms)", "Transfer (ms)"), (
        "du premier octet au dernier", "from the first byte to the last")),
    column("http_status", Kind.WHOLE, ("Code HTTP", "HTTP status"), ("de la dernière réponse", "of the last response")),
    column("address", Kind.TEXT, ("Adresse IP", "IP address"), ("qui a répondu", "that answered")),
    column("bytes_read", Kind.WHOLE, ("Octets lus", "Bytes read"),
        ("taille du contenu lu", "size of what was read"), "byte"),
    column("final_host", Kind.TEXT, ("Hôte final", "Final host"), (
        "où les redirections ont mené", "where redirects led to"), hostile=True),
    column("marker", Kind.TEXT, ("Marqueur", "Marker"), (
        "nom du signe reconnu dans la page", "name of the sign that was recognised in the page"), hostile=True),
    column("detail", Kind.TEXT, ("Détail", "Detail"), (
        "précision sur le défaut, mots du site compris",
        "more about the failure, words of the site included"), hostile=True),
    column("certificate", Kind.TEXT, ("Certificat", "Certificate"), ("empreinte SHA-256", "SHA-256 fingerprint")),
    column("certificate_not_after", Kind.INSTANT, ("Certificat valable jusqu’au", "Certificate not after"), (
        "fin de validité du certificat", "end of the certificate's validity")),
    column("issuer", Kind.TEXT, ("Émetteur du certificat", "Issuer"), (
        "qui a émis le certificat", "who issued the certificate"), hostile=True),
    column("clock_offset_s", Kind.WHOLE, ("Écart d’horloge (s)", "Clock offset (s)"), (
        "horloge du serveur moins la nôtre", "the server's clock minus ours"), "s"),
    column("catalogue", Kind.TEXT, ("Catalogue", "Catalogue"), (
        "empreinte du catalogue en vigueur", "fingerprint of the catalogue in force")),
)  # fmt: skip

SPANS = (
    column("service", Kind.TEXT, ("Service", "Service"), _SERVICE),
    column("probe", Kind.TEXT, ("Sonde", "Probe"), (
        "vide : l’état du service lui-même", "empty: the state of the service itself")),
    column("vantage", Kind.TEXT, ("Point de mesure", "Vantage"), (
        "vide : tous ensemble", "empty: all of them together")),
    column("health", Kind.TEXT, ("État", "Health"), _HEALTHS),
    column("since", Kind.INSTANT, ("Depuis", "Since"),
        ("début, confirmé après coup", "beginning, confirmed afterwards")),
    column("until", Kind.INSTANT, ("Jusqu’à", "Until"), ("fin ; vide tant qu’il dure", "end; empty while it lasts")),
    column("failure", Kind.TEXT, ("Défaut", "Failure"), _FAILURE),
)  # fmt: skip

INCIDENTS = (
    column("id", Kind.TEXT, ("Incident", "Incident"), ("identifiant", "id")),
    column("culprit", Kind.TEXT, ("Ce qui est en cause", "Culprit"), (
        "service:…, operator:…, platform:…, hoster:…, network:…, zone:…, issuer:… ou vantage:… (notre propre ligne)",
        "service:…, operator:…, platform:…, hoster:…, network:…, zone:…, issuer:… or vantage:… (our own line)")),
    column("explained", Kind.TRUTH, ("Cause établie", "Explained"), (
        "un test exact l’a établie ; sinon, ce n’est qu’un regroupement",
        "an exact test established it; otherwise it is a grouping")),
    column("opened_at", Kind.INSTANT, ("Début", "Opened"), ("première mauvaise réponse", "first bad answer")),
    column("confirmed_at", Kind.INSTANT, ("Confirmé", "Confirmed"),
        ("quand l’état a basculé", "when the verdict turned")),
    column("recovered_at", Kind.INSTANT, ("Rétabli", "Recovered"), (
        "tout répond depuis ; vide tant que non", "all is well since then; empty while it is not")),
    column("eased_at", Kind.INSTANT, ("Apaisé", "Eased"), (
        "quand cela avait assez duré pour être dit", "when that had lasted long enough to be said")),
    column("closed_at", Kind.INSTANT, ("Clos", "Closed"), ("vide tant qu’il ne l’est pas", "empty while it is not")),
    column("worst", Kind.TEXT, ("Pire état", "Worst"), _HEALTHS),
    column("health", Kind.TEXT, ("État", "Health"), ("le dernier connu", "the last one known")),
    column("failure", Kind.TEXT, ("Défaut", "Failure"), _FAILURE),
    column("services", Kind.WORDS, ("Services touchés", "Services"),
        ("tous ceux qu’il a tenus", "all that it has ever held")),
    column("territories", Kind.WORDS, ("Territoires touchés", "Territories"), (
        "codes de tous ceux qu’il a tenus", "codes of all that it has ever held")),
    column("cause", Kind.TEXT, ("Point commun", "Common cause"), (
        "ce que ses services ont en commun", "what its services have in common")),
    column("unwell_inside", Kind.WHOLE, ("En défaut, dedans", "Unwell inside"), (
        "services en défaut qui ont ce point commun", "unwell services that share it")),
    column("inside", Kind.WHOLE, ("Total, dedans", "Inside"),
        ("services qui ont ce point commun", "services that share it")),
    column("unwell_outside", Kind.WHOLE, ("En défaut, ailleurs", "Unwell outside"), (
        "services en défaut qui ne l’ont pas", "unwell services that do not share it")),
    column("outside", Kind.WHOLE, ("Total, ailleurs", "Outside"),
        ("services qui ne l’ont pas", "services that do not share it")),
    column("chance", Kind.SHARE, ("Part du hasard", "Chance"), (
        "probabilité qu’un hasard en donne autant", "how often chance alone would give as many")),
    column("absorbed_into", Kind.TEXT, ("Repris dans", "Absorbed into"), (
        "incident qui s’est révélé le contenir", "incident that turned out to hold it")),
    column("turns", Kind.WORDS, ("Déroulement", "Turns"), (
        "ce qui lui est arrivé : instant UTC, motif, état, nombre de services, joints par des barres",
        "what happened to it: UTC instant, reason, health, number of services, joined by slashes")),
)  # fmt: skip

AVAILABILITY = (
    column("service", Kind.TEXT, ("Service", "Service"), (
        "vide : l’ensemble du territoire, pondéré", "empty: the territory as a whole, weighted")),
    column("territory", Kind.TEXT, ("Territoire", "Territory"), (
        "celui qui a été demandé, dont les heures scolaires comptent",
        "the one asked about, whose school hours count")),
    column("period", Kind.TEXT, ("Période", "Period"), (
        "jour, mois, ou début/fin (fin non comprise), de Paris", "day, month, or begin/end (end excluded), of Paris")),
    column("hours", Kind.TEXT, ("Heures", "Hours"),
        ("all : jour et nuit ; school : heures scolaires", "all or school")),
    column("available_s", Kind.SECONDS, ("Disponible (s)", "Available (s)"), (
        "tout répond, ou répond lentement", "all answers, or answers slowly")),
    column("unavailable_s", Kind.SECONDS, ("Indisponible (s)", "Unavailable (s)"), (
        "file d’attente, panne, accès restreint, maintenance non déclarée",
        "waiting room, outage, restricted access, undeclared maintenance")),
    column("excluded_s", Kind.SECONDS, ("Exclu (s)", "Excluded (s)"), (
        "inconnu, ou fenêtre déclarée d’avance", "unknown, or a window declared beforehand")),
    column("declared_s", Kind.SECONDS, ("Dont déclaré (s)", "Declared (s)"), (
        "part exclue que couvre une fenêtre déclarée", "the excluded part that a declared window covers")),
    column("coverage", Kind.SHARE, ("Couverture", "Coverage"), (
        "part du temps demandé qui est comptée", "share of the time asked about that is counted")),
    column("availability", Kind.SHARE, ("Disponibilité", "Availability"), (
        "part du temps compté ; vide si rien ne l’est", "share of the counted time; empty where nothing is counted")),
    column("method", Kind.WHOLE, ("Version de la méthode", "Method"), ("de docs/method.md", "of docs/method.md")),
)  # fmt: skip

TABLES: Mapping[What, tuple[Column, ...]] = {
    What.OBSERVATIONS: OBSERVATIONS,
    What.SPANS: SPANS,
    What.INCIDENTS: INCIDENTS,
    What.AVAILABILITY: AVAILABILITY,
}
