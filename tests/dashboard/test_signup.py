"""The real web process: the form of the public, what it refuses, and pages that only their holder may see."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from dashboard.public.intake import BODY_MOST, FORMS_A_PERIOD
from monitor.desk.signup_form import NO_EMAIL, NOTHING, SEVERAL, UNKNOWN
from monitor.domain.subscriber import ASKED_AN_HOUR, Purpose, Subscriber, Wish, token_of
from monitor.domain.window import Scope, ScopeKind
from monitor.store import open_desk

from .conftest import Country, Web, a_document, new_country, start_web, stop_web

FORM = "application/x-www-form-urlencoded"
LILLE = Scope(ScopeKind.TERRITORY, "A:lille")
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\r\nBcc: x@y.fr", "\u202emoc.elgoog", "=1+1",
    "@SUM(A1)", "{{ 7*7 }}", "%00\x00", "é" * 300, "' OR 1=1 --", "\ud800x",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    with new_country(tmp_path_factory.mktemp("public")) as made:
        made.publish(a_document(published=datetime.now(UTC)))
        yield made


@pytest.fixture(scope="module")
def web(place: Country) -> Iterator[Web]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_MAIL_URL", "mailto://vigie@localhost")
        patch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example")
        patch.setenv("VIGIE_CONTACT", "<vigie>@example.org")
        started = start_web(place.url)
    yield started
    stop_web(started)


def post(web: Web, path: str, fields: dict[str, str], source: str = "192.0.2.1", **headers: str):
    """(code, headers, text) of a form sent; each test comes from a source of its own."""
    text = urlencode(fields, encoding="utf-8", errors="surrogatepass")
    return raw(web, path, text.encode(), {"X-Forwarded-For": source, "Content-Type": FORM} | headers)


def raw(web: Web, path: str, body: bytes, headers: dict[str, str]):
    try:
        with urllib.request.urlopen(urllib.request.Request(web.url + path, body, headers), timeout=60) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read().decode()


def people(place: Country) -> list[Subscriber]:
    with closing(open_desk(place.url)) as desk:
        return desk.subscribers()


def test_the_form_is_plain_html_under_a_policy_that_lets_it_be_sent_here_alone(web: Web) -> None:
    code, headers, body = web.get("/abonnement")
    text = body.decode()
    assert code == 200
    assert "form-action 'self'" in headers["content-security-policy"]
    assert '<form class="form" method="post" action="/abonnement"' in text
    for shown in ("Lille", "Nord", "Pronote", "Nouvelle-Calédonie"):
        assert shown in text
    assert "http-equiv" not in text  # a page that loads itself again would lose what is typed
    assert "set-cookie" not in headers
    assert web.get("/abonnement", method="HEAD")[0] == 200


def test_pages_lead_to_the_form_with_what_they_are_about_chosen(web: Web) -> None:
    service = web.get("/service/pronote")[2].decode()
    assert 'href="/abonnement?service=pronote"' in service
    academie = web.get("/academie/lille")[2].decode()
    assert 'href="/abonnement?academie=A%3Alille"' in academie
    chosen = web.get("/abonnement?academie=A%3Alille&uai=%22%3E%3Cb%3E&courriel=%E2%80%AEx")[2].decode()
    assert 'value="A:lille" selected' in chosen
    assert '"><b>' not in chosen
    assert "\u202e" not in chosen


def test_one_answer_for_the_known_and_the_unknown_in_one_time(web: Web, place: Country) -> None:
    with closing(open_desk(place.url)) as desk:
        desk.sign_up(Wish("known@b.fr", LILLE, "fr"), datetime.now(UTC))
        desk.confirm(desk.subscribers()[-1].id, datetime.now(UTC))
    said, took = set(), {"known@b.fr": [], "new@b.fr": []}
    for _ in range(3):
        for email, times in took.items():
            began = time.monotonic()
            code, headers, text = post(web, "/abonnement", {"courriel": email, "academie": "A:lille"})
            times.append(time.monotonic() - began)
            said.add((code, headers["cache-control"], headers["content-security-policy"], text))
    [(code, cache, policy, text)] = said
    assert (code, cache) == (200, "no-store")
    assert "form-action 'self'" in policy
    assert "Si cette adresse n’est pas déjà inscrite, un message vient d’y être envoyé" in text
    assert abs(min(took["known@b.fr"]) - min(took["new@b.fr"])) < 0.1
    assert [one.email for one in people(place)] == ["known@b.fr", "new@b.fr"]


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"courriel": "rien", "academie": "A:lille"}, [NO_EMAIL]),
        ({"courriel": "é@b.fr"}, [NO_EMAIL, NOTHING]),
        ({"courriel": "w@b.fr", "academie": "A:lille", "service": "pronote"}, [SEVERAL]),
        ({"courriel": "w@b.fr", "academie": "A:nulle-part"}, [UNKNOWN]),
        ({"courriel": "w@b.fr", "uai": "0590001G"}, ["Lettre de contrôle fausse", "écrivez « 0590001F »"]),
        ({"courriel": "w@b.fr", "uai": "college"}, ["Code UAI mal formé"]),
        ({"courriel": "w@b.fr", "departement": "D:59", "langue": "de"}, ["Choisissez français ou anglais"]),
    ],
)
def test_what_a_person_can_mend_is_one_sentence_by_field_and_the_fields_are_kept(web, place, fields, sentences) -> None:
    before = people(place)
    code, headers, text = post(web, "/abonnement", fields, source="198.51.100.7")
    text = text.replace("\u00a0", " ")
    assert code == 422
    assert "form-action 'self'" in headers["content-security-policy"]
    assert text.count('class="fault" id=') == len([one for one in sentences if not one.startswith("écrivez")])
    for sentence in sentences:
        assert sentence.replace("\u00a0", " ") in text
    for name, value in fields.items():
        kept = f'value="{value}" selected' if name in {"academie", "service", "departement"} else f'value="{value}"'
        assert kept in text or value in {"A:nulle-part", "de"}
    assert people(place) == before


def test_hostile_words_in_any_field_stay_words(web: Web, place: Country) -> None:
    before = people(place)
    for number, name in enumerate(
        ("courriel", "academie", "departement", "service", "uai", "langue", "heures", "autre")
    ):
        for word in HOSTILE:
            fields = {"courriel": "a b", "academie": "A:lille"} | {name: word}
            code, headers, text = post(web, "/abonnement", fields, source=f"203.0.113.{number}")
            assert code == 422
            assert "<script>alert" not in text
            assert "onerror=alert(1)>" not in text.replace("&gt;", "")
            assert not {"\u202e", "\x00", "\x1b"} & set(text)
            assert ">49<" not in text
            assert not [one for one in headers.values() if "Bcc" in one]
    assert people(place) == before


@pytest.mark.parametrize(
    ("code", "body", "headers"),
    [
        (413, b"courriel=" + b"a" * BODY_MOST, {"Content-Type": FORM}),
        (415, b'{"courriel": "a@b.fr"}', {"Content-Type": "application/json"}),
        (415, b"courriel=a@b.fr", {"Content-Type": "text/plain"}),
        (415, b"--x--", {"Content-Type": "multipart/form-data; boundary=x"}),
        (400, b"&".join(b"a=1" for _ in range(50)), {"Content-Type": FORM}),
        (403, b"courriel=csrf@b.fr&academie=A:lille", {"Content-Type": FORM, "Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(web, place, code, body, headers) -> None:
    before = people(place)
    found, answered, text = raw(web, "/abonnement", body, {"X-Forwarded-For": "198.51.100.8"} | headers)
    assert (found, "Rien n’a été enregistré" in text) == (code, True)
    assert answered["cache-control"] == "no-store"
    assert people(place) == before


def test_a_body_that_drips_is_not_waited_for(web: Web) -> None:
    host, port = web.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        head = f"POST /abonnement HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 100\r\n\r\n"
        line.sendall(head.encode() + b"courriel=")
        assert line.recv(4096).startswith(b"HTTP/1.1 408")
        assert web.get("/abonnement")[0] == 200


def test_too_many_from_one_source_wait_and_others_do_not(web: Web) -> None:
    fields = {"courriel": "rien"}
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _: post(web, "/abonnement", fields, "192.0.2.200")[0], range(FORMS_A_PERIOD + 5)))
    assert (codes.count(422), codes.count(429)) == (FORMS_A_PERIOD, 5)
    assert post(web, "/abonnement", fields, "192.0.2.201")[0] == 422
    told_first = {"X-Forwarded-For": "192.0.2.202, 192.0.2.200", "Content-Type": FORM}
    assert raw(web, "/abonnement", b"", told_first)[0] == 429  # the last one named is the one that our proxy saw


def test_only_the_holder_of_a_link_sees_what_it_leads_to(web: Web, place: Country) -> None:
    with closing(open_desk(place.url)) as desk:
        desk.sign_up(Wish("holder@b.fr", LILLE, "fr"), datetime.now(UTC))
        one, secret = desk.subscribers()[-1], desk.secret()
    ways = {purpose: token_of(secret, purpose, one.id) for purpose in Purpose}
    for purpose, token in ways.items():
        code, headers, body = web.get(f"/abonnement/{purpose.value}/{token}")
        assert (code, headers["cache-control"], headers["referrer-policy"]) == (200, "no-store", "no-referrer")
        assert "noindex" in headers["x-robots-tag"]
        assert "holder@b.fr" in body.decode()
        for other in set(Purpose) - {purpose}:
            assert web.get(f"/abonnement/{other.value}/{token}")[0] == 404
        pages = {
            web.get(f"/abonnement/{purpose.value}/{bad}")[::2]
            for bad in (f"{token}0", f"{one.id}.x", "x", ".", "%3Cb%3E")
        }
        [(code, body)] = pages
        assert code == 404
        assert b"holder" not in body
    assert people(place)[-1] == one
    click = (f"/abonnement/{Purpose.UNSUBSCRIBE.value}/{ways[Purpose.UNSUBSCRIBE]}", b"--x\r\n\r\n--x--")
    assert raw(web, *click, {"Content-Type": "application/json"})[0] == 415
    left = raw(web, *click, {"Content-Type": "multipart/form-data; boundary=x"})  # as RFC 8058 lets mail programs do
    assert left[0] == 200
    assert one.id not in {each.id for each in people(place)}
    assert raw(web, *click, {"Content-Type": "multipart/form-data; boundary=x"})[::2] == left[::2]


def test_addresses_and_links_are_in_no_index(web: Web) -> None:
    assert "Disallow: /abonnement/\n" in web.get("/robots.txt")[2].decode()


def test_the_privacy_page_names_who_is_responsible_and_is_linked_from_everywhere(web: Web) -> None:
    code, _, body = web.get("/vie-privee")
    text = body.decode()
    assert code == 200
    assert "&lt;vigie&gt;@example.org" in text
    for kept in ("7 jours", "24 heures", "empreinte", "numéro tiré au sort", "CNIL", "administrateur"):
        assert kept in text.replace("\u00a0", " ")
    for path in ("/", "/abonnement", "/service/ent-hdf"):
        assert 'href="/vie-privee"' in web.get(path)[2].decode()


def test_without_a_gateway_there_is_no_form_and_links_work_still(place: Country, serve, monkeypatch) -> None:
    monkeypatch.delenv("VIGIE_MAIL_URL", raising=False)
    monkeypatch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example")
    with closing(open_desk(place.url)) as desk:
        desk.sign_up(Wish("late@b.fr", LILLE, "fr"), datetime.now(UTC))
        one, secret = desk.subscribers()[-1], desk.secret()
    closed = serve(place.url)
    code, _, body = closed.get("/abonnement")
    assert (code, "n’envoie pas de courrier" in body.decode(), b"<form" in body) == (200, True, False)
    assert 'href="/abonnement' not in closed.get("/service/pronote")[2].decode()
    assert post(closed, "/abonnement", {"courriel": "a@b.fr", "academie": "A:lille"})[0] == 503
    path = f"/abonnement/{Purpose.UNSUBSCRIBE.value}/{token_of(secret, Purpose.UNSUBSCRIBE, one.id)}"
    assert post(closed, path, {"List-Unsubscribe": "One-Click"})[0] == 200
    assert one not in people(place)


def test_a_desk_that_is_gone_is_said_and_takes_nothing_else_down(tmp_path, serve, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_MAIL_URL", "mailto://vigie@localhost")
    monkeypatch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example")
    web = serve(f"sqlite:///{tmp_path}/none/vigie.db")
    code, _, text = post(web, "/abonnement", {"courriel": "a@b.fr", "academie": "A:lille"})
    assert (code, "La faute est la nôtre" in text) == (503, True)
    assert web.get("/")[0] == 200


def test_the_flood_of_an_hour_is_told_the_same_whoever_asks(tmp_path, serve, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_MAIL_URL", "mailto://vigie@localhost")
    monkeypatch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example")
    with new_country(tmp_path) as flooded:
        with closing(open_desk(flooded.url)) as desk:
            desk.sign_up(Wish("known@b.fr", LILLE, "fr"), datetime.now(UTC))
            with desk._connected() as connection:
                numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ASKED_AN_HOUR})"
                at = int(datetime.now(UTC).timestamp() * 1_000_000)
                connection.exec_driver_sql(f"INSERT INTO asked_lately {numbers} SELECT 'x' || i, {at} FROM n")
        web = serve(flooded.url)
        answers = {
            post(web, "/abonnement", {"courriel": email, "academie": "A:lille"})[::2]
            for email in ("known@b.fr", "b@b.fr")
        }
        [(code, text)] = answers
        assert code == 429
        assert "réessayez dans une heure" in text
        assert [one.email for one in people(flooded)] == ["known@b.fr"]
