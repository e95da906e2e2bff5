"""The one question that a profile asks of every school of a fleet."""

from dataclasses import replace
from urllib.parse import urlsplit

from monitor.config.fleet_list import Entry
from monitor.config.problem import Fault
from monitor.config.question import Layer, Question
from monitor.config.template import VariableMissing, fill
from monitor.domain.catalog import Probe

# Stand for the address of a school while what does not depend on it is checked and built.
_SOMEWHERE, _ELSEWHERE = "https://ecole.invalid", "https://autre.invalid/pronote"


class Template:
    """Builds the probes of a fleet's schools. What does not depend on the school is built once and shared by all.

    `layers` are those of `Question`, the fleet's own first: it keeps its own pace, whatever the profile says.
    """

    def __init__(self, fleet: str, name: str, layers: tuple[Layer, ...], *, aimed: bool) -> None:
        self._question = Question(
            id=fleet,
            name=name,
            service=fleet,
            owner=layers[0].loc,
            layers=layers,
            variables=_variables(_SOMEWHERE),
            aimed=aimed,
        )
        self._one: Probe | None = None

    def faults(self) -> list[Fault]:
        """What is wrong with the profile, or why it cannot serve a fleet; to be asked before any probe is built."""
        try:
            faults = list(self._question.faults())
            if self._question.aimed and not faults:
                one, other = self._built("", _SOMEWHERE), self._built("", _ELSEWHERE)
                # Otherwise a marker names the school's own host, and every probe is built by itself.
                self._one = one if replace(one, url=other.url) == other else None
        except VariableMissing as missing:
            what = f"le profil demande « {{{missing.name}}} », qu’une école ne donne pas"
            mend = "prenez un profil qui ne demande que {url} ou {host}"
            faults = [Fault((*self._question.owner, "profile"), what, mend)]
        return faults

    def probe(self, entry: Entry) -> Probe:
        """The probe of one school."""
        name = f"{self._question.service}/{entry.uai}"
        if self._one is None:
            return self._built(name, entry.url)
        url = fill(self._question.find("url")[0], _variables(entry.url))
        parts = urlsplit(url)
        return replace(self._one, id=name, url=url if parts.path or parts.query else f"{url}/")

    def _built(self, name: str, url: str) -> Probe:
        return replace(self._question, id=name, variables=_variables(url)).build()


def _variables(url: str) -> dict[str, str]:
    return {"url": url, "host": urlsplit(url).hostname or ""}
