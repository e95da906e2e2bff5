"""The door to Dash: what it keeps, what it refuses, and that invented addresses leave it as it was."""

import asyncio
import json
import re
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from dashboard.carte_address import PREFIX
from dashboard.carte_asked import BODY_MOST
from dashboard.carte_door import DRAWN_AT_ONCE, SENDING_AT_ONCE, UPDATE, CarteDoor

from .near import Near, carte_of

JSON = {"content-type": "application/json", "host": "vigie.example"}
ASKED = {
    "output": "drawing.data",
    "inputs": [{"id": "asked", "property": "data", "value": {"name": "essai", "search": "?sur=7"}}],
}


async def a_page(title: str, sentence: str) -> bytes:
    return f"{title} : {sentence}".encode()


def door_to(child: Any) -> CarteDoor:
    return CarteDoor(child, PlainTextResponse("le site public", 404), a_page)


async def ask(
    door: CarteDoor, path: str, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    told: list[dict[str, Any]] = []
    parts = [body[at : at + 30_000] for at in range(0, len(body), 30_000)] or [b""]

    async def receive() -> dict[str, Any]:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    given = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"sur=7",
             "headers": given, "http_version": "1.1", "scheme": "http", "root_path": "",
             "server": ("x", 80), "client": ("x", 1)}  # fmt: skip
    await door(scope, receive, send)
    heard = {name.decode().lower(): value.decode() for name, value in told[0]["headers"]}
    return told[0]["status"], heard, b"".join(m.get("body", b"") for m in told)


async def files_of(door: CarteDoor) -> list[str]:
    page = (await ask(door, PREFIX))[2].decode()
    return re.findall(r'src="(/carte/_dash-component-suites/[^"]+)"', page)


async def test_invented_addresses_neither_reach_dash_nor_take_the_place_of_real_ones():
    child = Near(carte_of())
    door = door_to(child)
    real = await files_of(door)
    assert len(real) > 3
    for number in range(300):
        assert (await ask(door, f"{PREFIX}_dash-component-suites/dash/deps/invented{number}.js"))[0] == 404
        with_print = real[0].replace(".v", f".v{number}x", 1)
        assert (await ask(door, with_print))[0] == 200
    assert len(child.asked) == 3  # the page, what it is made of, one file
    for path in (*real, *real):
        assert (await ask(door, path))[0] == 200
    assert len(child.asked) == 2 + len(real)


async def test_a_file_is_found_before_anybody_read_the_page():
    real = await files_of(door_to(Near(carte_of())))
    assert (await ask(door_to(Near(carte_of())), real[-1]))[0] == 200


async def test_a_view_is_the_page_and_an_unknown_one_is_for_the_public_site():
    door = door_to(Near(carte_of()))
    page = await ask(door, PREFIX)
    view = await ask(door, f"{PREFIX}essai")
    assert (view[0], view[2]) == (200, page[2])
    assert "'unsafe" not in view[1]["content-security-policy"].partition("script-src")[2].partition(";")[0]
    for path in (
        "rien",
        "essai/",
        "essai/x",
        "../essai",
        "_dash-ws-callback",
        "x" * 500,
        "<b>",
        "_dash-component-suites/",
    ):
        assert (await ask(door, PREFIX + path))[0] == 404, path
    assert (await ask(door, "/carte", headers={"host": "evil.example"}))[1]["location"] == PREFIX
    assert (await ask(door, f"{PREFIX}essai", "POST"))[0] == 404


async def test_what_was_made_lasts_while_the_child_is_away_and_is_made_again_when_it_came_back():
    child = Near(carte_of())
    door = door_to(child)
    await ask(door, PREFIX)
    child.away = True
    assert (await ask(door, PREFIX))[0] == 200
    assert (await ask(door, UPDATE, "POST", json.dumps(ASKED).encode(), JSON))[0] == 503
    asked = len(child.asked)
    child.away, child.generation = False, 2
    assert (await ask(door, PREFIX))[0] == 200
    assert child.asked[asked:] == [PREFIX, "/manifest"]


async def test_without_a_child_a_plain_page_says_so():
    gone = Near(carte_of())
    gone.away = True
    for child in (None, gone):
        code, headers, body = await ask(door_to(child), PREFIX)
        assert (code, headers["retry-after"], headers["cache-control"]) == (503, "5", "no-store")
        assert "réessayez dans un moment" in body.decode()


REFUSALS = [
    (403, {**JSON, "sec-fetch-site": "cross-site"}, b"{}"),
    (403, {**JSON, "sec-fetch-site": "same-site"}, b"{}"),
    (403, {**JSON, "origin": "https://evil.example"}, b"{}"),
    (403, {**JSON, "origin": "null"}, b"{}"),
    (403, {**JSON, "origin": "https://["}, b"{}"),
    (415, {"content-type": "text/plain"}, b"{}"),
    (415, {}, b"{}"),
    (413, {**JSON, "content-length": str(BODY_MOST + 1)}, b"{}"),
    (413, JSON, b" " * (BODY_MOST + 1)),
    (422, JSON, b"\xff"),
    (422, JSON, b"[" * 60_000),
    (422, JSON, b"{}"),
    (422, JSON, json.dumps({**ASKED, "output": "live.hidden"}).encode()),
    (422, JSON, json.dumps({**ASKED, "inputs": [{"value": {"name": 3, "search": ""}}]}).encode()),
    (422, JSON, json.dumps({**ASKED, "inputs": [{"value": {"name": "essai", "search": "?" * 5000}}]}).encode()),
]


@pytest.mark.parametrize(("code", "headers", "body"), REFUSALS)
async def test_what_is_refused_never_reaches_dash(code: int, headers: dict[str, str], body: bytes):
    child = Near(carte_of())
    found, told, sentence = await ask(door_to(child), UPDATE, "POST", body, headers)
    assert (found, told["content-type"], told["cache-control"]) == (code, "text/plain; charset=utf-8", "no-store")
    assert re.fullmatch(r"\S.*\.\n", sentence.decode())
    assert child.asked == []


@pytest.mark.parametrize(
    "headers", [JSON, {**JSON, "sec-fetch-site": "same-origin"}, {**JSON, "origin": "https://vigie.example:8443"}]
)
async def test_our_own_page_is_answered_whatever_else_it_wrote(headers: dict[str, str]):
    written = {
        **ASKED,
        "state": [{"id": "words", "value": "x"}],
        "changedPropIds": ["else.data"],
        "outputs": {"id": "live"},
    }
    code, told, body = await ask(door_to(Near(carte_of())), UPDATE, "POST", json.dumps(written).encode(), headers)
    assert (code, told["cache-control"]) == (200, "no-store")
    drawing = json.loads(body)["response"]["drawing"]["data"]
    assert (drawing["name"], drawing["title"]) == ("essai", "Essai")


@pytest.mark.parametrize(
    ("name", "search", "sentence"),
    [
        ("rien", "", "Cette vue n’existe pas."),
        ("<script>alert(1)</script>", "", "Cette vue n’existe pas."),
        ("essai", "?sur=99999999999999999999", "Cette durée n’est pas proposée."),
        ("essai", "?sur=%00%ff'%3B--", "Cette durée n’est pas proposée."),
        ("essai", "?" + "&".join(f"a{n}=1" for n in range(400)), "Cette adresse demande trop de choses à la fois."),
    ],
)
async def test_a_hostile_question_gets_a_plain_sentence(name: str, search: str, sentence: str):
    asked = {**ASKED, "inputs": [{"value": {"name": name, "search": search}}]}
    code, _, body = await ask(door_to(Near(carte_of())), UPDATE, "POST", json.dumps(asked).encode(), JSON)
    children = json.loads(body)["response"]["drawing"]["data"]["children"]
    assert (code, children[1]["props"]["children"], children[1]["props"]["role"]) == (200, sentence, "alert")


async def test_more_than_a_few_at_a_time_are_told_to_come_back():
    child = Near(carte_of())
    door, body = door_to(child), json.dumps(ASKED).encode()
    child.held.clear()
    crowd = [asyncio.create_task(ask(door, UPDATE, "POST", body, JSON)) for _ in range(DRAWN_AT_ONCE)]
    while len(child.asked) < DRAWN_AT_ONCE:
        await asyncio.sleep(0)
    code, headers, _ = await ask(door, UPDATE, "POST", body, JSON)
    assert (code, headers["retry-after"]) == (503, "5")
    child.held.set()
    assert {code for code, *_ in await asyncio.gather(*crowd)} == {200}
    assert (await ask(door, UPDATE, "POST", body, JSON))[0] == 200


async def test_bodies_that_never_come_take_no_turn_from_others():
    door, arriving = door_to(Near(carte_of())), asyncio.Event()
    scope = {"type": "http", "method": "POST", "path": UPDATE, "query_string": b"",
             "headers": [(b"content-type", b"application/json")]}  # fmt: skip
    told: list[int] = []

    async def never() -> dict[str, Any]:
        await arriving.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.extend([message["status"]] if "status" in message else [])

    slow = [asyncio.create_task(door(scope, never, send)) for _ in range(SENDING_AT_ONCE)]
    await asyncio.sleep(0)
    body = json.dumps(ASKED).encode()
    assert (await ask(door, UPDATE, "POST", body, JSON))[0] == 503  # so many are the most
    slow.pop().cancel()
    await asyncio.sleep(0)
    assert (await ask(door, UPDATE, "POST", body, JSON))[0] == 200
    arriving.set()
    await asyncio.gather(*slow)
    assert told == [400] * len(slow)
