"""The body of an answer, as far as the cap: decoded by hand, so that no bomb ever unfolds beyond it.

Only gzip and deflate are asked for: the standard library decodes both step by step, with a limit on what comes out.
"""

import zlib

from monitor.domain.observation import Failure
from monitor.probes.base import Failed

BODY_CAP = 256 * 1024  # decoded bytes

ACCEPTED = "gzip, deflate"
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_SPELLINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
_NOTHING = frozenset(
    {"", "identity", "none"}
)  # the last is no coding of RFC 9110; servers say it, browsers let it pass


class Body:
    """Takes a body piece by piece.

    Attributes:
        read: decoded bytes so far, at most `BODY_CAP`.
        cut: whether the body went on beyond a cap; nothing more is taken then.
    """

    __slots__ = ("_decoder", "_encoding", "_head", "cut", "read")

    def __init__(self, encoding: str = "") -> None:
        """`encoding` is the answer's Content-Encoding. Raises Failed (content/undecodable) for one not asked for."""
        self._encoding = _known(encoding) if encoding else ""
        self._decoder: zlib._Decompress | None = None
        self._head = b""
        self.read = bytearray()
        self.cut = False

    def feed(self, data: bytes) -> None:
        """Take a piece. Raises Failed (content/undecodable) where it is not what its encoding says."""
        if self.cut or not data:
            return
        if not self._encoding:
            self._keep(data)
            return
        try:
            self._unfold(self._head + data)
        except zlib.error as error:
            raise Failed(Failure.CONTENT_UNDECODABLE, "compression de la réponse illisible") from error

    def finish(self, *, framed: bool) -> None:
        """The body is over. Raises Failed where its compressed form is not.

        `framed` says that a length or a last chunk marked the end: then the exchange is whole, and what cannot be
        decoded is its content. Where the end is only that of the connection, the missing rest was cut off on the way.
        """
        if self.cut or (self._decoder is None and not self._head) or (self._decoder is not None and self._decoder.eof):
            return
        if framed:
            raise Failed(Failure.CONTENT_UNDECODABLE, "compression de la réponse inachevée")
        raise Failed(Failure.EXCHANGE_TRUNCATED, "connexion coupée avant la fin de la réponse")

    def _unfold(self, data: bytes) -> None:
        self._head = b""
        while data and not self.cut:
            if self._decoder is None or (self._decoder.eof and self._encoding == "gzip" and data[:1] == b"\x1f"):
                if len(data) < 2:  # the two first bytes tell which deflate it is
                    self._head = data
                    return
                self._decoder = zlib.decompressobj(_GZIP if self._encoding == "gzip" else _deflate(data))
            elif self._decoder.eof:
                return  # padding after the end, as gzip(1) ignores it too
            self._keep(self._decoder.decompress(data, BODY_CAP + 1 - len(self.read)))
            data = self._decoder.unused_data

    def _keep(self, data: bytes) -> None:
        self.read += data
        if len(self.read) > BODY_CAP:
            del self.read[BODY_CAP:]
            self.cut = True


def _known(encoding: str) -> str:
    codings = [word for part in encoding.split(",") if (word := part.strip().lower()) not in _NOTHING]
    known = _SPELLINGS.get(codings[0]) if len(codings) == 1 else None if codings else ""
    if known is None:  # several codings one over the other were not asked for
        raise Failed(Failure.CONTENT_UNDECODABLE, "compression de la réponse inconnue")
    return known


def _deflate(data: bytes) -> int:
    # RFC 9110 means zlib's format (RFC 1950); some servers send the bare one (RFC 1951), and browsers read both.
    return _ZLIB if data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0 else _RAW
