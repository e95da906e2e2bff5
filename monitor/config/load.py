"""A file → `Config`, or every reason why not."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from monitor.config.assemble import assemble
from monitor.config.file import bytes_of, document_of, invalid
from monitor.config.fleet import Lists
from monitor.domain.catalog import Catalog
from monitor.domain.fleet import Fleet
from monitor.domain.notice import Subscription

_NAME = "probes.yaml"


@dataclass(frozen=True, slots=True)
class Config:
    """What a catalogue file says, `fleets` by id.

    `digest` is the start of the SHA-256 of its bytes and of those of its lists of schools.
    """

    catalog: Catalog
    subscriptions: tuple[Subscription, ...]
    digest: str
    fleets: Mapping[str, Fleet] = field(default_factory=dict)


def default_path() -> Path:
    """`probes.yaml` of the current directory, else of the checkout, else the copy inside the installed package."""
    for folder in (Path.cwd(), Path(__file__).resolve().parents[2]):
        if (folder / _NAME).is_file():
            return folder / _NAME
    return Path(str(files("monitor.config").joinpath("data", _NAME)))


def load(path: Path, schools: Mapping[str, Path] | None = None) -> Config:
    """The catalogue of a file. Raises CatalogInvalid with every error at once, sorted by line.

    `schools` are lists to read in place of those that the catalogue names, by fleet (see `monitor.config.fleet.Lists`).
    """
    raw = bytes_of(path, "« --config » ou VIGIE_CONFIG")
    document = document_of(path, raw, empty="commencez par « vigie: 1 »")
    catalog, subscriptions, fleets, faults = assemble(document, Lists(path.parent, schools or {}))
    if faults or fleets is None:
        raise invalid(path, document, faults)
    digest = hashlib.sha256(b"".join((raw, *fleets.raws))).hexdigest()[:12]
    return Config(catalog, subscriptions, digest, fleets.fleets)
