"""`/vigie`: how Vigie itself is, as its monitor published it, and what was not measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard import dates
from dashboard.model import View
from dashboard.public.press import Sheet, Visit
from dashboard.tongue import N_, _, root
from dashboard.wording import EXCUSES, VITALS
from monitor.domain.vitals import Vital

TITLE = N_("Vigie elle-même")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of Vigie: what should be true of it, whether it is, since when it was last seen so, what it may miss."""

    words: str
    well: bool
    seen: str
    patience: str


async def page(visit: Visit, _key: str) -> Sheet | None:
    """The page; before the first snapshot only its sentence."""
    view = visit.view
    if view is None:
        return Sheet("ourselves.html", f"{_(TITLE)} · Vigie", {"ready": False})
    vitals = view.vitals or {}
    excused = await visit.data.excused(view.at)
    values = {
        "ready": True,
        "watched": view.vitals is not None,
        "faults": [one["says"] for one in vitals.get("failing", ())],
        "parts_known": list(_parts(vitals, view.at)),
        "heartbeat": _heartbeat(vitals.get("heartbeat"), view.at),
        "drill": _drill(vitals.get("drill"), view.at),
        "excused": excused,
        "EXCUSES": EXCUSES,
        "never_seen": _never_seen(view),
    }
    return Sheet("ourselves.html", f"{_(TITLE)} · Vigie", values, partial=excused is None)


def _parts(vitals: Mapping[str, Any], now: datetime) -> Iterator[Part]:
    failing = {one["vital"] for one in vitals.get("failing", ())}
    known = {one.value: one for one in Vital}
    for one in vitals.get("parts", ()):
        if one["vital"] in known:  # a newer monitor may watch more
            seen = dates.since(datetime.fromisoformat(one["well_at"]), now)
            yield Part(
                VITALS[known[one["vital"]]].said,
                one["vital"] not in failing,
                seen,
                dates.ago(timedelta(seconds=one["patience_s"])),
            )


def _heartbeat(beat: Mapping[str, Any] | None, now: datetime) -> str:
    if beat is None:
        return _("Personne n’attend ses battements de cœur\u00a0: si Vigie s’arrête, personne d’autre ne le dira.")
    if beat["accepted_at"] is None:
        return _("Aucun battement de cœur n’a encore été accepté depuis le démarrage.")
    accepted = dates.since(datetime.fromisoformat(beat["accepted_at"]), now)
    refused = _("Le suivant n’a pas été accepté.")
    said = _("Dernier battement de cœur accepté {moment}.").format(moment=accepted)
    return f"{said} {refused}" if beat["trouble"] else said


def _drill(drill: Mapping[str, Any] | None, now: datetime) -> str:
    if drill is None:
        return _("Aucun exercice n’est parti.")
    if drill["arrived_at"] is None:
        left = dates.since(datetime.fromisoformat(drill["queued_at"]), now)
        return _("Exercice parti {moment}, pas encore arrivé.").format(moment=left)
    arrived = dates.since(datetime.fromisoformat(drill["arrived_at"]), now)
    return _("Dernier exercice d’alerte arrivé {moment}.").format(moment=arrived)


def _never_seen(view: View) -> list[tuple[str, str | None]]:
    """Names of services with a probe never seen working, and their address, by name; each once."""
    names = {probe.partition("/")[0] for probe in view.never_seen}
    found = [(view.services[one].name, f"{root()}/service/{one}") for one in names if one in view.services]
    return sorted(found, key=lambda pair: pair[0].casefold())
