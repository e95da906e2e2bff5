"""YAML with lines: plain values for the schema, nodes for whoever asks where something stands."""

from collections.abc import Callable
from dataclasses import dataclass, field

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from monitor.config.problem import Fault, Loc, quoted

_TAG = "tag:yaml.org,2002:"
_DEEPEST = 30
_WIDEST = 63  # bits, what a database holds; Python refuses to print much longer ones
_SCALARS = SafeConstructor()
_CONSTRUCT: dict[str, Callable[[yaml.ScalarNode], object]] = {
    f"{_TAG}str": lambda node: node.value,
    f"{_TAG}int": _SCALARS.construct_yaml_int,
    f"{_TAG}float": _SCALARS.construct_yaml_float,
    f"{_TAG}bool": _SCALARS.construct_yaml_bool,
    f"{_TAG}null": lambda _: None,
    f"{_TAG}timestamp": _SCALARS.construct_yaml_timestamp,
}
_QUOTE = "mettez la valeur entre guillemets, ou écrivez une valeur simple"


@dataclass(slots=True)
class Document:
    """A file that was read: its plain values, the node they came from, and what the reading itself found wrong."""

    root: yaml.Node | None
    data: object = None
    faults: list[Fault] = field(default_factory=list)

    def line(self, loc: Loc) -> int | None:
        """The line (from 1) of the deepest thing that exists on the way to `loc`."""
        node, line = self.root, None
        for part in loc:
            step = _step(node, part)
            if step is None:
                break
            node, line = step
        return line or (self.root.start_mark.line + 1 if self.root is not None else None)


def read(text: str) -> Document:
    """Compose the text and take its plain values. Raises yaml.YAMLError when it is no YAML."""
    if too_deep := _too_deep(text):
        return Document(None, faults=[too_deep])
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    document = Document(root)
    if root is not None:
        document.data = _Reader(document.faults).value(root, ())
    return document


def _too_deep(text: str) -> Fault | None:
    """Composing recurses in C: a text of a hundred thousand brackets would end the process. Events do not recurse."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                mend = "suivez la forme décrite en tête de probes.yaml"
                line = event.start_mark.line + 1 if event.start_mark else None
                return Fault((), "trop de niveaux imbriqués", mend, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _step(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, int] | None:
    """One step down, with the line to show for it: the key's for a mapping, the item's for a list."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item, item.start_mark.line + 1
    return None


class _Reader:
    """Nodes → values. Aliases are refused: with them a small file may stand for an endless one, and profiles share."""

    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, loc: Loc) -> object:
        """The plain value of a node; None, and a fault, where it has none."""
        if id(node) in self._seen:
            mend = "répétez la valeur, ou partagez-la par un profil"
            self._refuse(node, loc, "alias YAML (« *nom ») non accepté", mend)
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*loc, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _CONSTRUCT:
            return self._scalar(node, loc)
        self._refuse(node, loc, "étiquette YAML non acceptée", _QUOTE)
        return None

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, object]:
        values: dict[str, object] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, loc, "clé qui n’est pas un texte", "écrivez « clé: valeur »")
                continue
            line = key.start_mark.line + 1
            if key.value in lines:
                what = f"clé {quoted(key.value)} écrite deux fois dans le même bloc (déjà ligne {lines[key.value]})"
                self._refuse(key, (*loc, key.value), what, "gardez-en une seule")
                continue
            lines[key.value] = line
            values[key.value] = self.value(value, (*loc, key.value))
        return values

    def _scalar(self, node: yaml.ScalarNode, loc: Loc) -> object:
        try:
            value = _CONSTRUCT[node.tag](node)
        # The constructors trust their own resolver: an explicit tag on another text ends in whatever they stumble over.
        except (ArithmeticError, AttributeError, ConstructorError, LookupError, ValueError):
            self._refuse(node, loc, "valeur que YAML prend pour une date ou un nombre, et qui n’en est pas", _QUOTE)
            return None
        if isinstance(value, int) and value.bit_length() > _WIDEST:
            self._refuse(node, loc, "nombre démesuré", "écrivez un nombre plus petit")
            return None
        return value

    def _refuse(self, node: yaml.Node, loc: Loc, what: str, mend: str) -> None:
        self._faults.append(Fault(loc, what, mend, node.start_mark.line + 1))
