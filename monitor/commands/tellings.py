"""`vigie tellings`: the messages, what became of them, and sending again what was given up. No address is shown."""

import json
from collections.abc import Iterable
from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer

from monitor import app
from monitor.alerting.gateways import reference
from monitor.commands.base import FINE, Format, Shape, explained, out
from monitor.commands.shown import in_paris, visible
from monitor.commands.usage import Commands
from monitor.desk.resends import given_up, wish
from monitor.domain.snapshot import instant
from monitor.store import Telling, open_reader

tellings = typer.Typer(cls=Commands, help="Les messages et ce qu’ils sont devenus.", no_args_is_help=True)


class State(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"
    MERGED = "merged"


STATES = {
    State.QUEUED: "en attente",
    State.SENT: "remis",
    State.DEAD: "abandonné",
    State.MERGED: "réuni avec un autre",
}
VIA = {None: "", "first": "première", "second": "seconde"}


@tellings.command("list")
@explained
def list_tellings(
    state: Annotated[State | None, typer.Option("--state", help="Seulement ceux qui en sont là.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Les plus récents, au plus tant.")] = 100,
    shape: Format = Shape.TABLE,
) -> int:
    """Les messages, les plus récents d’abord : à quel abonnement, sur quoi, et ce que la destination a répondu."""
    with closing(open_reader(app.settings().database_url)) as reader:
        found = reader.tellings(None if state is None else state.value, limit)
    if shape is Shape.JSON:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
    elif found:
        out.print(_table(found))
    else:
        out.print("Aucun message" + ("." if state is None else f" {STATES[state]}."))
    return FINE


@tellings.command("retry")
@explained
def retry(
    names: Annotated[list[str] | None, typer.Argument(metavar="MESSAGE…", help="Leurs noms, vus par « list ».")] = None,
    all_dead: Annotated[bool, typer.Option("--all-dead", help="Tous ceux qui ont été abandonnés.")] = False,
) -> int:
    """Envoyer de nouveau ce qui a été abandonné. Le moniteur s’en charge, une fois, dans les secondes qui suivent."""
    if bool(names) == all_dead:
        raise ValueError("Nommez des messages, ou donnez --all-dead\u00a0: l’un ou l’autre.")
    url = app.settings().database_url
    wanted = [one.id for one in given_up(url)] if all_dead else list(names or ())
    wish(url, wanted, app.clock())
    out.print(f"Messages à envoyer de nouveau\u00a0: {len(set(wanted))}.")
    return FINE


def _as_json(one: Telling) -> dict[str, object]:
    return {
        "id": one.id,
        "reference": reference(one.id),
        "subscription": one.subscription,
        "incident": one.incident,
        "reason": one.reason.value,
        "title": one.title,
        "state": one.state,
        "attempts": one.attempts,
        "created_at": instant(one.created_at),
        "tried_at": instant(one.tried_at),
        "next_try_at": instant(one.next_try_at) if one.state == "queued" else None,
        "destination": one.via,
        "outcome": one.outcome,
    }


def _table(found: Iterable[Telling]) -> str:
    """Columns as wide as their longest cell; not rich's own, which is slow on many rows."""
    rows = [("Message", "Réf.", "Abonnement", "Écrit le (Paris)", "État", "Essais", "Destination", "Réponse")]
    for one in found:
        state, written = STATES[State(one.state)], in_paris(one.created_at)
        said = (one.id, reference(one.id), one.subscription, written, state, str(one.attempts), VIA[one.via])
        rows.append((*map(visible, said), visible(one.outcome)))  # type: ignore[arg-type] # as many as the headings
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
