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

    Of each whole day in it the seal in force of each vantage, and of each exported probe its rows and its way up the
    tree: some kilobyte beside the thousand lines of a probe's day. Raises StoreError.
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
    hashes = [leaf(seal.day, seal.vantage, one, seal.record_version) for one in kept]
    tree = levels(hashes)
    shown = [
        {"probe": kept[place].probe, "rows": kept[place].rows, "index": place, "path": path(tree, place)}
        for place in chosen
    ]
    return {**said, "probes": shown}
