"""A YAML file of whatever shape → its document, or why there is none."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from monitor.config.os_words import os_reason
from monitor.config.problem import CatalogInvalid, Fault, Problem, dotted, typeset
from monitor.config.syntax import syntax_fault
from monitor.config.tree import Document, read

_LARGEST = 20_000_000


def bytes_of(path: Path, elsewhere: str) -> bytes:
    """What a file holds. Raises CatalogInvalid; `elsewhere` is how to name another one."""
    try:
        if path.stat().st_size > _LARGEST:
            raise whole_file(path, "fichier démesuré", f"{_LARGEST // 1_000_000} Mo au plus")
        return path.read_bytes()
    except OSError as error:
        what = "fichier absent" if isinstance(error, FileNotFoundError) else f"fichier illisible ({os_reason(error)})"
        raise whole_file(path, what, f"donnez un autre chemin par {elsewhere}, ou corrigez les droits") from error


def document_of(path: Path, raw: bytes, *, empty: str) -> Document:
    """Its text as YAML. Raises CatalogInvalid; `empty` is what to write into an empty one."""
    try:
        text = raw.decode("utf-8-sig")
        document = read(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise whole_file(path, "octets qui ne sont pas de l’UTF-8", "enregistrez le fichier en UTF-8", line) from error
    except yaml.YAMLError as error:
        at, what, mend = syntax_fault(error)
        raise whole_file(path, what, mend, at) from error
    if document.root is None and not document.faults:
        raise whole_file(path, "fichier vide", empty)
    return document


def invalid(path: Path, document: Document, faults: Iterable[Fault]) -> CatalogInvalid:
    """All of these faults with their lines, in the order of the file."""
    return CatalogInvalid(path, tuple(sorted((_problem(document, fault) for fault in faults), key=_order)))


def whole_file(path: Path, what: str, mend: str, line: int | None = None) -> CatalogInvalid:
    """One fault of the file as a whole."""
    return CatalogInvalid(path, (Problem(line, "", typeset(what), typeset(mend)),))


def _problem(document: Document, fault: Fault) -> Problem:
    return Problem(fault.line or document.line(fault.loc), dotted(fault.loc), typeset(fault.what), typeset(fault.mend))


def _order(problem: Problem) -> tuple[int, str]:
    return problem.line or 0, problem.where  # those of one place stay in the order in which they were found
