"""What answers are made of: the JSON schemas that the description publishes and that the tests hold answers against."""

from collections.abc import Mapping

from dashboard.public.api.shapes import Shape, count, flag, instant, many, maybe, number, ref, share, text, thing
from monitor.domain.catalog import Audience, Level, ServiceKind
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason
from monitor.domain.uptime import Hours

HEALTH = text("État", enum=[one.value for one in Health])
FAILURE = text("Ce qui a échoué, étape/nom", enum=[one.value for one in Failure])
HOURS = text("Jour et nuit, ou aux heures scolaires", enum=[one.value for one in Hours])
CODES = many(text(), "Codes de territoires")
IDS = many(text(), "Identifiants de services")
COUNTED = thing(
    {
        "candidate": text(),
        "unwell_inside": count(),
        "inside": count(),
        "unwell_outside": count(),
        "outside": count(),
        "chance": number(),
    }
)

THINGS: Mapping[str, Shape] = {
    "Error": thing({"error": text("Une phrase en français, pour des personnes.")}),
    "Service": thing(
        {
            "id": text("Identifiant stable"),
            "name": text(),
            "kind": text(enum=[one.value for one in ServiceKind]),
            "health": HEALTH,
            "territories": CODES,
        },
        {
            "operator": maybe(text("Identifiant de l’exploitant")),
            "operator_name": maybe(text()),
            "since": maybe(instant("Depuis quand cet état tient")),
            "failure": maybe(FAILURE),
            "unstable": flag("L’état change souvent depuis peu"),
            "national": flag("Service de tout le pays"),
            "dormant": flag("Ne s’ouvre qu’en cas de besoin"),
            "page": maybe(text("L’adresse que connaissent les usagers")),
            "probes": many(text(), "Identifiants de sondes"),
        },
    ),
    "Territory": thing(
        {
            "code": text("N, R:32, A:lille, D:59 ou C:988"),
            "name": text(),
            "level": text(enum=[one.value for one in Level]),
            "health": HEALTH,
            "share_affected": share("Part des usagers touchés"),
            "coverage": share("Part dont l’état est connu"),
            "services": IDS,
        },
        {
            "audiences": many(
                thing(
                    {
                        "audience": text(enum=[one.value for one in Audience]),
                        "health": HEALTH,
                        "share": share("Part touchée"),
                    },
                    {"coverage": share("Part connue"), "weighting": text("departement ou pupils")},
                )
            )
        },
    ),
    "Incident": thing(
        {
            "id": text("AAAAMMJJ-HHMMSS-nom, en UTC"),
            "culprit": text("service:ID, operator:ID, platform:ID, hoster:NOM…, ou unknown"),
            "opened_at": instant("Première mesure en échec"),
            "worst": HEALTH,
            "services": IDS,
            "territories": CODES,
            "closed_at": maybe(instant()),
        },
        {
            "explained": flag("Un test exact a retenu ce point commun"),
            "confirmed_at": maybe(instant()),
            "health": HEALTH,
            "failure": maybe(FAILURE),
            "share_affected": maybe(share("Part des usagers, à la publication\u00a0; null pour un incident ancien")),
            "recovered_at": maybe(instant()),
            "eased_at": maybe(instant()),
            "watch_until": maybe(instant()),
            "absorbed_into": maybe(text("L’incident qui l’a rejoint")),
            "cause": maybe(
                thing(
                    {"culprit": text(), "explained": flag()},
                    {
                        "services": IDS,
                        "test": maybe(COUNTED),
                        "beaten": many(COUNTED),
                        "ruled_out": many(COUNTED),
                        "undeclared": many(text()),
                    },
                )
            ),
            "turns": many(
                thing(
                    {
                        "at": instant(),
                        "reason": text(enum=[one.value for one in Reason]),
                        "health": HEALTH,
                        "services": count(),
                    }
                )
            ),
        },
    ),
    "Status": thing(
        {
            "at": instant("L’instant dont l’instantané parle"),
            "published_at": instant("Heure de publication"),
            "blind": flag("Notre propre ligne est coupée"),
            "coverage": share("Part des services dont l’état est connu"),
            "services": many(ref("Service")),
            "territories": many(ref("Territory")),
            "incidents": many(ref("Incident")),
        },
        {
            "measured_at": maybe(instant("Dernière mesure")),
            "blind_since": maybe(instant()),
            "vantage": text("Point de mesure"),
            "version": text(),
            "rehearsal": maybe(text("Nom du scénario d’une répétition, null en temps réel")),
            "rehearsal_note": maybe(text()),
            "weighting": text(),
            "never_seen": many(text()),
            "warnings": many(text()),
            "fleets": many({"type": "object"}),
            "vitals": maybe({"type": "object"}),
        },
    ),
    "Health": thing(
        {
            "fresh": flag("L’instantané a moins d’une minute"),
            "age_s": maybe(number()),
            "warnings": many(text()),
            "version": maybe(text()),
        },
        {
            "measured_age_s": maybe(number()),
            "blind": flag(),
            "coverage": number(),
            "never_seen": count(),
            "vitals": maybe({"type": "object"}),
            "rehearsal": maybe(text()),
        },
    ),
    "Observation": thing(
        {
            "at": instant("Début de la question, à la microseconde"),
            "vantage": text(),
            "service": text(),
            "probe": text(),
            "health": HEALTH,
            "failure": maybe(FAILURE),
            "took_ms": number("Durée totale, en millisecondes"),
        },
        {
            "resolve_ms": maybe(number()),
            "connect_ms": maybe(number()),
            "tls_ms": maybe(number()),
            "first_byte_ms": maybe(number()),
            "transfer_ms": maybe(number()),
            "http_status": maybe(count()),
            "address": maybe(text("Adresse du serveur")),
            "bytes_read": maybe(count()),
            "final_host": maybe(text()),
            "marker": maybe(text()),
            "detail": maybe(text("Texte venu du site mesuré\u00a0: à ne pas afficher sans précaution")),
            "certificate": maybe(text("Empreinte SHA-256")),
            "certificate_not_after": maybe(instant()),
            "issuer": maybe(text()),
            "clock_offset_s": maybe(number(type="integer")),
            "catalogue": maybe(text("Version du catalogue")),
        },
    ),
    "Seal": thing(
        {
            "number": count("Rang dans la chaîne du point de mesure"),
            "day": text("Jour de Paris", format="date"),
            "from": instant(),
            "to": instant(),
            "vantage": text(),
            "rows": count("Nombre d’observations"),
            "tree": text("Racine de l’arbre de Merkle, hexadécimal"),
            "previous": text("Racine du sceau précédent, vide pour le premier"),
            "corrects": maybe(count("Le sceau que celui-ci corrige")),
            "root": text("Racine publiée, hexadécimal"),
            "sealed_at": instant(),
        },
    ),
    "Figure": thing(
        {
            "service": maybe(text()),
            "territory": maybe(text()),
            "period": text("début/fin, en UTC"),
            "hours": HOURS,
            "available_s": number("Secondes\u00a0; pour un territoire, de l’un de ses usagers en moyenne"),
            "unavailable_s": number(),
            "excluded_s": number("Non mesuré, ou maintenance déclarée à l’avance"),
            "coverage": share("Part du temps qui est comptée"),
            "availability": maybe(share("Part du temps compté\u00a0; null si rien n’est compté")),
            "method": number("Version de la méthode", type="integer"),
        },
    ),
}
