"""One probe from the layers that describe it: a service's own words win over its profile's, both over the defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from monitor.config.cadence import BY_RHYTHM, constant, merged, pace_faults, slow_faults, unsure
from monitor.config.impossible import impossible, tells, within
from monitor.config.leaks import leaks
from monitor.config.problem import Fault, Loc
from monitor.config.schema import DefaultsBlock, PolicyBlock, ProbeBlock, TurnedAwayBlock
from monitor.config.template import VariableMissing, fill, general, marker
from monitor.config.wire import host_fault, url_fault
from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.domain.policy import Policy

_HTTP_ONLY = ("url", "expect", "waiting_room", "maintenance", "restricted", "blocked", "queue_on_429", "headers")
_TURNED_AWAY = ("waiting_room", "maintenance", "restricted", "blocked")
_ELSEWHERE = {ProbeKind.TLS: 443}


@dataclass(frozen=True, slots=True)
class Layer:
    """A block that speaks of the probe, where it stands, and which of its keys of pace were wrong."""

    block: PolicyBlock
    loc: Loc
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A probe to be.

    Attributes:
        owner: place of the service or canary.
        layers: from the nearest (the service's own probe) to the farthest (the defaults).
        aimed: whether the keys that say what to ask were all sound; what was already refused would only be accused
            twice.
    """

    id: str
    name: str
    service: str | None
    owner: Loc
    layers: tuple[Layer, ...]
    variables: Mapping[str, str]
    aimed: bool = True

    def find(self, key: str) -> tuple[Any, Loc]:
        """The nearest value of a key and its place; None and the place of the nearest probe where nobody gives one."""
        speaking = [layer for layer in self.layers if isinstance(layer.block, ProbeBlock)]
        for layer in speaking:
            if (value := getattr(layer.block, key)) is not None:
                return value, (*layer.loc, key)
        return None, speaking[0].loc

    def policy(self) -> Policy:
        """Pace and patience, layer upon layer; our own line has no school clock."""
        policy = replace(Policy(), **merged(layer.block.policy() for layer in reversed(self.layers)))
        return constant(policy) if self.service is None else policy

    def faults(self) -> Iterator[Fault]:
        """What the layers together get wrong, though each is well formed."""
        yield from self._policy_faults()
        if not self.aimed:
            yield from self._contradictions()
            return
        kind, loc = self.find("kind")
        if kind is None:
            yield Fault(loc, "sonde sans « kind »", "ajoutez « kind: http » (ou tls, dns, tcp)")
            return
        wrong = list(self._target_faults(kind))
        yield from wrong
        if kind is ProbeKind.HTTP and not wrong:
            yield from self._expectation_faults()

    def build(self) -> Probe:
        """The probe. Raises VariableMissing."""
        kind: ProbeKind = self.find("kind")[0]
        url, host = self.find("url")[0], self.find("host")[0]
        expect = marker(self.find("expect")[0], self.variables)
        if kind is ProbeKind.HTTP and not expect.status:
            expect = replace(expect, status=(200,))
        return Probe(
            id=self.id,
            service=self.service,
            kind=kind,
            policy=self.policy(),
            url=_with_path(fill(url, self.variables)) if url else None,
            host=fill(host, self.variables) if host else None,
            port=self.find("port")[0] or _ELSEWHERE.get(kind),
            expect=expect,
            waiting_room=self._alternatives("waiting_room", kind),
            maintenance=self._alternatives("maintenance", kind),
            restricted=self._alternatives("restricted", kind),
            blocked=self._alternatives("blocked", kind),
            slow_only=self.find("counts_for")[0] == "slow",
            queue_on_429=bool(self.find("queue_on_429")[0]),
            headers=tuple((self.find("headers")[0] or {}).items()),
            ca=self.find("ca")[0],
        )

    def _alternatives(self, key: str, kind: ProbeKind) -> tuple[Marker, ...]:
        """The probe's own markers, then the general ones; our own line is judged by what it expects alone."""
        blocks: tuple[TurnedAwayBlock, ...] = self.find(key)[0] or ()
        own = [marker(each, self.variables, f"{key}/{each.name}" if each.name else "") for each in blocks]
        defaults = self.layers[-1].block
        if kind is ProbeKind.HTTP and self.service is not None and isinstance(defaults, DefaultsBlock):
            own += [general(each) for each in getattr(defaults, key)]
        return tuple(own)

    def _target_faults(self, kind: ProbeKind) -> Iterator[Fault]:
        unused = ("host", "port") if kind is ProbeKind.HTTP else _HTTP_ONLY
        for key in unused:
            value, loc = self.find(key)
            if value is not None:
                yield Fault(loc, f"« {key} » n’a pas de sens pour une sonde « {kind} »", "retirez cette clé")
        wanted = {ProbeKind.HTTP: ("url",), ProbeKind.TCP: ("host", "port")}.get(kind, ("host",))
        for key in wanted:
            value, loc = self.find(key)
            if value is None:
                yield Fault(loc, f"sonde « {kind} » sans « {key} »", f"ajoutez « {key}: … »")
        if kind is ProbeKind.HTTP:
            yield from self._url_faults()
        else:
            yield from self._host_faults(*self.find("host"))
        yield from self._final_host_faults()

    def _final_host_faults(self) -> Iterator[Fault]:
        expect, loc = self.find("expect")
        if expect is not None:
            yield from self._host_faults(expect.final_host, (*loc, "final_host"))
        for key in _TURNED_AWAY:
            blocks, loc = self.find(key)
            for block in blocks or ():
                yield from self._host_faults(block.final_host, (*loc, "final_host"))

    def _url_faults(self) -> Iterator[Fault]:
        template, loc = self.find("url")
        if template is None:
            return
        url = fill(template, self.variables)
        place = self._blamed(loc, written=url == template)
        if fault := url_fault(url):
            yield Fault(place, *fault)
        elif url != template and (leak := next(leaks(url), None)):
            yield Fault(place, leak.what, leak.mend)

    def _host_faults(self, template: str | None, loc: Loc) -> Iterator[Fault]:
        if template is None:
            return
        host = fill(template, self.variables)
        if fault := host_fault(host.removeprefix("*.") if loc[-1] == "final_host" else host):
            yield Fault(self._blamed(loc, written=host == template), *fault)

    def _blamed(self, loc: Loc, *, written: bool) -> Loc:
        """A template is right or wrong by what the service puts into it."""
        return loc if written or loc[: len(self.owner)] == self.owner else self.owner

    def _expectation_faults(self) -> Iterator[Fault]:
        probe = self.build()
        if self.service is not None and not probe.slow_only and not tells(probe.expect):
            what = "sonde sans repère à trouver sur la page : une page d’erreur en 200 passerait pour saine"
            mend = "ajoutez sous « expect » un « contains », un « matches » ou un « json » (ou « counts_for: slow »)"
            yield Fault(self.find("expect")[1], what, mend)
        for key, wrong in impossible(probe):
            yield Fault(self.find(key)[1], *wrong)

    def _contradictions(self) -> Iterator[Fault]:
        """What remains true of an expectation of which a part was refused."""
        expect, loc = self.find("expect")
        try:
            wrong = list(within(marker(expect, self.variables)))
        except VariableMissing:
            return
        for what, mend in wrong:
            yield Fault(loc, what, mend)

    def _policy_faults(self) -> Iterator[Fault]:
        nearest = self.layers[0]
        if self.service is None and (uneven := [key for key in BY_RHYTHM if key in nearest.block.policy()]):
            what = f"« {uneven[0]} » n’a pas de sens pour un témoin : notre ligne se surveille à toute heure pareil"
            yield Fault((*nearest.loc, uneven[0]), what, "retirez cette clé ; « every » suffit")
        wrong = self._wrong_pace(self.layers)
        if not wrong:
            return
        defaults = self.layers[-1]
        wrong_already = self._wrong_pace(self.layers[-1:])
        for what, mend in wrong_already:
            yield Fault(defaults.loc, what, mend)
        if wrong_already and not self._wrong_pace(self.layers[:-1]):
            return  # the defaults alone are to blame
        nearest = next((layer for layer in self.layers if layer.block.policy()), defaults)
        for one in wrong:
            if one not in wrong_already:
                yield Fault(nearest.loc, *one)

    def _wrong_pace(self, layers: tuple[Layer, ...]) -> list[tuple[str, str]]:
        """What these layers alone get wrong."""
        policy = replace(Policy(), **merged(layer.block.policy() for layer in reversed(layers)))
        if self.service is None:
            policy = constant(policy)
        return [*pace_faults(policy, _unsure(layers)), *self._slow_fault(layers)]

    def _slow_fault(self, layers: tuple[Layer, ...]) -> Iterator[tuple[str, str]]:
        """A `slow` that somebody wrote and that no answer can reach. Our own line has no « slow » to tell."""
        if self.service is None or not _unsure(layers).isdisjoint({"slow", "timeout"}):
            return
        written = merged(layer.block.policy() for layer in reversed(layers))
        slow, timeout = written.get("slow"), written.get("timeout", Policy().timeout)
        if slow is not None:
            yield from slow_faults(slow, timeout)


def _unsure(layers: tuple[Layer, ...]) -> frozenset[str]:
    """The keys of pace that these layers, the nearest first, do not say as their author wrote them."""
    return unsure((layer.block.policy(), layer.lost) for layer in reversed(layers))


def _with_path(url: str) -> str:
    """`https://host` asks for `https://host/`; written so, what people read is what is asked."""
    return url + "/" if url.count("/") == 2 and "?" not in url else url
