"""One letter for many incidents: a line each, the title that its own letter would have had."""

from collections.abc import Iterator, Sequence

from monitor.alerting.brief import brief_names
from monitor.alerting.case import Case
from monitor.alerting.clean import clean, shorten
from monitor.alerting.letter import BULLET, Letter, sealed
from monitor.alerting.title import room_of, title_of
from monitor.domain.reason import Reason

LISTED = 10  # lines of a letter; the page has them all
_NAME_IN_TITLE = 12
_DASH = " — "


def burst_letter(
    cases: Sequence[Case], again: Sequence[Case], *, page: str | None = None, rehearsal: str | None = None
) -> Letter:
    """The letter that tells one reader of many incidents, all for the reason of the first.

    `again`: incidents that were told before, and complete the list; `page`: address of the page of all incidents.
    """
    first = cases[0]
    count = len(cases) + len(again)
    room = room_of(first, rehearsal)
    mark = first.words.gathered.marks[first.reason].format(count=count)
    names = _names([*cases, *again], room - len(_DASH) - len(mark))
    return sealed(first.words, _DASH.join([mark, names] if names else [mark]), _lines(cases, again, page), rehearsal)


def _names(cases: Sequence[Case], room: int) -> str:
    """What the first is of, and as many others as there is room for; nothing where no name fits."""
    words = cases[0].words
    named = [brief_names(one, room) if one.brief else one.subject.title for one in cases]
    for shown in range(len(named), 0, -1):
        left = len(named) - shown
        text = ", ".join(named[:shown])
        told = words.others[left > 1].format(places=text, count=left) if left else text
        if len(told) <= room:
            return told
    rest = words.others[len(named) > 2].format(places="", count=len(named) - 1)
    left = room - len(rest)
    return f"{shorten(named[0], left)}{rest}" if left >= _NAME_IN_TITLE else ""


def _lines(cases: Sequence[Case], again: Sequence[Case], page: str | None) -> Iterator[str]:
    words = cases[0].words
    said = words.gathered
    yield said.lead.format(count=len(cases) + len(again))
    lines = [title_of(one, room_of(one, None)) for one in cases]
    lines += [said.again.format(title=title_of(one, room_of(one, None))) for one in again]
    left = len(lines) - LISTED
    told = [f"{BULLET}{line}" for line in lines[:LISTED]]
    yield "\n".join([*told, said.more[left > 1].format(count=left)] if left > 0 else told)
    if not cases[0].brief and cases[0].reason is not Reason.CLOSED:
        yield words.cause_unknown
    if page:
        yield said.page.format(page=clean(page))
