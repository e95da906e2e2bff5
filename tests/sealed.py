"""A few sealed days, exports of them as Vigie writes them, and every way of tampering with one."""

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from monitor.domain.claims import claims_of, published
from monitor.domain.observation import Certificate, Failure, Observation, Phases
from monitor.domain.record import KEYS, Record, cells
from monitor.domain.verification import Finding, Verification
from monitor.reports import seals
from monitor.reports.digests import digested
from monitor.reports.exported import Export
from monitor.store import Reader, Store
from monitor.store.days import bounds

FIRST = date(2026, 3, 28)  # the second of these days has 23 hours
MS = timedelta(milliseconds=1)
DETAILS = ("", "", "", 'dit "non"', "=1+1; l’été", "deux\nlignes", "'d’abord", "\\u{a}")


def answers(days: int = 3, probes: int = 5, every: timedelta = timedelta(hours=2), seed: int = 1) -> list[Observation]:
    """Answers from two vantages; the last probe is new on the last day, and knows one vantage."""
    dice, begin, end = Random(seed), bounds(FIRST)[0], bounds(FIRST + timedelta(days=days - 1))[1]
    names = [(f"ent-{n}/login", vantage) for n in range(probes) for vantage in ("ailleurs", "local")]
    names.append(("neuf/page", "local"))
    shown = Certificate("ab" * 32, datetime(2026, 10, 1, 12, 34, 56, tzinfo=UTC), "Autorité, une")
    found = []
    for name, vantage in names:
        at = begin if not name.startswith("neuf") else end - timedelta(hours=12)
        while at < end:
            bad = dice.random() < 0.1
            found.append(
                Observation(
                    name,
                    vantage,
                    at + timedelta(microseconds=dice.randrange(10**6)),
                    timedelta(microseconds=dice.randrange(1, 10**6)),
                    failure=Failure.CONTENT_WAITING_ROOM if bad else None,
                    phases=Phases(*(None if bad and n == 4 else dice.uniform(0.2, 90) * MS for n in range(5))),
                    http_status=200,
                    address="192.0.2.7",
                    bytes_read=dice.randrange(90_000),
                    detail=dice.choice(DETAILS),
                    certificate=shown if dice.random() < 0.8 else None,
                    clock_offset=None if bad else timedelta(seconds=dice.choice((0, -1, 2))),
                    catalogue="c0ffee",
                )
            )
            at += every
    dice.shuffle(found)
    return found


def seal_all(store: Store, reader: Reader, now: datetime) -> None:
    """As a night does, without its child."""
    for day in reader.unsealed(now):
        for found in digested(day, reader.records(*bounds(day))):
            store.seal(found, now)


def export(reader: Reader, folder: Path, name: str, probes: Sequence[str] | None = None, days: int = 3) -> Path:
    """An export of the whole days with its proof beside it; its kind is told by its name, `people.csv` is for people."""
    begin, end = bounds(FIRST)[0], bounds(FIRST + timedelta(days=days - 1))[1]
    records = list(reader.records(begin, end, probes))
    path = folder / name
    path.write_bytes(written(name, records))
    write_proof(path, seals.proofs(reader, begin, end, probes))
    (folder / "sceaux.json").write_text(json.dumps(seals.published(reader.seals())), encoding="utf-8")
    return path


def write_proof(path: Path, proof: object) -> None:
    path.with_name(f"{path.name}.seals.json").write_text(json.dumps(proof, ensure_ascii=False), encoding="utf-8")


def written(name: str, records: Sequence[Record]) -> bytes:
    """The bytes of a raw CSV or of JSON lines."""
    if name.endswith(".csv"):
        return as_csv([KEYS, *map(cells, records)])
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in map(as_object, records)).encode()


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def as_object(record: Record) -> dict[str, Any]:
    """A line of JSON: numbers are numbers, nothing is null."""
    found: dict[str, Any] = {}
    for key, cell in zip(KEYS, cells(record), strict=True):
        if cell == "":
            found[key] = None
        elif key.endswith("_ms"):
            found[key] = float(cell)
        else:
            found[key] = int(cell) if key in {"http_status", "bytes_read", "clock_offset_s"} else cell
    return found


def verified(path: Path, proof: object, roots: object) -> list[Finding]:
    """What `vigie verify` finds, without its words. A proof that is none is a finding as well."""
    claims = claims_of(proof)
    if claims is None:
        return [Finding("no proof")]  # type: ignore[arg-type]
    checked = Verification(claims, published(roots) or [])
    for line, row in Export(path).rows():
        if row is None:
            checked.unreadable(line)
        else:
            checked.row(line, row)
    return checked.findings()


Tampered = tuple[str, bytes, object]  # how, the file, the proof


def tampered(records: Sequence[Record], name: str, proof: Any, dice: Random) -> Iterator[Tampered]:
    """Exports that are not what was sealed, without end, each changed in one way."""
    ways: dict[str, Callable[[list[Record], Random], list[Record] | bytes]] = {
        "edit": _edited,
        "delete": _deleted,
        "insert": _inserted,
        "reorder": _reordered,
        "truncate": _truncated,
    }
    whole = written(name, records)
    while True:
        if dice.random() < 0.25:
            yield "claim", whole, misclaimed(proof, dice)
            continue
        way = dice.choice(list(ways))
        changed = ways[way](list(records), dice)
        data = (
            whole[: dice.randrange(len(whole) - 2)]
            if way == "truncate" and dice.random() < 0.5
            else written(name, changed)
        )
        if data != whole:
            yield way, data, proof


def _edited(records: list[Record], dice: Random) -> list[Record]:
    place, key = dice.randrange(len(records)), dice.randrange(len(KEYS))
    one = records[place]
    value: Any = one[key]
    if Record._fields[key] in {"at", "took_us"} or isinstance(value, int):
        value += dice.choice((-1, 1, 1000, 3_600_000_000)) if key == 0 else dice.choice((1, 1000))
    elif isinstance(value, str):
        at = dice.randrange(len(value))
        value = value[:at] + dice.choice("xé0\" ,;'") + value[at + 1 :]
    elif Record._fields[key].endswith("_us") or Record._fields[key] in {"http_status", "bytes_read", "clock_offset_s"}:
        value = dice.randrange(1000)
    elif Record._fields[key] == "certificate_not_after":
        value = 10**15
    else:
        value = "x"
    if isinstance(one[key], int) and dice.random() < 0.1 and key > 6:
        value = None
    records[place] = one._replace(**{Record._fields[key]: value})
    return records


def _deleted(records: list[Record], dice: Random) -> list[Record]:
    place, some = dice.randrange(len(records)), dice.choice((1, 1, 2, 10))
    return records[:place] + records[place + some :]


def _inserted(records: list[Record], dice: Random) -> list[Record]:
    one = dice.choice(records)
    if dice.random() < 0.5:
        one = one._replace(at=one.at + dice.randrange(-(10**11), 10**11), probe=dice.choice((one.probe, "intrus/x")))
    records.insert(dice.randrange(len(records) + 1), one)
    return records


def _reordered(records: list[Record], dice: Random) -> list[Record]:
    a, b = dice.sample(range(len(records)), 2)
    if dice.random() < 0.5:
        records[a], records[b] = records[b], records[a]
    else:
        records.insert(b, records.pop(a))
    return records


def _truncated(records: list[Record], dice: Random) -> list[Record]:
    return records[: dice.randrange(len(records))]


def misclaimed(proof: Any, dice: Random) -> object:
    """The proof with one thing in it changed, dropped, or said twice."""
    changed = copy.deepcopy(proof)
    if dice.random() < 0.05:
        changed[dice.choice(["version", "record_version"])] = dice.choice([0, 2, "1", None, True, 1.0])
        return changed
    seal = dice.choice(changed["seals"])
    probe = dice.choice(seal["probes"])
    what = dice.choice(["seal", "probe", "seals", "probes", "path"])
    if what == "seal":
        key = dice.choice([one for one in seal if one != "probes"])
        seal[key] = _other(seal[key], dice)
    elif what == "probe":
        key = dice.choice(["probe", "rows", "index"])
        probe[key] = _other(probe[key], dice)
    elif what == "path":
        if not probe["path"] or dice.random() < 0.2:
            probe["path"].insert(dice.randint(0, len(probe["path"])), dice.choice(["", "0" * 64]))
        else:
            place = dice.randrange(len(probe["path"]))
            probe["path"][place] = _other(probe["path"][place], dice)
    else:
        several = changed["seals"] if what == "seals" else seal["probes"]
        place = dice.randrange(len(several))
        if dice.random() < 0.5:
            del several[place]
        else:
            several.insert(place, copy.deepcopy(several[place]))
    return changed


def _other(value: object, dice: Random) -> object:
    if isinstance(value, int):
        return dice.choice([value + 1, value - 1, value * 2 + 1, float(value), str(value), None])
    if value is None:
        return dice.choice([1, "", 0])
    assert isinstance(value, str)
    if not value:
        return dice.choice([None, "0" * 64, 0])
    place = dice.randrange(len(value))
    flipped = dice.choice([one for one in "0123456789abcdefT:-" if one != value[place]])
    return dice.choice([value[:place] + flipped + value[place + 1 :], value[:-1], value + "0", None])
