"""`/service/ID`: one service, its last 24 hours of answers and states."""

from dashboard.components import phrases
from dashboard.figures.latency import latency_svg
from dashboard.figures.strip import strip_svg
from dashboard.model import Day, View
from dashboard.public.press import Sheet, Visit
from dashboard.wording import KINDS
from monitor.domain.catalog import ServiceKind
from monitor.domain.observation import Health

ROWS_SHOWN = 40


async def page(visit: Visit, key: str) -> Sheet | None:
    """The page of the service `key`, None for an unknown one."""
    if visit.view is None or key not in visit.view.services:
        return None
    view = visit.view
    service = view.services[key]
    day = await visit.data.service_day(key, view.at)
    values = {
        "service": service,
        "kind": KINDS[ServiceKind(service.kind)].fr,
        "places": _places(view, service.territories),
        "chart": latency_svg(day) if day.points else None,
        "strip": strip_svg(day.stretches, day.since, day.until, view.at),
        "strip_words": phrases.stretch_words(day.stretches, day.since, view.at),
        "stretches": tuple(reversed(day.stretches))[:ROWS_SHOWN],
        "figures": _figures(day),
        "probes": sorted({p.probe for p in day.points if p.probe}),
        "incidents": [i for i in view.incidents if key in i.services],
    }
    return Sheet("service.html", f"{service.name} · Vigie", values)


def _places(view: View, codes: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Names of territories with the address of their page, None where there is none."""
    found = []
    for code in codes:
        territory = view.territories.get(code)
        name = "Toute la France" if code == "N" else territory.name if territory else code
        found.append((name, f"/academie/{territory.slug}" if territory and code.startswith("A:") else None))
    return found


def _figures(day: Day) -> dict[str, str] | None:
    """The day in figures: answers, those that failed, the usual and the late duration of good ones."""
    good = sorted(p.took_ms for p in day.points if p.health in {Health.UP, Health.SLOW})
    bad = sum(p.health not in {Health.UP, Health.SLOW, Health.UNKNOWN} for p in day.points)
    if not day.points:
        return None
    figures = {"Mesures": str(len(day.points)), "En échec": str(bad)}
    if good:
        figures |= {
            "Durée médiane": phrases.took(good[len(good) // 2]),
            "95 % sous": phrases.took(good[min(len(good) - 1, len(good) * 95 // 100)]),
        }
    return figures
