"""The incidents of the last ninety days that are over, for a page that has several services."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from dashboard import dates
from dashboard.data import Data
from dashboard.incident_view import IncidentView, read_incident
from dashboard.model import View
from monitor.reports.by_day import DAYS

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Past:
    """Some incidents, the last opened first, how many there are `more`; `read`: whether they could be read."""

    shown: tuple[IncidentView, ...]
    more: int
    read: bool


async def past(data: Data, view: View, services: Collection[str]) -> Past:
    """Incidents of these services that are over, without those that another one tells."""
    if not services:
        return Past((), 0, True)
    since = dates.midnight(dates.midnight(view.at) - timedelta(days=DAYS - 1))
    found = await data.open.incidents(since, view.at, view.at)
    over = [
        one
        for one in found or ()
        if one["closed_at"] is not None
        and one.get("absorbed_into") is None
        and not set(services).isdisjoint(one["services"])
    ]
    return Past(tuple(map(read_incident, over[:SHOWN])), len(over[SHOWN:]), found is not None)
