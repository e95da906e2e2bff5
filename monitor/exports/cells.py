"""Values as texts: exact ones for machines, and such as a spreadsheet can neither run nor misread for people.

All of it works on whole columns: a call for every cell of ten million rows would cost more than what it does.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from monitor.domain.record import instant_cell, milliseconds_cell
from monitor.exports.columns import Column, Kind
from monitor.store.days import PARIS

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), the wide forms of East Asia included; and
# the apostrophe that we put before them, so that it can be taken away exactly.
TRIGGERS = "=+-@\t\r\n＝＋－＠'"
TRUTHS = {"fr": ("non", "oui"), "en": ("no", "yes")}
_SPELT = re.compile(r"\\u\{([0-9a-f]+)\}")
# A spreadsheet that takes another separator than ours cuts a text there, and takes what follows for a cell of its own.
_INNER = re.compile(r"""([,;|]["'\s]*)([=+\-@＝＋－＠])""")
_SECOND = 1_000_000

Texts = Callable[[Sequence[Any]], Sequence[str]]  # a column of values → its cells


def spelt(text: str) -> str:
    r"""`text` on one line: what is neither visible nor a space is spelt out, ``\u{a}``; `unspelt` gives it back."""
    if text.isprintable() and "\\u{" not in text:
        return text
    return "\\u{5c}u{".join("".join(map(_spelt, part)) for part in text.split("\\u{"))


def unspelt(text: str) -> str:
    """The text that was spelt out."""
    return _SPELT.sub(lambda found: chr(int(found[1], 16)), text)


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula; `unguarded` gives the text back exactly.

    Nor does one that cuts it at another separator than that of the file: a sign of a formula after one is spelt out.
    """
    shown = _INNER.sub(lambda found: f"{found[1]}\\u{{{ord(found[2]):x}}}", spelt(text))
    return f"'{shown}" if shown and shown[0] in TRIGGERS else shown


def unguarded(cell: str) -> str:
    """The text behind a cell for people."""
    return unspelt(cell.removeprefix("'"))


def raw_texts(kind: Kind) -> Texts:
    """Cells for machines: instants in UTC, a decimal point, nothing for None, texts as they are."""
    return _RAW[kind]


def json_texts(kind: Kind) -> Texts:
    """Values of JSON; what a terminal might obey is written as an escape."""
    return _JSON[kind]


def people_texts(one: Column, language: str) -> Texts:
    """Cells for people: instants of Paris, the decimal comma in French, texts without a formula in them."""
    if one.words is not None:
        said = one.words[language]
        return lambda column: [said.get(text) or guarded(text or "") for text in column]
    comma = "," if language == "fr" else "."
    truths = TRUTHS[language]
    numbers: Mapping[Kind, Texts] = {
        Kind.TRUTH: lambda column: ["" if value is None else truths[value] for value in column],
        Kind.SHARE: lambda column: [_number(value).replace(".", comma) for value in column],
        Kind.SECONDS: lambda column: [_number(value).replace(".", comma) for value in column],
        Kind.MILLISECONDS: lambda column: [milliseconds_cell(value).replace(".", comma) for value in column],
        Kind.INSTANT: lambda column: [in_paris(value) for value in column],
        Kind.WORDS: lambda column: [guarded(" ".join(value or ())) for value in column],
        Kind.TEXT: lambda column: [guarded(value) if value else "" for value in column],
    }
    return numbers.get(one.kind, _RAW[one.kind])


def in_paris(us: int | None) -> str:
    """``2021-04-06 08:00:00``, Paris, as spreadsheets read it; rounded down to the second."""
    return "" if us is None else paris_time(us).strftime("%Y-%m-%d %H:%M:%S")


def paris_time(us: int) -> datetime:
    """The instant in Paris, rounded down to the second."""
    return datetime.fromtimestamp(us // _SECOND, PARIS)


def _spelt(char: str) -> str:
    kind = unicodedata.category(char)
    return f"\\u{{{ord(char):x}}}" if kind[0] == "C" or kind in {"Zl", "Zp"} else char


def _number(value: float | None) -> str:
    return "" if value is None else repr(value).removesuffix(".0")


def _quoted(text: str) -> str:
    if text.isprintable():
        return encode_basestring(text)
    return json.dumps(text).replace("\x7f", "\\u007f")


_RAW: Mapping[Kind, Texts] = {
    Kind.TEXT: lambda column: [one or "" for one in column],
    Kind.WORDS: lambda column: [" ".join(one or ()) for one in column],
    Kind.WHOLE: lambda column: ["" if one is None else str(one) for one in column],
    Kind.TRUTH: lambda column: ["" if one is None else "true" if one else "false" for one in column],
    Kind.SHARE: lambda column: [_number(one) for one in column],
    Kind.SECONDS: lambda column: [_number(one) for one in column],
    Kind.MILLISECONDS: lambda column: [milliseconds_cell(one) for one in column],
    Kind.INSTANT: lambda column: ["" if one is None else instant_cell(one) for one in column],
}
_JSON: Mapping[Kind, Texts] = {
    Kind.TEXT: lambda column: ["null" if one is None else _quoted(one) for one in column],
    Kind.WORDS: lambda column: [f"[{','.join(map(_quoted, one or ()))}]" for one in column],
    Kind.WHOLE: lambda column: ["null" if one is None else str(one) for one in column],
    Kind.TRUTH: lambda column: ["null" if one is None else "true" if one else "false" for one in column],
    Kind.SHARE: lambda column: [_number(one) or "null" for one in column],
    Kind.SECONDS: lambda column: [_number(one) or "null" for one in column],
    Kind.MILLISECONDS: lambda column: ["null" if one is None else repr(one / 1000) for one in column],
    Kind.INSTANT: lambda column: ["null" if one is None else f'"{instant_cell(one)}"' for one in column],
}
