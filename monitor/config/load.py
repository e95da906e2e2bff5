"""A file → `Config`, or every reason why not."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import yaml

from monitor.config.assemble import assemble
from monitor.config.fleet import Lists
from monitor.config.os_words import os_reason
from monitor.config.problem import CatalogInvalid, Fault, Problem, dotted, typeset
from monitor.config.syntax import syntax_fault
from monitor.config.tree import Document, read
from monitor.domain.catalog import Catalog
from monitor.domain.fleet import Fleet
from monitor.domain.notice import Subscription

_NAME = "probes.yaml"
_LARGEST = 20_000_000


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
    raw = _bytes(path)
    document = _document(path, raw)
    catalog, subscriptions, fleets, faults = assemble(document, Lists(path.parent, schools or {}))
    if faults or fleets is None:
        raise CatalogInvalid(path, tuple(sorted((_problem(document, fault) for fault in faults), key=_order)))
    digest = hashlib.sha256(b"".join((raw, *fleets.raws))).hexdigest()[:12]
    return Config(catalog, subscriptions, digest, fleets.fleets)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise _whole_file(path, "fichier démesuré", f"{_LARGEST // 1_000_000} Mo au plus")
        return path.read_bytes()
    except OSError as error:
        what = "fichier absent" if isinstance(error, FileNotFoundError) else f"fichier illisible ({os_reason(error)})"
        raise _whole_file(
            path, what, "donnez un autre chemin par « --config » ou VIGIE_CONFIG, ou corrigez les droits"
        ) from error


def _document(path: Path, raw: bytes) -> Document:
    try:
        text = raw.decode("utf-8-sig")
        document = read(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _whole_file(path, "octets qui ne sont pas de l’UTF-8", "enregistrez le fichier en UTF-8", line) from error
    except yaml.YAMLError as error:
        at, what, mend = syntax_fault(error)
        raise _whole_file(path, what, mend, at) from error
    if document.root is None and not document.faults:
        raise _whole_file(path, "fichier vide", "commencez par « vigie: 1 »")
    return document


def _problem(document: Document, fault: Fault) -> Problem:
    return Problem(fault.line or document.line(fault.loc), dotted(fault.loc), typeset(fault.what), typeset(fault.mend))


def _order(problem: Problem) -> tuple[int, str]:
    return problem.line or 0, problem.where  # those of one place stay in the order in which they were found


def _whole_file(path: Path, what: str, mend: str, line: int | None = None) -> CatalogInvalid:
    return CatalogInvalid(path, (Problem(line, "", typeset(what), typeset(mend)),))
