"""Saying that somebody works on an incident, and taking it back."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from monitor.desk.plain_text import LONGEST_AUTHOR, LONGEST_REASON, text_faults
from monitor.domain.silence import Acknowledgement
from monitor.store import open_desk

NOTE, AUTHOR = "La note", "L’auteur"


def acknowledgement_faults(author: str, note: str, named: tuple[str, str] = (NOTE, AUTHOR)) -> Iterator[str]:
    """What is wrong with the texts of an acknowledgement, one French sentence each, none if nothing is.

    `named`: what the sentences call its note (which may be empty) and its author.
    """
    yield from text_faults(named[1], author, LONGEST_AUTHOR)
    if note:
        yield from text_faults(named[0], note, LONGEST_REASON)


def acknowledge(url: str, incident: str, author: str, note: str, now: datetime) -> Acknowledgement:
    """Keep that somebody works on an incident from `now` on; what is kept.

    Raises ValueError with every fault, a line each, and StoreError.
    """
    if faults := list(acknowledgement_faults(author, note)):
        raise ValueError("\n".join(faults))
    with closing(open_desk(url)) as desk:
        return desk.acknowledge(Acknowledgement(f"{now:%Y%m%d-%H%M%S}", incident, author, note, now))


def withdraw(url: str, incident: str, now: datetime) -> None:
    """Nobody works on an incident any more. Raises ValueError where nobody did, and StoreError."""
    with closing(open_desk(url)) as desk:
        if not desk.withdraw_acknowledgement(incident, now):
            raise ValueError("Personne n’a pris cet incident en charge\u00a0: il n’y a rien à retirer.")
