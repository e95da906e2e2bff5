"""The catalogue: which places, which services, which questions. Built once by `monitor.config`, never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from monitor.domain.policy import Policy

CANARY = "canary"  # what stands before the slash of a canary's id


class Level(StrEnum):
    """Levels of a territory, from the country down to a school."""

    PAYS = "pays"
    REGION = "region_academique"
    ACADEMIE = "academie"
    DEPARTEMENT = "departement"
    COLLECTIVITE = "collectivite"
    SCHOOL = "etablissement"


class Audience(StrEnum):
    """Who a service is for. `tous` stands for ecole, college and lycee together (see `AUDIENCES_OF_TOUS`)."""

    ECOLE = "ecole"
    COLLEGE = "college"
    LYCEE = "lycee"
    PRIVE = "prive"
    PERSONNELS = "personnels"
    TOUS = "tous"


AUDIENCES_OF_TOUS = (Audience.ECOLE, Audience.COLLEGE, Audience.LYCEE)


def spelled_out(audiences: tuple[Audience, ...]) -> tuple[Audience, ...]:
    """Audiences, each once, with those of the three kinds of school in place of `tous`."""
    listed = (AUDIENCES_OF_TOUS if one is Audience.TOUS else (one,) for one in audiences)
    return tuple(dict.fromkeys(audience for some in listed for audience in some))


class ServiceKind(StrEnum):
    """What a service is for its users (column `kind` of the source table)."""

    ENT = "ent"
    VIE_SCOLAIRE = "vie-scolaire"
    IDENTITE = "identite"
    CNED = "cned"
    VISIO = "visio"
    AUTRE = "autre"


class ProbeKind(StrEnum):
    """The kinds of question; each has one function in `monitor.probes`."""

    HTTP = "http"
    TLS = "tls"
    DNS = "dns"
    TCP = "tcp"


@dataclass(frozen=True, slots=True)
class Territory:
    """A place with a code (`N`, `R:32`, `A:lille`, `D:59`, `C:988`, `U:0590001F`), a level and a parent's code.

    The country has no parent. `zone` is
    the school holiday zone of the official calendar (A, B, C, Corse, Guadeloupe…), None where none is known.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    timezone: str = "Europe/Paris"
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Marker:
    """What to look for in an answer; a marker matches when every list that is not empty has a match.

    Attributes:
        status: HTTP statuses, one of which must be the answer's.
        contains: literal texts of the body; for an expectation *all* of them, for a waiting room and its like
            *any* of them.
        not_contains, not_matches: literal texts and expressions, none of which may be in the body.
        matches: regular expressions of RE2's syntax (linear time), same quantifier as `contains`.
        json: dotted path → expected value, or the word ``present``.
        final_host: host that must answer in the end, after redirects; ``*.example.org`` is any host below it.
        header: header name → text that its value must contain ("" : only present).
        name: what evidence calls it: plain for a general marker of `defaults` (``queue-it``), below its key for a
            probe's own (``waiting_room/quota``); "" for one known by its place.
    """

    status: tuple[int, ...] = ()
    contains: tuple[str, ...] = ()
    not_contains: tuple[str, ...] = ()
    not_matches: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    json: tuple[tuple[str, str | int | float | bool | None], ...] = ()
    final_host: str | None = None
    header: tuple[tuple[str, str], ...] = ()
    name: str = ""

    def __bool__(self) -> bool:
        """Whether the marker asks for anything at all."""
        return any(
            (
                self.status,
                self.contains,
                self.not_contains,
                self.not_matches,
                self.matches,
                self.json,
                self.final_host,
                self.header,
            )
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """One question asked regularly. `id` is ``service/name``, or ``canary/name`` for our own line (`service` None).

    Attributes:
        url: target of an http probe (absolute URL).
        host, port: target of tls, tcp (port required) and dns (host is the name to resolve; port unused).
        waiting_room, maintenance, restricted, blocked: markers of which any one suffices; the probe's own first, then
            the general ones, which count only where what is expected is not there.
        slow_only: the probe may count for *slow* at most (`counts_for: slow`).
        queue_on_429: 429 is this platform's queue, hence `overloaded`, not `ours/blocked`.
        ca: file of a private authority to trust for this probe.
    """

    id: str
    service: str | None
    kind: ProbeKind
    policy: Policy = field(default_factory=Policy)
    url: str | None = None
    host: str | None = None
    port: int | None = None
    expect: Marker = Marker()
    waiting_room: tuple[Marker, ...] = ()
    maintenance: tuple[Marker, ...] = ()
    restricted: tuple[Marker, ...] = ()
    blocked: tuple[Marker, ...] = ()
    slow_only: bool = False
    queue_on_429: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    ca: str | None = None

    @property
    def target(self) -> str:
        """What people read as the address asked: the URL, ``host:port`` or the name."""
        if self.url is not None:
            return self.url
        return f"{self.host}:{self.port}" if self.port is not None else str(self.host)


@dataclass(frozen=True, slots=True)
class Service:
    """What the public names. `platform` is the profile's name; `operator` the id of an `Operator` or None.

    `confirmed` is the day somebody saw its probes answer well; `users` its number of users where known. `zones` are the
    registrable domains of its probes' hosts, noted where the catalogue is put together: a rehearsal sends the probes
    elsewhere, the zones stay.
    """

    id: str
    name: str
    kind: ServiceKind
    probes: tuple[Probe, ...]
    territories: tuple[str, ...] = ("N",)
    audience: tuple[Audience, ...] = (Audience.TOUS,)
    platform: str | None = None
    operator: str | None = None
    hoster: str | None = None
    buyer: str | None = None
    page: str | None = None
    depends_on: tuple[str, ...] = ()
    users: int | None = None
    confirmed: date | None = None
    dormant: bool = False
    formerly: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    @property
    def national(self) -> bool:
        """Whether it serves the whole country: then it stands in its own band and colours no académie."""
        return "N" in self.territories


@dataclass(frozen=True, slots=True)
class Operator:
    """A company or public body that runs services."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    support: str | None = None


class Role(StrEnum):
    """Why somebody subscribes: `operator` is whoever runs this Vigie, told about Vigie itself and nothing else.

    `public` is anybody who signed up on the public page.
    """

    RECTORAT = "rectorat"
    HEAD = "head"
    BUYER = "buyer"
    OPERATOR = "operator"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that `probes.yaml` and the packaged territories say. Mappings are keyed by id or code.

    `probe_ids`: of every probe to ask.
    """

    territories: Mapping[str, Territory]
    services: Mapping[str, Service]
    operators: Mapping[str, Operator]
    canaries: tuple[Probe, ...]
    probe_ids: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather the ids once: every evaluation compares them with what it knows."""
        object.__setattr__(self, "probe_ids", frozenset(probe.id for probe in self.probes()))

    def probes(self) -> Iterator[Probe]:
        """Every probe to ask, canaries first (they date everything else)."""
        yield from self.canaries
        for service in self.services.values():
            yield from service.probes

    def ancestors(self, code: str) -> Iterator[str]:
        """The codes above a territory, nearest first. Raises KeyError for an unknown code."""
        parent = self.territories[code].parent
        while parent is not None:
            yield parent
            parent = self.territories[parent].parent

    def related(self, one: str, other: str) -> bool:
        """Whether two territories are the same, or one lies inside the other."""
        return one == other or one in self.ancestors(other) or other in self.ancestors(one)
