"""What people declared, as pages say it: whose words they are, when they were said, and how late."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import dates
from dashboard.beside import SAID_MOST
from dashboard.model import View
from dashboard.tongue import _
from dashboard.wording import SAID
from monitor.domain.announcement import Announcement
from monitor.domain.window import ScopeKind, Weekly, Window
from monitor.reports.declared import Ahead, Said

LONGEST = 20_000  # characters of a text that are shown: the desk takes no more, a book that somebody else wrote might
LONGEST_LINE = 200
FOLDED_FROM = 1_200
WINDOWS_SHOWN = 10
ENDLESS = timedelta(days=7)
# What a reader cannot see could say something else than what was approved: the desk refuses it, the page drops it.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class SaidView:
    """One text: what it is, who said it and when, when Vigie was told where that was later, how late it came."""

    title: str
    author: str
    at: datetime
    when: str
    told: str
    delay: str
    text: str
    folded: bool


@dataclass(frozen=True, slots=True)
class WindowView:
    """One maintenance window: whether it is in force, when, for whom, why, and who says so."""

    running: bool
    when: str
    whom: str
    reason: str
    author: str


def said_views(said: Sequence[Said], now: datetime) -> tuple[list[SaidView], bool]:
    """The newest texts, the earliest of them first; and whether older ones are left out."""
    return [_said(one, now) for one in said[-SAID_MOST:]], len(said) > SAID_MOST


def window_views(windows: Sequence[Ahead], view: View) -> tuple[list[WindowView], int]:
    """The next windows, and how many more there are."""
    shown = [_window(one, view) for one in windows[:WINDOWS_SHOWN]]
    return shown, len(windows) - len(shown)


def delay_words(delay: timedelta) -> str:
    """How long after the measured beginning an operator spoke."""
    if abs(delay) < timedelta(minutes=1):
        return _("Déclaré au moment même du début mesuré de l’incident.")
    if delay < timedelta(0):
        return _("Déclaré {time} avant le début mesuré de l’incident.").format(time=dates.duration(-delay))
    return _("Déclaré {time} après le début mesuré de l’incident.").format(time=dates.duration(delay))


def _said(one: Said, now: datetime) -> SaidView:
    it = one.announcement
    text = seen(it.text, LONGEST, lines=True)
    return SaidView(
        title=SAID[it.kind].said,
        author=seen(it.author, LONGEST_LINE),
        at=it.at,
        when=moment(it.at, now),
        told=_told(it, now),
        delay="" if one.delay is None else delay_words(one.delay),
        text=text,
        folded=len(text) > FOLDED_FROM,
    )


def _told(it: Announcement, now: datetime) -> str:
    late = it.recorded_at - it.at >= timedelta(minutes=1)
    return _("noté par Vigie {moment}").format(moment=moment(it.recorded_at, now)) if late else ""


def _window(one: Ahead, view: View) -> WindowView:
    since, until = one.next
    weekly = isinstance(one.window.when, Weekly)
    # Of a weekly window that never pauses only two weeks are looked at: their end is not its own.
    ends = _("jusqu’{moment}").format(moment=dates.until(until, view.at))
    if weekly and until - since > ENDLESS:
        ends = _("sans interruption")
    when = ends if (running := since <= view.at) else f"{moment(since, view.at)}, {ends}"
    return WindowView(
        running=running,
        when=_("{when} (fenêtre hebdomadaire)").format(when=when) if weekly else when,
        whom=_whom(one.window, view),
        reason=seen(one.window.reason, LONGEST_LINE),
        author=seen(one.window.author, LONGEST_LINE),
    )


def _whom(window: Window, view: View) -> str:
    name = window.scope.name
    if window.scope.kind is ScopeKind.SERVICE:
        return view.services[name].name if name in view.services else name
    if window.scope.kind is ScopeKind.OPERATOR:
        return _("tous les services de l’exploitant {name}").format(name=view.operators.get(name, name))
    place = view.territories[name].name if name in view.territories else name
    return _("tous les services de ce territoire\u00a0: {name}").format(name=place)


def moment(at: datetime, now: datetime) -> str:
    """``à 8 h 40`` today, ``hier à 22 h 10``, ``lundi 5 avril à 9 h 00``; with its year where that is another one."""
    if dates.midnight(at) == dates.midnight(now):
        return _("à {clock}").format(clock=dates.clock(at))
    if at.astimezone(dates.PARIS).year != now.astimezone(dates.PARIS).year:
        return dates.day_and_clock(at, year=True)
    return dates.since(at, now)


def seen(text: str, longest: int, *, lines: bool = False) -> str:
    """What people can see of a text, and no more of it than that many characters; a template escapes it."""
    cut = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(char for char in cut if (lines and char == "\n") or unicodedata.category(char) not in _UNSEEN)
