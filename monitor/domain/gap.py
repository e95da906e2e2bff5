"""What was not measured, and why: every slot of every probe is an observation, a skip or a gap with its reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Self

NOTICED = timedelta(seconds=2)  # what is shorter is a busy machine, or a clock being slewed


class Excuse(Enum):
    """Why nothing was asked, or nothing kept: the value is the word people meet, `code` what the database keeps.

    Codes are for ever; those below 10 are decisions of ours (`skip`), the rest happened to us.
    """

    code: int

    def __new__(cls, word: str, code: int) -> Self:
        """One member from its word and its stored code."""
        member = object.__new__(cls)
        member._value_ = word
        member.code = code
        return member

    BUSY = ("busy", 1)  # the previous question of this probe was still under way
    BACK_OFF = ("back_off", 2)  # the host refused us, or asked us to come back later
    COURTESY = ("courtesy", 3)  # what its host, domain or address may be asked was used up
    STOPPED = ("stopped", 10)  # no monitor ran
    ASLEEP = ("asleep", 11)  # our process did not run: machine suspended, process stopped, loop stalled
    CLOCK = ("clock", 12)  # the wall clock was set: the instants between are nobody's
    STORAGE = ("storage", 13)  # answers were given up because the store refused them for too long

    @property
    def skip(self) -> bool:
        """Whether it was a decision of ours."""
        return self.code < 10

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
        slots: how many were missed; 0 for a gap of every probe, which covers whatever slots lie within, and for a
            question that was only late.
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
