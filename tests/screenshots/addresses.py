"""Which pages there are, from the tables that make them, and one example of each; what has no example is a fault."""

import json
import re
import urllib.request
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.carte_address import PREFIX, address
from dashboard.pages.carte import VIEWS

# What is read by other programs, or by a page, and is no page itself.
OTHERS = (
    "/api/",
    "/assets/",
    "/badge/",
    "/donnees/fichiers/",
    "/donnees/sceaux",
    "/donnees/verifier",
    "/favicon",
    "/flux",
    "/health",
    "/robots",
)
ENGLISH = "/en"  # where a route stands behind it, it is the same page in English
KEYS = {
    "/academie/{key}": "lille",
    "/departement/{key}": "59",
    "/region/{key}": "32",
    "/collectivite/{key}": "988",
    "/service/{key}": "ent-hdf",
    "/operateur/{key}": "edifice",
    "/integrer/academie/{key}": "lille",
    "/integrer/departement/{key}": "59",
    "/integrer/region/{key}": "32",
    "/integrer/collectivite/{key}": "988",
    "/integrer/service/{key}": "ent-hdf",
    # Made up: what people read who follow a link that has served its time.
    "/abonnement/confirmer/{token}": "perime",
    "/abonnement/desabonner/{token}": "perime",
    "/abonnement/gerer/{token}": "perime",
}
QUERIES = {"/recherche": "?q=lille"}
NOT_FOUND = {"/rien", "/abonnement/confirmer/{token}", "/abonnement/desabonner/{token}", "/abonnement/gerer/{token}"}


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: what its files are called, where it stands, which code of HTTP it answers."""

    name: str
    path: str
    code: int = 200

    @property
    def drawn(self) -> bool:
        """Whether it is one of `/carte/`, which a browser draws."""
        return self.path.startswith(PREFIX)


def shots(status: Mapping[str, Any], routes: Collection[str]) -> list[Shot]:
    """Every page once; `status` is what `/api/v1/status` answers, `routes` are those of the public site.

    Raises LookupError with all those of which no example is known.
    """
    keys = {**KEYS, "/incidents/{key}": status["incidents"][0]["id"]}
    found, lacking = dict[str, Shot](), list[str]()
    for route in sorted({*routes, "/rien"}):
        page = _in_french(route)
        if page.startswith(OTHERS) or (page.endswith("/") and page != "/"):
            continue
        if "{" in page and page not in keys:
            lacking.append(route)
            continue
        path = re.sub(r"{\w+}", lambda _, page=page: keys[page], route) + QUERIES.get(page, "")
        # Of two addresses of one page, with and without a slash, the shorter one.
        found.setdefault(_name(route), Shot(_name(route), path, 404 if page in NOT_FOUND else 200))
    if lacking:
        raise LookupError(f"no example of {', '.join(lacking)}: add one to tests/screenshots/addresses.py")
    return [*found.values(), Shot("carte", PREFIX), *_views(status)]


def _in_french(route: str) -> str:
    return route.removeprefix(ENGLISH) or "/" if route == ENGLISH or route.startswith(f"{ENGLISH}/") else route


def _views(status: Mapping[str, Any]) -> Iterable[Shot]:
    for name, view in VIEWS.items():
        words = dict(view.example)
        if name == "incident":
            words["id"] = status["incidents"][0]["id"]
        yield Shot(f"carte-{name}", address(name, words))


def status_of(url: str) -> Mapping[str, Any]:
    """The snapshot that is shown there."""
    with urllib.request.urlopen(f"{url}/api/v1/status", timeout=10) as answer:
        status: Mapping[str, Any] = json.load(answer)
    return status


def _name(route: str) -> str:
    """``academie``, ``integrer-service``, ``accueil``."""
    one = "-un" if route.endswith("/incidents/{key}") else ""
    return (re.sub(r"\W+", "-", re.sub(r"/?{\w+}", "", route)).strip("-") or "accueil") + one
