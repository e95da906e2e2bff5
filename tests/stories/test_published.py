"""Everything behind the files dies, one after the other, while people read: they go on reading, and see how old it is."""

import os
import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from dashboard.public.headers import POLICY, SAFE_HEADERS
from tests.dashboard.conftest import Web, a_document, chromium, new_country, start_web, stop_web, until
from tests.ports import free_port

__all__ = ["chromium"]
CONFIGURATION = Path(__file__).parents[2] / "docs/nginx.conf"
KEPT = [
    "/donnees", "/donnees/api", "/donnees/sceaux.json", "/donnees/verifier.py", "/robots.txt", "/favicon.ico", "/favicon.svg",
    "/flux.atom", "/flux/academie/lille.atom", "/flux/service/ent-hdf.atom", "/flux/sceaux.atom", "/badge/ent-hdf.svg",
    "/badge/academie/lille.svg", "/integrer/service/ent-hdf", "/integrer/academie/lille", "/api/v1/status",
    "/en/", "/en/incidents", "/en/service/ent-hdf", "/en/methode", "/en/integrer/service/ent-hdf",
]  # fmt: skip
READ = ["/", "/incidents", "/service/ent-hdf", "/academie/lille", "/methode", *KEPT]
SAID = (
    "Content-Security-Policy", *SAFE_HEADERS, "Cache-Control", "Refresh", "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers", "Cross-Origin-Resource-Policy", "Content-Language",
)  # fmt: skip


@pytest.fixture
def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if found is None:
        sentence = "no nginx: install your system's package (Debian: nginx-light) to try docs/nginx.conf"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@pytest.fixture
def front(nginx: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Web, Web]]:
    """nginx as documented, but for ports, certificate and folder; Vigie's web behind it, its site in files."""
    site = tmp_path / "site"
    monkeypatch.setenv("VIGIE_PUBLISH_DIR", str(site))
    with new_country(tmp_path) as country:
        # Nearly stale: what turns within the test does so by itself, in the reader's browser.
        country.publish(a_document(published=datetime.now(UTC) - timedelta(seconds=165)))
        web = start_web(country.url)
        port = free_port()
        text = CONFIGURATION.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^ *(ssl_\w+|listen \[::\]).*\n", "", text)
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("/var/lib/vigie/site", str(site))
        text = text.replace("127.0.0.1:8050", web.url.removeprefix("http://"))
        whole = tmp_path / "nginx.conf"
        whole.write_text(
            f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; {'user root;' if os.getuid() == 0 else ''}\n"
            f"events {{}}\nhttp {{ include /etc/nginx/mime.types; access_log off;\n"
            + "".join(
                f"{kind}_temp_path {tmp_path}/{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"{text}\n}}\n"
        )
        running = subprocess.Popen([nginx, "-c", str(whole), "-e", f"{tmp_path}/error.log"])
        door = Web(f"http://127.0.0.1:{port}", running)
        last = site / "flux/sceaux.atom"
        assert until(lambda: last.is_file() and _answers(door), 60), (tmp_path / "error.log").read_text()
        yield door, web
        for one in (door, web):
            stop_web(one)


def _answers(door: Web) -> bool:
    try:
        return all(door.get(path)[0] == 200 for path in READ) and (
            b"data-since" in door.get("/service/ent-hdf")[2] and b"data-since" in door.get("/")[2]
        )
    except OSError:
        return False


@pytest.mark.browser
def test_people_go_on_reading_while_everything_behind_dies(
    front: tuple[Web, Web], tmp_path: Path, chromium: str
) -> None:
    door, web = front
    said, over = Counter[int](), threading.Event()

    def read(paths: list[str]) -> None:
        while not over.is_set():
            for path in paths:
                said[door.get(path)[0]] += 1

    crowd = [threading.Thread(target=read, args=(READ[place:] + READ[:place],)) for place in range(4)]
    for one in crowd:
        one.start()
    try:
        for death in ((tmp_path / "vigie.db").unlink, web.process.kill, web.process.wait):
            before = said[200]
            death()
            assert until(lambda before=before: said[200] > before + 50, 60)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(f"{door.url}/")
            page.wait_for_selector("html.stale", timeout=60_000)
            assert "cette page n’est plus à jour" in page.inner_text("#age")
            browser.close()
    finally:
        over.set()
        for one in crowd:
            one.join()
    assert set(said) == {200}
    status, headers, body = door.get("/carte/")
    assert (status, headers["retry-after"]) == (503, "30")
    assert "restent lisibles depuis l’accueil".encode() in body
    assert door.get("/abonnement")[0] == 503
    assert b"can still be read from the home page" in door.get("/en/abonnement")[2]


def test_what_nginx_says_beside_the_page_is_what_vigie_says(front: tuple[Web, Web]) -> None:
    door, web = front
    asset = re.search(rb'href="(/assets/vigie[^"]+)"', door.get("/")[2])
    assert asset is not None
    assert web.told("/carte/")[0] == 200  # its process is up
    for path in (
        "/",
        "/service/ent-hdf",
        "/carte/",
        "/rien",
        "/en/rien",
        "/badge/rien.svg",
        "/flux/x.atom",
        asset[1].decode(),
        *KEPT,
    ):
        (code, kept, _), (own_code, own, _) = door.get(path), web.get(path)
        assert code == own_code, path
        for name in SAID:
            assert kept.get(name.lower()) == own.get(name.lower()), (path, name)
        assert kept["content-type"].lower().replace(" ", "") == own["content-type"].lower().replace(" ", ""), path
    assert door.get("/")[1]["content-security-policy"] == POLICY
    status, headers, body = door.get("/", Accept_Encoding="gzip")
    assert (status, headers["content-encoding"], body[:2]) == (200, "gzip", b"\x1f\x8b")
    assert door.get("/", If_None_Match=door.get("/")[1]["etag"])[0] in {200, 304}
    for beside in (
        "/badge/ent-hdf.svg.gz",
        "/flux.atom.gz",
        "/donnees/",
        "/integrer/service/ent-hdf.html",
        "/index",
        "/hors-service",
        "/en",
        "/en/index",
        "/en/hors-service",
    ):
        assert door.get(beside)[0] == web.get(beside)[0], beside
    assert door.get("/index.html")[0] == 404
