"""Markers on pages: any of a waiting room's, all of an expectation's; charsets; dotted paths."""

import json
import time
from pathlib import Path

import pytest
from multidict import CIMultiDict

from monitor.config import load
from monitor.domain.catalog import Marker
from monitor.domain.observation import Failure
from monitor.probes.base import Failed
from monitor.probes.content import Page, matches, missing


def page(text="", status=200, host="ent.example.fr", headers=(), whole=True):
    body = text if isinstance(text, bytes) else text.encode()
    return Page(status, host, CIMultiDict(headers), body, whole=whole)


MATCHES = [
    (Marker(), page("x"), False),
    (Marker(contains=("a", "b")), page("b"), True),
    (Marker(contains=("a", "b")), page("c"), False),
    (Marker(contains=("a",), matches=("b+", "c+")), page("a ccc"), True),
    (Marker(contains=("a",), matches=("b+",)), page("a"), False),
    (Marker(status=(503,)), page(status=503), True),
    (Marker(status=(503,)), page(status=200), False),
    (Marker(status=(503,), contains=("a",)), page("a", status=200), False),
    (Marker(contains=("a",), not_contains=("b",)), page("ab"), False),
    (Marker(contains=("a",), not_contains=("b",)), page("a"), True),
    (Marker(final_host="Queue.example.net."), page(host="queue.example.net"), True),
    (Marker(final_host="queue.example.net"), page(), False),
    (Marker(final_host="*.Queue.example"), page(host="ent.queue.example."), True),
    (Marker(final_host="*.queue.example"), page(host="a.b.queue.example"), True),
    (Marker(final_host="*.queue.example"), page(host="queue.example"), False),
    (Marker(final_host="*.queue.example"), page(host="badqueue.example"), False),
    (Marker(final_host="*.queue.example"), page(host="x.queue.example.evil"), False),
    (Marker(header=(("Server", "queue"), ("X-Queue", ""))), page(headers={"x-queue": "1"}), True),
    (Marker(json=(("state", "wait"), ("state", "full"))), page('{"state": "full"}'), True),
    (Marker(contains=("a",), name="named"), page("a"), True),
    (Marker(name="named"), page("a"), False),
]


@pytest.mark.parametrize(("marker", "where", "expected"), MATCHES)
def test_a_marker_of_a_waiting_room_and_its_like(marker, where, expected):
    assert matches(marker, where) is expected


MISSING = [
    (Marker(contains=("a", "b")), page("ab"), None),
    (Marker(contains=("a", "b")), page("a"), "texte attendu n°\u00a02 absent"),
    (Marker(not_contains=("a", "b")), page("b"), "texte interdit n°\u00a02 présent"),
    (Marker(matches=("^a.c$",)), page("abc"), None),
    (Marker(matches=("^a.c$", "d")), page("abc"), "motif attendu n°\u00a02 absent"),
    (Marker(final_host="a.fr"), page(), "la réponse vient d’un autre hôte que prévu"),
    (Marker(header=(("Server", ""),)), page(), "en-tête attendu absent\u00a0: Server"),
    (Marker(header=(("server", "ngi"),)), page(headers={"Server": "nginx"}), None),
    (Marker(header=(("set-cookie", "GTK"),)), page(headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "GTK=2")]), None),
    (
        Marker(header=(("Set-Cookie", "GTK"),)),
        page(headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]),
        "en-tête attendu absent\u00a0: Set-Cookie",
    ),
    (Marker(json=(("a.b.0.c", 1),)), page('{"a": {"b": [{"c": 1}]}}'), None),
    (Marker(json=(("a.b.0.c", 1.0),)), page('{"a": {"b": [{"c": 1}]}}'), None),
    (Marker(json=(("a", True),)), page('{"a": 1}'), "champ JSON inattendu\u00a0: a"),
    (Marker(json=(("a", None),)), page('{"a": null}'), None),
    (Marker(json=(("a", "present"),)), page('{"a": null}'), None),
    (Marker(json=(("a.1", "present"),)), page('{"a": [0]}'), "champ JSON absent\u00a0: a.1"),
    (Marker(json=(("a", "present"),)), page("<html>"), "champ JSON absent\u00a0: a"),
    (Marker(json=(("a", "present"),)), page("[" * 100_000), "champ JSON absent\u00a0: a"),
    (Marker(json=(("a", "present"),)), page('\ufeff{"a": 1}'), None),
]


@pytest.mark.parametrize(("marker", "where", "expected"), MISSING)
def test_an_expectation(marker, where, expected):
    lack = missing(marker, where)
    assert (lack.words if lack else None) == expected


PLACES = [
    (Marker(contains=("a", "b")), page("a"), "contains/2"),
    (Marker(not_contains=("b", "a")), page("a"), "not_contains/2"),
    (Marker(matches=("a", "b")), page("a"), "matches/2"),
    (Marker(json=(("a", 1), ("b", 2))), page('{"a": 1, "b": 3}'), "json/2"),
    (Marker(header=(("A", ""), ("B", ""))), page(headers={"A": "1"}), "header/2"),
    (Marker(final_host="*.b.fr"), page(host="b.fr"), "final_host"),
]


@pytest.mark.parametrize(("marker", "where", "place"), PLACES)
def test_what_lacks_is_told_by_its_place_in_the_catalogue(marker, where, place):
    assert missing(marker, where).place == place


CHARSETS = [
    ("élève".encode(), {}),
    ("élève".encode("cp1252"), {"Content-Type": "text/html; charset=ISO-8859-1"}),
    ("élève".encode("cp1252"), {"Content-Type": 'text/html; Charset="windows-1252"'}),
    ("<meta charset='latin1'> élève".encode("cp1252"), {"Content-Type": "text/html"}),
    ("élève".encode("utf-16"), {"Content-Type": "text/html; charset=utf-16"}),
    ("élève".encode(), {"Content-Type": "text/html; charset=punycode"}),
    ("élève".encode(), {"Content-Type": "text/html; charset=unknown"}),
    ("\xff".encode("latin1") + "élève".encode(), {}),
]


@pytest.mark.parametrize(("body", "headers"), CHARSETS)
def test_charsets(body, headers):
    assert "élève" in page(body, headers=headers).text


HOSTILE_CHARSETS = ["utf-7", "idna", "base64", "rot13", "unicode_escape", "utf-32", "x" * 5_000, "../../etc", "hex"]


@pytest.mark.parametrize("label", HOSTILE_CHARSETS)
def test_a_charset_that_is_none_of_the_web_s_is_read_as_utf_8(label):
    where = page("élève".encode(), headers={"Content-Type": f"text/html; charset={label}"})
    assert (where.charset, where.utf8) == ("utf-8", "élève".encode())
    assert page(f'<meta charset="{label}">élève').charset == "utf-8"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-15", "windows-1252"])
def test_bytes_that_are_no_text_are_searched_all_the_same(charset):
    where = page(
        b"\xff\xfe\x00\xd8\x81\x8d" * 40_000 + b"Identifiant", headers={"Content-Type": f"text/html; charset={charset}"}
    )
    assert missing(Marker(matches=("jamais",)), where) is not None
    assert (missing(Marker(contains=("Identifiant",)), where) is None) is (charset != "utf-16")


def test_a_mark_of_byte_order_is_no_text():
    assert missing(Marker(matches=("^Identifiant",)), page(b"\xef\xbb\xbfIdentifiant")) is None


CAP = 256 * 1024
EVIL = [
    r"(a+)+$",
    r"(a|aa)+$",
    r"(a|a)*b",
    r"(.*a){20}b",
    r"a.{12}b[^ab]{5}c",
    r"(?:a?){150}a{150}b",
    r"(.{0,30}a){2}z",
]
BODIES = {"as": "a" * CAP, "mixed": "ab <>=é" * (CAP // 8), "lines": "a\n" * (CAP // 2), "marks": "<title" * (CAP // 6)}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("pattern", EVIL)
def test_a_pattern_made_to_explode_stays_linear(pattern, body):
    where = page(BODIES[body])
    begin = time.process_time()
    matches(Marker(matches=(pattern,)), where)
    assert time.process_time() - begin < 1.5


def test_every_expression_of_the_catalogue_is_quick_on_every_body():
    probes = load(Path(__file__).parents[2] / "probes.yaml").catalog.probes()
    lists = [
        (probe.expect, *probe.waiting_room, *probe.maintenance, *probe.restricted, *probe.blocked) for probe in probes
    ]
    patterns = {pattern for markers in lists for marker in markers for pattern in marker.matches}
    assert len(patterns) > 20
    for body in BODIES.values():
        where = page(body)
        begin = time.process_time()
        for pattern in patterns:
            matches(Marker(matches=(pattern,)), where)
        assert time.process_time() - begin < 0.1 * len(patterns)


@pytest.mark.parametrize(
    "pattern", ["a.{500}b", "(?:[ab]{0,20}){20}c", "(a{100}){100}", r"[\p{L}\p{N}]{50}", "(a", r"(a)\1"]
)
def test_an_expression_that_costs_too_much_is_our_fault_and_not_the_site_s(pattern):
    with pytest.raises(Failed) as failed:
        matches(Marker(matches=(pattern,)), page("a"))
    assert failed.value.finding.failure is Failure.OURS_POLICY


HUGE = "9" * 100_000
HOSTILE_JSON = [
    ("[" * 100_000, None),
    ("[" * 100_000 + "]" * 100_000, None),
    ('{"a":' * 50_000 + "1" + "}" * 50_000, None),
    (f'{{"n": {HUGE}, "a": 1}}', 1),
    (f'{{"n": -{HUGE}, "a": 1}}', 1),
    (f'{{"n": 0.{HUGE}, "a": 1}}', 1),
    (f'{{"n": 1e{HUGE}, "a": 1}}', 1),
    ('{"n": NaN, "a": 1}', 1),
    ('{"a": 2, "a": 1}', 1),
    ('{"a": 1, "a": 2}', None),
    ('{"a": "\\ud800"}', None),
    ('{"a": {"b": 1}}', None),
    ('{"a": 1}' + " " * CAP, 1),
    ('{"a": 1} x', None),
    ('{"x": [' + "1," * 120_000 + '1], "a": 1}', 1),
    ("null", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "found"), HOSTILE_JSON, ids=range(len(HOSTILE_JSON)))
def test_hostile_json_is_read_or_is_none(text, found):
    begin = time.process_time()
    assert (missing(Marker(json=(("a", 1),)), page(text)) is None) is (found == 1)
    assert time.process_time() - begin < 1.5


@pytest.mark.parametrize("value", [10**39, -1, 1.5, "x", None, True])
def test_numbers_of_markers_are_compared_whole(value):
    where = page(json.dumps({"a": value}))
    assert missing(Marker(json=(("a", value),)), where) is None
