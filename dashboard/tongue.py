"""The language of what is being written: French sentences are the source, their English stands in `locale/` (gettext).

The address says the language, and nothing else does: `/methode` is French, `/en/methode` English. Whoever writes a page
does so inside `speaking`; below it every function that words something asks `_` and finds the right language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FRENCH, ENGLISH = "fr", "en"
LANGUAGES = (FRENCH, ENGLISH)
NAMES = {FRENCH: "Français", ENGLISH: "English"}  # each in its own words, for those who read no other
CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "vigie"
_ROOT = f"/{ENGLISH}"
_spoken: ContextVar[str] = ContextVar("spoken", default=FRENCH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything within is worded in that language, in tasks started within it too."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The code of the language: ``fr`` or ``en``."""
    return _spoken.get()


def catalogue_of(language: str) -> Path:
    """The file of a language's sentences."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _(message: str) -> str:
    """A French sentence in the language that is spoken; itself where nobody has translated it."""
    return message if spoken() == FRENCH else _translations(spoken()).gettext(message)


def ngettext(one: str, many: str, count: float) -> str:
    """The sentence for a count, still with its placeholders: French says « 0 service », English “0 services”."""
    if spoken() == FRENCH:
        return one if abs(count) < 2 else many
    return _translations(spoken()).ngettext(one, many, int(count))


def pgettext(context: str, message: str) -> str:
    """The same where one French wording has two English ones: `context` says which is meant."""
    return message if spoken() == FRENCH else _translations(spoken()).pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 : the name that extractors of gettext look for
    """Marks a constant to be translated where it is used; changes nothing."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """The same for the two sentences of a count."""
    return one, many


def root() -> str:
    """What stands before every address of the site in the language that is spoken: nothing, or ``/en``."""
    return "" if spoken() == FRENCH else _ROOT


def language_of(path: str) -> str:
    """The language of an address."""
    return ENGLISH if path == _ROOT or path.startswith(f"{_ROOT}/") else FRENCH


def address(path: str, language: str) -> str:
    """A French address in a language: ``/`` is ``/en/``, ``/methode`` is ``/en/methode``."""
    return path if language == FRENCH else f"{_ROOT}{path}"


def other() -> str:
    """The language that is not spoken."""
    return ENGLISH if spoken() == FRENCH else FRENCH


def elsewhere(path: str) -> str:
    """The address of the same page in the other language."""
    return address(path, ENGLISH) if language_of(path) == FRENCH else path.removeprefix(_ROOT) or "/"


@cache
def _translations(language: str) -> GNUTranslations:
    """Read once, from the file that people edit: there is no compiled twin that could lag behind it. Raises OSError."""
    with catalogue_of(language).open("rb") as file:
        read = read_po(file, locale=language, domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)
