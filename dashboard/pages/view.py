"""What a view of `/carte/` is: a name in the address, a title, and a function from what is asked to what is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from dash.development.base_component import Component

from dashboard.model import View as Snapshot
from monitor.reports.country import Country, country
from monitor.settings import Settings

WORD_MOST = 200  # characters kept of what an address says
WORDS_MOST = 20  # of one address; nobody's form has more


class Unanswerable(Exception):  # noqa: N818 : a word of the contract, not an error of ours
    """What is asked has no answer; the text is a French sentence for who asked."""


@dataclass(frozen=True, slots=True)
class Books:
    """Where views read: `measures` is the URL of the measures, `config` the catalogue (None: that of the settings)."""

    measures: str
    config: Path | None = None

    def country(self) -> Country:
        """The catalogue and the school clocks, as `dashboard.beside` reads them. Raises what that raises."""
        settings = Settings()
        return country(self.config or settings.config, settings.calendar)


@dataclass(frozen=True, slots=True)
class Asking:
    """One address to be answered.

    Attributes:
        words: what the address asks by, the first value of each word, cut to 200 characters; empty ones are left out.
        view: the published snapshot, None before the first.
        books: where to read.
        now: aware UTC.
    """

    words: Mapping[str, str]
    view: Snapshot | None
    books: Books
    now: datetime


@dataclass(frozen=True, slots=True)
class View:
    """A view at ``/carte/NAME``.

    Attributes:
        name: its place in the address.
        title: French; in the navigation, and the heading unless what is drawn begins with an `html.H1` of its own.
        draw: called in a thread, and kept for 15 s; raises `Unanswerable` where the words have no answer.
        listed: whether the navigation leads to it; False for one that means nothing without its words.
        example: words with a full answer, for the tests that open every view.
    """

    name: str
    title: str
    draw: Callable[[Asking], Sequence[Component]]
    listed: bool = True
    example: Mapping[str, str] = field(default_factory=dict)


def words_of(search: Any) -> Mapping[str, str]:
    """The words of a query such as ``?id=pix``. Raises Unanswerable for one that no view of ours has."""
    # Half a character, which JSON can say and no database can be asked by.
    query = str(search or "").removeprefix("?")[:4000].encode("utf-8", "replace").decode()
    try:
        pairs = parse_qsl(query, max_num_fields=WORDS_MOST)
    except ValueError:
        raise Unanswerable("Cette adresse demande trop de choses à la fois.") from None
    found: dict[str, str] = {}
    for key, value in pairs:
        found.setdefault(key[:WORD_MOST], value[:WORD_MOST].strip())
    return {key: value for key, value in found.items() if value}
