"""`/badge/….svg`: a state as word, shape and colour, for other sites; small, and never older than it says."""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from fastapi import FastAPI, Request, Response
from markupsafe import escape
from starlette.exceptions import HTTPException

from dashboard import dates
from dashboard.components.declared import seen
from dashboard.components.headline import STALE_AFTER
from dashboard.components.marks import SHAPES
from dashboard.data import Data
from dashboard.model import View
from dashboard.public.answers import OPEN, document_of, served
from dashboard.public.headers import LATER, READ
from dashboard.public.territory import PLACES, place_of
from dashboard.theme import DARK, LIGHT, Palette, mark_on
from dashboard.wording import HEALTHS
from monitor.domain.observation import Health

NAME_MOST = 42  # characters
STALE_WORD = "Plus à jour"
HEIGHT, SIDE, PAD = 28, 18, 7
# Mean widths of a sans serif of 13 px; `textLength` then makes every font fit.
_NARROW, _WIDE = frozenset("iIjl.,:;'’!|()[] tfr1"), frozenset("mwMWÉÈ@%ŒœÆæ—ABCDGHNOQRUVXYZ")


def _rules(palette: Palette, health: Health) -> str:
    tint, on = palette.states[health], mark_on(palette, health)
    line = "stroke-width:2;stroke-linecap:round;stroke-linejoin:round"
    return (
        f".p{{fill:{palette.paper};stroke:{palette.rule}}}.n{{fill:{palette.ink}}}.w{{fill:{tint.ink}}}"
        f".b{{fill:{tint.fill}}}.k{{fill:none;stroke:{on};{line}}}.f{{fill:{on}}}"
    )


def _style(health: Health) -> str:
    font = "text{font:13px 'Atkinson Hyperlegible','Segoe UI',system-ui,sans-serif}.w{font-weight:700}"
    return f"{font}{_rules(LIGHT, health)}@media(prefers-color-scheme:dark){{{_rules(DARK, health)}}}"


STYLES = {health: _style(health) for health in Health}
_HASHES = " ".join(
    f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" for style in STYLES.values()
)
POLICY = f"default-src 'none'; style-src {_HASHES}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


Named = tuple[str, Health]


def add_badges(site: FastAPI, data: Data, now: Callable[[], datetime]) -> None:
    """The badges of services and of every kind of place."""

    def route(who: Callable[[View, str], Named | None]) -> Callable[[Request], Awaitable[Response]]:
        async def sent(request: Request) -> Response:
            published = await data.published()
            if published is None:
                raise HTTPException(503, headers=LATER)
            found = who(published.view, request.path_params["key"])
            if found is None:
                raise HTTPException(404)
            body = badge(*found, published.view, published.view.age(now()))
            headers = {"Cache-Control": "public, max-age=30", "Content-Security-Policy": POLICY, **OPEN}
            return served(request, document_of(body.encode()), "image/svg+xml; charset=utf-8", headers)

        return sent

    for folder in PLACES:
        who = route(partial(_place, folder))
        site.add_api_route(f"/badge/{folder}/{{key}}.svg", who, methods=READ, response_model=None)
    site.add_api_route("/badge/{key}.svg", route(_service), methods=READ, response_model=None)


def _service(view: View, key: str) -> Named | None:
    found = view.services.get(key)
    return None if found is None else (found.name, found.health)


def _place(folder: str, view: View, key: str) -> Named | None:
    found = place_of(view, folder, key)
    return None if found is None else (found[1], found[0].health)


def badges_to_keep(view: View, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Every badge as a file (its name, its bytes): it says of which hour it is, since a picture cannot count."""
    age = view.age(now)
    for key, service in view.services.items():
        yield f"badge/{key}.svg", badge(service.name, service.health, view, age, kept=True).encode()
    for folder, kind in PLACES.items():
        for one in view.territories.values():
            if one.code.startswith(f"{kind.letter}:"):
                yield (
                    f"badge/{folder}/{one.slug}.svg",
                    badge(kind.named(one.name), one.health, view, age, kept=True).encode(),
                )


def badge(name: str, health: Health, view: View, age: timedelta, *, kept: bool = False) -> str:
    """The drawing. What is no longer up to date says so, and shows no colour that it does not know.

    `kept`: it becomes a file, whose age nobody can tell beforehand: it shows the day and the hour of the measure.
    """
    stale = age > STALE_AFTER or view.measured_at is None
    shown, word = (Health.UNKNOWN, STALE_WORD) if stale else (health, HEALTHS[health].fr)
    # To the minute: the same drawing for whoever asks within one.
    when = "il y a moins d’une minute" if age < timedelta(minutes=1) else f"il y a {dates.ago(age)}"
    if kept and view.measured_at is not None:
        when = f"le {dates.long_day(view.measured_at)} à {dates.clock(view.measured_at)}"
        local = view.measured_at.astimezone(dates.PARIS)
        word = word if stale else f"{word} le {local:%d/%m} à {dates.clock(local)}"
    told = f"{seen(name, NAME_MOST)}, {word.lower()}"
    if view.rehearsal:
        word, told = f"RÉPÉTITION, {word.lower()}", f"RÉPÉTITION. {told}"
    return _drawn(seen(name, NAME_MOST), word, shown, told, f"Mesuré {when} par Vigie.")


def _drawn(name: str, word: str, health: Health, title: str, about: str) -> str:
    left, right = _width(name), _width(word) + 6
    end = PAD + SIDE + PAD + right + PAD
    width = end + PAD + left + PAD
    place = f"translate({PAD} {(HEIGHT - SIDE) / 2:g}) scale({SIDE / 16:g})"
    size = f'width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d" lang="fr">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(about)}</desc><style>{STYLES[health]}</style>'
        f'<rect class="p" x=".5" y=".5" width="{width - 1}" height="{HEIGHT - 1}" rx="4"/>'
        f'<g transform="{place}"><rect class="b" width="16" height="16" rx="2"/>{SHAPES[health]}</g>'
        f"{_text('w', PAD + SIDE + PAD, right, word)}{_text('n', end + PAD, left, name)}</svg>"
    )


def _text(kind: str, at: int, width: int, words: str) -> str:
    fitted = f'textLength="{width}" lengthAdjust="spacingAndGlyphs"'
    return f'<text class="{kind}" x="{at}" y="18.5" {fitted}>{escape(words)}</text>'


def _width(text: str) -> int:
    return max(round(sum(4.2 if one in _NARROW else 9.2 if one in _WIDE else 7.1 for one in text)), 1)
