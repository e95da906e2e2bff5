"""A contract file → `Contract`, or every reason why not (docs/contract.example.yaml, docs/method.md, "Contracts")."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from monitor.config.contract_fields import DAYS, HoursAMonth, HoursItem, Percent, Place, TargetShare
from monitor.config.fields import Duration, Known, ServiceId, Text
from monitor.config.file import bytes_of, document_of, invalid
from monitor.config.intake import Intake, Taken
from monitor.config.problem import Fault, Loc
from monitor.config.schema import Block
from monitor.config.territories import uai_prefixes
from monitor.domain.catalog import Catalog
from monitor.domain.contract import Contract, Exclusions, OwnHours, Slot, Target
from monitor.domain.uptime import Hours

EXAMPLE = "docs/contract.example.yaml"
COVERAGE = Fraction(9, 10)  # where a contract says nothing of it
_FOUR_WEEKS = {Hours.ALL: timedelta(days=28), Hours.SCHOOL: timedelta(hours=4 * (4 * 10.5 + 5.5))}
_LONGEST_BORNE = timedelta(hours=24)


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class PartiesBlock(Block):
    """Who buys, and who provides."""

    buyer: Text
    vendor: Text


class TargetBlock(Block):
    """One promise: hours and a share of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    hours: Annotated[tuple[HoursItem, ...], BeforeValidator(_listed), Field(min_length=1)]
    availability: TargetShare
    public_holidays: StrictBool | None = None


class MaintenanceBlock(Block):
    """How much declared maintenance is left out, and how long before it must have been declared."""

    hours_per_month: HoursAMonth | None = None
    notice_days: Annotated[StrictInt, Field(ge=0, le=365)] = 0


class ExclusionsBlock(Block):
    """What the figure leaves out."""

    declared_maintenance: MaintenanceBlock = MaintenanceBlock()
    shortest_outage: Duration | None = None
    coverage_at_least: Percent = COVERAGE


class ContractBlock(Block):
    """The whole file; its targets are checked one by one."""

    contract: Literal[1]
    title: Text | None = None
    parties: PartiesBlock | None = None
    territory: Place | None = None
    services: tuple[ServiceId, ...] = ()
    targets: tuple[Any, ...] = ()
    exclusions: ExclusionsBlock = ExclusionsBlock()


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A contract, the SHA-256 of the file that says it, and the file's name without its folder."""

    contract: Contract
    sha256: str
    name: str


def load_contract(path: Path, catalog: Catalog) -> ContractFile:
    """The contract of a file. Raises CatalogInvalid with every error at once, sorted by line."""
    raw = bytes_of(path, "« --contract »")
    document = document_of(path, raw, empty=f"partez de {EXAMPLE}")
    known = Known(
        dict(catalog.territories),
        frozenset(uai_prefixes()),
        frozenset(),
        frozenset(catalog.services),
        frozenset(),
    )
    intake = Intake(known, document.faults)
    head = intake.take(ContractBlock, document.data, ()) if document.root is not None else None
    # Of a head that cannot be taken (its version is missing or unknown) the promises are still looked at.
    promised = head.block.targets if head is not None else _promised(document.data)
    taken = [intake.take(TargetBlock, one, ("targets", place)) for place, one in enumerate(promised)]
    targets = [one for one in taken if one is not None]
    intake.faults += _targets_faults(targets, head.block.exclusions if head is not None else ExclusionsBlock())
    if head is not None:
        intake.faults += _head_faults(head)
    if head is None or intake.faults:
        raise invalid(path, document, dict.fromkeys(intake.faults))
    block = head.block
    assert block.title is not None
    assert block.parties is not None
    contract = Contract(
        block.title, block.parties.buyer, block.parties.vendor, block.territory,
        tuple(dict.fromkeys(block.services)), tuple(map(_target, (one.block for one in targets))),
        _exclusions(block.exclusions),
    )  # fmt: skip
    return ContractFile(contract, hashlib.sha256(raw).hexdigest(), path.name)


def _promised(data: object) -> Sequence[object]:
    """The targets of a file whose head was refused."""
    targets = data.get("targets") if isinstance(data, dict) else None
    return targets if isinstance(targets, list) else ()


def _target(block: TargetBlock) -> Target:
    first = block.hours[0]
    if isinstance(first, Hours):
        return Target(first, block.availability)
    slots = tuple(one for one in block.hours if isinstance(one, Slot))
    return Target(OwnHours(slots, block.public_holidays is not False), block.availability)


def _exclusions(block: ExclusionsBlock) -> Exclusions:
    said = block.declared_maintenance
    return Exclusions(
        said.hours_per_month,
        timedelta(days=said.notice_days),
        block.shortest_outage or timedelta(),
        block.coverage_at_least,
    )


def _head_faults(head: Taken[ContractBlock]) -> Iterator[Fault]:
    block = head.block
    for key, value in (("title", block.title), ("parties", block.parties)):
        if value is None and head.sound(key):
            yield Fault((), f"clé obligatoire absente : « {key} »", f"ajoutez « {key}: … », comme dans {EXAMPLE}")
    if not block.targets and head.sound("targets"):
        yield Fault((), "contrat sans objectif", "ajoutez « targets: … », au moins un")
    if head.sound("territory", "services"):
        if block.territory is not None and block.services:
            what = "« territory » et « services » à la fois"
            yield Fault(("territory",), what, "gardez l’un des deux : un territoire, ou une liste de services")
        elif block.territory is None and not block.services:
            yield Fault((), "contrat qui ne porte sur rien", "ajoutez « territory: … » ou « services: […] »")
    borne = block.exclusions.shortest_outage
    if borne is not None and borne >= _LONGEST_BORNE:
        what = "interruption tolérée d’un jour ou plus : aucune panne ne compterait"
        yield Fault(("exclusions", "shortest_outage"), what, "quelques minutes : « 5m »")


def _targets_faults(targets: Sequence[Taken[TargetBlock]], exclusions: ExclusionsBlock) -> Iterator[Fault]:
    seen: dict[object, Loc] = {}
    for taken in targets:
        if not taken.sound("hours"):
            continue
        block, loc = taken.block, (*taken.loc, "hours")
        yield from _hours_faults(block, loc)
        key = (frozenset(block.hours), block.public_holidays is not False)
        if key in seen:
            what = f"deux objectifs pour les mêmes heures (déjà targets[{seen[key][1]}])"
            yield Fault(loc, what, "gardez-en un seul")
        seen.setdefault(key, taken.loc)
        most = exclusions.declared_maintenance.hours_per_month
        if most is not None and most >= (counted := _in_four_weeks(block.hours)):
            hours = f"{counted / timedelta(hours=1):g}".replace(".", ",")
            what = "exclusions qui excluent tout : la maintenance déclarée couvrirait toutes les heures d’un objectif"
            mend = f"moins de {hours} heures par mois pour targets[{taken.loc[1]}]"
            yield Fault(("exclusions", "declared_maintenance", "hours_per_month"), what, mend)


def _hours_faults(block: TargetBlock, loc: Loc) -> Iterator[Fault]:
    named = [one for one in block.hours if isinstance(one, Hours)]
    if named and len(block.hours) > 1:
        what = f"« {named[0].value} » à côté d’autres heures"
        yield Fault(loc, what, "« all » et « school » vont seuls ; sinon, n’écrivez que des heures de la semaine")
    if named and block.public_holidays is not None:
        what = f"« public_holidays » avec « {named[0].value} »"
        mend = "retirez-le : « all » compte chaque jour, « school » suit le calendrier scolaire"
        yield Fault((*loc[:-1], "public_holidays"), what, mend)
    slots = [one for one in block.hours if isinstance(one, Slot)]
    for one, other in combinations(slots, 2):
        shared = one.weekdays & other.weekdays
        if shared and max(one.starts, other.starts) < min(one.ends, other.ends):
            what = f"heures qui se recouvrent le {DAYS[min(shared)]}."
            yield Fault(loc, what.rstrip("."), "réunissez-les en une seule ligne, ou séparez-les")


def _in_four_weeks(hours: Iterable[Hours | Slot]) -> timedelta:
    """The least that hours hold in a month without holidays."""
    return sum(
        (
            _FOUR_WEEKS[one] if isinstance(one, Hours) else 4 * len(one.weekdays) * (one.ends - one.starts)
            for one in hours
        ),
        timedelta(),
    )
