"""`{url}`, `{host}` and the service's own variables, filled into what a profile says."""

import re
from collections.abc import Mapping

from monitor.config.schema import GeneralMarkerBlock, MarkerBlock
from monitor.domain.catalog import Marker

_VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_NOTHING = Marker()


class VariableMissing(Exception):  # noqa: N818 - caught inside this room, where it becomes a fault
    """A text asks for a variable that the service does not give; `name` is the variable."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def fill(text: str, variables: Mapping[str, str]) -> str:
    """The text with its variables replaced. Raises VariableMissing."""
    if "{" not in text:
        return text

    def value(found: re.Match[str]) -> str:
        try:
            return variables[found[1]]
        except KeyError:
            raise VariableMissing(found[1]) from None

    return _VARIABLE.sub(value, text)


def marker(block: MarkerBlock | None, variables: Mapping[str, str], name: str = "") -> Marker:
    """The domain's marker. Patterns are left alone: braces mean repetition there. Raises VariableMissing."""
    if block is None:
        return _NOTHING
    return Marker(
        status=block.status,
        contains=tuple(fill(text, variables) for text in block.contains),
        not_contains=tuple(fill(text, variables) for text in block.not_contains),
        not_matches=block.not_matches,
        matches=block.matches,
        json=tuple((path, fill(v, variables) if isinstance(v, str) else v) for path, v in block.json_.items()),
        final_host=fill(block.final_host, variables) if block.final_host else None,
        header=tuple((header, fill(text, variables)) for header, text in block.header.items()),
        name=name,
    )


def general(block: GeneralMarkerBlock) -> Marker:
    """A marker of every probe, taken as written: what stands in braces there is the page's own."""
    return Marker(
        status=block.status,
        contains=block.contains,
        not_contains=block.not_contains,
        not_matches=block.not_matches,
        matches=block.matches,
        json=tuple(block.json_.items()),
        final_host=block.final_host,
        header=tuple(block.header.items()),
        name=block.name,
    )
