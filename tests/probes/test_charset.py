"""Pages that declare no charset, or another than theirs: read as a browser in France reads them."""

import time

import pytest
from multidict import CIMultiDict

from monitor.domain.catalog import Marker
from monitor.probes.content import Page, missing

CAP = 256 * 1024


def page(body, headers=()):
    return Page(200, "ent.example.fr", CIMultiDict(headers), body.encode() if isinstance(body, str) else body)


STRAY = [
    ("élève".encode("cp1252"), {}),
    ("élève".encode("cp1252"), {"Content-Type": "text/html; charset=unknown"}),
    (b" " * 1100 + "<meta charset=latin1> élève".encode("cp1252"), {"Content-Type": "text/html"}),
    ("élève ".encode() + "’élève".encode("cp1252"), {}),
    (b"x" * 5000 + "élève".encode("cp1252"), {}),
]


@pytest.mark.parametrize(("body", "headers"), STRAY)
def test_bytes_that_are_no_utf_8_are_read_as_a_browser_in_france_does(body, headers):
    where = page(body, headers=headers)
    assert missing(Marker(contains=("élève",), matches=("^[^<]*(?:<meta[^<]*)?l.ve$",)), where) is None


def test_a_page_that_is_not_what_it_declares_is_searched_as_it_is_shown():
    where = page("Désolé, maintenance".encode("cp1252"), headers={"Content-Type": "text/html; charset=utf-8"})
    assert missing(Marker(matches=("^[^<]*maintenance",)), where) is None
    assert missing(Marker(contains=("Désolé",)), where) is not None


def test_a_character_that_the_cap_cut_in_two_spoils_nothing():
    body = "élève é".encode()[:-1]
    assert page(body).utf8 == body


def test_stray_bytes_are_read_in_linear_time():
    begin = time.process_time()
    assert len(page(b"\xff\xfe\xe9" * (CAP // 3)).utf8) > CAP
    assert time.process_time() - begin < 0.5
