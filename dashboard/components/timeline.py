"""How an incident went, moment by moment, on the clock of Paris."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dashboard import dates
from dashboard.incident_view import IncidentView, TurnView
from dashboard.wording import HEALTHS, REASONS
from monitor.domain.observation import Health
from monitor.domain.reason import Reason

NB = dates.NB
_WITH_STATE = frozenset({Reason.OPENED, Reason.WORSENED, Reason.RELAPSED})
_ENDS = frozenset({Reason.CLOSED, Reason.MERGED})


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: `day` is empty where the line before it is of the same day."""

    at: datetime
    day: str
    clock: str
    words: str


def timeline(incident: IncidentView) -> list[Moment]:
    """Everything that happened, oldest first."""
    moments, last = [], ""
    for at, words in sorted(_told(incident), key=lambda pair: pair[0]):
        day = dates.day(at)
        moments.append(Moment(at, "" if day == last else day, dates.clock(at), words))
        last = day
    return moments


def _told(incident: IncidentView) -> Iterator[tuple[datetime, str]]:
    for turn in incident.turns:
        yield turn.at, _words(turn)
    if not incident.turns:
        yield incident.opened_at, f"{REASONS[Reason.OPENED].fr}{NB}: {_state(incident.worst)}"
    if incident.confirmed_at is not None:
        yield incident.confirmed_at, "Confirmé"
    if incident.recovered_at is not None:
        yield incident.recovered_at, "Répond de nouveau"
    ended = any(turn.reason in _ENDS for turn in incident.turns)
    if incident.closed_at is not None and not ended:
        yield incident.closed_at, REASONS[Reason.MERGED if incident.absorbed_into else Reason.CLOSED].fr


def _words(turn: TurnView) -> str:
    words = REASONS[turn.reason].fr
    if turn.reason is Reason.SPREAD:
        return f"{words} à {turn.services}{NB}services" if turn.services > 1 else words
    if turn.reason not in _WITH_STATE:
        return words
    several = f", {turn.services}{NB}services" if turn.services > 1 else ""
    return f"{words}{NB}: {_state(turn.health)}{several}"


def _state(health: Health) -> str:
    return HEALTHS[health].fr.lower()
