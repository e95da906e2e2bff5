"""A period divided by days, divided by months instead, without reading anything again: both are those of Paris."""

from collections.abc import Mapping
from dataclasses import replace

from monitor.domain.parts import By, Part, gathered
from monitor.domain.uptime import Availability, Hours, Weighted
from monitor.reports.periods import Parts, Period, Together, weighted_parts


def by_months(days: Period) -> Period:
    """The same period by months. Raises ValueError for one that is not divided by days."""
    if days.question.by is not By.DAY:
        raise ValueError("months are made of days")
    services = tuple(replace(one, parts=_months(one.parts)) for one in days.services)
    whole = days.together
    together = (
        None if whole is None else replace(whole, parts=_together(whole, {s.service.id: s.parts for s in services}))
    )
    return replace(days, question=replace(days.question, by=By.MONTH), services=services, together=together)


def _months(parts: Parts) -> Parts:
    return {hours: gathered(found, _month) for hours, found in parts.items()}


def _month(day: Part) -> Part:
    return day[:2]


def _together(whole: Together, services: Mapping[str, Parts]) -> Mapping[Hours, Mapping[Part, Weighted]]:
    """Weighed anew: shares of days do not add up to that of a month, times do."""
    found: dict[Hours, Mapping[Part, Weighted]] = {}
    for hours in whole.parts:
        of: list[tuple[float, Mapping[Part, Availability]]] = [
            (whole.weights.get(name, 0.0), parts[hours]) for name, parts in services.items()
        ]
        found[hours] = weighted_parts(of, hours)
    return found
