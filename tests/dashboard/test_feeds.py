"""Atom: every feed is valid by the rules of RFC 4287, its ids last, hostile names stay inert."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from dashboard.model import read_view
from dashboard.public.atom import NAMESPACE, written
from dashboard.public.feeds import country_feed, operator_feed, place_feed, service_feed

from .conftest import MORNING, a_document, as_bytes, iso
from .test_search import document

ATOM = f"{{{NAMESPACE}}}"
EVIL = '"><script>alert(1)</script>\u202e]]>\x00\x1b[31m\ud800'


def valid(body: bytes) -> ET.Element:
    """The feed, if it holds what RFC 4287 asks of one: exactly one of this, at least one of that, in the right forms."""
    root = ET.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            [one] = element.findall(ATOM + name)
            assert one.text
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id"))
        for name in ("updated", "published"):
            for one in element.findall(ATOM + name):
                assert datetime.fromisoformat(one.text).tzinfo is not None
        links = [(one.get("rel"), one.get("href")) for one in element.findall(f"{ATOM}link")]
        assert len(set(links)) == len(links)
        assert all(href for _, href in links)
        assert {child.tag.removeprefix(ATOM) for child in element} <= {
            "id", "title", "updated", "published", "link", "author", "category", "content", "entry"
        }  # fmt: skip
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Vigie"
    assert any(one.get("rel") == "self" for one in root.findall(f"{ATOM}link"))
    ids = [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    updated = [one.findtext(f"{ATOM}updated") for one in root.iter(f"{ATOM}entry")]
    assert root.findtext(f"{ATOM}updated") == max(updated, default=root.findtext(f"{ATOM}updated"))
    return root


def titles(root: ET.Element) -> list[str]:
    return [one.findtext(f"{ATOM}title").replace("\u00a0", " ") for one in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize(
    ("path", "entries"),
    [("/flux.atom", 9), ("/flux/academie/lille.atom", 1), ("/flux/service/ent-hdf.atom", 1), ("/flux/service/pix.atom", 0), ("/flux/sceaux.atom", 4)],
)  # fmt: skip
def test_every_feed_is_valid_and_leads_to_pages_that_are_there(open_web, path, entries):
    code, headers, body = open_web.told(path)
    assert (code, headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    root = valid(body)
    assert len(titles(root)) == entries
    for link in root.iter(f"{ATOM}link"):
        there = link.get("href")
        assert there.startswith("https://vigie.example/")
        assert open_web.get(there.removeprefix("https://vigie.example").partition("#")[0])[0] == 200
    assert open_web.get(path, If_None_Match=headers["etag"])[0] == 304


@pytest.mark.parametrize(
    "path", ["/flux/service/nothing.atom", "/flux/academie/nowhere.atom", "/flux/academie/.atom", "/flux/x"]
)
def test_what_is_unknown_has_no_feed(open_web, path):
    assert open_web.get(path)[0] == 404


def test_pages_name_their_feeds(open_web):
    for page, feed in (("/", "/flux.atom"), ("/service/ent-hdf", "/flux/service/ent-hdf.atom"), ("/academie/lille", "/flux/academie/lille.atom"),
                       ("/methode", "/flux/sceaux.atom"), ("/donnees", "/flux/sceaux.atom")):  # fmt: skip
        text = open_web.get(page)[2].decode()
        assert re.search(rf'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{feed}">', text)


def test_an_incident_keeps_its_entry_while_it_turns():
    document = a_document()
    one = document["incidents"][0]
    before = valid(written(country_feed(read_view(as_bytes(document))), ""))
    one |= {
        "health": "up",
        "recovered_at": iso(MORNING - timedelta(minutes=9)),
        "closed_at": iso(MORNING - timedelta(minutes=9)),
    }
    after = valid(written(country_feed(read_view(as_bytes(document))), ""))
    entries = [
        {e.findtext(f"{ATOM}id"): e for e in root.iter(f"{ATOM}entry")} for root in (before, after)
    ]  # fmt: skip
    assert set(entries[0]) == set(entries[1])
    [changed] = [
        key
        for key in entries[0]
        if entries[0][key].findtext(f"{ATOM}updated") != entries[1][key].findtext(f"{ATOM}updated")
    ]
    assert entries[1][changed].findtext(f"{ATOM}title") == "Monlycée.net répond de nouveau"
    assert "Répond de nouveau".lower() in entries[1][changed].findtext(f"{ATOM}content")
    assert entries[0][changed].findtext(f"{ATOM}published") == entries[1][changed].findtext(f"{ATOM}published")


def test_our_own_line_and_what_was_absorbed_are_no_entries():
    document = a_document()
    first, second = document["incidents"][:2]
    document["incidents"] = [
        first | {"culprit": "vantage:local"},
        second | {"absorbed_into": "x", "closed_at": iso(MORNING)},
    ]
    assert titles(valid(written(country_feed(read_view(as_bytes(document))), ""))) == []


def test_hostile_names_are_inert_and_a_rehearsal_says_so():
    document = a_document(rehearsal="2021-04-06")
    document["services"][1]["name"] = EVIL.replace("\ud800", "")
    document["territories"][1 + sorted(t["code"] for t in document["territories"][1:]).index("A:lille")]["name"] = (
        EVIL.replace("\ud800", "")
    )
    view = read_view(as_bytes(document))
    for feed in (country_feed(view), place_feed("academie", view, "lille"), service_feed(view, "ent-hdf")):
        body = written(feed, "https://vigie.example")
        root = valid(body)
        assert b"<script" not in body
        assert all(title.startswith("RÉPÉTITION") for title in [root.findtext(f"{ATOM}title"), *titles(root)])
        assert "\u202e" not in body.decode()


def test_every_kind_of_place_and_every_operator_has_its_feed():
    view = read_view(as_bytes(document()))
    for folder, key, name in (
        ("departement", "59", "département\u00a0: Nord"),
        ("region", "32", "région académique\u00a0: Hauts-de-France"),
        ("collectivite", "988", "collectivité\u00a0: Nouvelle-Calédonie"),
    ):
        root = valid(written(place_feed(folder, view, key), ""))
        assert root.findtext(f"{ATOM}title").endswith(f"incidents, {name}")
        assert len(titles(root)) == 1
        assert place_feed(folder, view, "nowhere") is None
    assert len(titles(valid(written(operator_feed(view, "edifice"), "")))) == 4
    assert operator_feed(view, "nobody") is None
