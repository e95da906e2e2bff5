"""What a language must say to a head of school, in three lines: the shape of `french_brief` and `english_brief`."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.catalog import ServiceKind
from monitor.domain.observation import Health
from monitor.domain.reason import Reason


@dataclass(frozen=True, slots=True)
class BriefWords:
    """Pairs are for one service, for several; ``{service}`` names them, ``{people}`` who uses them.

    Attributes:
        whats: first line, by health; `what_of_login` where a login for other services does not answer.
        before: by reason, what stands before the first line; nothing where a reason is not here.
        again, closed, withdrawn, merged: first line of an incident that has eased, is over, is followed no more, or is
            told with another from now on.
        pupils, staff: who uses it.
        joined: two names; `others`: what follows one name: one more, several.
        since, since_day: second line while it lasts; `same`, `same_day`: of a relapse; `lasted`, `lasted_days`: once
            it is over.
        elsewhere: what follows an hour of the school's own, where that is not the hour of Paris.
        nothing: third line: that it is not for the school to mend. `wait`, `slow`, `try_it`, `follows`: what to do
            while it makes wait, is slow, is not measured, answers although the incident lasts.
        instead: what to do meanwhile, by kind.
        works: what answers, where a school may use that instead.
        use, use_gently: what to do once it is over, once it has eased.
        since_title, since_day_title: the last part of a title.
    """

    whats: Mapping[Health, tuple[str, str]]
    what_of_login: tuple[str, str]
    before: Mapping[Reason, str]
    again: tuple[str, str]
    closed: tuple[str, str]
    withdrawn: tuple[str, str]
    merged: tuple[str, str]
    pupils: str
    staff: str
    joined: str
    others: tuple[str, str]
    since: str
    since_day: str
    same: str
    same_day: str
    lasted: str
    lasted_days: str
    elsewhere: str
    nothing: str
    wait: str
    slow: str
    try_it: str
    follows: str
    instead: Mapping[ServiceKind, str]
    works: tuple[str, str]
    use: str
    use_gently: str
    since_title: str
    since_day_title: str
