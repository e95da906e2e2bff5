"""What `vigie maintenance` and `vigie announce` print: French and local hours for people, UTC for machines."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from rich.table import Table
from rich.text import Text

from monitor.commands.places import HOUR_OF
from monitor.commands.shown import in_paris, visible
from monitor.commands.wall import DAYS
from monitor.domain.announcement import AnnouncementKind
from monitor.domain.catalog import Catalog
from monitor.domain.snapshot import instant
from monitor.domain.window import Once, Scope, ScopeKind, Window, upcoming
from monitor.reports.declared import Said

KINDS: Mapping[AnnouncementKind, str] = {
    AnnouncementKind.ANNOUNCEMENT: "Annonce",
    AnnouncementKind.STATEMENT: "L’exploitant",
    AnnouncementKind.POSTMORTEM: "Bilan",
}


def about(scope: Scope, catalog: Catalog) -> str:
    """Whom a window is about, by the name that people know."""
    if scope.kind is ScopeKind.SERVICE:
        known = catalog.services.get(scope.name)
        return visible(known.name if known else scope.name)
    if scope.kind is ScopeKind.OPERATOR:
        operator = catalog.operators.get(scope.name)
        return f"services de {visible(operator.name if operator else scope.name)}"
    place = catalog.territories.get(scope.name)
    return f"services de {visible(place.name if place else scope.name)} ({visible(scope.name)})"


def when(window: Window) -> str:
    """Its days and hours, local."""
    rule, hour = window.when, f"heure {HOUR_OF.get(str(window.timezone), str(window.timezone))}"
    if isinstance(rule, Once):
        same_day = rule.begin.date() == rule.end.date()
        end = _hour(rule.end.time()) if same_day else _moment(rule.end)
        return (
            f"du {_moment(rule.begin)} au {end}, {hour}" if not same_day else f"le {_moment(rule.begin)}-{end}, {hour}"
        )
    days = "chaque jour" if len(rule.weekdays) == len(DAYS) else ", ".join(DAYS[day] for day in sorted(rule.weekdays))
    last = f" jusqu’au {_day(rule.last)}" if rule.last is not None else ""
    return f"{days} {_hour(rule.starts)}-{_hour(rule.ends)}, à partir du {_day(rule.first)}{last}, {hour}"


def coming(window: Window, now: datetime) -> str:
    """Whether it is in force, and what comes next."""
    if window.ended_at is not None and window.ended_at <= now:
        return f"Levée le {in_paris(window.ended_at)} (Paris)."
    found = upcoming(window, now)
    if found is None:
        return "Passée."
    since, until = (f"{at.astimezone(window.timezone):%d/%m/%Y %H:%M}" for at in found)
    return f"En cours, jusqu’au {until}." if found[0] <= now else f"Prochaine\u00a0: du {since} au {until}."


def windows_table(windows: Sequence[Window], catalog: Catalog, now: datetime) -> Table:
    """One line for each window, the first declared first."""
    headings = ("Fenêtre", "Pour", "Quand", "Où elle en est", "Motif", "Déclarée par")
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for column in table.columns:
        column.overflow = "fold"
    for one in windows:
        author = f"{visible(one.author)}, {in_paris(one.declared_at)} (Paris)"
        cells = (one.id, about(one.scope, catalog), when(one), coming(one, now), visible(one.reason), author)
        table.add_row(*map(Text, cells))
    return table


def window_as_json(window: Window, now: datetime) -> dict[str, object]:
    """A window for machines; local days and hours as they were typed, with their time zone."""
    rule, found = window.when, upcoming(window, now)
    once = weekly = None
    if isinstance(rule, Once):
        once = {"begin": rule.begin.isoformat(timespec="minutes"), "end": rule.end.isoformat(timespec="minutes")}
    else:
        weekly = {
            "weekdays": [day + 1 for day in sorted(rule.weekdays)],  # as ISO 8601 counts them: Monday is 1
            "starts": rule.starts.isoformat(timespec="minutes"),
            "ends": rule.ends.isoformat(timespec="minutes"),
            "first": rule.first.isoformat(),
            "last": None if rule.last is None else rule.last.isoformat(),
        }
    return {
        "id": window.id,
        "scope": window.scope.kind.value,
        "name": window.scope.name,
        "once": once,
        "weekly": weekly,
        "timezone": str(window.timezone),
        "declared_at": instant(window.declared_at),
        "ended_at": instant(window.ended_at),
        "in_force": found is not None and found[0] <= now,
        "next": None if found is None else {"since": instant(found[0]), "until": instant(found[1])},
        "reason": window.reason,
        "author": window.author,
    }


def said(one: Said) -> Text:
    """One announcement: who, when, about what, its delay where it has one; then its lines."""
    it = one.announcement
    text = Text(f"{in_paris(it.at)} (Paris)  {KINDS[it.kind]}", style="bold")
    text.append(
        f"  {visible(it.author)}, {'incident' if it.incident else 'service'} {visible(it.incident or it.service or '')}"
    )
    text.append(f"  [{it.id}]")
    if one.delay is not None:
        text.append(f"\n    {delay(one.delay)}", style="italic")
    for line in it.text.split("\n"):
        text.append(f"\n    {visible(line)}")
    return text


def said_as_json(one: Said) -> dict[str, object]:
    """An announcement for machines."""
    it = one.announcement
    return {
        "id": it.id,
        "kind": it.kind.value,
        "incident": it.incident,
        "service": it.service,
        "text": it.text,
        "author": it.author,
        "at": instant(it.at),
        "recorded_at": instant(it.recorded_at),
        "declared_delay_s": None if one.delay is None else one.delay.total_seconds(),
    }


def delay(lasts: timedelta) -> str:
    """How long after the measured opening an operator spoke, as a sentence."""
    minutes = abs(lasts) // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} j" if days else "", f"{hours} h" if hours else "", f"{rest} min" if rest or not minutes else ""]
    long = " ".join(part for part in parts if part)
    return f"Déclaré {long} {'avant' if lasts < timedelta() else 'après'} le début mesuré de l’incident."


def _moment(at: datetime) -> str:
    return f"{_day(at.date())} {_hour(at.time())}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _hour(hour: time) -> str:
    return f"{hour:%H:%M}"
