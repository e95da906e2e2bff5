"""A written day: who failed, how, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# A day of a scenario is played between these hours of Paris.
PLAYED = (time(7), time(19))
OUR_LINE = "*"


class Mode(StrEnum):
    """What a fake service does; the health expected of each is in docs/method.md, "A scenario's words"."""

    OK = "ok"
    SLOW = "slow"
    WAITING_PAGE_200 = "waiting_page_200"
    RESTRICTED_ACCESS = "restricted_access"
    INTERMITTENT = "intermittent"
    SERVER_FAULT = "server_fault"
    DOWN = "down"
    HTTP_502 = "http_502"
    RECOVERED = "recovered"


WELL = frozenset({Mode.OK, Mode.RECOVERED})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a scenario. `start` belongs to the step, `end` does not; both aware UTC.

    `territory` and `operator` are the file's own words; `hoster` is None where the file declares none; `line` is
    the line of the file.
    """

    service: str
    label: str
    territory: str
    operator: str
    hoster: str | None
    mode: Mode
    start: datetime
    end: datetime
    line: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """The steps of one or more days, in the order of the file. `begins` and `ends` bound what is played (aware UTC).

    `note`: what it is made of, in a few French words that every page says; None where nothing is known of it.
    """

    name: str
    steps: tuple[Step, ...]
    begins: datetime
    ends: datetime
    note: str | None = None
    _by_service: dict[str, tuple[Step, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the steps by service, the last line first: it is asked for at every answer."""
        index: dict[str, tuple[Step, ...]] = {}
        for step in self.steps:
            index[step.service] = (step, *index.get(step.service, ()))
        object.__setattr__(self, "_by_service", index)

    @property
    def services(self) -> tuple[str, ...]:
        """Ids of the services that a step names, in the order of the file; our own line is none of them."""
        return tuple(service for service in self._by_service if service != OUR_LINE)

    def mode_at(self, service: str, instant: datetime) -> Mode:
        """What `service` does at `instant` (aware): later lines win, and outside the written steps it is ok."""
        for step in self._by_service.get(service, ()):
            if step.start <= instant < step.end:
                return step.mode
        return Mode.OK

    def line_cut_at(self, instant: datetime) -> bool:
        """Whether our own line (service ``*``) is cut at `instant`: nothing answers, canaries included."""
        return self.mode_at(OUR_LINE, instant) not in WELL


def windows_of(
    scenario: Scenario, between: Sequence[tuple[time, time]] | None = None
) -> list[tuple[datetime, datetime]]:
    """What is played, in order (aware UTC): each day from 07:00 to 19:00 of Paris, or in the hours `between`.

    Windows that touch or overlap become one. Raises ValueError for hours that end before they begin.
    """
    hours = sorted(between or [PLAYED])
    if any(until <= since for since, until in hours):
        raise ValueError("hours that end before they begin")
    windows: list[tuple[datetime, datetime]] = []
    for day in sorted({step.start.astimezone(PARIS).date() for step in scenario.steps}):
        for since, until in hours:
            opens, closes = (datetime.combine(day, hour, PARIS).astimezone(UTC) for hour in (since, until))
            if windows and opens <= windows[-1][1]:
                windows[-1] = (windows[-1][0], max(closes, windows[-1][1]))
            else:
                windows.append((opens, closes))
    return windows
