"""Whole numbers as bytes: seven bits a byte, the lowest first; small ones, of which there are most, take one byte."""

from collections.abc import Iterable, Sequence

_MORE, _LOW = 0x80, 0x7F


def written(said: Iterable[int]) -> bytes:
    """These numbers, none below 0, one after the other."""
    found = bytearray()
    for number in said:
        rest = number
        while rest > _LOW:
            found.append(rest & _LOW | _MORE)
            rest >>= 7
        found.append(rest)
    return bytes(found)


def numbers(encoded: bytes) -> Sequence[int]:
    """The numbers of `written`. Raises ValueError where the last was cut off."""
    if encoded.isascii():  # every number in a byte of its own: so are nearly all, and weeks of hours are read at a time
        return encoded
    found, number, shift = list[int](), 0, 0
    for byte in encoded:
        number |= (byte & _LOW) << shift
        shift += 7
        if byte <= _LOW:
            found.append(number)
            number, shift = 0, 0
    if shift:
        raise ValueError("a number that was cut off")
    return found
