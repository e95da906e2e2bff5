"""Values of the domain as plain values (what JSON knows), and back: for documents that outlive their code.

An instant is RFC 3339, UTC, to the microsecond; a duration is milliseconds, and its key ends in `_ms`; a member of a
list of words is its word. What an older document does not say is the field's default; what a newer one says beyond the
fields is left out.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
_MS, _US = timedelta(milliseconds=1), timedelta(microseconds=1)


def plain(value: object) -> Any:
    """A value made of dataclasses, tuples, words, instants, durations, numbers, texts and None, as plain values."""
    if is_dataclass(value):
        of: Any = type(value)
        kinds = _kinds(of)
        return {_key(one.name, kinds[one.name]): plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return round(value / _MS, 3)
    return value


def rebuilt(kind: type[T], said: Mapping[str, Any]) -> T:
    """The dataclass that `plain` wrote. Raises ValueError for an unknown word, TypeError for what is missing."""
    of: Any = kind
    named = ((one.name, _kinds(of)[one.name]) for one in fields(of))
    return kind(**{name: _value(one, said[_key(name, one)]) for name, one in named if _key(name, one) in said})


@cache
def _kinds(kind: Any) -> Mapping[str, Any]:
    """The types of a dataclass's fields, worked out once: a sheet holds thousands of values."""
    return get_type_hints(kind)


def _key(name: str, kind: Any) -> str:
    return f"{name}_ms" if kind is timedelta or timedelta in get_args(kind) else name


def _value(kind: Any, said: Any) -> Any:
    """One value of a field of that type; of ``X | None`` either."""
    if said is None:
        return None
    of = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(_value(of[0], one) for one in said)
    if NoneType in of:
        return _value(of[0], said)
    if kind is datetime:
        return datetime.fromisoformat(said)
    if kind is timedelta:
        return round(said * 1000) * _US
    if isinstance(kind, type) and is_dataclass(kind):
        return rebuilt(kind, said)
    return kind(said) if issubclass(kind, Enum) else said
