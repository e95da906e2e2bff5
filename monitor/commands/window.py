"""`--from` and `--to`: instants as people write them, in the time of Paris unless they say otherwise."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import typer

from monitor.commands.shown import visible
from monitor.terminal import PARIS

From = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help="Depuis ce jour ou cet instant (heure de Paris) ; sinon 24 h avant."),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="DATE", help="Jusqu’à la fin de ce jour, ou jusqu’à cet instant ; sinon maintenant."),
]
DAY = timedelta(days=1)
REACH = range(1970, 3000)  # years: beyond them the arithmetic of days ends, and no answer was ever given
WITHIN_REACH = f"donnez une année de {REACH.start} à {REACH.stop - 1}"


def window(
    since: str | None, until: str | None, now: datetime, *, last_day_whole: bool = True
) -> tuple[datetime, datetime]:
    """The window [from, to) in UTC, which ends at `now` at the latest; 24 h where `since` is None.

    A day (``2026-11-22``) is one of Paris, an instant without offset is of Paris too. The last day belongs to the
    window, unless `last_day_whole` is False. Raises ValueError with one French sentence for each mistake.
    """
    troubles: list[str] = []
    end = now if until is None else _read("--to", until, troubles, whole_day=last_day_whole)
    begin = min(end, now) - DAY if since is None else _read("--from", since, troubles, whole_day=False)
    if not troubles and begin >= now:
        troubles.append("--from : cet instant n’est pas encore passé. Donnez-en un plus ancien.")
    elif not troubles and begin >= end:
        troubles.append("--from et --to : le début ne précède pas la fin. Échangez-les, ou corrigez l’un des deux.")
    if troubles:
        raise ValueError("\n".join(troubles))
    return begin, min(end, now)


def other_window(option: str, written: str, now: datetime) -> tuple[datetime, datetime]:
    """A window written in one word, ``2025-09-01..2026-01-01`` (the last day not among them), wholly past.

    Raises ValueError with one French sentence for each mistake.
    """
    first, dots, last = written.partition("..")
    if not (first and dots and last):
        said = f"{option}\u00a0: «\u00a0{visible(written[:40])}\u00a0» n’est pas une période."
        raise ValueError(f"{said} Écrivez 2025-09-01..2026-01-01, le dernier jour non compris.")
    troubles: list[str] = []
    begin, end = (_read(option, part, troubles, whole_day=False) for part in (first, last))
    if not troubles and begin >= end:
        troubles.append(f"{option}\u00a0: le début ne précède pas la fin. Échangez-les, ou corrigez l’un des deux.")
    elif not troubles and end > now:
        troubles.append(f"{option}\u00a0: cette période n’est pas encore passée. Donnez-en une plus ancienne.")
    if troubles:
        raise ValueError("\n".join(troubles))
    return begin, end


def _read(option: str, written: str, troubles: list[str], *, whole_day: bool) -> datetime:
    """An instant; of a day its first, or with `whole_day` the first of the next."""
    said = f"{option}\u00a0: «\u00a0{visible(written[:40])}\u00a0»"
    try:
        if (at := _instant(written, timedelta(days=whole_day))) is not None:
            return at.astimezone(UTC)
        troubles.append(f"{said} est hors de portée\u00a0: {WITHIN_REACH}.")
    except ValueError:
        troubles.append(
            f"{said} n’est ni un jour ni un instant. Écrivez 2026-11-22, 2026-11-22T08:00 (heure de Paris) ou "
            "2026-11-22T07:00Z."
        )
    return datetime(REACH.start, 1, 2, tzinfo=UTC)


def _instant(written: str, of_a_day: timedelta) -> datetime | None:
    """The instant; None where it is out of reach."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        at = datetime.fromisoformat(written)
        if at.year not in REACH:
            return None
        return at if at.tzinfo is not None else at.replace(tzinfo=PARIS)
    return datetime.combine(day + of_a_day, time.min, PARIS) if day.year in REACH else None
