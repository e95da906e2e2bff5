"""Services and canaries as the domain knows them, from their blocks and their profiles."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from monitor.config.intake import Taken
from monitor.config.problem import Fault
from monitor.config.question import Layer, Question
from monitor.config.schema import POLICY_KEYS, CanaryBlock, DefaultsBlock, ProfileBlock, ServiceBlock
from monitor.config.template import VariableMissing, fill
from monitor.domain.catalog import Probe, Service

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
        )

    def canary(self, taken: Taken[CanaryBlock]) -> Probe | None:
        """The reference site, if it could be built."""
        return self._ask(
            Question(
                id=f"canary/{taken.block.id}",
                name=taken.block.id,
                service=None,
                owner=taken.loc,
                layers=(Layer(taken.block, taken.loc), self._default_layer),
                variables={},
                aimed=taken.sound("kind", "url", "host", "port", "expect"),
                paced=self._paced(taken),
            )
        )

    @property
    def _default_layer(self) -> Layer:
        return Layer(self._defaults.block, self._defaults.loc)

    def _paced(self, taken: Taken[ServiceBlock] | Taken[CanaryBlock]) -> bool:
        return taken.sound("probes", "profile", *POLICY_KEYS) and not self._defaults.left_out

    def _questions(
        self, taken: Taken[ServiceBlock], profile: Taken[ProfileBlock] | None, variables: Mapping[str, str]
    ) -> Iterator[Question]:
        """The profile's probes in its order, then the service's own."""
        block, shared = taken.block, profile.block.probes if profile else {}
        sound = profile is None or not profile.left_out
        for name in dict.fromkeys([*shared, *block.probes]):
            layers = [Layer(block, taken.loc), self._default_layer]
            if name in block.probes:
                layers.insert(0, Layer(block.probes[name], (*taken.loc, "probes", name)))
            if profile is not None and name in shared:
                layers.insert(-1, Layer(shared[name], (*profile.loc, "probes", name)))
            yield Question(
                id=f"{block.id}/{name}",
                name=name,
                service=block.id,
                owner=taken.loc,
                layers=tuple(layers),
                variables=variables,
                aimed=sound and taken.sound("probes", "profile", "url", "vars"),
                paced=sound and self._paced(taken),
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
