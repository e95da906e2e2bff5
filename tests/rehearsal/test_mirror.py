"""Pages made from a probe's own markers."""

import json

import pytest

from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.rehearsal import mirror


def expecting(**marker: object) -> Probe:
    return Probe("s/p", "s", ProbeKind.HTTP, url="https://s.invalid/", expect=Marker(**marker))  # type: ignore[arg-type]  # by name


def test_a_page_holds_every_text_and_something_for_every_expression() -> None:
    page = mirror.well(
        expecting(contains=("Un <b>", "Deux"), matches=("(?i)bonjour|salut", r"id=.fm1.", "zz[0-9]*top"))
    )
    text = page.body.decode()
    assert page.status == 200
    assert all(words in text for words in ("Un <b>", "Deux", "bonjour", 'id="fm1"', "zztop"))


def test_statuses_and_headers_follow_the_expectation() -> None:
    page = mirror.well(expecting(status=(302, 401), header=(("Location", "https://e"), ("X-Vu", ""))))
    assert page.status == 302
    assert page.headers == (("Location", "https://e"), ("X-Vu", "1"))
    assert mirror.well(expecting(status=(302, 200))).status == 200


def test_dotted_paths_become_a_document_lists_included() -> None:
    page = mirror.well(expecting(json=(("a.b", True), ("a.c.1.d", "x"), ("e", "present")), contains=("mot",)))
    assert json.loads(page.body) == {"a": {"b": True, "c": [None, {"d": "x"}]}, "e": "1", "textes": ["mot"]}
    assert json.loads(mirror.well(expecting(json=(("0.id", "present"),))).body) == [{"id": "1"}]


def test_a_marker_that_no_page_can_bear_gives_none() -> None:
    unplayable = (Marker(), Marker(final_host="attente.invalid"), Marker(matches=("[a-z]{12}-[0-9]{4}",)))
    assert mirror.marked((), "Attente") is None
    assert mirror.marked(unplayable, "Attente") is None
    marked = Marker(status=(429,), contains=("patienter", "jamais dit"), name="waiting_room/file")
    page = mirror.marked((*unplayable, marked), "Attente")
    assert page is not None
    assert page.status == 429
    assert b"patienter" in page.body
    assert b"jamais dit" not in page.body


def test_a_general_marker_says_nothing_of_how_a_platform_behaves() -> None:
    assert mirror.marked((Marker(contains=("patienter",), name="queue-it"),), "Attente") is None


def test_an_expression_that_nothing_simple_matches_is_said_to_be_so() -> None:
    with pytest.raises(ValueError, match="no page can be made up"):
        mirror.sample("[a-z]{12}-[0-9]{4}")
