"""Pages made from a probe's own markers, for platforms whose real pages are not known."""

import re
from contextlib import suppress
from html import escape
from typing import Any

import re2

from monitor.domain.catalog import Marker, Probe
from monitor.rehearsal.page import Page, as_json, html

# The words that sign-in pages of French schools share: enough for most regular expressions of a catalogue.
_SIGN_IN = (
    '<form id="fm1" method="post"><label>Identifiant <input id="username" name="username"></label> '
    '<label>Mot de passe <input id="password" name="password" type="password"></label> '
    '<input type="hidden" name="execution" value="e1s1"><button>Se connecter</button></form> '
    '<p><a href="/connexion">Connexion</a> avec <a href="/sso/educonnect">ÉduConnect</a> (EduConnect), élève, parent, '
    "enseignant</p>"
)


def well(probe: Probe) -> Page:
    """An answer that satisfies the probe's expectation, and only mirrors it."""
    return _page(probe.expect, "Connexion", every=True)


def own(markers: tuple[Marker, ...]) -> tuple[Marker, ...]:
    """The markers that speak of this platform: a general one (a plain name) says nothing of how it behaves."""
    return tuple(marker for marker in markers if not marker.name or "/" in marker.name)


def marked(markers: tuple[Marker, ...], title: str) -> Page | None:
    """A page that bears the first of these markers that a page can bear.

    None where there is none: no marker of the platform's own, only a host, or no page that its expression finds.
    """
    for marker in own(markers):
        if any((marker.status, marker.contains, marker.matches, marker.json, marker.header)):
            with suppress(ValueError):
                return _page(marker, title, every=False)
    return None


def _page(marker: Marker, title: str, *, every: bool) -> Page:
    status = 200 if not marker.status or 200 in marker.status else marker.status[0]
    headers = tuple((name, value or "1") for name, value in marker.header)
    texts = marker.contains if every else marker.contains[:1]
    if marker.json:
        document = _nested(marker.json)
        page = as_json({**document, "textes": texts} if texts and isinstance(document, dict) else document)
    else:
        inner = f"<h1>{title}</h1>\n{_SIGN_IN if every else ''}\n" + "\n".join(texts)
        patterns = marker.matches if every else marker.matches[:1]
        shown = html(title, inner).body.decode()
        missing = [sample(pattern) for pattern in patterns if not re2.search(pattern, shown)]
        page = html(title, "\n".join([inner, *missing]))
    return Page(status, page.body, page.content_type, headers)


def _nested(paths: tuple[tuple[str, str | int | float | bool | None], ...]) -> Any:
    """The smallest JSON document that holds every dotted path; steps that are numbers are places in a list."""
    if any(path == "" for path, _ in paths):
        return next("1" if value == "present" else value for path, value in paths if path == "")
    below: dict[str, list[tuple[str, str | int | float | bool | None]]] = {}
    for path, value in paths:
        step, _, rest = path.partition(".")
        below.setdefault(step, []).append((rest, value))
    if all(step.isdigit() for step in below):
        places = range(max(int(step) for step in below) + 1)
        return [_nested(tuple(below.get(str(place), [("", None)]))) for place in places]
    return {step: _nested(tuple(inner)) for step, inner in below.items()}


def sample(pattern: str) -> str:
    """A text that a simple expression matches: its first alternative read literally, else ValueError is raised."""
    plain = re.sub(r"^\(\?[a-z]+\)", "", pattern)
    while (inner := re.sub(r"\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)[*+?]?", r"\1", plain)) != plain:
        plain = inner
    text = re.sub(r"\\(.)", r"\1", re.sub(r"\.[*+]\??|\\s[*+?]?|\\b|\[[^\]]*\][*+]?|[()?^$]", "", plain.split("|")[0]))
    if re2.search(pattern, text) is None:
        raise ValueError(f"no page can be made up for the expression {escape(pattern)}")
    return text
