"""DNS messages as this room needs them: one question out, addresses in.

Why not dnspython's own reader: it builds the whole message, 150 µs for each of the two that a name costs, more than all
the rest of an HTTP question; this one takes 10. dnspython still reads names and resolv.conf, and the tests compare both
readers. RFC 1035 (messages, compression), RFC 3596 (AAAA).
"""

import socket
import struct
from dataclasses import dataclass
from functools import lru_cache

import dns.name

from monitor.probes.domains import REMEMBERED

A, NS, CNAME, AAAA = 1, 2, 5, 28
NOERROR, NXDOMAIN = 0, 3
# These are ours: what came was no answer; it was cut, and the whole never came.
GARBLED, UNFINISHED = -1, -2
MOST_CHAIN = 16  # CNAMEs followed before an answer is called a circle
MOST_ADDRESSES = 6  # of each family: a hostile answer may hold hundreds
_INTERNET = 1
_HEADER, _RECORD = struct.Struct("!6H"), struct.Struct("!HHIH")
_IS_ANSWER, _TRUNCATED, _OPCODE = 0x8000, 0x0200, 0x7800
_FAMILIES = {A: (socket.AF_INET, 4), AAAA: (socket.AF_INET6, 16)}


class Unreadable(ValueError):  # noqa: N818 (what came was no answer to our question)
    """Bytes that are not a well-formed answer to the question, or whose CNAMEs go in a circle."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one server said to one question: its code, the addresses at the end of the chain, and whether it was cut."""

    rcode: int
    addresses: tuple[str, ...] = ()
    truncated: bool = False

    @property
    def conclusive(self) -> bool:
        """Whether it is a statement about the name, rather than about the server."""
        return self.rcode in (NOERROR, NXDOMAIN)


@lru_cache(maxsize=REMEMBERED)
def question(host: str, kind: int) -> bytes:
    """The message that asks for records `kind` of `host`, without the two bytes of its number: recursion desired.

    Raises dnspython's errors of names, or ValueError (the `idna` codec's) for a host that can be no name.
    """
    name = dns.name.from_text(host.rstrip(".") + ".").to_wire()
    return _HEADER.pack(0, 0x0100, 1, 0, 0, 0)[2:] + (name or b"\0") + struct.pack("!HH", kind, _INTERNET)


def read(message: bytes, asked: bytes) -> Reply:
    """The reply that `message` holds to `asked` (both with their number cut off). Raises Unreadable."""
    try:
        return _read(b"\0\0" + message, asked)
    except (struct.error, IndexError, ValueError) as error:
        raise Unreadable(type(error).__name__) from error


def _read(message: bytes, asked: bytes) -> Reply:
    _, flags, questions, answers, _, _ = _HEADER.unpack_from(message)
    end = len(asked) + 2
    if not flags & _IS_ANSWER or flags & _OPCODE:
        raise Unreadable
    rcode, truncated = flags & 15, bool(flags & _TRUNCATED)
    if questions == 0 and rcode not in (NOERROR, NXDOMAIN):
        return Reply(rcode)  # some servers refuse without repeating the question
    if questions != 1 or message[12:end].lower() != asked[10:].lower():
        raise Unreadable
    if truncated:
        return Reply(rcode, truncated=True)
    kind = int.from_bytes(asked[-4:-2])
    return Reply(rcode, _addresses(message, end, answers, kind) if kind in _FAMILIES else ())


def _addresses(message: bytes, offset: int, answers: int, kind: int) -> tuple[str, ...]:
    """The addresses of the name that was asked for, through its CNAMEs; what is said of other names is ignored."""
    family, length = _FAMILIES[kind]
    found: dict[bytes, list[str]] = {}
    aliases: dict[bytes, bytes] = {}
    for _ in range(answers):
        owner, offset = _name(message, offset)
        record, among, _, size = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size
        if offset + size > len(message):
            raise Unreadable
        if among == _INTERNET and record == kind and size == length:
            found.setdefault(owner, []).append(socket.inet_ntop(family, message[offset : offset + size]))
        elif among == _INTERNET and record == CNAME:
            aliases[owner] = _name(message, offset)[0]
        offset += size
    name, _ = _name(message, _HEADER.size)
    for _ in range(MOST_CHAIN):
        if name not in aliases:
            return tuple(found.get(name, ())[:MOST_ADDRESSES])
        name = aliases[name]
    raise Unreadable


def _name(message: bytes, offset: int) -> tuple[bytes, int]:
    """The name at `offset` in lower case, and where the bytes after it begin."""
    labels, after = b"", 0
    lowest = offset
    while (length := message[offset]) != 0:
        if length >= 0xC0:
            after = after or offset + 2
            offset = (length & 0x3F) << 8 | message[offset + 1]
            if offset >= lowest:  # pointers lead back only, so that none can lead in a circle
                raise Unreadable
            lowest = offset
        elif length > 63:
            raise Unreadable
        else:
            labels += message[offset : offset + length + 1]
            offset += length + 1
        if len(labels) > 255:
            raise Unreadable
    return labels.lower(), after or offset + 1
