"""The templates, set up once: escaped, without what rewrites the text around it, in the language that is spoken."""

import re
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard import dates, tongue
from dashboard.components import marks, phrases
from dashboard.public.assets import Assets
from dashboard.tongue import N_, _
from dashboard.wording import FAILURES, HEALTHS
from monitor.domain.observation import Health
from monitor.settings import Settings

UNNAMED = N_("https://ADRESSE-DE-CETTE-VIGIE")  # what others copy must be whole: where none is named, they fill it in
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
T = TypeVar("T")


def environment(assets: Assets) -> Environment:
    """Templates with all that they may call. Their sentences are translated as they are printed, not as they load."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_inert,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    templates.install_gettext_callables(  # type: ignore[attr-defined]  # given by the extension
        tongue._, tongue.ngettext, newstyle=True, pgettext=tongue.pgettext
    )
    templates.filters |= {"capital": dates.capital, "typed": typed}
    templates.globals.update(
        chip=marks.chip, mark=marks.mark, sprite=marks.sprite(), lighthouse=marks.lighthouse(), asset=assets.url,
        dates=dates, phrases=phrases, HEALTHS=HEALTHS, FAILURES=FAILURES, legend=tuple(Health),
    )  # fmt: skip
    templates.globals["server"] = (Settings().public_url or "").rstrip("/")
    return templates


def in_language() -> dict[str, object]:
    """What pages are told of the language that is spoken.

    `root` stands before each of our addresses. `theirs` marks what people typed, `french` a link to what is in French
    alone: French pages need neither.
    """
    english = tongue.spoken() == tongue.ENGLISH
    return {
        "language": tongue.spoken(),
        "other_language": (tongue.other(), tongue.NAMES[tongue.other()]),
        "root": tongue.root(),
        "unnamed": _(UNNAMED),
        "theirs": Markup(' lang="fr"') if english else "",
        "french": Markup(' hreflang="fr"') if english else "",
    }


def typed(text: str) -> str:
    """What people typed, or the monitor says in French, within a sentence of ours: marked where that is not French."""
    return text if tongue.spoken() == tongue.FRENCH else Markup('<span lang="fr">{}</span>').format(text)


def _inert(value: T) -> T:
    """Without control characters and marks of direction, which could make a hostile name rewrite the text around it."""
    if not isinstance(value, str):
        return value
    return type(value)(CONTROLS.sub("", value))
