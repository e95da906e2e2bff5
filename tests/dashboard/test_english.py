"""The English site: every page is there, says its language, leads to English pages, and holds no French unmarked."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urlsplit

import pytest

from dashboard.app import PAGES, Front, create_app
from dashboard.data import DatabaseReader
from dashboard.letterbox import Letterbox
from dashboard.model import View, read_view
from dashboard.public.embed import FRAGMENTS
from dashboard.public.publisher import addresses
from dashboard.tongue import elsewhere, language_of
from monitor.config.directory_table import Imported, save_directory
from monitor.domain.announcement import AnnouncementKind
from monitor.domain.directory import Directory
from monitor.domain.window import Scope, ScopeKind

from .conftest import MORNING, as_bytes, iso, new_country
from .opened import OLD_INCIDENT, with_files, with_past, with_seals
from .test_accessibility import VITALS
from .test_declared import EVIL, declare, text, window
from .test_groups import a_group
from .test_search import SCHOOLS, document

FRENCH = re.compile(
    r"\b(le|la|les|des|du|une?|est|sont|dans|pour|par|sur|pas|ne|que|qui|avec|depuis|jusqu|aucune?|aux?|ce|cette|et|ou|votre|être|"
    r"mesurée?|jours?|heures?|hier|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|novembre|page d|autres?|panne|"
    r"répond|lent|rien|[nldqs]’)\b", re.IGNORECASE,
)  # fmt: skip
VOID = {"meta", "link", "img", "br", "input", "use", "path", "circle", "rect"}
SPOKEN = ("aria-label", "title", "alt", "content", "data-past", "data-head")
ASKED = [
    "/en/recherche", "/en/recherche?q=lille", "/en/recherche?q=hugo", "/en/recherche?q=rien", f"/en/recherche?q={'x' * 101}",
    "/en/abonnement", "/en/rien", "/en/incidents/rien", f"/en/abonnement/gerer/{'x' * 40}", f"/en/incidents/{OLD_INCIDENT}",
]  # fmt: skip
FORMS = [
    b"",
    b"courriel=x&service=zz&langue=xx",
    b"courriel=a%40b.fr&service=ent-hdf&uai=1",
    b"courriel=a%40b.fr&uai=1",
]
FRENCH_ALONE = ("/carte/", "/flux")  # what there is in French alone
NO_LANGUAGE = (
    "/assets/",
    "/api/",
    "/badge/",
    "/donnees/fichiers/",
    "/donnees/sceaux.json",
    "/donnees/verifier.py",
    "/health",
)


class Reading(HTMLParser):
    """What a page says outside elements that are marked as French, where it leads, and what language it names."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self.links: list[tuple[str, dict[str, str]]] = []
        self.language = ""
        self.feed(body)

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in found}
        if tag == "html":
            self.language = about["lang"]
        # Options are names, and nothing else.
        aside = about.get("lang") == "fr" or tag == "option" or (bool(self.open) and self.open[-1][1])
        if tag not in VOID:
            self.open.append((tag, aside))
        if not aside:
            self.said += [about[name] for name in SPOKEN if about.get(name)]
        for name in ("href", "action"):
            if about.get(name, "").startswith("/"):
                self.links.append((about[name], about))

    def handle_startendtag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        """Drawings."""

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]) and data.strip():
            self.said.append(data)


class Site:
    """The application on a loop of its own, asked without a server between."""

    def __init__(self, front: Front, view: View, loop: asyncio.AbstractEventLoop) -> None:
        self._front, self.view, self._loop = front, view, loop
        self._known: dict[str, tuple[int, dict[str, str], str]] = {}

    def get(self, address: str) -> tuple[int, dict[str, str], str]:
        if address not in self._known:
            self._known[address] = self._loop.run_until_complete(self._ask(address))
        return self._known[address]

    def send(self, address: str, form: bytes) -> tuple[int, dict[str, str], str]:
        return self._loop.run_until_complete(self._ask(address, form))

    async def _ask(self, address: str, form: bytes | None = None) -> tuple[int, dict[str, str], str]:
        parts, heard = urlsplit(address), []
        headers = [(b"content-type", b"application/x-www-form-urlencoded")]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET" if form is None else "POST",
            "path": unquote(parts.path), "raw_path": parts.path.encode(), "query_string": parts.query.encode(),
            "headers": headers, "scheme": "http", "server": ("x", 80), "client": ("127.0.0.1", 9), "root_path": "",
        }  # fmt: skip

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": form or b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            heard.append(message)

        await self._front(scope, receive, send)
        told = {name.decode().lower(): value.decode() for name, value in heard[0]["headers"]}
        return heard[0]["status"], told, b"".join(one.get("body", b"") for one in heard[1:]).decode()


@pytest.fixture(scope="module", params=["now", "old"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A morning with everything in it that a page may say: as it is, and as a rehearsal that has grown old."""
    folder = tmp_path_factory.mktemp("english")
    save_directory(folder / "directory.csv", Imported(MORNING, None, Directory(SCHOOLS)))
    with new_country(folder) as country, pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_DIRECTORY", str(folder / "directory.csv"))
        patch.setenv("VIGIE_DUMPS_DIR", str(with_files(folder / "dumps")))
        patch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example/")
        shown = morning(drill=request.param == "old")
        country.remember_day(MORNING, shown)
        with_past(country.store)
        with_seals(country.store)
        incident = shown["incidents"][1]["id"]
        declare(
            country,
            text(AnnouncementKind.STATEMENT, "Nos équipes sont là.", MORNING - timedelta(hours=1), incident=incident),
            text(AnnouncementKind.POSTMORTEM, EVIL, MORNING, incident=incident),
            text(AnnouncementKind.ANNOUNCEMENT, "Travaux " * 200, MORNING - timedelta(days=1), service="ent-hdf"),
            window("now", Scope(ScopeKind.TERRITORY, "R:32"), -1, 2, "La panne est prévue"),
            window("soon", Scope(ScopeKind.OPERATOR, "edifice"), 20, 50, "Bientôt"),
        )
        country.publish(shown)
        box = Letterbox(country.url, writes=True)
        now = MORNING + timedelta(minutes=9 if request.param == "old" else 0)
        loop = asyncio.new_event_loop()
        yield Site(create_app(DatabaseReader(country.url), lambda: now, {}, box), read_view(as_bytes(shown)), loop)
        loop.close()


def morning(*, drill: bool) -> dict:
    found = document() | {"published_at": iso(MORNING), "warnings": ["Un avertissement de la veille."]}
    earlier = iso(MORNING - timedelta(minutes=20))
    ends = {"recovered_at": earlier}, {"recovered_at": earlier, "eased_at": earlier, "watch_until": iso(MORNING)}
    found["incidents"][-1] |= ends[0]
    found["incidents"][-2] |= ends[1]
    found["incidents"][-3] |= ends[0] | {"closed_at": earlier}
    found["incidents"].append(found["incidents"][0] | {"id": "joined", "absorbed_into": a_group()["id"]})
    found["incidents"].append(a_group())
    if drill:
        return found | {
            "rehearsal": "2021-04-06",
            "rehearsal_note": "Une reconstitution",
            "blind": True,
            "blind_since": earlier,
        }
    return found | {"vitals": VITALS, "never_seen": ["ent-elyco/login"], "weighting": "pupils"}


def pages(site: Site) -> list[str]:
    """Of each kind of page the first few: they are many, and their sentences the same."""
    shown, found = {}, []
    for one in addresses({**PAGES, **FRAGMENTS}, site.view):
        kind = one.path.rpartition("/")[0]
        shown[kind] = shown.get(kind, 0) + 1
        if language_of(one.path) == "en" and (shown[kind] <= 3 or one.path.count("/") < 3 or "/incidents/" in one.path):
            found.append(one.path)
    return found


def unnamed(site: Site, words: str) -> str:
    """The same without the names of things, which stay French."""
    names = [one.name for group in (site.view.services, site.view.territories) for one in group.values()]
    names += [*site.view.operators.values(), *(one for school in SCHOOLS for one in (school.name, school.town))]
    names += [
        "Défenseure des droits",
        "Licence Ouverte",
        "Français",
        "q=rien",
        "· rien",
        "rien ·",
        "DSI <b>",
        ", visio, autre",
    ]
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, "")
    return words


def test_every_page_is_there_in_english_and_leads_to_its_twin(site: Site) -> None:
    assert len(pages(site)) > 35
    for path in pages(site):
        code, headers, body = site.get(path)
        assert (code, headers["content-language"], Reading(body).language) == (200, "en", "en"), path
        if "/integrer/" not in path:
            twin, here = quote(elsewhere(path)), quote(path)
            assert f'<link rel="alternate" hreflang="fr" href="https://vigie.example{twin}">' in body
            assert f'<link rel="alternate" hreflang="en" href="https://vigie.example{here}">' in body
            assert f'<a class="tongue" href="{twin}" lang="fr" hreflang="fr">Français</a>' in body
            french = site.get(twin)
            assert (french[0], french[1]["content-language"], Reading(french[2]).language) == (200, "fr", "fr")
            assert f'<a class="tongue" href="{here}" lang="en" hreflang="en">English</a>' in french[2]


def test_no_french_is_left_outside_names_and_what_is_marked(site: Site) -> None:
    told = [(path, site.get(path)) for path in [*pages(site), *ASKED]]
    told += [(str(form), site.send("/en/abonnement", form)) for form in FORMS]
    for address, (_code, _headers, body) in told:
        reading = Reading(body)
        assert reading.language == "en", address
        left = [one for one in reading.said if FRENCH.search(unnamed(site, one).replace("\u00a0", " "))]
        assert left == [], address
        assert not re.search("\\w[\u00a0\u202f][:;?!%»]", "".join(reading.said)), address


def test_no_link_falls_back_to_french_but_those_that_say_so(site: Site) -> None:
    for path in [*pages(site), *ASKED]:
        for url, about in Reading(site.get(path)[2]).links:
            if url.startswith(FRENCH_ALONE):
                assert about.get("hreflang") == "fr", (path, url)
            elif about.get("hreflang") != "fr":
                assert url.startswith(("/en/", *NO_LANGUAGE)), (path, url)


def test_every_link_of_english_pages_leads_somewhere(site: Site) -> None:
    urls = {url for path in [*pages(site), *ASKED] for url, _ in Reading(site.get(path)[2]).links}
    known = {one.path for one in addresses({**PAGES, **FRAGMENTS}, site.view)}
    ours = {urlsplit(unquote(url)).path for url in urls if url.startswith("/en/")}
    asked = {one for one in ours - known if not one.startswith(("/en/recherche", "/en/abonnement"))}
    assert {one for one in asked if site.get(one)[0] != 200} == set()
    assert len(ours & known) > 60


def test_what_other_sites_copy_shows_the_english_page(site: Site) -> None:
    body = site.get("/en/service/ent-hdf")[2]
    assert "/en/integrer/service/ent-hdf&#34;" in body or '/en/integrer/service/ent-hdf"' in body
    assert 'target="_blank"' in site.get("/en/integrer/service/ent-hdf")[2]
    assert 'href="/en/service/ent-hdf"' in site.get("/en/integrer/service/ent-hdf")[2]


def test_addresses_that_are_nearly_right(site: Site) -> None:
    for wrong, right in (
        ("/en", "/en/"),
        ("/en/methode/", "/en/methode"),
        ("/en/service/ent-hdf/", "/en/service/ent-hdf"),
    ):
        code, headers, _ = site.get(wrong)
        assert (code, headers["location"]) == (308, right)
    assert site.get("/en/carte/")[0] == site.get("/en/en/")[0] == site.get("/english")[0] == 404
    assert "Nothing at this address" in site.get("/en/carte/")[2]
    assert "Rien à cette adresse" in site.get("/english")[2]
