"""Announcements, statements of operators and post-mortems: kept beside the measures, never among them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from monitor.desk.plain_text import LONGEST_AUTHOR, LONGEST_TEXT, text_faults
from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.store import open_desk

TEXT, AUTHOR = "Le texte", "L’auteur"


def announcement_faults(
    announcement: Announcement, now: datetime, named: tuple[str, str] = (TEXT, AUTHOR)
) -> Iterator[str]:
    """What speaks against keeping an announcement at `now`, one French sentence each, none if nothing does.

    `named`: what the sentences call its text and its author.
    """
    yield from text_faults(named[0], announcement.text, LONGEST_TEXT[announcement.kind], lines=True)
    yield from text_faults(named[1], announcement.author, LONGEST_AUTHOR)
    if (announcement.incident is None) == (announcement.service is None):
        yield "Un texte concerne un incident ou un service\u00a0: donnez l’un des deux."
    if announcement.at > now and announcement.kind is not AnnouncementKind.ANNOUNCEMENT:
        yield "Ce qui a été dit ne peut pas l’avoir été dans l’avenir. Corrigez l’instant."


def announce(url: str, announcement: Announcement, now: datetime) -> Announcement:
    """Keep an announcement as recorded at `now`; the one that is kept, with its id.

    Raises ValueError with every fault, a line each, and StoreError.
    """
    if faults := list(announcement_faults(announcement, now)):
        raise ValueError("\n".join(faults))
    with closing(open_desk(url)) as desk:
        return desk.announce(replace(announcement, id=f"{now:%Y%m%d-%H%M%S}", recorded_at=now))


def withdraw(url: str, name: str, now: datetime) -> None:
    """Show an announcement no longer. Raises ValueError for one that is not shown, and StoreError."""
    with closing(open_desk(url)) as desk:
        if not desk.withdraw(name, now):
            raise ValueError(
                "Aucun texte affiché sous ce numéro\u00a0: «\u00a0vigie announce --list\u00a0» les montre."
            )
