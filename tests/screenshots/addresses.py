"""Which pages there are, from the tables that make them, and one example of each; what has no example is a fault."""

import json
import re
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.carte_address import PREFIX, address
from dashboard.pages.carte import VIEWS
from tests.dashboard.routes import all_routes

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


def shots(url: str) -> list[Shot]:
    """Every page once. Raises LookupError with all those of which no example is known."""
    told = _status(url)
    keys = {**KEYS, "/incidents/{key}": told["incidents"][0]["id"]}
    found, lacking = [], []
    for route in sorted({*all_routes(), "/rien"}):
        page = _in_french(route)
        if page.startswith(OTHERS) or (page.endswith("/") and page != "/"):
            continue
        if "{" in page and page not in keys:
            lacking.append(route)
            continue
        path = re.sub(r"{\w+}", lambda _, page=page: keys[page], route) + QUERIES.get(page, "")
        found.append(Shot(_name(route), path, 404 if page in NOT_FOUND else 200))
    if lacking:
        raise LookupError(f"no example of {', '.join(lacking)}: add one to tests/screenshots/addresses.py")
    return [*found, Shot("carte", PREFIX), *_views(told)]


def _in_french(route: str) -> str:
    return route.removeprefix(ENGLISH) or "/" if route == ENGLISH or route.startswith(f"{ENGLISH}/") else route


def _views(told: Mapping[str, Any]) -> Iterable[Shot]:
    for name, view in VIEWS.items():
        words = dict(view.example)
        if name == "incident":
            words["id"] = told["incidents"][0]["id"]
        yield Shot(f"carte-{name}", address(name, words))


def _status(url: str) -> Mapping[str, Any]:
    with urllib.request.urlopen(f"{url}/api/v1/status", timeout=10) as answer:
        status: Mapping[str, Any] = json.load(answer)
    return status


def _name(route: str) -> str:
    """``academie``, ``integrer-service``, ``accueil``."""
    one = "-un" if route.endswith("/incidents/{key}") else ""
    return (re.sub(r"\W+", "-", re.sub(r"/?{\w+}", "", route)).strip("-") or "accueil") + one
