"""`fleets:` of `probes.yaml` → fleets with one probe for each school whose head agreed, and what is wrong with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from monitor.config.fields import Duration, Identifier, OperatorId, ProfileName, Text, refusal
from monitor.config.fleet_list import Entry, FleetList
from monitor.config.fleet_question import Template
from monitor.config.intake import Taken
from monitor.config.os_words import os_reason
from monitor.config.problem import Fault, quoted
from monitor.config.question import Layer
from monitor.config.schema import Block, DefaultsBlock, PolicyBlock, ProfileBlock
from monitor.domain.catalog import ProbeKind, Territory
from monitor.domain.fleet import Fleet, School

MOST_A_SECOND = 2.0  # docs/method.md, "Cadence": questions to one operator, all its fleets together
SELDOM = timedelta(minutes=5)  # the same: one school's instance is asked no more often
_LARGEST = 20_000_000


def _budget(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MOST_A_SECOND:
        mend = "un nombre de questions par seconde au-dessus de 0 et jusqu’à 2, par exemple 1 ou 0.5"
        raise refusal(f"budget impossible : {quoted(value)}", mend)
    return float(value)


def _seldom(value: timedelta) -> timedelta:
    if value < SELDOM:
        raise refusal("une école serait interrogée trop souvent", "« 5m » au moins")
    return value


class FleetBlock(Block):
    """A list of schools of one operator, and how they may be asked."""

    id: Identifier
    name: Text
    profile: ProfileName
    file: Text
    operator: OperatorId
    budget: Annotated[float, BeforeValidator(_budget)] = 1.0
    every: Annotated[Duration, AfterValidator(_seldom)] = SELDOM


@dataclass(frozen=True, slots=True)
class Lists:
    """Where the lists of schools are: named from `folder`, the catalogue's.

    `instead` holds files to read in place of what the catalogue names, by id of the fleet ("": the only fleet); while
    there are any, other fleets may still lack their list.
    """

    folder: Path
    instead: Mapping[str, Path] = field(default_factory=dict)


class FleetIntake:
    """Builds every fleet that can be built, and gathers what is wrong. `raws` are the bytes of the lists read."""

    def __init__(
        self,
        profiles: Mapping[str, Taken[ProfileBlock]],
        defaults: Taken[DefaultsBlock],
        places: Mapping[str, Territory],
    ) -> None:
        self._profiles, self._places = profiles, places
        self._defaults_layer = Layer(defaults.block, defaults.loc, defaults.lost_pace())
        self.fleets: dict[str, Fleet] = {}
        self.faults: list[Fault] = []
        self.raws: list[bytes] = []

    def take(self, blocks: Iterable[Taken[FleetBlock]], services: Iterable[str], lists: Lists) -> None:
        """Read the lists of these blocks. `services` are the ids that a fleet's own must not repeat."""
        blocks = list(blocks)
        if len(blocks) == 1 and "" in lists.instead:
            lists = replace(lists, instead={blocks[0].block.id: lists.instead[""]})
        self.faults += [*_names_taken(blocks, {*services, "canary"}), *_overspent(blocks)]
        owners: dict[str, str] = {}
        for taken in blocks:
            template = self._template(taken)
            entries = self._entries(taken, lists)
            self.faults += _asked_twice(taken, entries, owners)
            schools = tuple(_school(entry, template) for entry in entries)
            one = taken.block
            file = str(lists.folder / one.file)
            self.fleets[one.id] = Fleet(one.id, one.name, one.operator, schools, one.budget, one.every, file)

    def _entries(self, taken: Taken[FleetBlock], lists: Lists) -> list[Entry]:
        """The sound lines of a fleet's list; what is wrong with the others becomes faults of its key `file`."""
        path = lists.instead.get(taken.block.id, lists.folder / taken.block.file)
        loc = (*taken.loc, "file")
        try:
            if path.stat().st_size > _LARGEST:
                self.faults.append(Fault(loc, f"{path.name} : fichier démesuré", f"{_LARGEST // 1_000_000} Mo au plus"))
                return []
            raw = path.read_bytes()
        except OSError as error:
            if not lists.instead or taken.block.id in lists.instead:
                absent = isinstance(error, FileNotFoundError)
                what = f"{path.name} : fichier {'absent' if absent else f'illisible ({os_reason(error)})'}"
                mend = f"écrivez-le par « vigie fleet import FICHIER --fleet {taken.block.id} »"
                self.faults.append(Fault(loc, what, "donnez un autre chemin" if lists.instead else mend))
            return []
        read = FleetList(raw, self._places)
        self.raws.append(raw)
        for flaw in read.flaws:
            line = f", ligne {flaw.line}" if flaw.line else ""
            column = f", colonne « {flaw.column} »" if flaw.column else ""
            self.faults.append(Fault(loc, f"{path.name}{line}{column} : {flaw.what}", flaw.mend))
        return read.entries

    def _template(self, taken: Taken[FleetBlock]) -> Template | None:
        """The question that the profile asks of each school; None, and a fault, where it has none that counts."""
        profile = self._profiles.get(taken.block.profile)
        if profile is None:  # it was refused for itself
            return None
        for name, block in profile.block.probes.items():
            aimed = profile.aims(name)
            if block.kind is None and not aimed:  # which one would be asked, nobody knows
                return None
            if block.kind is ProbeKind.HTTP and block.counts_for is None:
                every = taken.lost_pace() & {"every"}
                owner = Layer(PolicyBlock.model_construct(every=taken.block.every), taken.loc, every)
                asked = Layer(block, (*profile.loc, "probes", name), profile.lost_pace("probes", name))
                template = Template(taken.block.id, name, (owner, asked, self._defaults_layer), aimed=aimed)
                self.faults += (faults := template.faults())
                return template if aimed and not faults else None
        if not profile.sound("probes"):
            return None
        what = f"profil « {taken.block.profile} » sans sonde « http » qui compte"
        self.faults.append(Fault((*taken.loc, "profile"), what, "une école n’est interrogée que par une telle sonde"))
        return None


def _school(entry: Entry, template: Template | None) -> School:
    probe = template.probe(entry) if entry.agreed and template is not None else None
    return School(entry.uai, entry.name, entry.url, entry.territory, entry.stratum, entry.pupils, probe)


def _names_taken(blocks: Iterable[Taken[FleetBlock]], taken_ids: set[str]) -> Iterator[Fault]:
    for taken in blocks:
        if taken.block.id in taken_ids and taken.sound("id"):
            what = f"identifiant « {taken.block.id} » déjà pris par un service ou par les témoins"
            yield Fault((*taken.loc, "id"), what, "donnez un autre identifiant à la flotte")


def _overspent(blocks: Iterable[Taken[FleetBlock]]) -> Iterator[Fault]:
    """Operators whose fleets together would be asked more than they may; told at the fleet that is one too many."""
    spent: dict[str, float] = defaultdict(float)
    for taken in blocks:
        if not taken.sound("operator", "budget"):
            continue
        before = spent[taken.block.operator]
        spent[taken.block.operator] += taken.block.budget
        if before <= MOST_A_SECOND < spent[taken.block.operator]:
            what = f"plus de 2 questions par seconde à « {taken.block.operator} », toutes ses flottes ensemble"
            left = f"{max(MOST_A_SECOND - before, 0):g}".replace(".", ",")
            yield Fault((*taken.loc, "budget"), what, f"il reste {left} par seconde : baissez les budgets")


def _asked_twice(taken: Taken[FleetBlock], entries: Iterable[Entry], owners: dict[str, str]) -> Iterator[Fault]:
    """Addresses that two fleets would ask: together they would ask them too often."""
    for entry in entries:
        owner = owners.setdefault(entry.url.lower(), taken.block.id)
        if owner != taken.block.id:
            what = f"école {entry.uai} : adresse déjà donnée par la flotte « {owner} »"
            yield Fault((*taken.loc, "file"), what, "gardez-la dans une seule flotte")
