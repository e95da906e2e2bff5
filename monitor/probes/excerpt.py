"""A short excerpt of what a page shows, to keep as evidence: visible text only, without anything that names a person.

The page is hostile: every step is linear in its length, and the result is still to be escaped wherever it is shown.
"""

import html
import re
import unicodedata

LENGTH = 512
_ENOUGH = 4096  # visible characters that are looked at; redacting shortens them
_TYPES = ("text/html", "application/xhtml+xml")
_HIDDEN = frozenset({"script", "style", "noscript", "template", "textarea", "svg", "math", "iframe", "object", "xmp"})
_FOREIGN = frozenset({"svg", "math"})
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]{0,30}")
_IN_TAG = re.compile(r"[>\"']")
# Not in the categories of control and format characters, and yet seen by nobody.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_GONE = "[…]"
_REDACTED = tuple(
    re.compile(pattern)
    for pattern in (
        r"[?&#;][^\s?&#;]*=\S*",  # the query of an address
        r"\S{0,200}@\S{0,200}",
        r"(?i)\b(?:token|jeton|jetoncas|ticket|session|sid|password|passwd|secret|code)\b[\"']?\s{0,3}[=:]\s{0,3}\S{1,200}",
        r"\beyJ[\w-]*(?:\.[\w-]*)*",  # a JWT
        r"[A-Za-z0-9+/_=%~-]{20,}",
        r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[^\W\d])[\w-]{8,}",  # letters and digits in one word
        r"(?<!\d)0\d(?:[ .-]?\d\d){4}(?!\d)",  # a telephone
        r"\d{6,}",
    )
)


def excerpt(text: str, content_type: str) -> str | None:
    """At most 512 characters of what `text` shows; None for what is not a page: JSON may hold anything."""
    kind = content_type.partition(";")[0].strip().lower()
    if (kind and kind not in _TYPES) or not _looks_like_a_page(text):
        return None
    shown = _clean(html.unescape(_visible(text)))
    for pattern in _REDACTED:
        shown = pattern.sub(_GONE, shown)
    return shown[:LENGTH].strip() or None


def _looks_like_a_page(text: str) -> bool:
    # Some servers call everything text/html, Pronote's JSON with its token included.
    return text[:200].lstrip("\ufeff \t\r\n").startswith("<")


def _visible(text: str) -> str:
    """The text outside tags, comments and hidden elements, as far as it is enough; what never ends hides the rest."""
    pieces, length, here = list[str](), 0, 0
    while length < _ENOUGH:
        tag = text.find("<", here)
        pieces.append(text[here : tag if tag >= 0 else None][: _ENOUGH - length])
        if (after := _past(text, tag)) is None:
            break
        pieces.append("<" if after == tag else " ")
        length += len(pieces[-2]) + 1
        here = max(after, tag + 1)
    shown = "".join(pieces)
    # A word cut in two here might be half of a token, too short to be recognised as one.
    return shown if length < _ENOUGH else shown.rpartition(" ")[0]


def _past(text: str, tag: int) -> int | None:
    """Where the markup that begins at `tag` ends; `tag` itself where it is none, None where it never ends.

    None as well where there is no tag at all (-1).
    """
    if tag < 0:
        return None
    if text.startswith("<!--", tag):
        closed = text.find("-->", tag + 4)
        return None if closed < 0 else closed + 3
    following = text[tag + 1 : tag + 2]
    if not (following.isascii() and following.isalpha()) and following not in {"/", "!", "?"}:
        return tag
    name = _NAME.match(text, tag + 1)
    end = _end_of_tag(text, tag + 1)
    if end is None or name is None or (hidden := name.group().lower()) not in _HIDDEN:
        return end
    if hidden in _FOREIGN and text[end - 2] == "/":  # of the others HTML ignores that slash
        return end
    closing = re.compile(rf"</{hidden}(?=[\s/>])", re.IGNORECASE).search(text, end)
    return None if closing is None else _end_of_tag(text, closing.start() + 1)


def _end_of_tag(text: str, here: int) -> int | None:
    """Past the ">" of a tag, skipping quoted values."""
    while (found := _IN_TAG.search(text, here)) is not None:
        if found.group() == ">":
            return found.end()
        closing = text.find(found.group(), found.end())
        if closing < 0:
            return None
        here = closing + 1
    return None


def _clean(text: str) -> str:
    """Compatibility forms made plain, control, bidirectional and invisible characters gone, white space collapsed."""
    plain = unicodedata.normalize("NFKC", text)
    kept = (
        " " if sign.isspace() else sign
        for sign in plain
        if sign.isspace() or not (unicodedata.category(sign).startswith("C") or sign in _INVISIBLE)
    )
    return " ".join("".join(kept).split())
