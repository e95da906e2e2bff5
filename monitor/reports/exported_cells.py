"""From a value of an export back to the cell of the record that it was made of; None for what Vigie never writes."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from monitor.domain.record import KEYS
from monitor.store.days import PARIS

# As the CSV for people is titled.
TITLES = (
    *("Instant", "Point de mesure", "Service", "Sonde", "État", "Défaut", "Durée (ms)", "DNS (ms)", "TCP (ms)"),
    *("TLS (ms)", "Premier octet (ms)", "Transfert (ms)", "Code HTTP", "Adresse IP", "Octets lus", "Hôte final"),
    *("Marqueur", "Détail", "Certificat", "Certificat valable jusqu’au", "Émetteur du certificat"),
    *("Écart d’horloge (s)", "Catalogue"),
)
INSTANTS = frozenset({"at", "certificate_not_after"})
WHOLE = frozenset({"http_status", "bytes_read", "clock_offset_s"})
_SPELT = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


class Rounded(ValueError):  # noqa: N818 - named for what it says
    """The file gives instants to the second: what was sealed is more exact; the message is a French sentence."""


class _Decimal(str):
    """A number of JSON with a point, as it is written: a float would forget digits."""

    __slots__ = ()


def of_json(line: str) -> list[str] | None:
    """The cells of one line of JSON. Raises ValueError where it is none."""
    pairs = json.loads(line, object_pairs_hook=list, parse_float=_Decimal)
    if not isinstance(pairs, list) or [one[0] if isinstance(one, tuple) else None for one in pairs] != list(KEYS):
        return None
    cells = [cell for key, value in pairs if (cell := _JSON[key](value)) is not None]
    return cells if len(cells) == len(KEYS) else None


def of_people(cells: Sequence[str]) -> list[str] | None:
    """The cells of one line of the CSV for people. Raises Rounded."""
    if len(cells) != len(KEYS):
        return None
    return [of(cell) for of, cell in zip(_PEOPLE, cells, strict=True)]


def _text(value: object) -> str | None:
    if value is None:
        return ""
    return value if isinstance(value, str) and value and not isinstance(value, _Decimal) else None


def _whole(value: object) -> str | None:
    return "" if value is None else str(value) if type(value) is int else None


def _milliseconds(value: object) -> str | None:
    if value is None:
        return ""
    if not isinstance(value, _Decimal):
        return None
    whole, _, parts = value.partition(".")
    return f"{whole}.{parts:0<3}"


def _unguarded(cell: str) -> str:
    """The text behind a cell that no spreadsheet takes for a formula, nor a terminal for an order."""
    return _SPELT.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), cell.removeprefix("'"))


def _instant(cell: str) -> str:
    """An instant of Paris, or of wherever it says; what is none stays as it is, and will not be what was sealed."""
    if not cell:
        return ""
    try:
        at = datetime.fromisoformat(cell.replace(",", "."))
    except ValueError:
        return cell
    at = at if at.tzinfo is not None else at.replace(tzinfo=PARIS)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _exact(cell: str) -> str:
    if len(cell) == len("2021-04-06 08:00:00"):
        raise Rounded(
            "Ce CSV arrondit les instants à la seconde\u00a0: il se lit, mais ne se vérifie pas. Exportez en CSV brut "
            "(--raw), en JSON ou en Parquet."
        )
    return _instant(cell)


def _json_of(key: str) -> Callable[[Any], str | None]:
    if key.endswith("_ms"):
        return _milliseconds
    return _whole if key in WHOLE else _text


def _people_of(key: str) -> Callable[[str], str]:
    if key in INSTANTS:
        return _exact if key == "at" else _instant
    return (lambda cell: cell.replace(",", ".")) if key.endswith("_ms") else str if key in WHOLE else _unguarded


_JSON: Mapping[str, Callable[[Any], str | None]] = {key: _json_of(key) for key in KEYS}
_PEOPLE = [_people_of(key) for key in KEYS]
