"""A short excerpt of what a page shows, to keep as evidence: visible text only, without anything that names a person.

The page is hostile: every step is linear in its length, and the result is still to be escaped wherever it is shown.
"""

import html
import re
import unicodedata

from monitor.probes.redaction import redacted

LENGTH = 512
_ENOUGH = 4096  # visible characters that are looked at; redacting shortens them
_TYPES = ("text/html", "application/xhtml+xml")
_HIDDEN = frozenset(
    {"script", "style", "noscript", "template", "textarea", "svg", "math", "iframe", "object", "xmp"}
    | {"noframes", "noembed", "select", "datalist"}
)
_FOREIGN = frozenset({"svg", "math"})
_CHOICES = frozenset({"option", "optgroup"})  # hidden as far as the next tag: their own end may be left out
_UNENDING = "plaintext"
# A word ends at these; every other tag (wbr, b, span, one that nobody knows) may stand in the middle of a token.
_APART = frozenset(
    {
        "address", "article", "aside", "audio", "blockquote", "body", "br", "button", "canvas", "caption",
        "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "embed", "fieldset", "figcaption",
        "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
        "hgroup", "hr", "html", "img", "input", "label", "legend", "li", "link", "main", "map", "menu", "meta",
        "nav", "ol", "option", "optgroup", "p", "pre", "search", "section", "select", "summary", "table", "tbody",
        "td", "tfoot", "th", "thead", "title", "tr", "ul", "video",
    }
)  # fmt: skip
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9-]{0,30})")
_LAST_WORD = re.compile(r"(?<!\S)\S*\Z")
_IN_TAG = re.compile(r"[>\"']")
# Not in the categories of control, format and combining characters, and yet seen by nobody.
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def excerpt(text: str, content_type: str) -> str | None:
    """At most 512 characters of what `text` shows; None for what is not a page: JSON may hold anything."""
    kind = content_type.partition(";")[0].strip().lower()
    if (kind and kind not in _TYPES) or not _looks_like_a_page(text):
        return None
    shown = redacted(plain_text(html.unescape(_visible(text))))
    return shown[:LENGTH].strip() or None


def _looks_like_a_page(text: str) -> bool:
    # Some servers call everything text/html, Pronote's JSON with its token included.
    return text[:200].lstrip("\ufeff \t\r\n").startswith("<")


def _visible(text: str) -> str:
    """The text outside tags, comments and hidden elements, as far as it is enough; what never ends hides the rest."""
    pieces, length, here = list[str](), 0, 0
    while True:
        tag = text.find("<", here)
        pieces.append(text[here : tag if tag >= 0 else None][: _ENOUGH + 1 - length])
        length += len(pieces[-1]) + 1
        if tag < 0 or length > _ENOUGH:
            break
        name = _NAME.match(text, tag + 1)
        called = "" if name is None else name.group(1).lower()
        if (after := _past(text, tag, called)) is None:
            break
        pieces.append("<" if after == tag else " " if called in _APART else "")
        here = max(after, tag + 1)
    shown = "".join(pieces)
    return shown if length <= _ENOUGH else _whole_words(shown)


def _past(text: str, tag: int, called: str) -> int | None:
    """Where the markup that begins at `tag` ends; `tag` itself where it is none, None where it never ends."""
    if text.startswith("<!--", tag):
        closed = text.find("-->", tag + 4)
        return None if closed < 0 else closed + 3
    following = text[tag + 1 : tag + 2]
    if not (following.isascii() and following.isalpha()) and following not in {"/", "!", "?"}:
        return tag
    end = _end_of_tag(text, tag + 1)
    if end is None or following == "/":
        return end
    if called in _CHOICES:
        following_tag = text.find("<", end)
        return None if following_tag < 0 else following_tag
    if called not in _HIDDEN:
        return None if called == _UNENDING else end
    if called in _FOREIGN and text[end - 2] == "/":  # of the others HTML ignores that slash
        return end
    closing = re.compile(rf"</{called}(?=[\s/>])", re.IGNORECASE).search(text, end)
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


def plain_text(text: str) -> str:
    """Compatibility forms made plain, white space collapsed; control, bidirectional and invisible characters gone.

    So are marks that no letter has taken up: a stroke through every digit would hide a number from whoever redacts.
    """
    plain = unicodedata.normalize("NFKC", text)
    kept = (
        " " if sign.isspace() else sign
        for sign in plain
        if sign.isspace() or not (unicodedata.category(sign)[0] in "CM" or sign in _INVISIBLE)
    )
    words = " ".join("".join(kept).split())
    return words if len(words) <= _ENOUGH else _whole_words(words[:_ENOUGH])


def _whole_words(text: str) -> str:
    # A word cut in two might be half of a token, too short to be recognised as one.
    return _LAST_WORD.sub("", text)
