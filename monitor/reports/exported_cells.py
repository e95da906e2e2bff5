"""From a line of JSON back to the cells of the record that it was made of; None for what Vigie never writes."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from monitor.domain.record import KEYS

WHOLE = frozenset({"http_status", "bytes_read", "clock_offset_s"})


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


def _json_of(key: str) -> Callable[[Any], str | None]:
    if key.endswith("_ms"):
        return _milliseconds
    return _whole if key in WHOLE else _text


_JSON: Mapping[str, Callable[[Any], str | None]] = {key: _json_of(key) for key in KEYS}
