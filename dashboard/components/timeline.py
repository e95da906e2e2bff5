"""How an incident went, moment by moment, on the clock of Paris."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dashboard import dates
from dashboard.incident_view import IncidentView, TurnView
from dashboard.tongue import _, ngettext
from dashboard.wording import HEALTHS, REASONS
from monitor.domain.observation import Health
from monitor.domain.reason import Reason

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
        yield incident.opened_at, _with_state(REASONS[Reason.OPENED].said, incident.worst)
    if incident.confirmed_at is not None:
        yield incident.confirmed_at, _("Confirmé")
    if incident.recovered_at is not None:
        yield incident.recovered_at, _("Répond de nouveau")
    ended = any(turn.reason in _ENDS for turn in incident.turns)
    if incident.closed_at is not None and not ended:
        yield incident.closed_at, REASONS[Reason.MERGED if incident.absorbed_into else Reason.CLOSED].said


def _words(turn: TurnView) -> str:
    words = REASONS[turn.reason].said
    if turn.reason is Reason.SPREAD and turn.services > 1:
        return _("Extension à {count}\u00a0services").format(count=turn.services)
    if turn.reason not in _WITH_STATE:
        return words
    several = ngettext("{count}\u00a0service", "{count}\u00a0services", turn.services).format(count=turn.services)
    return f"{_with_state(words, turn.health)}{f', {several}' if turn.services > 1 else ''}"


def _with_state(words: str, health: Health) -> str:
    return _("{what}\u00a0: {state}").format(what=words, state=HEALTHS[health].said.lower())
