"""The same for machines: every figure of the page, and what makes a copy of it checkable."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from monitor import __version__
from monitor.domain.compared import Compared
from monitor.domain.contract import Exclusions, OwnHours, Slot, Tally, Target
from monitor.domain.incident import Incident
from monitor.domain.method import METHOD
from monitor.domain.outages import Outage, Responses
from monitor.domain.snapshot import instant
from monitor.domain.uptime import Availability, Hours, Weighted
from monitor.dossier.judged import Judged
from monitor.dossier.measured import Day, Findings, part_of, unavailable_of
from monitor.dossier.page import Surroundings
from monitor.dossier.services import Measured

Plain = dict[str, object]
_SECOND = timedelta(seconds=1)


def digest_of(figures: Mapping[str, object]) -> str:
    """SHA-256 of figures as compact JSON with sorted keys, in UTF-8: whoever holds the twin can compute it again."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def twin(figures: Mapping[str, object], found: Findings, around: Surroundings, sha256: str) -> Plain:
    """The whole file. `figures` as `figures_of` gives them; the rest is when and from what they were made."""
    return {
        "report": 1,
        "made_at": instant(around.made_at),
        "version": __version__,
        "rehearsal": around.rehearsal,
        "database_created_at": instant(around.created_at),
        "sha256": sha256,
        "figures": figures,
        "contract_sha256": None if found.asked.contract is None else found.asked.contract.sha256,
        "seals": [
            {
                "number": one.number,
                "day": one.day.isoformat(),
                "vantage": one.vantage,
                "rows": one.rows,
                "root": one.root,
                "corrects": one.corrects,
            }
            for one in around.seals
        ],
        "windows": [one["plain"] for one in around.windows],
        "statements": [one["plain"] for one in around.statements],
    }


def figures_of(found: Findings) -> Plain:
    """All that was counted; shares are 0..1 and null where nothing is counted, durations seconds, instants UTC."""
    asked = found.asked
    return {
        "method": METHOD,
        "title": asked.title,
        "territory": None if asked.place is None else asked.place.code,
        "from": instant(asked.since),
        "to": instant(asked.until),
        "known_until": instant(min(found.known, asked.until)),
        "weighting": None if found.unit is None else found.unit.value,
        "hours": [_hours(found, hours, figure) for hours, figure in _whole(found)],
        "services": [_service(one) for one in found.services],
        "days": [_day(one) for one in found.days],
        "grid": [{"weekday": part[0] + 1, "hour": part[1], **_weighted(figure)} for part, figure in found.grid.items()],
        "outages": [_outage(one) for each in found.services for one in each.outages],
        "incidents": [_incident(one) for one in found.incidents],
        "responses": _responses(found.responses),
        "earlier": {
            "from": instant(asked.earlier[0]),
            "to": instant(asked.earlier[1]),
            "outages": found.earlier_outages,
            "responses": _responses(found.earlier_responses),
        },
        "contract": None if asked.contract is None else _contract(found),
        "blind_s": sum(((end - begin) / _SECOND for begin, end in found.blind), 0.0),
    }


def _whole(found: Findings) -> tuple[tuple[Hours, Weighted], ...]:
    return (Hours.ALL, found.whole.all), (Hours.SCHOOL, found.whole.school)


def _hours(found: Findings, hours: Hours, figure: Weighted) -> Plain:
    mean = unavailable_of(found.services, hours) / _SECOND
    return {
        "hours": hours.value,
        **_weighted(figure),
        "unavailable_mean_s": mean,
        "compared": _compared(found.compared[hours]),
    }


def _weighted(figure: Weighted) -> Plain:
    return {"availability": figure.availability, "coverage": figure.coverage, "services": figure.services}


def _compared(one: Compared) -> Plain:
    return {
        "before": one.before.availability,
        "before_coverage": one.before.coverage,
        "points": one.points,
        "doubts": [doubt.value for doubt in one.doubts],
    }


def _service(one: Measured) -> Plain:
    return {
        "service": one.service.id,
        "name": one.service.name,
        "weight": one.weight,
        "figures": [_figure(part_of(one, hours)) for hours in Hours],
        "outages": sum(bool(each.counts) for each in one.outages),
        "windows": [window.id for window in one.windows],
    }


def _figure(part: Availability) -> Plain:
    return {
        "hours": part.hours.value,
        "available_s": part.available / _SECOND,
        "unavailable_s": part.unavailable / _SECOND,
        "excluded_s": part.excluded / _SECOND,
        "declared_s": part.declared / _SECOND,
        "coverage": part.coverage,
        "availability": part.availability,
    }


def _day(one: Day) -> Plain:
    school = None if one.school is None else _weighted(one.school)
    return {
        "day": one.day.isoformat(),
        "all": _weighted(one.all),
        "school": school,
        "unavailable_mean_s": one.unavailable / _SECOND,
    }


def _outage(one: Outage) -> Plain:
    return {
        "service": one.service,
        "since": instant(one.since),
        "until": instant(one.until),
        "worst": one.worst.value,
        "failure": None if one.failure is None else one.failure.value,
        "counted_s": one.counted / _SECOND,
        "declared_s": one.declared / _SECOND,
    }


def _incident(one: Incident) -> Plain:
    return {
        "id": one.id,
        "culprit": one.culprit,
        "opened_at": instant(one.opened_at),
        "confirmed_at": instant(one.confirmed_at),
        "recovered_at": instant(one.recovered_at),
        "closed_at": instant(one.closed_at),
        "worst": one.worst.value,
        "services": list(one.services),
    }


def _responses(one: Responses) -> Plain:
    def seconds(span: timedelta | None) -> float | None:
        return None if span is None else span / _SECOND

    return {
        "incidents": one.incidents,
        "detected_after_s": seconds(one.detected_after),
        "recovered": one.recovered,
        "recovered_after_s": seconds(one.recovered_after),
    }


def _contract(found: Findings) -> Plain:
    assert found.asked.contract is not None
    contract = found.asked.contract.contract
    return {
        "title": contract.title,
        "buyer": contract.buyer,
        "vendor": contract.vendor,
        "exclusions": _exclusions(contract.exclusions),
        "targets": [_judged(one) for one in found.judged],
    }


def _exclusions(said: Exclusions) -> Plain:
    most = said.declared_a_month
    return {
        "declared_a_month_s": None if most is None else most / _SECOND,
        "notice_s": said.notice / _SECOND,
        "shortest_outage_s": said.shortest_outage / _SECOND,
        "coverage": float(said.coverage),
    }


def _judged(one: Judged) -> Plain:
    said = one.conclusion
    return {
        "service": None if one.service is None else one.service.id,
        "hours": _target_hours(one.target),
        "target": float(one.target.share),
        "outcome": said.outcome.value,
        "availability": _float(said.availability),
        "coverage": float(said.coverage),
        "margin": _float(said.margin),
        "spare_s": None if said.spare is None else said.spare / _SECOND,
        "tally": None if one.tally is None else _tally(one.tally),
    }


def _target_hours(target: Target) -> object:
    if not isinstance(target.hours, OwnHours):
        return target.hours.value
    return {"slots": [_slot(one) for one in target.hours.slots], "public_holidays": target.hours.holidays}


def _slot(one: Slot) -> Plain:
    minutes = timedelta(minutes=1)
    return {
        "weekdays": [day + 1 for day in sorted(one.weekdays)],
        "starts_min": one.starts // minutes,
        "ends_min": one.ends // minutes,
    }


def _tally(one: Tally) -> Plain:
    names = ("available", "unavailable", "borne", "excused", "unknown")
    return {f"{name}_s": getattr(one, name) / _SECOND for name in names}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
