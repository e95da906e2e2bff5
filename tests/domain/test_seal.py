"""A path proves its leaf and nothing else; whatever is changed afterwards changes what is computed again."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.domain.record import KEYS, Record, cells
from monitor.domain.seal import (
    ALONE,
    Break,
    Digested,
    Seal,
    SealedProbe,
    altered,
    breaks,
    canonical_line,
    climb,
    digest_breaks,
    leaf,
    leaves_of,
    levels,
    lost,
    path,
    probe_digest,
    root_of,
    tree_of,
)
from tests.domain.test_record import BARE, FULL

DAY = date(2021, 4, 6)
MIDNIGHT = datetime(2021, 4, 5, 22, tzinfo=UTC)


def hashed(n: int) -> str:
    return hashlib.sha256(str(n).encode()).hexdigest()


def rfc6962(leaves: list[str]) -> str:
    """As section 2.1 says it, over leaves that are hashed already."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + bytes.fromhex(rfc6962(leaves[:k])) + bytes.fromhex(rfc6962(leaves[k:]))).hexdigest()


def audit_path(m: int, leaves: list[str]) -> list[str]:
    """As section 2.1.1 says it."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*audit_path(m, leaves[:k]), rfc6962(leaves[k:])]
    return [*audit_path(m - k, leaves[k:]), rfc6962(leaves[:k])]


@settings(deadline=None)
@given(st.integers(1, 70))
def test_the_tree_and_its_paths_are_those_of_rfc_6962(size: int) -> None:
    leaves = [hashed(n) for n in range(size)]
    tree = levels(leaves)
    assert tree_of(leaves) == rfc6962(leaves) == tree[-1][0]
    for n in range(size):
        assert [one for one in path(tree, n) if one] == audit_path(n, leaves)
        assert climb(leaves[n], n, path(tree, n)) == tree_of(leaves)


def test_a_tree_of_nothing_is_the_hash_of_nothing() -> None:
    assert tree_of([]) == hashlib.sha256(b"").hexdigest()


@settings(deadline=None)
@given(st.integers(1, 40), st.data())
def test_a_path_proves_its_leaf_at_its_place_and_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = [hashed(n) for n in range(size)]
    tree = levels(leaves)
    n = data.draw(st.integers(0, size - 1))
    siblings = path(tree, n)
    other = data.draw(st.integers(-3, 4 * size))
    if other != n:
        assert climb(leaves[n], other, siblings) != tree_of(leaves)
    assert climb(hashed(-1), n, siblings) != tree_of(leaves)
    changed = list(siblings)
    what = data.draw(st.sampled_from(["insert", "drop", "change", "swap"]))
    if what == "insert":
        changed.insert(data.draw(st.integers(0, len(changed))), data.draw(st.sampled_from([ALONE, hashed(-2)])))
    elif changed and what == "drop":
        changed.pop(data.draw(st.integers(0, len(changed) - 1)))
    elif changed and what == "change":
        wrong = st.sampled_from([ALONE, hashed(-2), "zz", "é" * 64, "A" * 64])
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(wrong)
    elif len(changed) > 1:
        a, b = data.draw(st.lists(st.integers(0, len(changed) - 1), min_size=2, max_size=2, unique=True))
        changed[a], changed[b] = changed[b], changed[a]
    if changed != siblings:
        assert climb(leaves[n], n, changed) != tree_of(leaves)


def test_a_node_without_a_sibling_is_never_the_right_one() -> None:
    assert climb(hashed(1), 3, [ALONE, hashed(2)]) is None


records = st.builds(
    lambda at, probe, took, detail, status: FULL._replace(
        at=at, probe=f"{probe}/x", service=probe, took_us=took, detail=detail, http_status=status
    ),
    st.integers(0, 2**51),
    st.sampled_from("abc"),
    st.integers(0, 2**31 - 1),
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
    st.none() | st.integers(100, 599),
)


@settings(deadline=None)
@given(records)
def test_a_line_is_the_cells_as_json(record: Record) -> None:
    line = canonical_line(record).decode()
    assert line.endswith("\n")
    assert line.count("\n") == 1, "a line feed within a text is escaped"
    assert dict(zip(KEYS, json.loads(line), strict=True)) == dict(zip(KEYS, cells(record), strict=True))
    assert line == json.dumps(list(cells(record)), ensure_ascii=False, separators=(",", ":")) + "\n"


@settings(deadline=None)
@given(st.lists(records, min_size=2, max_size=8, unique=True), st.data())
def test_any_change_changes_the_digest(given_: list[Record], data: st.DataObject) -> None:
    lines = [canonical_line(one) for one in given_]
    place = data.draw(st.integers(0, len(lines) - 1))
    changed = list(lines)
    match data.draw(st.sampled_from(["edit", "delete", "insert", "reorder", "truncate"])):
        case "edit":
            changed[place] = canonical_line(data.draw(records))
        case "delete":
            del changed[place]
        case "insert":
            changed.insert(place, canonical_line(data.draw(records)))
        case "reorder":
            changed = data.draw(st.permutations(lines))
        case "truncate":
            changed = lines[:place]
    assume(changed != lines)
    assert probe_digest(changed) != probe_digest(lines)


def digested(rows: int = 2, day: date = DAY) -> Digested:
    probes = (SealedProbe("a/x", rows, hashed(1)), SealedProbe("b/x", 3, hashed(2)))
    begin = MIDNIGHT + (day - DAY)
    return Digested(day, begin, begin + timedelta(days=1), "local", probes)


def sealed(number: int, previous: str, found: Digested, corrects: int | None = None) -> Seal:
    rows = sum(one.rows for one in found.probes)
    seal = Seal(
        number,
        found.day,
        found.since,
        found.until,
        found.vantage,
        rows,
        tree_of(leaves_of(found)),
        previous,
        corrects,
        "",
        MIDNIGHT,
    )
    return replace(seal, root=root_of(seal))


def chain() -> list[Seal]:
    first = sealed(1, "", digested())
    second = sealed(2, first.root, digested(day=date(2021, 4, 7)))
    return [first, second, sealed(3, second.root, digested(rows=5), corrects=1)]


def test_the_shapes_are_those_of_the_documents() -> None:
    one = SealedProbe("a/é", 2, hashed(1))
    said = f'[1,"2021-04-06","local","a/é",2,"{hashed(1)}"]'
    assert leaf(DAY, "local", one) == hashlib.sha256(b"\x00" + said.encode()).hexdigest()
    first = chain()[0]
    edges = '"2021-04-05T22:00:00.000000Z","2021-04-06T22:00:00.000000Z"'
    said = f'[1,1,"2021-04-06",{edges},"local",5,"{first.tree}","",null]'
    assert first.root == hashlib.sha256(said.encode()).hexdigest()


def test_a_whole_chain_has_nothing_wrong() -> None:
    assert breaks(chain()) == []
    assert breaks([]) == []
    assert digest_breaks(chain()[0], digested().probes) == []


def test_what_is_changed_in_a_chain_shows_where_it_is() -> None:
    first, second, third = chain()
    assert breaks([replace(first, rows=6), second, third]) == [(replace(first, rows=6), Break.ROOT)]
    assert breaks([first, third]) == [(third, Break.NUMBER), (third, Break.PREVIOUS)]
    assert [broken for _, broken in breaks([second, third])] == [Break.NUMBER, Break.PREVIOUS, Break.CORRECTS]
    wrong = sealed(3, second.root, digested(rows=5))
    assert breaks([first, second, wrong]) == [(wrong, Break.CORRECTS)]
    anew = sealed(1, "", digested(rows=9))
    assert [broken for _, broken in breaks([anew, second, third])] == [Break.PREVIOUS]
    assert digest_breaks(first, digested(rows=3).probes) == [Break.TREE, Break.ROWS]


def test_what_was_sealed_only_grows() -> None:
    before = digested().probes
    assert lost(before, digested(rows=3).probes) == altered(before, digested(rows=3).probes) == []
    assert lost(before, digested(rows=1).probes) == ["a/x"]
    assert lost(before, before[:1]) == ["b/x"]
    assert altered(before, [replace(before[0], digest=hashed(9))]) == ["a/x"]


def test_every_cell_has_its_say() -> None:
    assert canonical_line(BARE) != canonical_line(FULL)
    for place in range(len(KEYS)):
        value = FULL[place]
        other = FULL._replace(**{FULL._fields[place]: value + 1 if isinstance(value, int) else f"{value}."})
        assert canonical_line(other) != canonical_line(FULL)
