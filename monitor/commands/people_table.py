"""Tables of people, for `vigie recipients list`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor import terminal
from monitor.domain.subscriber import Subscriber


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their longest cell. Not rich's own: with 10,000 rows it takes 11 s to share the width out."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def subscribers_table(found: Iterable[Subscriber]) -> str:
    """People who signed up for themselves; the name of a scope is its code."""
    rows = [("Numéro", "Abonné", "Suit", "Langue", "Demandé le", "Confirmé le")]
    for one in found:
        confirmed = "pas encore" if one.confirmed_at is None else _day(one.confirmed_at)
        rows.append((one.id, one.email, one.scope.name, one.language, _day(one.asked_at), confirmed))
    return aligned(rows)


def _day(at: datetime) -> str:
    return f"{at.astimezone(terminal.PARIS):%d/%m/%Y}"
