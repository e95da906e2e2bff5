"""An evidence sheet in the making: the books are read one end of one probe at a time, wherever each step may block."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from monitor.domain.account import Question
from monitor.domain.catalog import Catalog
from monitor.domain.drawing import Surroundings, draw
from monitor.domain.gap import Gap
from monitor.domain.incident import Incident
from monitor.domain.observation import Observation
from monitor.domain.rollup import Ground
from monitor.domain.sheet import LIMITS, EvidenceSheet, Limits
from monitor.domain.sheet_plan import ends_of, extent_of, joined, period_of, questions_of
from monitor.domain.tally import Stretch, Tally, tally


class Books(Protocol):
    """What a sheet is drawn from: the store, or a reader. Every method raises StoreError."""

    def some_answers(
        self, probe: str, since: datetime, until: datetime, most: int, *, newest: bool
    ) -> list[Observation]:
        """The oldest or the newest answers of a probe, oldest first."""
        ...

    def gaps(self, since: datetime, until: datetime, probes: Sequence[str] | None = None) -> list[Gap]:
        """The gaps of these probes and those of every probe."""
        ...

    def blind(self, since: datetime, until: datetime) -> list[Stretch]:
        """When our own line showed nothing."""
        ...

    def asked_once(self, services: Collection[str]) -> dict[str, list[str]]:
        """The probes of services that the catalogue no longer holds."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known when a sheet is drawn; `seen_working` says it of a probe's id."""

    catalog: Catalog
    ground: Ground
    now: datetime
    seen_working: Callable[[str], bool]
    limits: Limits = LIMITS


def drafted(books: Books, incident: Incident, scene: Scene) -> Iterator[EvidenceSheet | None]:
    """Draw the sheet of an incident in small steps: None after each, the sheet at last. Raises StoreError."""
    period, limits = period_of(incident, scene.now), scene.limits
    lost = [name for name in incident.services if name not in scene.catalog.services]
    questions = questions_of(incident, scene.catalog, books.asked_once(lost) if lost else None)
    most = limits.answers_each_end + 1  # to know whether there are more
    gaps, tallies = set(books.gaps(period.since, period.until, ())), list[Tally]()
    blind = () if incident.ours else books.blind(period.since, period.until)
    yield None
    for question in questions[: limits.probes]:
        ends = list[list[Observation]]()
        for (since, until), newest in zip(ends_of(period, limits), (False, True), strict=True):
            ends.append(books.some_answers(question.probe, since, until, most, newest=newest))
            gaps.update(books.gaps(since, until, (question.probe,)))
            yield None
        answers, unread = joined(ends[0], ends[1], period, limits)
        unseen = _never_seen(question, scene)
        tallies.append(tally(question, answers, period, unread=unread, never_seen=unseen))
    extent = extent_of(incident, scene.catalog, scene.ground, limits)
    zone = _zone_of(incident, scene.catalog)
    around = Surroundings(period, extent, len(questions), tuple(gaps), tuple(blind), zone, limits)
    yield draw(incident, tallies, around)


def _zone_of(incident: Incident, catalog: Catalog) -> ZoneInfo:
    """The local time of its first territory; that of Paris for a whole country."""
    known = (catalog.territories[code] for code in incident.territories if code in catalog.territories)
    return ZoneInfo(next((place.timezone for place in known), "Europe/Paris"))


def _never_seen(question: Question, scene: Scene) -> bool:
    service = scene.catalog.services.get(question.service or "")
    return service is not None and service.confirmed is None and not scene.seen_working(question.probe)
