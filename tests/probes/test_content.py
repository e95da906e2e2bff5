"""Markers on pages: any of a waiting room's, all of an expectation's; charsets; dotted paths."""

import time

import pytest
from multidict import CIMultiDict

from monitor.domain.catalog import Marker
from monitor.probes.content import Page, matches, missing


def page(text="", status=200, host="ent.example.fr", headers=(), whole=True):
    body = text if isinstance(text, bytes) else text.encode()
    return Page(status, host, CIMultiDict(headers), body, whole=whole)


MATCHES = [
    (Marker(), page("x"), None),
    (Marker(contains=("a", "b")), page("b"), "n°\u00a02"),
    (Marker(contains=("a", "b")), page("c"), None),
    (Marker(contains=("a",), matches=("b+", "c+")), page("a ccc"), "n°\u00a01"),
    (Marker(contains=("a",), matches=("b+",)), page("a"), None),
    (Marker(status=(503,)), page(status=503), "n°\u00a01"),
    (Marker(status=(503,)), page(status=200), None),
    (Marker(status=(503,), contains=("a",)), page("a", status=200), None),
    (Marker(contains=("a",), not_contains=("b",)), page("ab"), None),
    (Marker(contains=("a",), not_contains=("b",)), page("a"), "n°\u00a01"),
    (Marker(final_host="Queue.example.net."), page(host="queue.example.net"), "n°\u00a01"),
    (Marker(final_host="queue.example.net"), page(), None),
    (Marker(header=(("Server", "queue"), ("X-Queue", ""))), page(headers={"x-queue": "1"}), "n°\u00a02"),
    (Marker(json=(("state", "wait"), ("state", "full"))), page('{"state": "full"}'), "n°\u00a02"),
]


@pytest.mark.parametrize(("marker", "where", "expected"), MATCHES)
def test_a_marker_of_a_waiting_room_and_its_like(marker, where, expected):
    assert matches(marker, where) == expected


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
    assert missing(marker, where) == expected


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


def test_a_pattern_made_to_explode_stays_linear():
    begin = time.perf_counter()
    assert missing(Marker(matches=(r"(a+)+$",)), page("a" * 250_000 + "b")) is not None
    assert time.perf_counter() - begin < 1
