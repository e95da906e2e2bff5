"""The targets of a contract held against the services of a report."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import tzinfo

from monitor.domain.catalog import Service
from monitor.domain.contract import Conclusion, OwnHours, Tally, Target, conclude, excused, own_hours, tally
from monitor.domain.interval import Interval
from monitor.domain.uptime import Hours
from monitor.dossier.services import PARIS, Asked, Measured, places_of, school_of
from monitor.reports.figures import Basis


@dataclass(frozen=True, slots=True)
class Judged:
    """What a target comes to for the whole territory (`service` None) or for one service."""

    service: Service | None
    target: Target
    conclusion: Conclusion
    tally: Tally | None


def judge(basis: Basis, asked: Asked, services: Collection[Measured]) -> Iterator[Judged]:
    """Each target: of a territory together, of a list of services one by one."""
    if asked.contract is None:
        return
    contract = asked.contract.contract
    for target in contract.targets:
        tallies = [(one, _tally(basis, asked, one, target)) for one in services]
        if contract.territory is not None:
            said = conclude(target, contract.exclusions, [(one.weight, found) for one, found in tallies])
            yield Judged(None, target, said, None)
        else:
            for one, found in tallies:
                yield Judged(one.service, target, conclude(target, contract.exclusions, [(1.0, found)]), found)


def _tally(basis: Basis, asked: Asked, one: Measured, target: Target) -> Tally:
    assert asked.contract is not None
    exclusions = asked.contract.contract.exclusions
    clock = basis.timetable.clock_of(places_of(asked, one.service))
    timezone: tzinfo = clock.places[0].timezone if clock.places else PARIS
    hours = _target_hours(basis, asked, one.service, target, timezone)
    left_out = excused(one.windows, exclusions, hours, timezone)
    return tally(one.spans, left_out, hours, exclusions, (asked.since, asked.until))


def _target_hours(
    basis: Basis, asked: Asked, service: Service, target: Target, timezone: tzinfo
) -> tuple[Interval, ...]:
    if isinstance(target.hours, OwnHours):
        holidays = basis.timetable.public_holidays(places_of(asked, service))
        return own_hours(target.hours, timezone, holidays, asked.since, asked.until)
    if target.hours is Hours.SCHOOL:
        return school_of(basis, asked, service)
    return ((asked.since, asked.until),)
