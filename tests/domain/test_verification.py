"""An export is what was sealed, or something is said of where it is not."""

import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from monitor.domain.claims import Claim, chained, claims_of, published
from monitor.domain.record import Record, cells, order
from monitor.domain.seal import (
    Digested,
    Seal,
    SealedProbe,
    canonical_line,
    edge,
    leaves_of,
    levels,
    path,
    probe_digest,
    root_of,
    tree_of,
)
from monitor.domain.verification import MOST, Finding, Verification, Wrong
from tests.domain.test_record import FULL

DAYS = (date(2021, 4, 6), date(2021, 4, 7))
BEGIN = datetime(2021, 4, 5, 22, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = 3_600_000_000
PROBES = ("a/x", "b/x", "c/x")
ZERO = 1_617_660_000_000_000  # BEGIN


def record(at: int, probe: str) -> Record:
    return FULL._replace(at=ZERO + at, probe=probe, service=probe[0])


def rows_of(day: int) -> list[Record]:
    hours = (24 * day, 24 * day + 1)
    return [record(hour * HOUR + n, probe) for hour in hours for probe in PROBES for n in (1, 2)]


def seals() -> list[Seal]:
    found: list[Seal] = []
    for number, day in enumerate(DAYS):
        begin = BEGIN + number * DAY
        kept = kept_of(number)
        tree = tree_of(leaves_of(Digested(day, begin, begin + DAY, "local", kept)))
        previous = found[-1].root if found else ""
        seal = Seal(number + 1, day, begin, begin + DAY, "local", 12, tree, previous, None, "", begin + DAY)
        found.append(replace(seal, root=root_of(seal)))
    return found


def kept_of(day: int) -> tuple[SealedProbe, ...]:
    return tuple(
        SealedProbe(probe, 4, probe_digest(canonical_line(one) for one in rows_of(day) if one.probe == probe))
        for probe in PROBES
    )


def as_json(seal: Seal, **more: Any) -> dict[str, Any]:
    said = {"number": seal.number, "day": seal.day.isoformat(), "from": edge(seal.since), "to": edge(seal.until)}
    said |= {"vantage": "local", "rows": seal.rows, "tree": seal.tree, "previous": seal.previous}
    return {**said, "corrects": seal.corrects, "root": seal.root, **more}


def proof(probes: tuple[str, ...] = PROBES) -> dict[str, Any]:
    found = []
    for number, seal in enumerate(seals()):
        kept = kept_of(number)
        tree = levels(leaves_of(Digested(seal.day, seal.since, seal.until, "local", kept)))
        shown = [
            {"probe": one.probe, "rows": one.rows, "index": n, "path": path(tree, n)}
            for n, one in enumerate(kept)
            if one.probe in probes
        ]
        found.append(as_json(seal, probes=shown))
    return {"version": 1, "record_version": 1, "seals": found}


def roots() -> dict[str, Any]:
    return {"version": 1, "seals": [as_json(one, sealed_at="x") for one in seals()]}


def claims(said: object) -> list[Claim]:
    found = claims_of(said)
    assert found is not None
    return found


def listed(said: object) -> list[Claim]:
    found = published(said)
    assert found is not None
    return found


def checked(records: list[Record], said: Any = None, known: Any = None) -> Verification:
    found = Verification(claims(said or proof()), listed(known or roots()))
    for line, one in enumerate(records, 2):
        found.row(line, cells(one))
    return found


def whole() -> list[Record]:
    return rows_of(0) + rows_of(1)


def test_what_was_sealed_is_found_to_be_so() -> None:
    found = checked(whole())
    assert found.findings() == found.superseded() == found.absent() == []
    assert found.rows == 24
    some = [one for one in whole() if one.probe != "b/x"]
    assert checked(some, proof(("a/x", "c/x"))).findings() == []


def test_an_edit_says_which_lines() -> None:
    records = whole()
    records[3] = records[3]._replace(took_us=1)
    assert checked(records).findings() == [Finding(Wrong.PROOF, "2021-04-06", "local", "b/x", (4, 11))]


def test_a_line_too_few_or_too_many_is_counted() -> None:
    records = whole()
    del records[0]
    assert checked(records).findings() == [Finding(Wrong.ROWS, "2021-04-06", "local", "a/x", (2, 8), (4, 3))]
    records = [one for one in whole() if one.probe != "a/x"]
    gone = [Finding(Wrong.ROWS, day.isoformat(), "local", "a/x", None, (4, 0)) for day in DAYS]
    assert checked(records).findings() == gone


def test_a_line_out_of_its_place() -> None:
    records = whole()
    records[0], records[1] = records[1], records[0]
    first, second = checked(records).findings()
    assert (first.wrong, first.lines, second.wrong) == (Wrong.ORDER, (3, 3), Wrong.PROOF)
    records = whole()
    records.insert(1, records[0])
    assert [one.wrong for one in checked(records).findings()] == [Wrong.ORDER, Wrong.ROWS]


@pytest.mark.parametrize("hour", [-1, 48])
def test_a_line_of_a_day_that_is_not_claimed(hour: int) -> None:
    records = sorted([*whole(), record(hour * HOUR, "a/x")], key=order)
    assert [one.wrong for one in checked(records).findings()] == [Wrong.OUTSIDE]
    elsewhere = [*whole(), record(47 * HOUR, "a/x")._replace(vantage="z")]
    assert [one.wrong for one in checked(elsewhere).findings()] == [Wrong.OUTSIDE]


def test_the_lines_of_a_day_that_is_not_sealed_are_one_finding() -> None:
    today = [record(48 * HOUR + n, "a/x") for n in range(3)]
    assert checked([*whole(), *today]).findings() == [Finding(Wrong.OUTSIDE, lines=(26, 28))]
    before = [record(n - 9, "a/x") for n in range(2)]
    first, second = checked([*before, *whole(), *today]).findings()
    assert (first.lines, second.lines) == ((2, 3), (28, 30))


def test_a_probe_that_is_not_claimed() -> None:
    records = [*whole(), record(47 * HOUR, "d/x")]
    assert checked(records).findings() == [Finding(Wrong.STRANGER, "2021-04-07", "local", "d/x", (26, 26))]


def test_lines_that_are_no_records_are_counted_beyond_some() -> None:
    found = checked(whole())
    for line in range(MOST + 3):
        found.row(line, ["?"])
    assert len(found.findings()) == MOST
    assert found.unsaid == 3


def test_claims_that_were_changed() -> None:
    said = proof()
    said["seals"][0]["rows"] = 13
    assert [one.wrong for one in checked(whole(), said).findings()] == [Wrong.ROOT]
    said = proof()
    said["seals"][0]["root"] = "0" * 64
    assert [one.wrong for one in checked(whole(), said).findings()] == [Wrong.ROOT, Wrong.UNPUBLISHED]
    said = proof()
    said["seals"][0]["probes"][2]["index"] = 1
    assert [one.wrong for one in checked(whole(), said).findings()] == [Wrong.PROOF]
    said = proof()
    said["seals"][0]["vantage"] = "\ud800"
    assert Wrong.ROOT in {one.wrong for one in checked(rows_of(1), said).findings()}


def test_a_day_that_is_published_must_be_claimed() -> None:
    third = replace(seals()[1], number=3, day=date(2021, 4, 8), since=BEGIN + 2 * DAY, until=BEGIN + 3 * DAY)
    third = replace(third, previous=seals()[1].root)
    third = replace(third, root=root_of(third))
    known = roots()
    known["seals"].append(as_json(third, sealed_at="x"))
    assert checked(whole(), known=known).findings() == [], "it is not in the period"
    said = proof()
    said["seals"].append(as_json(third, probes=[]))
    del said["seals"][1]
    assert [one.wrong for one in checked(rows_of(0), said, known).findings()] == [Wrong.UNCLAIMED]


def test_nothing_is_no_proof() -> None:
    nothing = {"version": 1, "record_version": 1, "seals": []}
    assert [one.wrong for one in checked([], nothing).findings()] == [Wrong.NOTHING]
    assert [one.wrong for one in checked([], proof(())).findings()] == [Wrong.NOTHING], "days without a probe"


def test_a_seal_that_was_replaced_is_remarked() -> None:
    anew = replace(seals()[0], number=3, corrects=1, previous=seals()[1].root)
    known = roots()
    known["seals"].append(as_json(replace(anew, root=root_of(anew)), sealed_at="x"))
    found = checked(whole(), known=known)
    assert found.findings() == []
    assert [one.said["number"] for one in found.superseded()] == [1]


def test_a_probe_without_a_claim_on_some_day_is_remarked_unless_the_day_is_whole() -> None:
    said = proof(("a/x", "b/x"))
    del said["seals"][1]["probes"][1]
    records = [one for one in whole() if one.probe == "a/x" or (one.probe == "b/x" and one.at < ZERO + 24 * HOUR)]
    found = checked(records, said)
    assert found.findings() == []
    assert [(one.said["day"], probe) for one, probe in found.absent()] == [("2021-04-07", "b/x")]


def test_a_vantage_of_which_nothing_is_claimed_is_remarked() -> None:
    far = seals()[0]
    kept = kept_of(0)
    tree = tree_of(leaves_of(Digested(far.day, far.since, far.until, "loin", kept)))
    far = replace(far, vantage="loin", tree=tree)
    far = replace(far, root=root_of(far))
    said, known = proof(), roots()
    said["seals"].append({**as_json(far, probes=[]), "vantage": "loin"})
    known["seals"].append({**as_json(far, sealed_at="x"), "vantage": "loin"})
    found = checked(whole(), said, known)
    assert found.findings() == []
    assert [(one.said["vantage"], probe) for one, probe in found.absent()] == [("loin", probe) for probe in PROBES]


def test_a_published_list_that_is_broken() -> None:
    first, second = listed(roots())
    assert chained([first, second]) == []
    assert chained([second]) == [], "what stood before is not there to be seen"
    assert chained([replace(first), first, second]) == [first]
    for key, value in (("rows", 13), ("previous", "0" * 64)):
        known = roots()
        known["seals"][1][key] = value
        assert [one.said["number"] for one in chained(listed(known))] == [2]
    known = roots()
    known["seals"][0]["previous"] = "0" * 64
    assert Wrong.CHAIN in {one.wrong for one in checked(whole(), known=known).findings()}
    anew = replace(seals()[1], previous="0" * 64)
    known = roots()
    known["seals"][1] = as_json(replace(anew, root=root_of(anew)), sealed_at="x")
    assert [one.said["number"] for one in chained(listed(known))] == [2]


def shapeless() -> list[Any]:
    found: list[Any] = [None, [], {}, {**proof(), "more": 1}, {**proof(), "seals": {}}, {**proof(), "seals": [1]}]
    found += [{**proof(), "version": one} for one in (0, 2, True, 1.0, "1")]
    found += [{**proof(), "record_version": 2}]
    wrong: list[tuple[str, Any]] = [("number", 0), ("number", True), ("rows", 1.5), ("corrects", 0), ("corrects", "1")]
    wrong += [("day", 1), ("tree", "ab"), ("tree", "G" * 64), ("from", "9"), ("probes", {}), ("probes", [1])]
    changed: list[tuple[str, Any]] = [("probe", 1), ("rows", 0), ("index", -1), ("path", ""), ("path", [1])]
    for place, pairs in ((lambda said: said["seals"][0], wrong), (lambda said: said["seals"][0]["probes"][0], changed)):
        for key, value in pairs:
            said = copy.deepcopy(proof())
            place(said)[key] = value
            found.append(said)
    more = copy.deepcopy(proof())
    more["seals"][0]["probes"][0]["more"] = 1
    twice, again = copy.deepcopy(proof()), copy.deepcopy(proof())
    twice["seals"].append(twice["seals"][0])
    again["seals"][0]["probes"].append(again["seals"][0]["probes"][0])
    return [*found, more, twice, again]


@pytest.mark.parametrize("said", shapeless())
def test_a_proof_without_the_shape_of_one_is_none(said: object) -> None:
    assert claims_of(said) is None


def test_a_published_list_without_its_shape_is_none() -> None:
    assert published(proof()) is None
    assert published({"version": 1, "seals": [as_json(seals()[0])]}) is None
