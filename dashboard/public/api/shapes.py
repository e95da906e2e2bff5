"""What answers are made of: the JSON schemas that the description publishes and that the tests hold answers against."""

from collections.abc import Mapping
from typing import Any

from monitor.domain.catalog import Audience, Level, ServiceKind
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason
from monitor.domain.uptime import Hours

Shape = Mapping[str, Any]


def text(says: str = "", **more: Any) -> Shape:
    """A text."""
    return {"type": "string", **({"description": says} if says else {}), **more}


def number(says: str = "", **more: Any) -> Shape:
    """A number; one that counts says ``type="integer"``."""
    return {"type": "number", **({"description": says} if says else {}), **more}


def count(says: str = "") -> Shape:
    """A whole number."""
    return number(says, type="integer", minimum=0)


def share(says: str) -> Shape:
    """A share from 0 to 1."""
    return number(says, minimum=0, maximum=1)


def flag(says: str = "") -> Shape:
    """True or false."""
    return {"type": "boolean", **({"description": says} if says else {})}


def instant(says: str = "") -> Shape:
    """An instant in UTC."""
    return text(says, format="date-time")


def many(of: Shape, says: str = "") -> Shape:
    """A list."""
    return {"type": "array", "items": of, **({"description": says} if says else {})}


def maybe(of: Shape) -> Shape:
    """The same, or null."""
    return {**of, "type": [of["type"], "null"]} if "type" in of and "enum" not in of else {"anyOf": [of, {"type": "null"}]}


def thing(needed: Mapping[str, Shape], more: Mapping[str, Shape] | None = None) -> Shape:
    """An object: what it always has, what it may have besides; more may come with later versions."""
    return {"type": "object", "required": list(needed), "properties": {**needed, **(more or {})}}


def ref(name: str) -> Shape:
    """A named shape."""
    return {"$ref": f"#/components/schemas/{name}"}


HEALTH = text("État", enum=[one.value for one in Health])
FAILURE = text("Ce qui a échoué, étape/nom", enum=[one.value for one in Failure])
HOURS = text("Jour et nuit, ou aux heures scolaires", enum=[one.value for one in Hours])
CODES = many(text(), "Codes de territoires")
IDS = many(text(), "Identifiants de services")
COUNTED = thing(
    {"candidate": text(), "unwell_inside": count(), "inside": count(), "unwell_outside": count(), "outside": count(), "chance": number()}
)  # fmt: skip

SHAPES: Mapping[str, Shape] = {
    "Error": thing({"error": text("Une phrase en français, pour des personnes.")}),
    "Service": thing(
        {"id": text("Identifiant stable"), "name": text(), "kind": text(enum=[one.value for one in ServiceKind]), "health": HEALTH, "territories": CODES},
        {"operator": maybe(text("Identifiant de l’exploitant")), "operator_name": maybe(text()), "since": maybe(instant("Depuis quand cet état tient")),
         "failure": maybe(FAILURE), "unstable": flag("L’état change souvent depuis peu"), "national": flag("Service de tout le pays"),
         "dormant": flag("Ne s’ouvre qu’en cas de besoin"), "page": maybe(text("L’adresse que connaissent les usagers")), "probes": many(text(), "Identifiants de sondes")},
    ),
    "Territory": thing(
        {"code": text("N, R:32, A:lille, D:59 ou C:988"), "name": text(), "level": text(enum=[one.value for one in Level]), "health": HEALTH,
         "share_affected": share("Part des usagers touchés"), "coverage": share("Part dont l’état est connu"), "services": IDS},
        {"audiences": many(thing({"audience": text(enum=[one.value for one in Audience]), "health": HEALTH, "share": share("Part touchée")},
                                 {"coverage": share("Part connue"), "weighting": text("departement ou pupils")}))},
    ),
    "Incident": thing(
        {"id": text("AAAAMMJJ-HHMMSS-nom, en UTC"), "culprit": text("service:ID, operator:ID, platform:ID, hoster:NOM, network:ASN, zone:NOM, issuer:NOM ou unknown"),
         "opened_at": instant("Première mesure en échec"), "worst": HEALTH, "services": IDS, "territories": CODES, "closed_at": maybe(instant())},
        {"explained": flag("Un test exact a retenu ce point commun"), "confirmed_at": maybe(instant()), "health": HEALTH, "failure": maybe(FAILURE),
         "share_affected": maybe(share("Part des usagers au moment de la publication ; null pour un incident plus ancien")),
         "recovered_at": maybe(instant()), "eased_at": maybe(instant()), "watch_until": maybe(instant()), "absorbed_into": maybe(text("L’incident qui l’a rejoint")),
         "cause": maybe(thing({"culprit": text(), "explained": flag()}, {"services": IDS, "test": maybe(COUNTED), "beaten": many(COUNTED), "ruled_out": many(COUNTED), "undeclared": many(text())})),
         "turns": many(thing({"at": instant(), "reason": text(enum=[one.value for one in Reason]), "health": HEALTH, "services": count()}))},
    ),
    "Status": thing(
        {"at": instant("L’instant dont l’instantané parle"), "published_at": instant("Heure de publication"), "blind": flag("Notre propre ligne est coupée"),
         "coverage": share("Part des services dont l’état est connu"), "services": many(ref("Service")), "territories": many(ref("Territory")), "incidents": many(ref("Incident"))},
        {"measured_at": maybe(instant("Dernière mesure")), "blind_since": maybe(instant()), "vantage": text("Point de mesure"), "version": text(),
         "rehearsal": maybe(text("Nom du scénario d’une répétition, null en temps réel")), "rehearsal_note": maybe(text()), "weighting": text(),
         "never_seen": many(text()), "warnings": many(text()), "fleets": many({"type": "object"}), "vitals": maybe({"type": "object"})},
    ),
    "Health": thing(
        {"fresh": flag("L’instantané a moins d’une minute"), "age_s": maybe(number()), "warnings": many(text()), "version": maybe(text())},
        {"measured_age_s": maybe(number()), "blind": flag(), "coverage": number(), "never_seen": count(), "vitals": maybe({"type": "object"}), "rehearsal": maybe(text())},
    ),
    "Observation": thing(
        {"at": instant("Début de la question, à la microseconde"), "vantage": text(), "service": text(), "probe": text(), "health": HEALTH, "failure": maybe(FAILURE), "took_ms": number("Durée totale, en millisecondes")},
        {"resolve_ms": maybe(number()), "connect_ms": maybe(number()), "tls_ms": maybe(number()), "first_byte_ms": maybe(number()), "transfer_ms": maybe(number()),
         "http_status": maybe(count()), "address": maybe(text("Adresse du serveur")), "bytes_read": maybe(count()), "final_host": maybe(text()), "marker": maybe(text()),
         "detail": maybe(text("Texte venu du site mesuré : à ne pas afficher sans précaution")), "certificate": maybe(text("Empreinte SHA-256")),
         "certificate_not_after": maybe(instant()), "issuer": maybe(text()), "clock_offset_s": maybe(number(type="integer")), "catalogue": maybe(text("Version du catalogue"))},
    ),
    "Seal": thing(
        {"number": count("Rang dans la chaîne du point de mesure"), "day": text("Jour de Paris", format="date"), "from": instant(), "to": instant(), "vantage": text(), "rows": count("Nombre d’observations"),
         "tree": text("Racine de l’arbre de Merkle, hexadécimal"), "previous": text("Racine du sceau précédent, vide pour le premier"), "corrects": maybe(count("Le sceau que celui-ci corrige")),
         "root": text("Racine publiée, hexadécimal"), "sealed_at": instant()},
    ),
    "Figure": thing(
        {"hours": HOURS, "availability": maybe(share("Part du temps compté ; null si rien n’est compté")), "coverage": share("Part du temps qui est comptée"), "method": number("Version de la méthode", type="integer")},
        {"service": maybe(text()), "territory": maybe(text()), "available_s": number(), "unavailable_s": number(), "excluded_s": number("Non mesuré, ou maintenance déclarée à l’avance"),
         "declared_s": number("Dont maintenance déclarée à l’avance"), "services": count("Services qui comptent"), "weighting": text()},
    ),
}  # fmt: skip


def page_of(name: str, of: str) -> Shape:
    """One page of a list."""
    needed = {"at": instant("L’instant de l’instantané"), "page": count(), "pages": count(), "per_page": count(), "total": count()}
    return thing({**needed, name: many(ref(of))})


ANSWERS: Mapping[str, Shape] = {
    "Services": page_of("services", "Service"),
    "Territories": page_of("territories", "Territory"),
    "Incidents": page_of("incidents", "Incident"),
    "OneService": thing({"at": instant(), "service": ref("Service"), "incidents": many(ref("Incident"))}),
    "OneTerritory": thing(
        {"at": instant(), "territory": ref("Territory"), "services": many(ref("Service")), "incidents": many(ref("Incident"))}
    ),
    "OneIncident": thing({"at": instant(), "incident": ref("Incident")}),
    "Availability": thing(
        {"service": maybe(text()), "territory": maybe(text()), "from": instant(), "to": instant(), "figures": many(ref("Figure"))}
    ),
    "Observations": thing(
        {"service": text(), "from": instant(), "to": instant(), "observations": many(ref("Observation")),
         "next": maybe(text("À rendre comme « cursor » pour lire plus loin ; null à la fin"))}
    ),
    "Seals": thing({"version": count(), "seals": many(ref("Seal"))}),
}  # fmt: skip
