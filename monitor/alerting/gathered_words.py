"""What a language must say where one message stands for several: a burst of incidents, or a beginning with its end."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.reason import Reason


@dataclass(frozen=True, slots=True)
class GatheredWords:
    """Templates name their holes.

    Attributes:
        marks: how the title of a burst begins, by reason, ``{count}`` open.
        lead: its first sentence. Each incident then has a line, the title that it would have had by itself.
        again: such a line of an incident that was told before.
        more: how many incidents have no line: one, several.
        page: where they are all followed.
        past, past_days: beginning and end in one sentence, on one day or on two; `outcomes`: how it ended, by the
            reason of the end, one service and several; `withdrawn`: that it is followed no more.
        late: why this was not said before.
        from_to, from_to_days: the last part of a title.
    """

    marks: Mapping[Reason, str]
    lead: str
    again: str
    more: tuple[str, str]
    page: str
    past: str
    past_days: str
    outcomes: Mapping[Reason, tuple[str, str]]
    withdrawn: str
    late: str
    from_to: str
    from_to_days: str
