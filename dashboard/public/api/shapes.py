"""The words of JSON schemas: text, number, list, thing; what is allowed to be null."""

from collections.abc import Mapping
from typing import Any

Shape = Mapping[str, Any]


def text(says: str = "", **more: Any) -> Shape:
    """A text."""
    return {"type": "string", **({"description": says} if says else {}), **more}


def number(says: str = "", **more: Any) -> Shape:
    """A number; one that counts says ``type="integer"``."""
    return {"type": "number", **({"description": says} if says else {}), **more}


def count(says: str = "") -> Shape:
    """A whole number."""
    return number(says, type="integer", minimum=0)


def share(says: str) -> Shape:
    """A share from 0 to 1."""
    return number(says, minimum=0, maximum=1)


def flag(says: str = "") -> Shape:
    """True or false."""
    return {"type": "boolean", **({"description": says} if says else {})}


def instant(says: str = "") -> Shape:
    """An instant in UTC."""
    return text(says, format="date-time")


def many(of: Shape, says: str = "") -> Shape:
    """A list."""
    return {"type": "array", "items": of, **({"description": says} if says else {})}


def maybe(of: Shape) -> Shape:
    """The same, or null."""
    return (
        {**of, "type": [of["type"], "null"]} if "type" in of and "enum" not in of else {"anyOf": [of, {"type": "null"}]}
    )


def thing(needed: Mapping[str, Shape], more: Mapping[str, Shape] | None = None) -> Shape:
    """An object: what it always has, what it may have besides; more may come with later versions."""
    return {"type": "object", "required": list(needed), "properties": {**needed, **(more or {})}}


def ref(name: str) -> Shape:
    """A named shape."""
    return {"$ref": f"#/components/schemas/{name}"}
