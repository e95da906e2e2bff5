"""Whether an export is what was sealed: its rows against its claims, its claims against the published roots.

Everything is compared as it was read; nothing that the export says of itself is believed until a published root proves
it. What this proves and what not: docs/seals.md.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monitor.domain.claims import Claim, chained
from monitor.domain.record import KEYS
from monitor.domain.seal import as_json_text

MOST = 50  # findings about single lines are kept; the rest is counted


class Wrong(StrEnum):
    """What can be wrong with an export."""

    LINE = "line"  # it is not a record
    ORDER = "order"  # it does not come after the line before
    OUTSIDE = "outside"  # it is of a day that the export does not claim to be sealed
    STRANGER = "stranger"  # it is of a probe that its day's claim does not name
    ROWS = "rows"  # a probe's day has more or fewer lines than claimed
    PROOF = "proof"  # the lines of a probe's day are not those that were sealed
    ROOT = "root"  # the root is not that of what the claim says
    UNPUBLISHED = "unpublished"  # the root is not the published one
    UNCLAIMED = "unclaimed"  # a published day within the period is not claimed
    CHAIN = "chain"  # the published list itself is broken
    NOTHING = "nothing"  # it claims no probe of a sealed day: then nothing in it can be proved


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where. `lines`: the first and the last concerned, counted as the file's reader does.

    `day` is as the claim writes it, hence hostile like all that a file says; `rows`: claimed, found.
    """

    wrong: Wrong
    day: str = ""
    vantage: str = ""
    probe: str = ""
    lines: tuple[int, int] | None = None
    rows: tuple[int, int] | None = None


class _Part:
    """What was read of a probe's day."""

    __slots__ = ("first", "last", "rows", "taken")

    def __init__(self, line: int) -> None:
        self.rows, self.first, self.last, self.taken = 0, line, line, hashlib.sha256()


class Verification:
    """Give it every row in the order of the file, then ask for the `findings`."""

    def __init__(self, claims: Sequence[Claim], roots: Sequence[Claim]) -> None:
        self._claims = {one.key: one for one in claims}
        self._roots = roots
        self._begins = sorted({one.said["from"] for one in claims})
        self._ends = {one.said["from"]: one.said["to"] for one in claims}
        self._parts: dict[tuple[str, str, str], _Part] = {}
        self._last: tuple[str, str, str, str] = ("", "", "", "")
        self._lines: list[Finding] = []
        self._last_outside: tuple[int, Finding | None] = (0, None)  # which row, and what was said of it
        self.rows = 0
        self.unsaid = 0  # findings about lines beyond the `MOST` that are kept

    def row(self, line: int, cells: Sequence[str]) -> None:
        """The next row, as its cells under `KEYS`."""
        self.rows += 1
        if len(cells) != len(KEYS):
            self.unreadable(line)
            return
        at, vantage, probe = cells[0], cells[1], cells[3]
        key = (at[:13], vantage, probe, at)
        if key <= self._last:
            self._say(Finding(Wrong.ORDER, at[:10], vantage, probe, (line, line)))
        self._last = key
        place = bisect_right(self._begins, at) - 1
        begin = self._begins[place] if place >= 0 else ""
        if not begin or at >= self._ends[begin] or (begin, vantage) not in self._claims:
            self._outside(line)
            return
        part = self._parts.get((begin, vantage, probe))
        if part is None:
            part = self._parts[begin, vantage, probe] = _Part(line)
        part.rows += 1
        part.last = line
        part.taken.update(f"{as_json_text(cells)}\n".encode("utf-8", "surrogatepass"))

    def unreadable(self, line: int) -> None:
        """A line that is no record."""
        self._say(Finding(Wrong.LINE, lines=(line, line)))

    def findings(self) -> list[Finding]:
        """Everything that is wrong, the lines first; nothing: the export is what was sealed."""
        found = list(self._lines)
        if not any(one.rows for one in self._claims.values()):
            found.append(Finding(Wrong.NOTHING))
        found += [_about(Wrong.CHAIN, one) for one in chained(self._roots)]
        found += self._strangers()
        for claim in self._claims.values():
            found += self._claimed(claim)
        found += self._unclaimed()
        return found

    def superseded(self) -> list[Claim]:
        """Claims of days that were sealed anew since, because observations came late."""
        newest = {one.key: one.said["number"] for one in sorted(self._roots, key=lambda one: one.name)}
        return [one for one in self._claims.values() if newest.get(one.key, 0) > one.said["number"]]

    def absent(self) -> list[tuple[Claim, str]]:
        """Probes that the export holds of some day and vantage, and of which it claims nothing for another.

        That they have nothing there is proved where the export holds every row of that day, else not.
        """
        named = {probe for one in self._claims.values() for probe in one.rows}
        return [
            (one, probe) for one in self._claims.values() if not one.whole for probe in sorted(named - set(one.rows))
        ]

    def _outside(self, line: int) -> None:
        """A thousand lines of a day that is not sealed yet are one finding, as long as nothing stands between them."""
        before = self._lines[-1] if self._lines else None
        if before is not None and before.lines is not None and self._last_outside == (self.rows - 1, before):
            self._lines[-1] = Finding(Wrong.OUTSIDE, lines=(before.lines[0], line))
        else:
            self._say(Finding(Wrong.OUTSIDE, lines=(line, line)))
        self._last_outside = self.rows, self._lines[-1]

    def _say(self, finding: Finding) -> None:
        if len(self._lines) < MOST:
            self._lines.append(finding)
        else:
            self.unsaid += 1

    def _strangers(self) -> list[Finding]:
        return [
            Finding(Wrong.STRANGER, self._claims[begin, vantage].said["day"], vantage, probe, (part.first, part.last))
            for (begin, vantage, probe), part in self._parts.items()
            if probe not in self._claims[begin, vantage].rows
        ]

    def _claimed(self, claim: Claim) -> list[Finding]:
        found = []
        parts = {probe: self._parts.get((*claim.key, probe)) for probe in claim.rows}
        wrong = {probe for probe, part in parts.items() if (part.rows if part else 0) != claim.rows[probe]}
        for probe in sorted(wrong):
            part = parts[probe]
            lines = None if part is None else (part.first, part.last)
            counted = (claim.rows[probe], part.rows if part else 0)
            found.append(Finding(Wrong.ROWS, *_where(claim), probe, lines, counted))
        digests = {probe: part.taken.hexdigest() for probe, part in parts.items() if part is not None}
        for probe in sorted(set(claim.strays(digests)) - wrong):
            part = parts[probe]
            lines = (part.first, part.last) if part else None
            found.append(Finding(Wrong.PROOF, *_where(claim), probe, lines))
        if not claim.rooted:
            found.append(_about(Wrong.ROOT, claim))
        if not any(one.name == claim.name and one.said["root"] == claim.said["root"] for one in self._roots):
            found.append(_about(Wrong.UNPUBLISHED, claim))
        return found

    def _unclaimed(self) -> list[Finding]:
        if not self._claims:
            return []
        begin, end = self._begins[0], max(self._ends.values())
        missing = {
            one.key: one
            for one in self._roots
            if one.said["from"] >= begin and one.said["to"] <= end and one.key not in self._claims
        }
        return [_about(Wrong.UNCLAIMED, one) for one in missing.values()]


def _where(claim: Claim) -> tuple[Any, Any]:
    return claim.said["day"], claim.said["vantage"]


def _about(wrong: Wrong, claim: Claim) -> Finding:
    return Finding(wrong, *_where(claim))
