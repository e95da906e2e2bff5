"""Names are written by people: nothing of theirs may steer a terminal, a header or the reading direction."""

import unicodedata
from functools import lru_cache

# Cc: control characters, CR and LF included. Cf: bidi overrides and isolates, zero-width joiners, byte order marks.
# Cs, Co, Cn: surrogates, private use, unassigned. Zl, Zp: separators that some readers treat as a new line.
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@lru_cache(maxsize=4096)  # the same few names stand in thousands of letters
def clean(text: str) -> str:
    """One line of visible text: forbidden characters become a space, runs of ordinary spaces shrink to one."""
    visible = "".join(" " if unicodedata.category(char) in _FORBIDDEN else char for char in text)
    return " ".join(part for part in visible.split(" ") if part)


def shorten(text: str, room: int) -> str:
    """`text` in at most `room` characters, an ellipsis showing that something was left out."""
    return text if len(text) <= room else text[: max(room - 1, 0)].rstrip() + "…"
