"""What stands beside a file of data: a Frictionless Data Package (specs.frictionlessdata.io, version 1)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.domain.record import VERSION
from monitor.exports.about import DEFINITIONS, LICENCE, LICENCE_TITLES, LICENCE_URL, About
from monitor.exports.columns import Column, Kind
from monitor.exports.formats import Dress, Format
from monitor.exports.saving import Saved

ENDING = ".datapackage.json"
_TYPES: Mapping[Kind, str] = {
    Kind.TEXT: "string",
    Kind.WORDS: "array",
    Kind.WHOLE: "integer",
    Kind.TRUTH: "boolean",
    Kind.SHARE: "number",
    Kind.SECONDS: "number",
    Kind.MILLISECONDS: "number",
    Kind.INSTANT: "datetime",
}
_MEDIA: Mapping[Format, str] = {
    Format.CSV: "text/csv",
    Format.JSON: "application/x-ndjson",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMATS: Mapping[Format, str] = {Format.JSON: "ndjson"}


def beside(path: Path) -> Path:
    """Where the description of a file stands: ``observations.csv.datapackage.json``."""
    return path.with_name(path.name + ENDING)


def described(about: About, dress: Dress, saved: Saved) -> str:
    """The description of one file, as JSON."""
    said = {
        "profile": "tabular-data-package",
        "name": f"vigie-{about.what}",
        "title": about.title("fr"),
        "description": DEFINITIONS[about.what]["fr"],
        "created": _instant(about.made_at),
        "licenses": [{"name": LICENCE, "title": LICENCE_TITLES["fr"], "path": LICENCE_URL}],
        "sources": [_source(about)],
        "resources": [_resource(about, dress, saved)],
        "vigie": {
            "what": about.what,
            "from": _instant(about.since),
            "to": _instant(about.until),
            "known_until": None if about.known is None else _instant(min(about.known, about.until)),
            "choice": dict(about.choice),
            "method": about.method,
            "columns": VERSION,
            "program": about.program,
            "rehearsal": about.rehearsal,
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _source(about: About) -> dict[str, str]:
    if about.rehearsal:
        return {"title": "Vigie, répétition sur des serveurs d’essai\u00a0: rien de ceci n’a eu lieu"}
    if about.source is None:
        return {"title": "Vigie, mesures faites de l’extérieur"}
    return {"title": "Vigie, mesures faites de l’extérieur", "path": about.source}


def _resource(about: About, dress: Dress, saved: Saved) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": about.what.value,
        "path": saved.path.name,
        "profile": "tabular-data-resource",
        "format": _FORMATS.get(dress.format, dress.format.value),
        "mediatype": _MEDIA[dress.format],
        "bytes": saved.bytes,
        "hash": f"sha256:{saved.sha256}",
        "rows": saved.rows,
        "schema": {"fields": [_field(one, dress) for one in about.columns], "missingValues": [""]},
    }
    if dress.gzip:
        found["compression"] = "gz"
    if dress.format in {Format.CSV, Format.JSON}:
        found["encoding"] = "utf-8"
    if dress.format is Format.CSV:
        separator = ";" if dress.for_people and dress.language == "fr" else ","
        found["dialect"] = {"delimiter": separator, "lineTerminator": "\r\n", "doubleQuote": True}
    return found


def _field(one: Column, dress: Dress) -> dict[str, Any]:
    """A column under the name that stands in the file; its key too, where people read another."""
    people = dress.for_people
    field: dict[str, Any] = {
        "name": one.titles[dress.language] if people else one.key,
        "key": one.key,
        "type": _TYPES[one.kind],
        "title": one.titles["fr"],
        "titles": dict(one.titles),
        "description": one.abouts["fr"],
        "descriptions": dict(one.abouts),
    }
    if one.unit is not None:
        field["unit"] = one.unit
    if dress.format is Format.CSV:
        field |= _as_written(one, dress)
    return field


def _as_written(one: Column, dress: Dress) -> dict[str, Any]:
    """How a value is written in a CSV, where it is not as the type alone would have it."""
    if one.kind is Kind.WORDS:
        return {"type": "string"}  # separated by spaces
    if one.kind is Kind.INSTANT:
        return {"format": "%Y-%m-%d %H:%M:%S"} if dress.for_people else {"format": "%Y-%m-%dT%H:%M:%S.%fZ"}
    french = dress.for_people and dress.language == "fr"
    if one.kind in {Kind.SHARE, Kind.SECONDS, Kind.MILLISECONDS} and french:
        return {"decimalChar": ","}
    if one.kind is Kind.TRUTH and dress.for_people:
        return {"trueValues": ["oui" if french else "yes"], "falseValues": ["non" if french else "no"]}
    return {}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
