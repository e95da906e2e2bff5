"""What an export claims of the seals of its days, beside it in a file: read strictly, nothing of it believed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain.record import VERSION
from monitor.domain.seal import SEAL_VERSION, as_json_text, climb

_TEXTS = ("day", "from", "to", "vantage", "tree", "previous", "root")
_SAID = ("number", "day", "from", "to", "vantage", "rows", "tree", "previous", "corrects")
_PUBLISHED = frozenset({*_SAID, "root", "sealed_at"})
_CLAIMED = frozenset({*_SAID, "root", "probes"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One seal as an export, or the published list, says it; with the leaves of the probes that the export holds.

    Attributes:
        said: its values as they stand in JSON: what is hashed is what was read.
        rows: of each exported probe.
    """

    said: Mapping[str, Any]
    rows: Mapping[str, int]

    @property
    def key(self) -> tuple[str, str]:
        """Its day's beginning, as a text of an `at`, and its vantage."""
        return self.said["from"], self.said["vantage"]

    @property
    def name(self) -> tuple[str, int]:
        """Its vantage and number: of these there is one published."""
        return self.said["vantage"], self.said["number"]

    @property
    def whole(self) -> bool:
        """Whether the probes that are named hold every row of the day: then there were no others."""
        return bool(sum(self.rows.values()) == self.said["rows"])

    @property
    def rooted(self) -> bool:
        """Whether its root is that of what it says."""
        text = as_json_text([SEAL_VERSION, *(self.said[key] for key in _SAID)])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() == str(self.said["root"])

    def strays(self, digests: Mapping[str, str]) -> list[str]:
        """The exported probes whose lines have other digests than those that were sealed."""
        found = []
        for one in self.said["probes"]:
            hashed = self._leaf(one["probe"], one["rows"], digests.get(one["probe"], ""))
            if climb(hashed, one["index"], one["path"]) != self.said["tree"]:
                found.append(one["probe"])
        return found

    def _leaf(self, probe: str, rows: int, digest: str) -> str:
        text = as_json_text([VERSION, self.said["day"], self.said["vantage"], probe, rows, digest])
        return hashlib.sha256(b"\x00" + text.encode("utf-8", "surrogatepass")).hexdigest()


def published(document: object) -> list[Claim] | None:
    """The seals of a published list, None where it is none."""
    seals = _seals(document, {"version"})
    if seals is None or not all(_sound(one, _PUBLISHED) for one in seals):
        return None
    return [Claim(one, {}) for one in seals]


def claims_of(document: object) -> list[Claim] | None:
    """The seals that an export claims, None where the file beside it is none."""
    seals = _seals(document, {"version", "record_version"})
    if seals is None:
        return None
    found = []
    for one in seals:
        rows = _rows(one) if _sound(one, _CLAIMED) else None
        if rows is None:
            return None
        found.append(Claim(one, rows))
    return found if len({one.key for one in found}) == len(found) else None


def _seals(document: object, versions: set[str]) -> list[Any] | None:
    if not isinstance(document, dict) or set(document) != {"seals", *versions}:
        return None
    seals = document["seals"]
    if not isinstance(seals, list) or any(type(document[one]) is not int or document[one] != 1 for one in versions):
        return None
    return seals


def _sound(one: object, keys: frozenset[str]) -> bool:
    if not isinstance(one, dict) or set(one) != keys:
        return False
    corrects = one["corrects"]
    return (
        all(isinstance(one[key], str) for key in _TEXTS)
        and all(_count(one[key]) for key in ("number", "rows"))
        and (corrects is None or _count(corrects))
        and _hash(one["tree"])
        and one["from"] < one["to"]
    )


def _rows(one: Mapping[str, Any]) -> dict[str, int] | None:
    """The exported probes of a claim and their rows; None where its proofs have no shape, or name one twice."""
    shown = one["probes"]
    if not isinstance(shown, list) or not all(map(_proof, shown)):
        return None
    found: dict[str, int] = {each["probe"]: each["rows"] for each in shown}
    return found if len(found) == len(shown) else None


def _proof(one: object) -> bool:
    return (
        isinstance(one, dict)
        and set(one) == {"probe", "rows", "index", "path"}
        and isinstance(one["probe"], str)
        and _count(one["rows"])
        and _whole(one["index"])
        and _path(one["path"])
    )


def _path(path: object) -> bool:
    return isinstance(path, list) and all(isinstance(step, str) for step in path)


def _whole(value: object) -> bool:
    return type(value) is int and value >= 0  # JSON's true is an int to Python


def _count(value: object) -> bool:
    return _whole(value) and value != 0


def _hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def chained(seals: Sequence[Claim]) -> list[Claim]:
    """Of a published list those whose root is not theirs, or which do not follow the one before, if that is there."""
    by_name = {one.name: one for one in seals}
    return [one for one in seals if not one.rooted or not _follows(one, by_name) or by_name[one.name] is not one]


def _follows(one: Claim, by_name: Mapping[tuple[str, int], Claim]) -> bool:
    vantage, number = one.name
    previous = one.said["previous"]
    if number == 1:
        return bool(previous == "")
    before = by_name.get((vantage, number - 1))
    return before is None or bool(before.said["root"] == previous)
