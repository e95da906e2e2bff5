"""One small class per platform, after the facts that are known of it; the map is literal on purpose."""

from collections.abc import Mapping

from monitor.domain.catalog import Service
from monitor.rehearsal.manner import Manner
from monitor.rehearsal.platforms.entcore import Entcore
from monitor.rehearsal.platforms.portals import Cas, EcoleDirecte, Keycloak, Moodle, Uportal
from monitor.rehearsal.platforms.pronote import Pronote
from monitor.rehearsal.platforms.public_apis import PublicApi
from monitor.rehearsal.platforms.skolengo import Skolengo

MANNERS: Mapping[str, Manner] = {
    "entcore": Entcore(),
    "skolengo": Skolengo(),
    "pronote": Pronote(),
    "cas": Cas(),
    "uportal": Uportal(),
    "keycloak": Keycloak(),
    "moodle": Moodle(),
    "ecoledirecte": EcoleDirecte(),
}
# Profiles that are a way of asking rather than a platform: their addresses speak for themselves, or are mirrored.
UNKNOWN = PublicApi()


def manner_of(service: Service) -> Manner:
    """How a service behaves: as its platform where that one is known, else after its address or its own probes."""
    return MANNERS.get(service.platform or "", UNKNOWN)
