"""The addresses of the programming interface, as data: the routes, the description and the page for people read it."""

from dataclasses import dataclass

from dashboard.public.api.asked import (
    PAGE_MOST,
    PER_PAGE_MOST,
    Parameter,
    choice,
    cursor,
    moment,
    name_of,
    whole,
)
from monitor.domain.catalog import Level, ServiceKind
from monitor.domain.observation import Health
from monitor.domain.uptime import Hours

LEVELS = [one.value for one in Level if one is not Level.SCHOOL]
HOURS = [one.value for one in Hours]
STATES = ("current", "watched", "closed")
INCIDENTS_DAYS = 366
AVAILABILITY_DAYS = 1100
OBSERVATIONS_DAYS = 1
PAGING = (
    whole("page", "La page, à partir de 1.", 1, PAGE_MOST),
    whole("per_page", "Éléments par page.", 200, PER_PAGE_MOST),
)
HEALTH = choice("health", "Cet état seulement.", [one.value for one in Health])
_FROM = "Le début\u00a0: un jour de Paris, ou un instant avec son décalage."
_TO = "La fin, non comprise\u00a0: un jour de Paris, ou un instant avec son décalage."


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address.

    Attributes:
        path: with ``{key}`` where something is named; `key` says what.
        name: of the operation; title, says: French, for people.
        answer: the shape of what is answered with 200; `codes`: what else may be answered, but for 304.
        example: what stands in the place of ``{key}``, else what follows the path.
    """

    path: str
    name: str
    title: str
    says: str
    answer: str
    parameters: tuple[Parameter, ...] = ()
    key: Parameter | None = None
    codes: tuple[int, ...] = (422, 503)
    example: str = ""


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "/api/v1/status",
        "status",
        "L’instantané",
        "Tout ce qui est vrai maintenant, publié toutes les quelques secondes\u00a0; son ETag le rend léger à relire.",
        "Status",
        codes=(503,),
    ),
    Endpoint(
        "/api/v1/services",
        "services",
        "Les services",
        "Les services suivis et leur état.",
        "Services",
        (choice("kind", "Cette nature seulement.", [one.value for one in ServiceKind]), HEALTH, *PAGING),
        codes=(404, 422, 503),
    ),
    Endpoint(
        "/api/v1/services/{key}",
        "service",
        "Un service",
        "Son état, et ses incidents en cours ou terminés depuis 24 heures.",
        "OneService",
        key=name_of("key", "L’identifiant du service."),
        codes=(404, 422, 503),
        example="ent-hdf",
    ),
    Endpoint(
        "/api/v1/territories",
        "territories",
        "Les territoires",
        "Le pays, les régions académiques, les académies, les départements et les collectivités, avec la part touchée.",
        "Territories",
        (choice("level", "Ce niveau seulement.", LEVELS), HEALTH, *PAGING),
        codes=(404, 422, 503),
    ),
    Endpoint(
        "/api/v1/territories/{key}",
        "territory",
        "Un territoire",
        "Son état, ses services, et leurs incidents en cours ou terminés depuis 24 heures.",
        "OneTerritory",
        key=name_of("key", "Le code du territoire\u00a0: N, R:32, A:lille, D:59, C:988."),
        codes=(404, 422, 503),
        example="A:lille",
    ),
    Endpoint(
        "/api/v1/incidents",
        "incidents",
        "Les incidents",
        "Sans période\u00a0: ceux en cours, et ceux terminés depuis 24 heures. Avec une période, d’un an au plus, tous "
        "ceux qui ont été ouverts à un moment de cette période, le dernier ouvert d’abord.",
        "Incidents",
        (
            moment("from", f"{_FROM} Sans fin, la période va jusqu’à maintenant."),
            moment("to", f"{_TO} Sans début, la période est de 30 jours."),
            choice("state", "En cours, sous surveillance, ou terminés.", STATES),
            name_of("service", "Ceux de ce service seulement."),
            *PAGING,
        ),
        codes=(404, 422, 503),
    ),
    Endpoint(
        "/api/v1/incidents/{key}",
        "incident",
        "Un incident",
        "Un incident de n’importe quel âge.",
        "OneIncident",
        key=name_of("key", "L’identifiant de l’incident."),
        codes=(404, 422, 503),
        example="20261124-080700-ent-hdf",
    ),
    Endpoint(
        "/api/v1/availability",
        "availability",
        "La disponibilité",
        "D’un service ou d’un territoire sur une période de trois ans au plus, jour et nuit et aux heures scolaires, "
        "avec la couverture et la version de la méthode. Pour un territoire\u00a0: de tous ses usagers ensemble, les "
        "services nationaux à part.",
        "Availability",
        (
            name_of("service", "Le service. L’un des deux est nécessaire."),
            name_of("territory", "Ou le territoire."),
            moment("from", "Le début. Par défaut, 30 jours avant la fin."),
            moment("to", f"{_TO} Par défaut, maintenant."),
            choice("hours", "Jour et nuit, ou aux heures scolaires. Par défaut, les deux.", HOURS),
        ),
        codes=(404, 422, 503),
        example="?service=ent-hdf",
    ),
    Endpoint(
        "/api/v1/observations",
        "observations",
        "Les observations",
        "Les réponses d’un service, ou d’une seule de ses sondes, une journée au plus, la plus récente d’abord. Pour "
        "davantage\u00a0: les fichiers.",
        "Observations",
        (
            name_of("service", "Le service. L’un des deux est nécessaire."),
            name_of("probe", "Ou la sonde."),
            moment("from", "Le début. Par défaut, 24 heures avant la fin."),
            moment("to", f"{_TO} Par défaut, maintenant."),
            whole("limit", "Combien à la fois.", 100, PER_PAGE_MOST),
            cursor("cursor", "Le «\u00a0next\u00a0» de la page d’avant."),
        ),
        codes=(404, 422, 503),
        example="?service=ent-hdf",
    ),
    Endpoint(
        "/api/v1/seals",
        "seals",
        "Les sceaux",
        "La racine de chaque journée scellée, par point de mesure et par rang\u00a0: comme /donnees/sceaux.json.",
        "Seals",
    ),
)
HEALTH_PAGE = Endpoint(
    "/health",
    "health",
    "La santé de Vigie",
    "200 si l’instantané a moins d’une minute et que Vigie peut prévenir\u00a0; 503 sinon, avec le même corps.",
    "Health",
    codes=(),
)
