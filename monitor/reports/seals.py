"""The seals as they leave Vigie: the published list, and what an export carries to be checked against it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from monitor.domain.record import VERSION
from monitor.domain.seal import Seal, SealedProbe, edge, leaf, levels, path
from monitor.store import Reader
from monitor.store.days import day_of

_MOMENT = timedelta(microseconds=1)


def as_json(seal: Seal) -> dict[str, Any]:
    """A seal as it is published. Its `root` is made of all the rest but `sealed_at`."""
    return {**_claimed(seal), "root": seal.root, "sealed_at": edge(seal.sealed_at)}


def published(seals: Iterable[Seal]) -> dict[str, Any]:
    """The list that exports are checked against, by vantage and number."""
    return {"version": 1, "seals": [as_json(one) for one in seals]}


def proofs(reader: Reader, since: datetime, until: datetime, probes: Collection[str] | None = None) -> dict[str, Any]:
    """What an export of [since, until) carries beside it; `probes`: those it holds, None for all.

    Of each whole day in it the seal in force of each vantage, with the exported probes: either one by one with their
    path in the tree (`probes`), or, where that is longer, every leaf of the tree in order (`leaves`): a list
    [probe, rows] of an exported one, the mere hash of another. Raises StoreError.
    """
    in_force: dict[tuple[str, Any], Seal] = {}
    if since < until:
        for one in reader.seals(day_of(since), day_of(until - _MOMENT)):
            if one.since >= since and one.until <= until:
                in_force[one.vantage, one.day] = one
    wanted = None if probes is None else set(probes)
    found = [_proof(one, reader.digests(one), wanted) for one in in_force.values()]
    return {"version": 1, "record_version": VERSION, "seals": found}


def _claimed(seal: Seal) -> dict[str, Any]:
    return {
        "number": seal.number,
        "day": seal.day.isoformat(),
        "from": edge(seal.since),
        "to": edge(seal.until),
        "vantage": seal.vantage,
        "rows": seal.rows,
        "tree": seal.tree,
        "previous": seal.previous,
        "corrects": seal.corrects,
    }


def _proof(seal: Seal, kept: list[SealedProbe], wanted: set[str] | None) -> dict[str, Any]:
    chosen = [place for place, one in enumerate(kept) if wanted is None or one.probe in wanted]
    said = {**_claimed(seal), "root": seal.root}
    depth = (len(kept) - 1).bit_length()
    if len(chosen) == len(kept):  # nothing to hide and nothing to hash
        return {**said, "leaves": [[one.probe, one.rows] for one in kept]}
    hashes = [leaf(seal.day, seal.vantage, one, seal.record_version) for one in kept]
    if len(chosen) * (depth + 1) >= len(kept):
        mine = set(chosen)
        leaves = [[one.probe, one.rows] if n in mine else hashes[n] for n, one in enumerate(kept)]
        return {**said, "leaves": leaves}
    tree = levels(hashes)
    shown = [
        {"probe": kept[place].probe, "rows": kept[place].rows, "index": place, "path": path(tree, place)}
        for place in chosen
    ]
    return {**said, "probes": shown}
