"""The door to Dash: what it keeps, and that invented addresses leave it as it was."""

import re

from dashboard.carte_door import CarteDoor
from dashboard.pages.carte import PREFIX, create_carte


class Counted:
    """Dash, counting what it is asked."""

    def __init__(self, dash) -> None:
        self._dash = dash
        self.asked: list[str] = []
        self.registered_paths = dash.registered_paths

    def csp_hashes(self):
        return self._dash.csp_hashes()

    async def server(self, scope, receive, send):
        self.asked.append(scope["path"])
        await self._dash.server(scope, receive, send)


async def ask(door: CarteDoor, path: str, host: bytes = b"x") -> tuple[int, bytes]:
    told = []

    async def send(message):
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": [(b"host", host)], "http_version": "1.1", "scheme": "http", "root_path": "",
             "server": ("x", 80), "client": ("x", 1)}  # fmt: skip
    await door(scope, None, send)
    return told[0]["status"], b"".join(m.get("body", b"") for m in told)


async def test_invented_addresses_neither_reach_dash_nor_take_the_place_of_real_ones():
    dash = Counted(create_carte([], "/assets/carte.js", {}))
    door = CarteDoor(dash, PREFIX)
    real = re.findall(r'src="(/carte/_dash-component-suites/[^"]+)"', (await ask(door, PREFIX))[1].decode())
    assert len(real) > 3
    for number in range(300):
        code, _ = await ask(door, f"{PREFIX}_dash-component-suites/dash/deps/invented{number}.js")
        assert code == 404
        with_print = real[0].replace(".v", f".v{number}x", 1)
        assert (await ask(door, with_print))[0] == 200
    assert dash.asked == [PREFIX, dash.asked[1]]
    for path in (*real, *real):
        assert (await ask(door, path))[0] == 200
    assert len(dash.asked) == 1 + len(real)


async def test_a_file_is_found_before_anybody_read_the_page():
    first = CarteDoor(create_carte([], "/assets/carte.js", {}), PREFIX)
    real = re.findall(r'src="(/carte/_dash-component-suites/[^"]+)"', (await ask(first, PREFIX))[1].decode())
    assert (await ask(CarteDoor(create_carte([], "/assets/carte.js", {}), PREFIX), real[-1]))[0] == 200


async def test_what_a_visitor_writes_is_in_nobodys_page():
    door = CarteDoor(create_carte([], "/assets/carte.js", {}), PREFIX)
    await ask(door, PREFIX, b"evil.example")
    assert b"evil" not in (await ask(door, PREFIX))[1]
