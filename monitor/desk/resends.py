"""Wishing that messages that were given up be sent again: the monitor, their only writer, grants it once."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from difflib import get_close_matches
from typing import Self

from monitor.store import Resend, Telling, open_desk, open_desk_reader, open_reader


class Wishes:
    """Reads what is wished for, on threads of its own: a desk that is slow holds up neither the loop nor the store."""

    def __init__(self, url: str) -> None:
        """Open the desk for reading. Raises StoreError."""
        self._desk = open_desk_reader(url)

    async def __call__(self, since: datetime) -> Sequence[Resend]:
        """The wishes from an instant on, the earliest first. Raises StoreError."""
        return await asyncio.to_thread(self._desk.resends, since)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Read no more."""
        self._desk.close()


def given_up(url: str) -> list[Telling]:
    """The messages that were given up, the newest first. Raises StoreError."""
    with closing(open_reader(url)) as reader:
        return reader.tellings("dead")


def wish(url: str, names: Sequence[str], now: datetime) -> None:
    """Ask for these messages to be sent again.

    Raises ValueError with a line for each that is unknown, or was not given up; then nothing is asked. And StoreError.
    """
    with closing(open_reader(url)) as reader:
        known = reader.tellings_named(names)
        dead = [] if len(known) == len(set(names)) else [one.id for one in reader.tellings("dead")]
    faults = []
    for place, name in enumerate(names, 1):
        if name not in known:
            near = get_close_matches(name[:300], dead, n=1)
            rather = f" Peut-être {near[0]}\u202f?" if near else " «\u00a0vigie tellings list\u00a0» les montre."
            faults.append(f"Message n°\u00a0{place}\u00a0: inconnu.{rather}")
        elif known[name].state != "dead":
            faults.append(f"Message n°\u00a0{place}\u00a0: il n’a pas été abandonné, il n’y a rien à renvoyer.")
    if faults:
        raise ValueError("\n".join(faults))
    with closing(open_desk(url)) as desk:
        desk.wish([Resend(name, now) for name in dict.fromkeys(names)])
