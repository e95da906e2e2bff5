"""A matrix made from the routes: nothing private in any answer, nothing written but by `/abonnement`."""

import hashlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from dashboard import tongue
from dashboard.carte_address import PREFIX
from dashboard.pages.carte import VIEWS
from dashboard.public.embed import FRAGMENTS
from monitor.domain.observation import Failure, Observation
from monitor.domain.recipient import Contact
from monitor.domain.silence import DeclaredSilence, Silenced
from monitor.domain.subscriber import Wish
from monitor.domain.window import Scope, ScopeKind
from monitor.store import open_desk

from .conftest import MORNING, Country, Web, a_document, until
from .routes import all_routes
from .test_search import document

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MARK = "marked-7f3a"
SCHOOL = "pronote-lille/0591234X"
PRIVATE = ("0591234X", MARK, "33612345678", "marked-secret")
UPDATE = "/carte/_dash-update-component"
# What stands in the place of what an address names: known things, so that their answers are whole.
NAMED = {
    "/service/": "ent-hdf", "/academie/": "lille", "/incidents/": "20261124-ent-hdf", "/territories/": "A:lille", "/services/": "ent-hdf",
    "/badge/": "ent-hdf", "/flux/": "ent-hdf", "/assets/": "vigie.css", "/donnees/fichiers/": "index.json", "/abonnement/": "x" * 40,
    "/departement/": "59", "/region/": "32", "/collectivite/": "988", "/operateur/": "edifice",
}  # fmt: skip
ASKED = {
    "/api/v1/observations": ["?service=ent-hdf", "?service=pronote-lille", f"?probe={SCHOOL}", "?service=pix"],
    "/api/v1/availability": ["?service=ent-hdf", "?territory=A:lille", "?territory=U:0591234X"],
    "/api/v1/incidents": ["", "?from=2026-09-01&to=2026-11-25"],
    "/api/v1/services/{key}": ["", "?x=1"],
    "/en/recherche": ["?q=lille"],
    "/recherche": ["", "?q=lille", f"?q={MARK[:6]}", "?q=pronote&q=x", "?q=%00%ff"],
}


@pytest.fixture(scope="module")
def marked(open_country: Country, open_web: Web) -> Iterator[Country]:
    """Every kind of place; a desk with people in it, a school of a fleet that was asked: each with the mark."""
    with closing(open_desk(open_country.url)) as desk:
        desk.take([Contact("0591234X", f"Chef {MARK}", f"{MARK}@ac-lille.fr", "+33612345678")], MORNING)
        for scope in (Scope(ScopeKind.TERRITORY, "A:lille"), Scope(ScopeKind.SERVICE, "ent-hdf")):
            desk.sign_up(Wish(f"{MARK}.{scope.kind.value}@example.org", scope, "fr"), MORNING)
        desk.confirm(desk.subscribers()[0].id, MORNING)
        later = datetime.now(UTC) + timedelta(days=9)
        desk.keep_silent(
            DeclaredSilence(MARK, Silenced.SERVICE, "ent-hdf", datetime.now(UTC), later, MARK, f"Agent {MARK}", MORNING)
        )
    at = MORNING - timedelta(minutes=3)
    open_country.store.append(
        [Observation(SCHOOL, "local", at, timedelta(seconds=1), Failure.CONTENT_UNEXPECTED, detail=MARK)]
    )
    open_country.publish(document())
    assert until(lambda: open_web.get("/region/32")[0] == 200)
    yield open_country
    open_country.publish(a_document(published=datetime.now(UTC)))


def concrete(path: str) -> list[str]:
    """Addresses that a route answers; a name that nobody gave here fails the test, so that each new route is thought of."""
    if "{" in path:
        known = [value for begin, value in NAMED.items() if begin in path]
        assert known, f"no name for {path}"
        key = "lille" if "academie" in path else known[-1]
        filled = re.sub(r"\{\w+\}", key, path)
    else:
        filled = path
    return [filled + query for query in ASKED.get(path, [""])]


def sent(web: Web, method: str, path: str, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(web.url + path, b"x=1", FORM | headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def view_of(web: Web, name: str, words: dict[str, str]) -> bytes:
    """What Python draws of a view."""
    value = {"name": name, "search": f"?{urlencode(words)}"}
    body = json.dumps({"output": "drawing.data", "inputs": [{"value": value}]}).encode()
    request = urllib.request.Request(web.url + UPDATE, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


def books(country: Country) -> dict[str, str]:
    """What both books hold, by file."""
    folder = Path(country.url.removeprefix("sqlite:///")).parent
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(folder.glob("*.db"))}


def test_nothing_private_is_in_any_answer_and_nothing_is_written(open_web: Web, marked: Country) -> None:
    before, told = books(marked), {}
    assert len(before) == 2
    for path in all_routes():
        for address in concrete(path):
            for accept in ("*/*", "text/html"):
                code, headers, body = (
                    open_web.told(address, Accept=accept) if address != "/health" else open_web.get(address)
                )
                told[address] = code
                assert code < 500 or address == "/health", address
                text = body + repr(headers).encode()
                for private in PRIVATE:
                    assert private.encode() not in text, (address, private)
                assert "set-cookie" not in headers
    assert books(marked) == before
    assert sum(code == 200 for code in told.values()) > 25, told


def test_nothing_private_is_in_any_view_and_none_writes(open_web: Web, marked: Country) -> None:
    before = books(marked)
    assert open_web.told("/carte/")[0] == 200
    pages = ["/carte/", "/carte/_dash-layout", "/carte/_dash-dependencies", *(PREFIX + name for name in VIEWS)]
    told = {path: open_web.get(path) for path in pages}
    assert {code for code, *_ in told.values()} == {200}
    drawn = [view_of(open_web, name, dict(view.example)) for name, view in VIEWS.items()]
    # Who asks by the school's own address reads it again in the sentence that refuses, but nothing that it answered.
    asked = [view_of(open_web, name, {"id": SCHOOL, "service": SCHOOL, "territoire": "U:0591234X"}) for name in VIEWS]
    shown = [body + repr(headers).encode() for _, headers, body in told.values()] + drawn
    for text, privates in [*((one, PRIVATE) for one in shown), *((one, PRIVATE[1:]) for one in asked)]:
        assert [one for one in privates if one.encode() in text] == []
    assert books(marked) == before


def test_a_view_is_asked_by_our_own_page_alone(open_web: Web, marked: Country) -> None:
    before = books(marked)
    for path in ("/carte/", UPDATE, "/carte/_dash-layout", *(PREFIX + name for name in VIEWS)):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            code, _ = sent(open_web, method, path, **{"Sec-Fetch-Site": "cross-site"})
            assert code in ({403} if (path, method) == (UPDATE, "POST") else {404, 405}), (method, path, code)
    assert books(marked) == before


def test_only_the_sign_up_takes_anything_and_nothing_from_other_sites(open_web: Web, marked: Country) -> None:
    before = books(marked)
    for path in all_routes():
        address = concrete(path)[0].partition("?")[0]
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            code, _ = sent(open_web, method, address, **{"Sec-Fetch-Site": "cross-site"})
            allowed = (
                {403} if path.removeprefix("/en").startswith("/abonnement") and method == "POST" else {403, 404, 405}
            )
            assert code in allowed, (method, address, code)
    assert books(marked) == before


def test_only_fragments_may_stand_in_the_frame_of_another_site(open_web: Web, marked: Country) -> None:
    framed = set()
    for path in all_routes():
        _, headers, _ = open_web.get(concrete(path)[0])
        policy = headers["content-security-policy"]
        if "frame-ancestors 'none'" not in policy:
            framed.add(path)
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert framed == {tongue.address(path, language) for path in FRAGMENTS for language in tongue.LANGUAGES}
