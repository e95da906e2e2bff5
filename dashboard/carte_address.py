"""Where the Dash application stands, and how its views are linked: the address is the whole state of a view."""

from collections.abc import Mapping
from urllib.parse import urlencode

PREFIX = "/carte/"
MANIFEST = "/manifest"  # on the socket alone: the names of the views and files, and what the page may run
ASKED, DRAWING = "asked", "drawing"  # the one input and the one output of the callback that draws a view


def address(view: str = "", words: Mapping[str, str] | None = None) -> str:
    """``/carte/comparer?selon=operator``: a view by its name (none: the live map), with the words that it is asked by.

    Words without a value are left out, so that one state has one address.
    """
    asked = {key: value for key, value in (words or {}).items() if value}
    query = urlencode(asked, safe=":,")
    return f"{PREFIX}{view}{'?' if query else ''}{query}"
