"""Secrets in the catalogue, wherever they hide: the file is public. What is found is never repeated."""

import re
from collections.abc import Iterator

from monitor.config.problem import Fault, Loc

_KEYS = frozenset(
    {
        "to",
        "token",
        "password",
        "passwd",
        "secret",
        "api_key",
        "apikey",
        "mot_de_passe",
        "authorization",
        "cookie",
        "x-api-key",
    }
)
# Names of headers that carry a key, whatever they are called in full (X-Auth-Token, Ocp-Apim-Subscription-Key…).
_HEADER = re.compile(r"token|secret|key|auth|passw", re.IGNORECASE)
# Schemes that merely name a place; any other one (mailto, slack, ntfy…) is an address of Apprise, with its key.
_OPEN_SCHEMES = frozenset({"http", "https", "ftp", "ws", "wss", "file", "tcp", "tls", "dns"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_USERINFO = re.compile(r"://[^/?#\s\"']+@")
_HOOK = re.compile(
    r"hooks\.slack\.com/|discord(?:app)?\.com/api/webhooks/|webhook\.office\.com|outlook\.office\.com/webhook"
    r"|api\.telegram\.org/bot|/hooks/[a-z0-9]{20,}",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"[?&](?:access_?token|token|api_?key|pass(?:word|wd)?|secret|sig(?:nature)?|auth)=", re.IGNORECASE
)

_TO_ENVIRONMENT = (
    "retirez-le, changez-le s’il a été publié, et nommez par « to_env » la variable d’environnement qui le porte"
)
_OUT_OF_FILE = (
    "retirez-le, et changez-le s’il a été publié : ce fichier est public, Vigie n’interroge rien avec un compte"
)


def leaks(value: object, loc: Loc = ()) -> Iterator[Fault]:
    """Every secret below `value`, as a fault at its place."""
    if isinstance(value, dict):
        for key, below in value.items():
            if str(key).lower() in _KEYS and below is not None:
                yield _key_fault(str(key), (*loc, str(key)))
            elif loc[-1:] == ("headers",) and _HEADER.search(str(key)):
                yield Fault(
                    (*loc, str(key)), "secret dans le fichier : en-tête qui porte d’ordinaire une clé", _OUT_OF_FILE
                )
            else:
                yield from leaks(below, (*loc, str(key)))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from leaks(below, (*loc, index))
    elif isinstance(value, str) and (what := _kind(value)):
        yield Fault(loc, what, _TO_ENVIRONMENT if loc[:1] == ("subscriptions",) else _OUT_OF_FILE)


def _key_fault(key: str, loc: Loc) -> Fault:
    if key.lower() == "to":
        return Fault(loc, "secret dans le fichier : l’adresse d’envoi n’a pas sa place ici", _TO_ENVIRONMENT)
    return Fault(loc, f"secret dans le fichier : clé « {key} »", _OUT_OF_FILE)


def _kind(text: str) -> str | None:
    if "://" in text:
        if _USERINFO.search(text):
            return "secret dans le fichier : identifiant ou mot de passe dans une adresse"
        if any(scheme.lower() not in _OPEN_SCHEMES for scheme in _SCHEME.findall(text)):
            return "secret dans le fichier : adresse d’envoi (Apprise)"
        if _HOOK.search(text):
            return "secret dans le fichier : adresse d’un crochet d’envoi (webhook)"
    return "secret dans le fichier : jeton ou mot de passe dans une adresse" if _PARAMETER.search(text) else None
