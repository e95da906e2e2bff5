"""What `vigie silence`, `status` and `explain` print of silences and acknowledgements: French, hours of Paris."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime

from rich.table import Table
from rich.text import Text

from monitor.commands import declared
from monitor.commands.shown import in_paris, visible
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced, taken_by
from monitor.domain.snapshot import instant
from monitor.domain.window import Scope, ScopeKind
from monitor.store import StoreError, open_desk_reader, open_reader

_EVERYTHING = "tout"
_UNREAD = "Les silences et les prises en charge n’ont pas pu être lus\u00a0: "


def about(silence: DeclaredSilence, catalog: Catalog) -> str:
    """What it is about, and for whom if not for everybody."""
    if silence.what in {Silenced.EVERYTHING, Silenced.INCIDENT}:
        what = _plain(silence)
    else:
        what = declared.about(Scope(ScopeKind(silence.what.value), silence.name), catalog)
    return what + _only_for(silence)


def when(silence: DeclaredSilence) -> str:
    """From when to when, hours of Paris."""
    return f"du {in_paris(silence.since)} au {in_paris(silence.until)} (heure de Paris)"


def silences_table(silences: Sequence[DeclaredSilence], catalog: Catalog, now: datetime) -> Table:
    """One line for each silence, the first declared first."""
    headings = ("Silence", "Pour", "Quand", "Où il en est", "Motif", "Demandé par")
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for column in table.columns:
        column.overflow = "fold"
    for one in silences:
        author = f"{visible(one.author)}, {in_paris(one.declared_at)} (Paris)"
        cells = (visible(one.id), about(one, catalog), when(one), _stage(one, now), visible(one.reason), author)
        table.add_row(*map(Text, cells))
    return table


def silence_as_json(one: DeclaredSilence, now: datetime) -> dict[str, object]:
    """A silence for machines."""
    return {
        "id": one.id,
        "what": one.what.value,
        "name": one.name or None,
        "subscription": one.subscription,
        "since": instant(one.since),
        "until": instant(one.until),
        "declared_at": instant(one.declared_at),
        "ended_at": instant(one.ended_at),
        "in_force": one.in_force(now),
        "reason": one.reason,
        "author": one.author,
    }


def taken_lines(url: str, incident: Incident) -> Iterator[str]:
    """Who works on an incident, one line or none; a desk that cannot be read is said instead."""
    try:
        with closing(open_desk_reader(url)) as desk:
            found = taken_by(desk.acknowledgements(incident.id), incident)
    except StoreError as trouble:
        yield f"{_UNREAD}{trouble}"
        return
    if found is not None and incident.closed_at is None:
        yield _taken(found)


def hush_lines(url: str, now: datetime) -> Iterator[Text]:
    """Silences in force and open incidents that somebody works on; a desk that cannot be read is said instead."""
    try:
        with closing(open_desk_reader(url)) as desk, closing(open_reader(url)) as reader:
            known = desk.declared(now)
            open_now = [one for one in reader.incidents(now) if one.closed_at is None]
    except StoreError as trouble:
        yield Text(f"{_UNREAD}{trouble}", style="yellow")
        return
    for silence in known.silences:
        if silence.in_force(now):
            until = f"jusqu’au {in_paris(silence.ends_at)} (Paris)"
            why = f"{visible(silence.reason)} ({visible(silence.author)})"
            yield Text(f"Silence {visible(silence.id)}\u00a0: {_plain(silence)}{_only_for(silence)}, {until}, {why}")
    for incident in open_now:
        found = taken_by(known.acknowledgements, incident)
        if found is not None:
            yield Text(f"Incident {visible(incident.id)}\u00a0: {_taken(found)[0].lower()}{_taken(found)[1:]}")


def _taken(one: Acknowledgement) -> str:
    note = f"\u00a0: {visible(one.note)}" if one.note else ""
    return f"Pris en charge par {visible(one.author)} depuis le {in_paris(one.at)} (Paris){note}"


def _stage(one: DeclaredSilence, now: datetime) -> str:
    if one.ended_at is not None:
        return f"Levé le {in_paris(one.ended_at)} (Paris)."
    if one.until <= now:
        return "Passé."
    return "En vigueur." if one.since <= now else "À venir."


def _plain(one: DeclaredSilence) -> str:
    """What it is about, without a catalogue."""
    return _EVERYTHING if one.what is Silenced.EVERYTHING else f"{_KINDS[one.what]} {visible(one.name)}"


def _only_for(one: DeclaredSilence) -> str:
    return "" if one.subscription is None else f", pour l’abonnement {visible(one.subscription)} seul"


_KINDS = {
    Silenced.SERVICE: "service",
    Silenced.OPERATOR: "exploitant",
    Silenced.TERRITORY: "territoire",
    Silenced.INCIDENT: "incident",
}
