"""Two periods of the same services beside each other (docs/method.md, "Comparing two periods")."""

from monitor.domain.compared import Compared, Side
from monitor.domain.uptime import Hours
from monitor.reports.periods import Counted, Period, Together

Pair = dict[Hours, Compared]


def of_service(now: Period, before: Period, one: Counted) -> Pair | None:
    """A service of `now` compared with itself, by hours; None where the other period was not asked of it."""
    other = next((other for other in before.services if other.service.id == one.service.id), None)
    if other is None:
        return None
    return {hours: Compared(_side(now, one, hours), _side(before, other, hours)) for hours in Hours}


def of_territory(now: Period, before: Period) -> Pair | None:
    """The territory compared with itself, by hours; None where none was asked about."""
    if now.together is None or before.together is None:
        return None
    sides = ((now, now.together), (before, before.together))
    return {hours: Compared(*(_whole(period, whole, hours) for period, whole in sides)) for hours in Hours}


def _side(period: Period, one: Counted, hours: Hours) -> Side:
    said = one.said.of(hours)
    services = frozenset({one.service.id} if said.counted else ())
    return Side(period.question.since, period.question.until, said.availability, said.coverage, services)


def _whole(period: Period, whole: Together, hours: Hours) -> Side:
    said = whole.of(hours)
    weighing = (one for one in period.services if whole.weights.get(one.service.id, 0.0) > 0)
    services = frozenset(one.service.id for one in weighing if one.said.of(hours).counted)
    return Side(period.question.since, period.question.until, said.availability, said.coverage, services)
