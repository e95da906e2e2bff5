"""HTML comments taken out of a page, where a browser sees them: what nobody is shown is neither a form nor a closure.

A comment ends at ``-->`` or ``--!>``, ``<!-->`` and ``<!--->`` are empty ones, and one that never ends hides the rest
(HTML standard, 13.2.5.43 and following). Linear in the page, hostile ones included.
"""

import re

_OPENS = re.compile(rb"<!--")
_CLOSES = re.compile(rb"--!?>")
_SCRIPT = re.compile(rb"<(/?)script(?=[\s/>])", re.IGNORECASE)


def has_comments(page: bytes) -> bool:
    """Whether anything in the page looks like a comment."""
    return page.rfind(b"<!--") >= 0  # from the end: three times as quick as `in`, on a page that has none


def without_comments(page: bytes) -> bytes:
    """The page as its reader has it; a comment leaves nothing behind (some frameworks put one between two words).

    ``<!--`` in a script is code. It is left alone where it would hide the script's own end: that is what tells it from
    a comment at little cost, and a script that comments itself out whole holds nothing that a marker looks for.
    """
    kept = list[bytes]()
    here, closes, scripts = 0, (-1, -1), _Scripts()
    while (opens := _OPENS.search(page, here)) is not None:
        start = opens.start()
        kept.append(page[here:start])
        if closes[0] < opens.end():
            closes = _next(page, opens.end())
        here = _empty(page, opens.end()) or closes[1]
        tag = _SCRIPT.search(page, start, here)
        if tag is not None and tag[1] and scripts.open_after(kept):
            here = tag.end()
            kept.append(page[start:here])
    kept.append(page[here:])
    return b"".join(kept)


class _Scripts:
    """Whether a script is open at the end of what was kept so far; every piece is read once, and only when asked."""

    def __init__(self) -> None:
        self._read, self._open = 0, False

    def open_after(self, kept: list[bytes]) -> bool:
        for piece in kept[self._read :]:
            for tag in _SCRIPT.finditer(piece):
                self._open = not tag[1]
        self._read = len(kept)
        return self._open


def _next(page: bytes, here: int) -> tuple[int, int]:
    found = _CLOSES.search(page, here)
    return found.span() if found is not None else (len(page), len(page))


def _empty(page: bytes, here: int) -> int | None:
    return next((here + len(end) for end in (b">", b"->") if page.startswith(end, here)), None)
