"""Declaring maintenance windows, and calling them off."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time
from difflib import get_close_matches

from monitor.desk.plain_text import LONGEST_AUTHOR, LONGEST_REASON, text_faults
from monitor.domain.window import Once, Window, upcoming
from monitor.store import open_desk

REASON, AUTHOR = "Le motif", "L’auteur"


def window_faults(window: Window, now: datetime, named: tuple[str, str] = (REASON, AUTHOR)) -> Iterator[str]:
    """What speaks against declaring a window at `now`, one French sentence each, none if nothing does.

    `named`: what the sentences call its reason and its author.
    """
    yield from text_faults(named[0], window.reason, LONGEST_REASON)
    yield from text_faults(named[1], window.author, LONGEST_AUTHOR)
    if (backwards := _backwards(window)) is not None:
        yield backwards
    elif upcoming(replace(window, declared_at=now), now) is None:
        yield _nothing_left(window, now)


def declare(url: str, window: Window, now: datetime) -> Window:
    """Keep a window as declared at `now`; the one that is kept, with its id.

    Raises ValueError with every fault, a line each, and StoreError.
    """
    if faults := list(window_faults(window, now)):
        raise ValueError("\n".join(faults))
    first = window.when.begin.date() if isinstance(window.when, Once) else window.when.first
    name = f"{first:%Y%m%d}-{window.scope.name.replace(':', '-')}"
    with closing(open_desk(url)) as desk:
        return desk.declare(replace(window, id=name, declared_at=now))


def end(url: str, name: str, now: datetime) -> Window:
    """Call off what is left of the window of that id from `now` on; the window as it is then.

    Raises ValueError for one that is unknown, called off already, or over; and StoreError.
    """
    with closing(open_desk(url)) as desk:
        known = {window.id: window for window in desk.windows()}
        if name not in known:
            near = get_close_matches(name[:80], known, n=1)
            rather = f"peut-être {near[0]}\u202f? " if near else ""
            raise ValueError(
                f"Aucune fenêtre de ce nom\u00a0: {rather}«\u00a0vigie maintenance list\u00a0» les montre."
            )
        window = known[name]
        if window.ended_at is not None:
            raise ValueError("Cette fenêtre a déjà été levée.")
        if upcoming(window, now) is None:
            raise ValueError("Cette fenêtre est déjà passée\u00a0: il n’en reste rien à lever.")
        desk.end(name, now)
    return replace(window, ended_at=now)


def _backwards(window: Window) -> str | None:
    when = window.when
    if isinstance(when, Once):
        backwards = "La fin ne vient pas après le début. Échangez-les, ou corrigez l’un des deux."
        return backwards if when.end <= when.begin else None
    if when.last is not None and when.last < when.first:
        return "Le dernier jour vient avant le premier. Échangez-les, ou corrigez l’un des deux."
    # Where both hours are the same nobody can tell a whole day from nothing.
    same = "Le début et la fin sont la même heure. Pour un jour entier, écrivez 00:00-24:00."
    return same if when.starts == when.ends != time() else None


def _nothing_left(window: Window, now: datetime) -> str:
    """Why a window would cover nothing, and the mend."""
    when = window.when
    over = when.end if isinstance(when, Once) else when.last
    local = now.astimezone(window.timezone).replace(tzinfo=None)
    if over is not None and over <= (local if isinstance(over, datetime) else local.date()):
        return (
            "Cette fenêtre est déjà passée\u00a0: une maintenance ne compte que si elle est déclarée avant. "
            "Pour en parler quand même, utilisez «\u00a0vigie announce\u00a0»."
        )
    return "Cette fenêtre ne contient aucun instant. Vérifiez les jours et les heures (changement d’heure compris)."
