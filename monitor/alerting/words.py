"""What a language must say: the shape that `french` and `english` fill. A test asks for every member."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.alerting.brief_words import BriefWords
from monitor.alerting.gathered_words import GatheredWords
from monitor.alerting.group_words import GroupWords
from monitor.domain.catalog import Audience, Level
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Words for the incident of our own line, told to the operator of Vigie alone."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Templates name their holes; what fills a hole is never read as a template.

    Attributes:
        states: a state as it opens a title.
        marks: what a reason adds to a title, ``{state}`` standing for the state.
        leads: first sentence of a body about one thing, about several; ``{service}`` and ``{state}`` open.
        state_in_sentence: a state as a verb phrase, singular and plural.
        failures: what was measured, a sentence without its full stop.
        levels: singular and plural of a level of territory.
        place: the name of one territory by level, ``{name}`` open.
        clock: hour and minute; `day`: day and month; `span`: from one instant to another.
        others: names, then how many more: one, several.
        groups: what is said of several services at once; `brief`: to a head of school; `gathered`: where one message
            stands for several.
        next_update, next_change: when to expect the next message, with a reminder and without.
        own_line: by reason; `own_line_default` for the reasons that have no words of their own.
    """

    states: Mapping[Health, str]
    marks: Mapping[Reason, str]
    leads: Mapping[Reason, tuple[str, str]]
    state_in_sentence: Mapping[Health, tuple[str, str]]
    failures: Mapping[Failure, str]
    audiences: Mapping[Audience, str]
    levels: Mapping[Level, tuple[str, str]]
    place: Callable[[Level, str], str]
    clock: Callable[[datetime], str]
    day: Callable[[datetime], str]
    span: Callable[[datetime, datetime], str]
    own_line: Mapping[Reason, OwnLine]
    own_line_default: OwnLine
    since: str
    since_day: str
    lasted: str
    country: str
    territories: str
    rehearsal: str
    rehearsal_note: str
    opened: str
    recovered: str
    local_time: str
    measured: str
    worst: str
    extent: str
    services: str
    audience: str
    share: str
    share_own: str
    buyer: str
    operator: str
    support: str
    nobody: str
    cause_unknown: str
    page: str
    next_update: str
    next_change: str
    signature: str
    withdrawn_mark: str
    withdrawn_lead: tuple[str, str]
    others: tuple[str, str]
    joiner: str
    groups: GroupWords
    brief: BriefWords
    gathered: GatheredWords

    def withdrawn(self, reason: Reason, incident: Incident) -> bool:
        """Whether an incident closes without any recovery: its service left the catalogue."""
        return reason is Reason.CLOSED and incident.recovered_at is None
