"""Seals: what makes every later change of a day's observations show (docs/seals.md).

A probe's day is one digest, the digests of a day and vantage are the leaves of a Merkle tree as RFC 6962 (section 2.1)
builds it, and its root stands in a chain of seals, one chain a vantage. All hashes are SHA-256, written in hexadecimal.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from monitor.domain.record import VERSION, Record, instant_cell, milliseconds_cell

SEAL_VERSION = 1
ALONE = ""  # stands in a path where a node has no sibling and goes up as it is

as_json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # JSON without spaces


@dataclass(frozen=True, slots=True)
class SealedProbe:
    """One probe's day: how many observations, and the digest of their canonical lines in the order of `at`."""

    probe: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Digested:
    """A finished day of Paris, seen from one vantage: its probes sorted by id. `since` <= at < `until`."""

    day: date
    since: datetime
    until: datetime
    vantage: str
    probes: tuple[SealedProbe, ...]
    record_version: int = VERSION


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of a vantage's chain, as it is published.

    Attributes:
        number: 1 for the first of its vantage, then one more each.
        since, until: the day as instants.
        tree: root of the Merkle tree over the day's probes. previous: root of the seal before; "" for the first.
        corrects: number of the seal of the same day that this one replaces, because observations came late.
        root: what is published; it holds everything else but `sealed_at` and `record_version` (the leaves hold that).
    """

    number: int
    day: date
    since: datetime
    until: datetime
    vantage: str
    rows: int
    tree: str
    previous: str
    corrects: int | None
    root: str
    sealed_at: datetime
    record_version: int = VERSION


class Break(StrEnum):
    """How a chain of seals can be broken."""

    ROOT = "root"  # the root is not that of what the seal says
    NUMBER = "number"  # a seal is missing before this one, or stands there twice
    PREVIOUS = "previous"  # it does not follow the root of the one before
    CORRECTS = "corrects"  # it does not name the seal of the same day that it replaces, or there is none
    TREE = "tree"  # its tree is not that of the digests that are kept
    ROWS = "rows"  # its rows are not the sum of theirs


def canonical_line(record: Record) -> bytes:
    """The record as a seal sees it: a JSON list of its cells without spaces, UTF-8, and a line feed.

    That of `as_json_text(cells(record))`, put together from parts: what repeats from answer to answer is written once.
    """
    ms = milliseconds_cell
    took, resolve, connect, tls, first, transfer, status, address, size = record[6:15]
    phases = f'"{ms(took)}","{ms(resolve)}","{ms(connect)}","{ms(tls)}","{ms(first)}","{ms(transfer)}"'
    rest = _texts(record[15:19], record.certificate_not_after, record.issuer, record.clock_offset_s, record.catalogue)
    numbers = f'"{"" if status is None else status}",{_texts((address,))},"{"" if size is None else size}"'
    return f'["{instant_cell(record.at)}",{_texts(record[1:6])},{phases},{numbers},{rest}]\n'.encode()


@lru_cache(maxsize=1 << 16)
def _texts(texts: tuple[str | None, ...], not_after: int | None = None, *others: str | int | None) -> str:
    """Cells of a record as they stand in its line."""
    found = ["" if one is None else str(one) for one in texts]
    if others:
        found.append("" if not_after is None else instant_cell(not_after))
        found += ["" if one is None else str(one) for one in others]
    return as_json_text(found)[1:-1]


def probe_digest(lines: Iterable[bytes]) -> str:
    """The digest of a probe's day from its canonical lines in the order of `at`."""
    found = hashlib.sha256()
    for line in lines:
        found.update(line)
    return found.hexdigest()


def leaf(day: date, vantage: str, one: SealedProbe, record_version: int = VERSION) -> str:
    """The leaf of one probe's day."""
    said = as_json_text([record_version, day.isoformat(), vantage, one.probe, one.rows, one.digest])
    return hashlib.sha256(b"\x00" + said.encode()).hexdigest()


def leaves_of(found: Digested) -> list[str]:
    """The leaves of a day and vantage, in the order of its tree."""
    return [leaf(found.day, found.vantage, one, found.record_version) for one in found.probes]


def tree_of(leaves: Sequence[str]) -> str:
    """The Merkle tree hash of RFC 6962 over leaves that are hashed already."""
    return levels(leaves)[-1][0] if leaves else hashlib.sha256().hexdigest()


def levels(leaves: Sequence[str]) -> list[Sequence[str]]:
    """Every level of the tree up to its one root: pairs are joined, one without a sibling goes up as it is.

    That is the tree of RFC 6962, whose left parts are always full.
    """
    found: list[Sequence[str]] = [leaves]
    while len(found[-1]) > 1:
        below = found[-1]
        above = [_node(below[place], below[place + 1]) for place in range(0, len(below) - 1, 2)]
        found.append([*above, below[-1]] if len(below) % 2 else above)
    return found


def path(tree: Sequence[Sequence[str]], index: int) -> list[str]:
    """The siblings from a leaf up to the root (`levels` gives the tree); `ALONE` where there is none.

    Without its `ALONE`s it is the audit path of RFC 6962; with them the tree's size need not be known to check it.
    """
    found = []
    for level in tree[:-1]:
        sibling = index ^ 1
        found.append(level[sibling] if sibling < len(level) else ALONE)
        index //= 2
    return found


def climb(leaf_hash: str, index: int, siblings: Sequence[str]) -> str | None:
    """The root that a leaf at an index reaches by its path; None for a path that no tree has.

    Only the right edge of a tree has nodes without siblings, and it ends on the right hand of the root: so the highest
    bit of such an index belongs to the last step. With this an index or a path can be told in one way only.
    """
    if index < 0 or index >> len(siblings) or (ALONE in siblings and index.bit_length() != len(siblings)):
        return None
    reached = leaf_hash
    for place, sibling in enumerate(siblings):
        right = index >> place & 1
        if sibling == ALONE:
            if right:
                return None
        elif len(sibling) != 64 or not set(sibling) <= set("0123456789abcdef"):
            return None
        else:
            reached = _node(sibling, reached) if right else _node(reached, sibling)
    return reached


def root_of(seal: Seal) -> str:
    """The root of what a seal says (its own `root` apart)."""
    said: list[object] = [SEAL_VERSION, seal.number, seal.day.isoformat(), edge(seal.since), edge(seal.until)]
    said += [seal.vantage, seal.rows, seal.tree, seal.previous, seal.corrects]
    return hashlib.sha256(as_json_text(said).encode()).hexdigest()


def edge(at: datetime) -> str:
    """``2021-04-05T22:00:00.000000Z``: written as `at` is in a record, so that both compare as texts."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def breaks(chain: Sequence[Seal]) -> list[tuple[Seal, Break]]:
    """What is wrong with the whole chain of one vantage, in its order."""
    found: list[tuple[Seal, Break]] = []
    newest: dict[date, int] = {}
    before: Seal | None = None
    for seal in chain:
        number, root = (0, "") if before is None else (before.number, before.root)
        said = (
            (seal.root != root_of(seal), Break.ROOT),
            (seal.number != number + 1, Break.NUMBER),
            (seal.previous != root, Break.PREVIOUS),
            (seal.corrects != newest.get(seal.day), Break.CORRECTS),
        )
        found += [(seal, one) for wrong, one in said if wrong]
        newest[seal.day] = seal.number
        before = seal
    return found


def digest_breaks(seal: Seal, kept: Sequence[SealedProbe]) -> list[Break]:
    """Whether a seal is that of the digests that are kept of its day, sorted by probe."""
    found = Digested(seal.day, seal.since, seal.until, seal.vantage, tuple(kept), seal.record_version)
    said = (
        (tree_of(leaves_of(found)) != seal.tree, Break.TREE),
        (sum(one.rows for one in kept) != seal.rows, Break.ROWS),
    )
    return [one for wrong, one in said if wrong]


def lost(before: Iterable[SealedProbe], after: Iterable[SealedProbe]) -> list[str]:
    """The probes of which fewer observations are left than were sealed: observations are only ever added."""
    left = {one.probe: one.rows for one in after}
    return [one.probe for one in before if left.get(one.probe, 0) < one.rows]


def altered(before: Iterable[SealedProbe], after: Iterable[SealedProbe]) -> list[str]:
    """The probes with as many observations as were sealed, which are not those that were sealed."""
    now = {one.probe: one for one in after}
    return [one.probe for one in before if one.probe in now and _changed(one, now[one.probe])]


def _changed(before: SealedProbe, after: SealedProbe) -> bool:
    return before.rows == after.rows and before.digest != after.digest


def _node(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()
