"""What a fake service puts on the wire."""

import json
from dataclasses import dataclass
from http import HTTPStatus

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Page:
    """One HTTP answer: status, body, its type, and headers beside those of every answer."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self, *, head: bool = False) -> bytes:
        """The answer as bytes, without its body for a HEAD and for a status that may not have one (RFC 9110)."""
        try:
            reason = HTTPStatus(self.status).phrase
        except ValueError:
            reason = "Unknown"
        lines = [
            f"HTTP/1.1 {self.status} {reason}",
            "Connection: close",
            *(() if self.status in BODILESS else self._about_body()),
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        start = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
        return start if head or self.status in BODILESS else start + self.body

    def _about_body(self) -> tuple[str, str]:
        return f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"


def html(title: str, inner: str, *, body_class: str = "", status: int = 200) -> Page:
    """A small page in French; `inner` is markup, taken as it is."""
    opening = f'<body class="{body_class}">' if body_class else "<body>"
    text = (
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"{opening}\n{inner}\n</body></html>\n"
    )
    return Page(status, text.encode())


def as_json(value: object, *, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """A JSON answer with status 200."""
    return Page(200, json.dumps(value, ensure_ascii=False).encode(), JSON, headers)


OVERLOADED = Page(
    503,
    "<!DOCTYPE html><title>Service surchargé</title><p>Le service est surchargé, merci de réessayer.</p>".encode(),
    headers=(("Retry-After", "120"),),
)
SERVER_FAULT = Page(503, b"<!DOCTYPE html><title>503</title><p>Service indisponible</p>")
BAD_GATEWAY = Page(502, b"<!DOCTYPE html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>")
NOT_FOUND = Page(404, b"<!DOCTYPE html><title>404</title><p>Page introuvable</p>")
BAD_REQUEST = Page(400, b"")
