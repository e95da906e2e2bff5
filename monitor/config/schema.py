"""The shape of `probes.yaml`. Each block is checked by itself, so that one bad block hides no other."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from monitor.config.fields import (
    AuthorityFile,
    BaseUrl,
    Count,
    Duration,
    EnvironmentName,
    HeaderName,
    HeaderValue,
    Identifier,
    OperatorId,
    Port,
    ProfileName,
    Quiet,
    SchoolCode,
    SentHeaderName,
    ServiceId,
    Status,
    TerritoryCode,
    Text,
    Url,
    refusal,
)
from monitor.config.sought import DottedPath, FinalHost, Pattern, Sought
from monitor.domain.catalog import Audience, ProbeKind, Role, ServiceKind

_SCALAR = (str, int, float, bool, type(None))


def _scalar(value: object) -> object:
    if not isinstance(value, _SCALAR):
        raise refusal(
            "valeur attendue qui n’est ni un texte ni un nombre",
            "écrivez la valeur, ou « present » si sa présence suffit",
        )
    return value


class Block(BaseModel):
    """Any block of the file: unknown keys are errors, values never change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MarkerBlock(Block):
    """What to look for in an answer (see `monitor.domain.catalog.Marker`)."""

    status: tuple[Status, ...] = ()
    contains: tuple[Sought, ...] = ()
    not_contains: tuple[Sought, ...] = ()
    not_matches: tuple[Pattern, ...] = ()
    matches: tuple[Pattern, ...] = ()
    json_: Annotated[dict[DottedPath, Annotated[Any, BeforeValidator(_scalar)]], Field(alias="json")] = {}
    final_host: Text | None = None
    header: dict[HeaderName, HeaderValue] = {}


class TurnedAwayBlock(MarkerBlock):
    """One way of telling a waiting room and its like; its name is what evidence calls it."""

    name: Identifier | None = None


class GeneralMarkerBlock(MarkerBlock):
    """A marker of every http probe, taken as written: no variables. Several may share a name."""

    name: Identifier
    final_host: FinalHost | None = None


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, dict) else value


Alternatives = Annotated[tuple[TurnedAwayBlock, ...], BeforeValidator(_one_or_more), Field(min_length=1)]


class PolicyBlock(Block):
    """Pace and patience: in `defaults`, a profile's probe, a service, a service's probe; the nearest wins."""

    every: Duration | None = None
    every_opening: Duration | None = None
    every_outside: Duration | None = None
    every_rest: Duration | None = None
    timeout: Duration | None = None
    slow: Duration | None = None
    fail_after: Count | None = None
    fail_for: Duration | None = None
    fail_for_corroborated: Duration | None = None
    recover_after: Count | None = None
    recover_for: Duration | None = None
    retry_every: Duration | None = None

    def policy(self) -> Mapping[str, Any]:
        """The keys of a `Policy` that this block sets."""
        return {key: value for key in self.model_fields_set & POLICY_KEYS if (value := getattr(self, key)) is not None}


POLICY_KEYS = frozenset(PolicyBlock.model_fields)


class DefaultsBlock(PolicyBlock):
    """What holds where nothing nearer speaks, and the general markers, which stand behind every probe's own."""

    waiting_room: tuple[GeneralMarkerBlock, ...] = ()
    maintenance: tuple[GeneralMarkerBlock, ...] = ()
    restricted: tuple[GeneralMarkerBlock, ...] = ()
    blocked: tuple[GeneralMarkerBlock, ...] = ()


class ProbeBlock(PolicyBlock):
    """One question. Every key may be missing: a service's block completes its profile's."""

    kind: ProbeKind | None = None
    url: Text | None = None
    host: Text | None = None
    port: Port | None = None
    expect: MarkerBlock | None = None
    waiting_room: Alternatives | None = None
    maintenance: Alternatives | None = None
    restricted: Alternatives | None = None
    blocked: Alternatives | None = None
    counts_for: Literal["slow"] | None = None
    queue_on_429: StrictBool | None = None
    headers: dict[SentHeaderName, HeaderValue] | None = None
    ca: AuthorityFile | None = None


class CanaryBlock(ProbeBlock):
    """A reference site of our own line."""

    id: Identifier


class OperatorBlock(Block):
    """Whoever runs services."""

    id: Identifier
    name: Text
    aliases: tuple[Text, ...] = ()
    support: Url | None = None


class ProfileBlock(Block):
    """What well, waiting and restricted look like on a platform. `shared: false`: a way of asking, no platform."""

    probes: Annotated[dict[Identifier, ProbeBlock], Field(min_length=1)]
    page: Text | None = None
    shared: StrictBool = True


class ServiceBlock(PolicyBlock):
    """What the public names."""

    id: Identifier
    name: Text
    kind: ServiceKind
    territories: Annotated[tuple[TerritoryCode, ...], Field(min_length=1)]
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)] = (Audience.TOUS,)
    profile: ProfileName | None = None
    url: BaseUrl | None = None
    vars: dict[str, Text] = {}
    probes: dict[Identifier, ProbeBlock] = {}
    operator: OperatorId | None = None
    hoster: Text | None = None
    buyer: Text | None = None
    page: Url | None = None
    depends_on: tuple[ServiceId, ...] = ()
    users: Annotated[StrictInt, Field(ge=1, le=100_000_000)] | None = None
    confirmed: Annotated[date, Field(strict=True)] | None = None
    dormant: StrictBool = False
    formerly: tuple[Identifier, ...] = ()


class SubscriptionBlock(Block):
    """Who wants to hear about what; the address stays in the environment."""

    id: Identifier
    to_env: EnvironmentName
    second_to_env: EnvironmentName | None = None
    territories: tuple[TerritoryCode, ...] = ()
    services: tuple[ServiceId, ...] = ()
    operators: tuple[OperatorId, ...] = ()
    schools: tuple[SchoolCode, ...] = ()
    audiences: tuple[Audience, ...] = ()
    national: StrictBool = False
    role: Role = Role.RECTORAT
    from_: Annotated[Literal["slow", "restricted", "waiting", "down"], Field(alias="from")] = "down"
    settle: Duration | None = None
    repeat: Duration | None = None
    min_share: Annotated[float, Field(ge=0, le=1, strict=True)] = 0.1
    language: Literal["fr", "en"] = "fr"
    quiet: Quiet | None = None
    hours: Literal["always", "school"] = "always"
    digest: StrictBool = False


class FileBlock(Block):
    """The top of the file. Its sections are left raw here: their blocks are checked one by one."""

    SECTIONS: ClassVar[tuple[str, ...]] = ("operators", "canaries", "services", "fleets", "subscriptions")

    vigie: Literal[1]
    defaults: DefaultsBlock = DefaultsBlock()
    operators: list[Any] = []
    canaries: list[Any] = []
    profiles: dict[str, Any] = {}
    services: list[Any] = []
    fleets: list[Any] = []
    subscriptions: list[Any] = []
