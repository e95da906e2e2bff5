"""Services and canaries as the domain knows them, from their blocks and their profiles."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from monitor.config.intake import Taken
from monitor.config.problem import Fault
from monitor.config.question import Layer, Question
from monitor.config.schema import POLICY_KEYS, CanaryBlock, DefaultsBlock, ProfileBlock, ServiceBlock
from monitor.config.template import VariableMissing, fill
from monitor.domain.catalog import Probe, Service
from monitor.probes.domains import budget_of, is_address

Profiles = Mapping[str, Taken[ProfileBlock]]


class Expansion:
    """Builds what can be built and gathers what cannot, each fault once however many services share its profile."""

    def __init__(self, profiles: Profiles, defaults: Taken[DefaultsBlock]) -> None:
        self._profiles = profiles
        self._defaults = defaults
        self._faults: dict[Fault, None] = {}

    @property
    def faults(self) -> list[Fault]:
        """What was found wrong so far, in the order of discovery."""
        return list(self._faults)

    def service(self, taken: Taken[ServiceBlock]) -> Service:
        """The service with the probes that could be built."""
        block = taken.block
        profile = self._profiles.get(block.profile) if block.profile else None
        variables = _variables(block)
        probes = [self._ask(question) for question in self._questions(taken, profile, variables)]
        if not probes and block.profile is None and taken.sound("probes", "profile"):
            mend = "ajoutez « profile: … » et « url: … », ou des « probes »"
            self._note(Fault(taken.loc, f"service « {block.id} » sans sonde", mend))
        return Service(
            id=block.id,
            name=block.name,
            kind=block.kind,
            probes=tuple(probe for probe in probes if probe is not None),
            territories=block.territories,
            audience=block.audience,
            platform=block.profile if profile and profile.block.shared else None,
            operator=block.operator,
            hoster=block.hoster,
            buyer=block.buyer,
            page=self._page(taken, profile, variables),
            depends_on=block.depends_on,
            users=block.users,
            confirmed=block.confirmed,
            dormant=block.dormant,
            formerly=block.formerly,
            zones=zones_of(probe for probe in probes if probe is not None),
        )

    def canary(self, taken: Taken[CanaryBlock]) -> Probe | None:
        """The reference site, if it could be built."""
        return self._ask(
            Question(
                id=f"canary/{taken.block.id}",
                name=taken.block.id,
                service=None,
                owner=taken.loc,
                layers=(Layer(taken.block, taken.loc, taken.lost_pace()), self._default_layer),
                variables={},
                aimed=taken.sound("kind", "url", "host", "port", "expect"),
            )
        )

    @property
    def _default_layer(self) -> Layer:
        return Layer(self._defaults.block, self._defaults.loc, self._defaults.lost_pace())

    def _questions(
        self, taken: Taken[ServiceBlock], profile: Taken[ProfileBlock] | None, variables: Mapping[str, str]
    ) -> Iterator[Question]:
        """The profile's probes in its order, then the service's own."""
        block, shared = taken.block, profile.block.probes if profile else {}
        # A profile that nothing could be made of was refused for itself.
        named = taken.sound("profile") and (block.profile is None or profile is not None)
        addressed = named and taken.sound("url", "vars")
        for name in dict.fromkeys([*shared, *block.probes]):
            lost = taken.lost_pace() if named else POLICY_KEYS
            layers = [self._default_layer]
            # A probe of which nothing is left has no layer: what its pace was, nobody knows.
            if profile is not None and name in shared:
                layers.insert(0, _layer(profile, name))
            elif profile is not None:
                lost |= profile.lost_pace("probes", name)
            if name not in block.probes:
                lost |= taken.lost_pace("probes", name)
            layers.insert(0, Layer(block, taken.loc, lost))
            if name in block.probes:
                layers.insert(0, _layer(taken, name))
            yield Question(
                id=f"{block.id}/{name}",
                name=name,
                service=block.id,
                owner=taken.loc,
                layers=tuple(layers),
                variables=variables,
                aimed=addressed and taken.aims(name) and (profile is None or profile.aims(name)),
            )

    def _ask(self, question: Question) -> Probe | None:
        clean = question.aimed
        try:
            for fault in question.faults():
                clean = False
                self._note(fault)
            return question.build() if clean else None
        except VariableMissing as missing:
            self._note(_missing(missing.name, question))
            return None

    def _page(
        self, taken: Taken[ServiceBlock], profile: Taken[ProfileBlock] | None, variables: Mapping[str, str]
    ) -> str | None:
        if taken.block.page or profile is None or profile.block.page is None:
            return taken.block.page
        try:
            return fill(profile.block.page, variables)
        except VariableMissing:
            return None

    def _note(self, fault: Fault) -> None:
        self._faults.setdefault(fault)


def zones_of(probes: Iterable[Probe]) -> tuple[str, ...]:
    """The registrable domains below which these probes ask, sorted; an address stands in no zone."""
    hosts = (urlsplit(probe.url).hostname if probe.url else probe.host for probe in probes)
    return tuple(sorted({budget_of(host, None) for host in hosts if host and not is_address(host)}))


def _layer(taken: Taken[ServiceBlock] | Taken[ProfileBlock], name: str) -> Layer:
    """What a service or a profile says of one of its probes."""
    return Layer(taken.block.probes[name], (*taken.loc, "probes", name), taken.lost_pace("probes", name))


def _variables(block: ServiceBlock) -> dict[str, str]:
    variables = dict(block.vars)
    if block.url is not None:
        variables |= {"url": block.url, "host": urlsplit(block.url).hostname or ""}
    return variables


def _missing(name: str, question: Question) -> Fault:
    what = f"variable « {{{name}}} » demandée par une sonde, et que rien ne donne"
    if question.service is None:
        return Fault(question.owner, what, "écrivez l’adresse en entier : un témoin n’a pas de variables")
    if name in {"url", "host"}:
        return Fault((*question.owner, "url"), what, 'ajoutez « url: "https://…" » au service')
    return Fault((*question.owner, "vars", name), what, f"ajoutez « vars: {{{name}: …}} » au service")
