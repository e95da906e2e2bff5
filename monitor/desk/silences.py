"""Declaring silences, and calling them off."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from monitor.desk.plain_text import LONGEST_AUTHOR, LONGEST_REASON, text_faults
from monitor.domain.silence import LONGEST_SILENCE, DeclaredSilence, Silenced
from monitor.store import open_desk

REASON, AUTHOR = "Le motif", "L’auteur"


def silence_faults(silence: DeclaredSilence, now: datetime, named: tuple[str, str] = (REASON, AUTHOR)) -> Iterator[str]:
    """What speaks against declaring a silence at `now`, one French sentence each, none if nothing does.

    `named`: what the sentences call its reason and its author.
    """
    yield from text_faults(named[0], silence.reason, LONGEST_REASON)
    yield from text_faults(named[1], silence.author, LONGEST_AUTHOR)
    if silence.until <= silence.since:
        yield "La fin ne vient pas après le début. Échangez-les, ou corrigez l’un des deux."
    elif silence.until <= now:
        yield "Ce silence est déjà passé\u00a0: il ne tairait rien. Corrigez sa fin."
    elif silence.until - silence.since > LONGEST_SILENCE:
        yield (
            f"Un silence dure {LONGEST_SILENCE.days}\u00a0jours au plus, pour que personne ne l’oublie. "
            "Rapprochez sa fin\u00a0; il pourra être déclaré de nouveau."
        )


def keep_silent(url: str, silence: DeclaredSilence, now: datetime) -> DeclaredSilence:
    """Keep a silence as declared at `now`; the one that is kept, with its id.

    Raises ValueError with every fault, a line each, and StoreError.
    """
    if faults := list(silence_faults(silence, now)):
        raise ValueError("\n".join(faults))
    about = {Silenced.EVERYTHING: "tout"}.get(silence.what, silence.name.replace(":", "-"))
    with closing(open_desk(url)) as desk:
        return desk.keep_silent(replace(silence, id=f"{now:%Y%m%d}-{about}", declared_at=now))


def end(url: str, name: str, now: datetime) -> DeclaredSilence:
    """Call off what is left of the silence of that id from `now` on; the silence as it is then.

    Raises ValueError for one that is unknown, called off already, or over; and StoreError.
    """
    with closing(open_desk(url)) as desk:
        known = {one.id: one for one in desk.silences()}
        if name not in known:
            near = get_close_matches(name[:80], known, n=1)
            rather = f"peut-être {near[0]}\u202f? " if near else ""
            raise ValueError(f"Aucun silence de ce nom\u00a0: {rather}«\u00a0vigie silence list\u00a0» les montre.")
        silence = known[name]
        if silence.ended_at is not None:
            raise ValueError("Ce silence a déjà été levé.")
        if silence.until <= now:
            raise ValueError("Ce silence est déjà passé\u00a0: il n’en reste rien à lever.")
        desk.end_silence(name, now)
    return replace(silence, ended_at=now)
