"""`/service/ID`: one service, its last 24 hours of answers and states."""

import asyncio
from datetime import timedelta

from dashboard.components import phrases
from dashboard.components.availability import figures
from dashboard.figures.latency import latency_svg
from dashboard.figures.strip import strip_svg
from dashboard.model import Day, Stretch
from dashboard.public.ninety import ninety_days
from dashboard.public.press import Sheet, Visit
from dashboard.public.told import told
from dashboard.tongue import _
from dashboard.wording import AVAILABILITY, KINDS
from monitor.domain.catalog import ServiceKind
from monitor.domain.method import METHOD
from monitor.domain.observation import Health

ROWS_SHOWN = 40
NOISE = timedelta(minutes=1)


async def page(visit: Visit, key: str) -> Sheet | None:
    """The page of the service `key`, None for an unknown one."""
    if visit.view is None or key not in visit.view.services:
        return None
    view = visit.view
    service = view.services[key]
    day, month, ninety, declared = await asyncio.gather(
        visit.data.service_day(key, view.at, service.probes),
        visit.data.month(service, view.at),
        visit.data.days_of_service(service, view.at),
        told(visit.data, view, [service]),
    )
    values = {
        "service": service,
        "operator_id": next((key for key, name in view.operators.items() if name == service.operator), None),
        "kind": KINDS[ServiceKind(service.kind)].said,
        "places": phrases.places(view, service.territories),
        "chart": latency_svg(day) if day.points else None,
        "strip": strip_svg(day.stretches, day.since, day.until, view.at),
        "strip_words": phrases.stretch_words(day.stretches, day.since, view.at),
        "stretches": _rows(day),
        "read": day.read,
        "figures": _figures(day),
        "probes": service.probes or sorted({p.probe for p in day.points if p.probe}),
        "told": declared,
        **ninety_days(ninety),
        "month": month,
        "availability": figures(month) if month else [],
        "availability_words": AVAILABILITY.said,
        "method": METHOD,
        "incidents": [i for i in view.theirs if key in i.services],
    }
    whole = day.read and declared.read and ninety is not None
    return Sheet("service.html", f"{service.name} · Vigie", values, partial=not whole)


def _rows(day: Day) -> list[Stretch]:
    """The stretches, newest first, without the moment that it took to establish the very first state."""
    told = list(day.stretches)
    if len(told) > 1 and told[0].health is Health.UNKNOWN and told[1].since - told[0].since < NOISE:
        del told[0]
    return told[::-1][:ROWS_SHOWN]


def _figures(day: Day) -> dict[str, str] | None:
    """The day in figures: answers, those that failed, the usual and the late duration of good ones."""
    good = sorted(p.took_ms for p in day.points if p.health in {Health.UP, Health.SLOW})
    bad = sum(p.health not in {Health.UP, Health.SLOW, Health.UNKNOWN} for p in day.points)
    if not day.points:
        return None
    figures = {_("Mesures"): str(len(day.points)), _("En échec"): str(bad)}
    if good:
        figures |= {
            _("Durée médiane"): phrases.took(good[len(good) // 2]),
            _("95 % sous"): phrases.took(good[min(len(good) - 1, len(good) * 95 // 100)]),
        }
    return figures
