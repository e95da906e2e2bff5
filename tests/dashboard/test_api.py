"""The programming interface on the real process: what it answers, how it refuses, what it never reads."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.observation import Observation

from .conftest import MORNING, Web, a_document, iso, new_country, until
from .opened import OLD_INCIDENT

DAY = timedelta(days=1)


@pytest.fixture
def web(open_web: Web) -> Web:
    return open_web


def got(web: Web, path: str) -> dict:
    code, headers, body = web.told(path)
    assert (path, code) == (path, 200), body
    assert headers["content-type"] == "application/json"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["etag"].startswith('"')
    assert "set-cookie" not in headers
    return json.loads(body)


def no(web: Web, path: str, *, first: bool = False) -> tuple[int, str]:
    code, headers, body = web.get(path) if first else web.told(path)
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    told = json.loads(body)
    assert list(told) == ["error"]
    assert b"Traceback" not in body
    return code, told["error"].replace("\u00a0", " ")


def test_lists_are_paged_and_filtered(web):
    first = got(web, "/api/v1/services?per_page=10")
    assert (first["page"], first["pages"], first["total"], len(first["services"])) == (1, 3, 25, 10)
    ids = [one["id"] for page in (1, 2, 3) for one in got(web, f"/api/v1/services?per_page=10&page={page}")["services"]]
    assert len(set(ids)) == 25
    down = got(web, "/api/v1/services?health=down&kind=ent")["services"]
    assert [one["id"] for one in down] == ["ent-mbn-grandest"]
    assert got(web, "/api/v1/territories?level=pays")["total"] == 1
    assert no(web, "/api/v1/services?per_page=10&page=4") == (
        404,
        "Il n’y a pas de page 4 : la dernière est la page 3.",
    )


def test_one_service_and_one_territory_with_their_incidents(web):
    found = got(web, "/api/v1/services/ent-hdf")
    assert found["service"]["name"] == "ENT Hauts-de-France"
    assert [one["id"] for one in found["incidents"]] == ["20261124-ent-hdf"]
    found = got(web, "/api/v1/territories/A:lille")
    assert [one["id"] for one in found["services"]] == ["ent-hdf"]
    assert found["territory"]["share_affected"] == 0.62


def test_incidents_of_now_and_of_a_period(web):
    assert got(web, "/api/v1/incidents")["total"] == 9
    assert got(web, "/api/v1/incidents?state=closed")["total"] == 0
    past = got(web, "/api/v1/incidents?from=2026-09-14&to=2026-09-15&state=closed&service=ent77")["incidents"]
    assert [one["id"] for one in past] == [OLD_INCIDENT]  # and not the one of our own line
    assert past[0]["share_affected"] is None
    assert got(web, "/api/v1/incidents?from=2026-09-15&to=2026-09-16")["total"] == 0
    # The end does not belong to the period: the incident ended at 8:03 UTC, and began at 6:03.
    assert got(web, "/api/v1/incidents?from=2026-09-14T07:00:00Z&to=2026-09-14T07:01:00Z")["total"] == 1
    assert got(web, "/api/v1/incidents?from=2026-09-13&to=2026-09-14T06:03:00Z")["total"] == 0
    assert got(web, f"/api/v1/incidents/{OLD_INCIDENT}")["incident"]["worst"] == "down"
    for unknown in ("20260914-060300-local", "20261399-x", "99991231-235959-x", "x", "00000101-000000-x"):
        assert no(web, f"/api/v1/incidents/{unknown}") == (404, "Aucun incident n’a cet identifiant.")


def test_the_page_of_an_incident_outlives_the_snapshot(web):
    text = web.told(f"/incidents/{OLD_INCIDENT}")[2].decode().replace("\u00a0", " ")
    assert "ENT 77 répond de nouveau" in text
    assert "Le serveur répond par une erreur." in text
    for unknown in ("20260914-060300-local", "20260914-060300-x", "99991231-x"):
        assert web.told(f"/incidents/{unknown}")[0] == 404


def test_observations_are_read_page_by_page_whatever_shares_their_instant(web, open_country):
    at = MORNING - timedelta(minutes=5)
    open_country.store.append([Observation(f"gar/{name}", "local", at, timedelta(milliseconds=80)) for name in "abc"])
    told, cursor, pages = [], "", 0
    while cursor is not None:
        one = got(web, f"/api/v1/observations?probe=gar/login&limit=50{cursor and '&cursor=' + cursor}")
        told += one["observations"]
        cursor, pages = one["next"], pages + 1
    assert (len(told), pages) == (144, 3)
    assert [one["at"] for one in told] == sorted((one["at"] for one in told), reverse=True)
    assert set(told[0]) >= {"at", "vantage", "service", "probe", "health", "failure", "took_ms", "catalogue"}
    start, end = iso(MORNING - DAY), iso(MORNING)
    exact = got(web, f"/api/v1/observations?probe=gar/b&from={start}&to={end}")
    assert [one["probe"] for one in exact["observations"]] == ["gar/b"]


def test_availability_of_a_service_and_of_a_territory(web):
    both = got(web, "/api/v1/availability?service=ent-hdf&from=2026-11-23&to=2026-11-24")["figures"]
    assert [(one["hours"], one["availability"]) for one in both] == [("all", 1.0), ("school", 1.0)]
    [place] = got(web, "/api/v1/availability?territory=A:lille&hours=school")["figures"]
    assert (place["territory"], place["service"], place["method"]) == ("A:lille", None, 1)
    assert 0 < place["coverage"] <= 1


def test_seals_are_the_published_ones(web):
    found = got(web, "/api/v1/seals")
    assert web.told("/donnees/sceaux.json")[2] == web.get("/api/v1/seals")[2]
    assert [(one["number"], one["corrects"]) for one in found["seals"]] == [(1, None), (2, None), (3, None), (4, 3)]
    chain = found["seals"]
    assert [one["previous"] for one in chain[1:]] == [one["root"] for one in chain[:-1]]


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("/api/v1/services/nothing", 404, "Aucun service"),
        ("/api/v1/services/%3Cscript%3E", 404, "Aucun service"),
        ("/api/v1/territories/A:nowhere", 404, "Aucun territoire"),
        ("/api/v1/territories/U:0590001F", 404, "Aucun territoire"),
        ("/api/v1/services?page=0", 422, "entier de 1 à 10000"),
        ("/api/v1/services?page=999999999999999999999", 422, "entier de 1 à 10000"),
        ("/api/v1/services?page=10000", 404, "dernière est la page"),
        ("/api/v1/services?page=1&page=2", 422, "plusieurs fois"),
        ("/api/v1/services?pages=1&%3Cb%3E=1", 422, "2 paramètres ne sont pas connus"),
        ("/api/v1/seals?x=1", 422, "n’en prend pas"),
        ("/api/v1/incidents?from=2026-02-30", 422, "« from » n’est pas une date"),
        ("/api/v1/incidents?from=hier&to=demain", 422, "« to » n’est pas une date"),
        ("/api/v1/incidents?from=1970-01-01", 422, "entre l’an 2000"),
        ("/api/v1/incidents?from=0001-01-01T00:00:00%2B14:00", 422, "n’est pas une date"),
        ("/api/v1/incidents?from=9999-12-31T23:59:59-14:00", 422, "n’est pas une date"),
        ("/api/v1/incidents?from=2026-11-24&to=2026-11-24", 422, "avant"),
        ("/api/v1/incidents?from=2020-01-01&to=2026-01-01", 422, "366 jours au plus"),
        ("/api/v1/incidents?from=2026-11-24T08:00:00", 422, "n’est pas une date"),
        ("/api/v1/observations", 422, "un seul des deux"),
        ("/api/v1/observations?service=pix&probe=pix/login", 422, "un seul des deux"),
        ("/api/v1/observations?service=canary", 404, "Aucun service"),
        ("/api/v1/observations?probe=canary/temoin-1", 404, "Aucune sonde"),
        ("/api/v1/observations?service=pix&from=2026-11-01&to=2026-11-24", 422, "un jour au plus"),
        ("/api/v1/observations?service=pix&limit=501", 422, "de 1 à 500"),
        ("/api/v1/observations?service=pix&cursor=1", 422, "n’est pas écrit comme"),
        ("/api/v1/availability?service=pix&territory=N", 422, "un seul des deux"),
        ("/api/v1/availability?service=pix&from=2010-01-01", 422, "1100 jours au plus"),
        ("/api/v1/availability?service=pix&from=2026-12-24&to=2026-12-25", 422, "pas commencé"),
        ("/api/v1/availability?service=pix&hours=night", 422, "all, school"),
        ("/api/v1/nothing", 404, "Rien à cette adresse"),
        ("/api/", 404, "Rien à cette adresse"),
    ],
)
def test_what_is_not_so_is_refused_in_a_sentence(web, path, code, says):
    found, sentence = no(web, path)
    assert (found, says in sentence) == (code, True), sentence
    assert "<" not in sentence


def test_an_absurd_cursor_reads_nothing_and_breaks_nothing(web):
    for cursor in ("99999999999999999-999", "0-0", "00000000000000001-1"):
        assert isinstance(got(web, f"/api/v1/observations?service=pix&cursor={cursor}")["observations"], list)


def test_what_is_held_is_not_sent_again(web):
    for path in (
        "/api/v1/services",
        "/api/v1/seals",
        "/api/v1/openapi.json",
        "/flux/sceaux.atom",
        "/donnees/sceaux.json",
    ):
        plain, zipped = web.told(path)[1]["etag"], web.get(path, Accept_Encoding="gzip")
        assert plain != zipped[1]["etag"]
        assert gzip.decompress(zipped[2]) == web.get(path)[2]
        for tag in (plain, zipped[1]["etag"], f"W/{plain}", "*"):
            again = web.get(path, If_None_Match=tag)
            assert (path, again[0], again[2]) == (path, 304, b"")


def test_it_says_no_before_the_first_snapshot(tmp_path, serve):
    with new_country(tmp_path) as empty:
        web = serve(empty.url)
        for path in ("/api/v1/services", "/api/v1/incidents", "/api/v1/observations?service=pix", "/api/v1/status"):
            assert no(web, path, first=True)[0] == 503
            assert web.get(path)[1]["retry-after"] == "5"
        for path in ("/flux.atom", "/badge/pix.svg"):
            assert (web.get(path)[0], web.get(path)[1]["retry-after"]) == (503, "5")
        assert web.get("/integrer/service/pix")[0] == 404
        assert got(web, "/api/v1/seals")["seals"] == []
        empty.publish(a_document(published=datetime.now(UTC)))
        assert until(lambda: web.get("/api/v1/services")[0] == 200)


def test_a_file_is_handed_out_in_pieces_under_its_digest(web):
    path = "/donnees/fichiers/observations-2026-11-23.csv"
    code, headers, body = web.get(path)
    assert (code, len(body)) == (200, int(headers["content-length"]))
    assert headers["cache-control"] == "public, max-age=86400"
    assert "attachment" in headers["content-disposition"]
    digest = headers["etag"].strip('"')
    assert "immutable" in web.get(f"{path}?sha256={digest}")[1]["cache-control"]
    assert "immutable" not in web.get(f"{path}?sha256={'0' * 64}")[1]["cache-control"]
    assert web.get("/donnees/fichiers/incidents.jsonl")[1]["cache-control"] == "public, max-age=300"
    assert web.get(path, If_None_Match=headers["etag"])[0] == 304
    part = web.get(path, Range="bytes=12-45")
    assert (part[0], part[2], part[1]["content-range"]) == (206, body[12:46], f"bytes 12-45/{len(body)}")
    assert web.get(path, Range="bytes=12-45", If_Range='"other"')[0] == 200
    assert web.get(path, Range=f"bytes={len(body)}-")[0] == 416
    for beside in (f"{path}.datapackage.json", f"{path}.seals.json", "/donnees/fichiers/index.json"):
        assert web.get(beside)[0] == 200
        json.loads(web.get(beside)[2])


@pytest.mark.parametrize(
    "name",
    ["secret.env", "..%2fvigie.db", "%2e%2e/vigie.db", "..", ".", "%00", "index.json%00", "/etc/passwd", "%2fetc%2fpasswd", "index.json/",
     "observations-2026-11-23.csv%0d%0aX: y", "x" * 300, "..\\vigie.db", "observations-2026-11-23.csv/../secret.env", "unknown.csv"],
)  # fmt: skip
def test_nothing_else_is_handed_out(web, name):
    code, _, body = web.get(f"/donnees/fichiers/{name.replace(' ', '%20')}")
    assert code == 404
    assert b"marked" not in body


def test_the_page_of_the_files_says_what_is_in_them(web):
    text = re.sub(r"\s+", " ", web.get("/donnees")[2].decode().replace("\u202f", " "))
    assert "Lundi 23 novembre 2026" in text
    assert "sa preuve" in text
    assert "<code>took_ms</code>" in text
    assert "nombre, ms" in text
    assert "Licence Ouverte 2.0" in text
    assert "https://vigie.example/donnees" in text
    assert "secret" not in text
    links = re.findall(r'href="(/[^"#]*)', text)
    assert {path for path in links if path != "/donnees/verifier.py" and web.get(path)[0] != 200} == set()


def test_without_files_it_says_so(town_web):
    assert "Aucun fichier n’est à télécharger ici" in town_web.get("/donnees")[2].decode()
    assert town_web.get("/donnees/fichiers/index.json")[0] == 404


def test_the_newest_roots_stand_in_the_method(web):
    made = [one["root"] for one in got(web, "/api/v1/seals")["seals"]]
    text = web.get("/methode")[2].decode().replace("\u202f", " ")
    assert re.findall(r"<code>([0-9a-f]{64})</code>", text) == made[::-1]
    assert "corrige le n° 3" in text.replace("\u00a0", " ")


def test_the_page_of_the_interface_shows_every_address(web):
    text = web.get("/donnees/api")[2].decode()
    described = got(web, "/api/v1/openapi.json")["paths"]
    assert {path for path in described if f"<code>{path}</code>" not in text} == set()
    for example in re.findall(r'Exemple\W*<a href="([^"]+)"', text):
        assert web.told(example)[0] in {200, 404, 422}
    assert "<script>" not in text


def test_the_script_that_verifies_is_handed_out_where_there_is_one(web):
    there = (Path(__file__).parents[2] / "docs" / "verifier.py").exists()
    assert web.get("/donnees/verifier.py")[0] == (200 if there else 404)
