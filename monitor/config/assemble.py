"""`probes.yaml`, read → the catalogue and the subscriptions, with everything that is wrong between its blocks."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from monitor.config import checks
from monitor.config.expand import Expansion
from monitor.config.fields import Known
from monitor.config.fleet import FleetBlock, FleetIntake, Lists
from monitor.config.intake import Intake, Taken
from monitor.config.leaks import leaks
from monitor.config.problem import Fault
from monitor.config.schema import CanaryBlock, FileBlock, OperatorBlock, ProfileBlock, ServiceBlock, SubscriptionBlock
from monitor.config.schools import Schools
from monitor.config.territories import load_territories, school, uai_prefixes
from monitor.config.tree import Document
from monitor.domain.catalog import Catalog, Operator, spelled_out
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health


def assemble(
    document: Document, lists: Lists
) -> tuple[Catalog, tuple[Subscription, ...], FleetIntake | None, list[Fault]]:
    """Everything that can be built, and everything that is wrong. `lists`: where those of the fleets are."""
    places = load_territories()
    intake = Intake(_known(document.data, places), [*document.faults, *leaks(document.data)])
    head = intake.take(FileBlock, document.data, ()) if document.root is not None else None
    if head is None:
        return Catalog(places, {}, {}, ()), (), None, intake.faults
    sections = _Sections(intake, head.block)
    lost = frozenset(place[1:] for place in head.lost if place[:1] == ("defaults",))
    defaults = Taken(head.block.defaults, ("defaults",), lost)
    profiles = {str(taken.loc[-1]): taken for taken in sections.profiles}
    expansion = Expansion(profiles, defaults)
    services = {taken.block.id: expansion.service(taken) for taken in sections.services}
    canaries = tuple(probe for taken in sections.canaries if (probe := expansion.canary(taken)))
    subscriptions = tuple(_subscription(taken.block) for taken in sections.subscriptions)
    blocks: tuple[ServiceBlock | SubscriptionBlock, ...]
    blocks = (*(taken.block for taken in sections.services), *(taken.block for taken in sections.subscriptions))
    schools = {code for block in blocks for code in block.territories if code.startswith("U:")}
    places |= {code: school(code[2:], places) for code in sorted(schools)}
    operators = {taken.block.id: Operator(**dict(taken.block)) for taken in sections.operators}
    fleets = FleetIntake(profiles, defaults, places)
    fleets.take(sections.fleets, services, lists)
    faults = [*intake.faults, *expansion.faults, *sections.crossed(head.block)]
    watched = [*head.block.services, *head.block.fleets]
    faults += checks.alike_canaries(canaries, len(head.block.canaries), watched)
    faults = list(dict.fromkeys([*faults, *fleets.faults]))  # a profile's fault is told once
    return Catalog(places, services, operators, canaries), subscriptions, fleets, faults


class _Sections:
    """The blocks of every section that passed their own check."""

    def __init__(self, intake: Intake, head: FileBlock) -> None:
        def each(section: str, model: Any, items: Iterable[tuple[int | str, object]]) -> list[Any]:
            taken = (intake.take(model, raw, (section, key)) for key, raw in items)
            return [block for block in taken if block is not None]

        self.operators: list[Taken[OperatorBlock]] = each("operators", OperatorBlock, enumerate(head.operators))
        self.canaries: list[Taken[CanaryBlock]] = each("canaries", CanaryBlock, enumerate(head.canaries))
        self.profiles: list[Taken[ProfileBlock]] = each("profiles", ProfileBlock, head.profiles.items())
        self.services: list[Taken[ServiceBlock]] = each("services", ServiceBlock, enumerate(head.services))
        self.fleets: list[Taken[FleetBlock]] = each("fleets", FleetBlock, enumerate(head.fleets))
        self.subscriptions: list[Taken[SubscriptionBlock]] = each(
            "subscriptions", SubscriptionBlock, enumerate(head.subscriptions)
        )

    def crossed(self, head: FileBlock) -> list[Fault]:
        """What is wrong between blocks."""
        twice = [
            fault for section in FileBlock.SECTIONS for fault in checks.duplicate_ids(section, getattr(head, section))
        ]
        return [
            *twice,
            *checks.formerly_clashes(self.services),
            *checks.dependency_cycles(self.services),
            *checks.too_few_canaries(head.canaries, [*head.services, *head.fleets]),
            *checks.aimless_subscriptions(self.subscriptions),
        ]


def _known(data: object, places: dict[str, Any]) -> Known:
    """The names that other parts of the file may refer to, even where their own block has an error."""
    top = data if isinstance(data, dict) else {}

    def ids(section: str) -> frozenset[str]:
        items = top.get(section)
        return frozenset(
            str(item["id"])
            for item in (items if isinstance(items, list) else ())
            if isinstance(item, dict) and "id" in item
        )

    profiles = top.get("profiles")
    names = frozenset(profiles) if isinstance(profiles, dict) else frozenset()
    return Known(places, frozenset(uai_prefixes()), ids("operators"), ids("services"), names)


def _subscription(block: SubscriptionBlock) -> Subscription:
    return Subscription(
        id=block.id,
        to_env=block.to_env,
        second_to_env=block.second_to_env,
        territories=block.territories,
        services=block.services,
        role=block.role,
        from_health=Health(block.from_),
        settle=block.settle or timedelta(minutes=3),
        repeat=block.repeat,
        min_share=block.min_share,
        language=block.language,
        operators=block.operators,
        schools=tuple(map(Schools().scope_of, block.schools)),
        audiences=spelled_out(block.audiences),
        national=block.national,
        quiet=block.quiet,
        school_hours=block.hours == "school",
        digest=block.digest,
    )
