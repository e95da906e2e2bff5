"""What was not measured, and why: every slot of every probe is an observation, a skip or a gap with its reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Self


class Excuse(Enum):
    """Why nothing was asked, or nothing kept: the value is the word people meet, `code` what the database keeps.

    A skip is a decision of ours (`skip` True); the rest happened to us. Codes are for ever.
    """

    code: int
    skip: bool

    def __new__(cls, word: str, code: int, *, skip: bool) -> Self:
        """One member from its word, its stored code, and whether it is a decision."""
        member = object.__new__(cls)
        member._value_ = word
        member.code = code
        member.skip = skip
        return member

    BUSY = ("busy", 1, True)  # the previous question of this probe was still under way
    BACK_OFF = ("back_off", 2, True)  # the host refused us, or asked us to come back later
    COURTESY = ("courtesy", 3, True)  # what its host, domain or address may be asked was used up
    STOPPED = ("stopped", 10, False)  # no monitor ran
    ASLEEP = ("asleep", 11, False)  # our process did not run: machine suspended, process stopped, loop stalled
    CLOCK = ("clock", 12, False)  # the wall clock was set: the instants between are nobody's
    STORAGE = ("storage", 13, False)  # answers were given up because the store refused them for too long

    @classmethod
    def from_code(cls, code: int) -> "Excuse":
        """The member that the database calls `code`. Raises KeyError for a code of a newer Vigie."""
        return _BY_CODE[code]


_BY_CODE = {excuse.code: excuse for excuse in Excuse}


@dataclass(frozen=True, slots=True)
class Gap:
    """Slots of one probe without an answer, for one reason.

    Attributes:
        probe: id of the probe; "" for every probe of the catalogue.
        since, until: aware UTC; the first slot missed, and the end of what was missed (the next question).
        slots: how many were missed; 0 where it cannot be counted (no monitor ran).
    """

    probe: str
    vantage: str
    since: datetime
    until: datetime
    slots: int
    excuse: Excuse


@dataclass(frozen=True, slots=True)
class Skip:
    """A question that was not asked, by a decision of ours at `at`; `until`: not before then, where that is known."""

    probe: str
    at: datetime
    excuse: Excuse
    until: datetime | None = None
