"""What `vigie availability` prints for machines: UTC, seconds, shares of 1; null where nothing is counted."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from monitor.commands.counted import Figure, Report
from monitor.domain.compared import Compared, little
from monitor.domain.method import METHOD
from monitor.domain.outages import Outage, Responses
from monitor.domain.parts import By, Part
from monitor.domain.plain import plain
from monitor.domain.snapshot import instant
from monitor.domain.uptime import Availability, Hours
from monitor.domain.window import declared
from monitor.reports import comparisons
from monitor.reports.counted_words import COMPARISON, DEFINITION, OUTAGES
from monitor.reports.periods import Counted, Together

# Weekdays as ISO 8601 counts them: Monday is 1.
_NAMES: Mapping[By, Callable[[Part], dict[str, object]]] = {
    By.PERIOD: lambda _: {},
    By.MONTH: lambda part: {"month": f"{part[0]:04}-{part[1]:02}"},
    By.DAY: lambda part: {"day": f"{part[0]:04}-{part[1]:02}-{part[2]:02}"},
    By.HOUR: lambda part: {"hour": part[0]},
    By.WEEKDAY: lambda part: {"weekday": part[0] + 1},
    By.GRID: lambda part: {"weekday": part[0] + 1, "hour": part[1]},
}


def as_json(report: Report) -> dict[str, object]:
    """The figures of `as_text`, and what they mean."""
    asked, before = report.now.question, report.before
    return {
        "from": instant(asked.since),
        "to": instant(asked.until),
        "against": None
        if before is None
        else {"from": instant(before.question.since), "to": instant(before.question.until)},
        "by": asked.by.value,
        "audiences": [one.value for one in asked.audiences],
        "known_until": instant(report.known),
        "rehearsal": report.rehearsal,
        "method": METHOD,
        "definition": DEFINITION,
        "definitions": {"outages": OUTAGES, "comparison": COMPARISON},
        "services": [_service(report, one) for one in report.now.services],
        "windows": list(_windows(report)),
        "weighted": None if report.now.together is None else _together(report, report.now.together),
        "incidents": _responses(report.now.responses),
        "outages": {
            "number": sum(one.outages for one in report.now.services),
            "longest": _outages(report.now.longest),
        },
    }


def _service(report: Report, one: Counted) -> dict[str, object]:
    against = None if report.before is None else comparisons.of_service(report.now, report.before, one)
    return {
        "service": one.service.id,
        "name": one.service.name,
        "formerly": list(one.service.formerly),
        "territories": list(one.service.territories),
        "timezone": one.timezone,
        "figures": [_figure(part) for part in (one.said.all, one.said.school)],
        "compared": _compared(against),
        "parts": list(_parts(report.now.question.by, one.parts)),
        "incidents": _responses(one.responses),
        "outages": {"number": one.outages, "longest": _outages(one.longest)},
        "windows": [window.id for window in one.windows],
    }


def _together(report: Report, whole: Together) -> dict[str, object]:
    against = None if report.before is None else comparisons.of_territory(report.now, report.before)
    return {
        "territory": whole.place.code,
        "weighting": whole.unit.value,
        "weights": {one.service.id: whole.weights.get(one.service.id, 0.0) for one in report.now.services},
        "timezone": whole.place.timezone,
        "figures": [_figure(one) for one in (whole.all, whole.school)],
        "compared": _compared(against),
        "parts": list(_parts(report.now.question.by, whole.parts)),
    }


def _windows(report: Report) -> Iterator[dict[str, object]]:
    """Each window once, with the instants that it covers and whom it excuses: what counting again needs."""
    periods = [one for one in (report.now, report.before) if one is not None]
    counted = [one for period in periods for one in period.services]
    for window in dict.fromkeys(window for one in counted for window in one.windows):
        covered = [stretch for one in periods for stretch in declared(window, one.question.since, one.question.until)]
        yield {
            "id": window.id,
            "reason": window.reason,
            "author": window.author,
            "declared_at": instant(window.declared_at),
            "covers": [{"since": plain(since), "until": plain(until)} for since, until in covered],
            "services": list(dict.fromkeys(one.service.id for one in counted if window in one.windows)),
        }


def _figure(part: Figure) -> dict[str, object]:
    found: dict[str, object] = {
        "hours": part.hours.value,
        "availability": part.availability,
        "coverage": part.coverage,
        "little": little(part.coverage),
    }
    if isinstance(part, Availability):
        return found | {
            "available_s": part.available.total_seconds(),
            "unavailable_s": part.unavailable.total_seconds(),
            "excluded_s": part.excluded.total_seconds(),
            "declared_s": part.declared.total_seconds(),
        }
    return found | {"services": part.services}


def _parts(by: By, cells: Mapping[Hours, Mapping[Part, Figure]]) -> Iterator[dict[str, object]]:
    for found in cells.values():
        for part, one in found.items():
            yield _NAMES[by](part) | _figure(one)


def _compared(against: Mapping[Hours, Compared] | None) -> list[dict[str, object]] | None:
    if against is None:
        return None
    return [
        {
            "hours": hours.value,
            "points": one.points,
            "availability_before": one.before.availability,
            "coverage_before": one.before.coverage,
            "honest": not one.doubts,
            "doubts": [doubt.value for doubt in one.doubts],
        }
        for hours, one in against.items()
    ]


def _responses(said: Responses) -> dict[str, object]:
    detected, recovered = said.detected_after, said.recovered_after
    return {
        "number": said.incidents,
        "detected_after_s": None if detected is None else detected.total_seconds(),
        "recovered": said.recovered,
        "recovered_after_s": None if recovered is None else recovered.total_seconds(),
    }


def _outages(found: Iterable[Outage]) -> list[dict[str, object]]:
    return [
        {
            "service": one.service,
            "since": plain(one.since),
            "until": plain(one.until),
            "counted_s": one.counted.total_seconds(),
            "declared_s": one.declared.total_seconds(),
            "worst": one.worst.value,
            "failure": None if one.failure is None else one.failure.value,
        }
        for one in found
    ]
