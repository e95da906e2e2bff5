"""One probe from the layers that describe it: a service's own words win over its profile's, both over the defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from monitor.config.leaks import leaks
from monitor.config.problem import Fault, Loc
from monitor.config.schema import MarkerBlock, PolicyBlock, ProbeBlock
from monitor.config.template import fill, marker
from monitor.config.wire import host_fault, url_fault
from monitor.domain.catalog import Marker, Policy, Probe, ProbeKind

_HTTP_ONLY = ("url", "expect", "waiting_room", "maintenance", "restricted", "blocked", "queue_on_429", "headers")
_MARKERS = ("expect", "waiting_room", "maintenance", "restricted", "blocked")
_ELSEWHERE = {ProbeKind.TLS: 443}


@dataclass(frozen=True, slots=True)
class Layer:
    """A block that speaks of the probe, and where it stands."""

    block: PolicyBlock
    loc: Loc


@dataclass(frozen=True, slots=True)
class Question:
    """A probe to be.

    Attributes:
        owner: place of the service or canary.
        layers: from the nearest (the service's own probe) to the farthest (the defaults).
        aimed, paced: whether the keys that say what to ask, and how often, were all sound; what was already refused
            would only be accused twice.
    """

    id: str
    name: str
    service: str | None
    owner: Loc
    layers: tuple[Layer, ...]
    variables: Mapping[str, str]
    aimed: bool = True
    paced: bool = True

    def find(self, key: str) -> tuple[Any, Loc]:
        """The nearest value of a key and its place; None and the place of the nearest probe where nobody gives one."""
        speaking = [layer for layer in self.layers if isinstance(layer.block, ProbeBlock)]
        for layer in speaking:
            if (value := getattr(layer.block, key)) is not None:
                return value, (*layer.loc, key)
        return None, speaking[0].loc

    def policy(self) -> Policy:
        """Pace and patience, layer upon layer."""
        merged: dict[str, Any] = {}
        for layer in reversed(self.layers):
            merged.update(layer.block.policy())
        return replace(Policy(), **merged)

    def faults(self) -> Iterator[Fault]:
        """What the layers together get wrong, though each is well formed."""
        if self.paced:
            yield from self._policy_faults()
        if not self.aimed:
            return
        kind, loc = self.find("kind")
        if kind is None:
            yield Fault(loc, "sonde sans « kind »", "ajoutez « kind: http » (ou tls, dns, tcp)")
            return
        yield from self._target_faults(kind)
        yield from self._login_fault(kind)

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
            waiting_room=self._marker("waiting_room"),
            maintenance=self._marker("maintenance"),
            restricted=self._marker("restricted"),
            blocked=self._marker("blocked"),
            slow_only=self.find("counts_for")[0] == "slow",
            queue_on_429=bool(self.find("queue_on_429")[0]),
            headers=tuple((self.find("headers")[0] or {}).items()),
            ca=self.find("ca")[0],
        )

    def _marker(self, key: str) -> Marker:
        return marker(self.find(key)[0], self.variables)

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
        for key in _MARKERS:
            block, loc = self.find(key)
            if block is not None:
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
        if fault := host_fault(host):
            yield Fault(self._blamed(loc, written=host == template), *fault)

    def _blamed(self, loc: Loc, *, written: bool) -> Loc:
        """A template is right or wrong by what the service puts into it."""
        return loc if written or loc[: len(self.owner)] == self.owner else self.owner

    def _login_fault(self, kind: ProbeKind) -> Iterator[Fault]:
        expect: MarkerBlock | None
        expect, loc = self.find("expect")
        if self.name == "login" and kind is ProbeKind.HTTP and not (expect and expect.positive):
            what = "sonde « login » sans repère à trouver sur la page : une page d’erreur en 200 passerait pour saine"
            yield Fault(loc, what, "ajoutez sous « expect » un « contains », un « matches » ou un « json »")

    def _policy_faults(self) -> Iterator[Fault]:
        wrong = [*_pace_faults(self.policy()), *self._slow_fault(self.layers)]
        if not wrong:
            return
        defaults = self.layers[-1]
        wrong_already = [
            *_pace_faults(replace(Policy(), **defaults.block.policy())),
            *self._slow_fault(self.layers[-1:]),
        ]
        nearest = next((layer for layer in self.layers if layer.block.policy()), defaults)
        for what, mend in wrong_already or wrong:
            yield Fault(defaults.loc if wrong_already else nearest.loc, what, mend)

    def _slow_fault(self, layers: tuple[Layer, ...]) -> Iterator[tuple[str, str]]:
        """A `slow` that somebody wrote and that no answer can reach. Our own line has no « slow » to tell."""
        if self.service is None:
            return
        merged: dict[str, Any] = {}
        for layer in reversed(layers):
            merged.update(layer.block.policy())
        slow, timeout = merged.get("slow"), merged.get("timeout", Policy().timeout)
        if slow is not None and slow >= timeout:
            what = f"« slow » ({_s(slow)}) n’est pas plus court que « timeout » ({_s(timeout)}) : rien ne serait lent"
            yield what, "raccourcissez « slow » ou allongez « timeout »"


def _pace_faults(policy: Policy) -> list[tuple[str, str]]:
    """Why a policy cannot be kept, with the mend. The rule is that of docs/method.md, "Confirmation"."""
    faults = []
    if policy.timeout >= policy.every:
        what = f"« timeout » ({_s(policy.timeout)}) n’est pas plus court que « every » ({_s(policy.every)})"
        faults.append((what, "raccourcissez « timeout » ou espacez les questions"))
    needed = (policy.fail_after - 1) * policy.retry_every + policy.timeout
    allowed = policy.every + policy.fail_for
    if needed > allowed:
        what = f"(fail_after - 1) × retry_every + timeout = {_s(needed)}, plus que every + fail_for = {_s(allowed)}"
        mend = f"restez sous {_s(allowed)} : baissez « fail_after », « retry_every » ou « timeout »"
        faults.append((f"confirmation impossible à temps : {what}", mend))
    return faults


def _s(duration: timedelta) -> str:
    return f"{duration.total_seconds():g} s"


def _with_path(url: str) -> str:
    """`https://host` asks for `https://host/`; written so, what people read is what is asked."""
    return url + "/" if url.count("/") == 2 and "?" not in url else url
