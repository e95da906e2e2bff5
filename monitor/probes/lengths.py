"""A length that is said more than once: one length, where all say the same (RFC 9110 § 8.6)."""

import re

_FIELD = re.compile(rb"^content-length:[ \t]*([0-9]+(?:[ \t]*,[ \t]*[0-9]+)*)[ \t]*\r?\n", re.IGNORECASE | re.MULTILINE)
_AGAIN = re.compile(rb"^content-length:(?:[^\n]*,|.*^content-length:)", re.IGNORECASE | re.MULTILINE | re.DOTALL)


def said_again(head: bytes) -> bool:
    """Whether `head`, as far as it has come, gives its length a second time."""
    return _AGAIN.search(head) is not None


def said_once(head: bytes) -> bytes | None:
    """The same head with its length said once; None where it is not said twice, or not the same twice."""
    values = [value.strip() for field in _FIELD.findall(head) for value in field.split(b",")]
    if len(values) < 2 or len(set(values)) > 1:
        return None
    first = _FIELD.sub(b"Content-Length: %s\r\n" % values[0], head, count=1)
    end = _FIELD.search(first)
    assert end is not None
    return first[: end.end()] + _FIELD.sub(b"", first[end.end() :])
