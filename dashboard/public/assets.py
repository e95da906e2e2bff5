"""Our own files, served from memory under names that carry their hash, so that browsers may keep them for ever."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard import theme
from dashboard.components.marks import favicon, mark_css

FOLDER = Path(__file__).parents[1] / "assets"
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
SOURCES: Mapping[str, str] = {
    "atkinson-400.woff2": "fonts/atkinson-400.woff2",
    "atkinson-700.woff2": "fonts/atkinson-700.woff2",
    "age.js": "age.js",
    "carte.js": "carte.js",
    "carte_map.js": "carte_map.js",
    "carte_lists.js": "carte_lists.js",
    "views.js": "views.js",
    "replay.js": "replay.js",
    "day.css": "day.css",
    "csv.js": "csv.js",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file ready to be served; `zipped` is None where compression gains nothing."""

    url: str
    media_type: str
    body: bytes
    zipped: bytes | None


class Assets:
    """The table of assets, by the name that templates use and by the address that browsers ask."""

    def __init__(self) -> None:
        """Read every file once. Raises OSError if the package is incomplete."""
        self._by_name = {name: _asset(name, (FOLDER / path).read_bytes()) for name, path in SOURCES.items()}
        self._by_name["favicon.svg"] = _asset("favicon.svg", favicon(theme.LIGHT.ink, theme.LIGHT.lamp).encode())
        self._by_name["vigie.css"] = _asset("vigie.css", self._style_sheet("vigie.css"))
        self._by_name["carte.css"] = _asset(
            "carte.css", (mark_css() + (FOLDER / "carte.css").read_text("utf-8")).encode()
        )
        self._by_url = {asset.url: asset for asset in self._by_name.values()}

    def url(self, name: str) -> str:
        """The address of an asset. Raises KeyError for an unknown name."""
        return self._by_name[name].url

    def at(self, url: str) -> Asset | None:
        """What stands at an address, None where nothing does."""
        return self._by_url.get(url)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file by its address without the leading slash."""
        for url, asset in self._by_url.items():
            yield url.lstrip("/"), asset.body

    def named(self, name: str) -> Asset:
        """The asset of that name. Raises KeyError for an unknown one."""
        return self._by_name[name]

    def _style_sheet(self, name: str) -> bytes:
        text = theme.css_variables() + (FOLDER / name).read_text(encoding="utf-8")
        for font in ("atkinson-400.woff2", "atkinson-700.woff2"):
            text = text.replace(f"url({font})", f"url({self._by_name[font].url})")
        return text.encode()


def _asset(name: str, body: bytes) -> Asset:
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:10]
    zipped = None if suffix == "woff2" else gzip.compress(body, 9, mtime=0)
    return Asset(f"/assets/{stem}.{digest}.{suffix}", TYPES[f".{suffix}"], body, zipped)
