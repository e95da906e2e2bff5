"""The ministry's data set `fr-en-annuaire-education`, as published → its records, one at a time.

Shapes read, in UTF-8 or Windows-1252: the CSV export (`;`, `,` or tabs; titles of the API or the older French ones),
the JSON export (a list, or one object a line; the older one keeps its values below `fields`).
"""

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from monitor.config.directory_table import DirectoryInvalid
from monitor.domain.spelling import plain

SOURCE = "fr-en-annuaire-education"
NEEDED = (
    *("identifiant_de_l_etablissement", "nom_etablissement", "type_etablissement", "statut_public_prive"),
    *("code_departement", "nom_commune", "nombre_d_eleves"),
)
ALSO = ("etat", "date_maj_ligne")

Record = Mapping[str, str]

_WANTED = frozenset((*NEEDED, *ALSO))
_EXPORT = f"donnez l’export CSV ou JSON, entier, du jeu {SOURCE}"
CUT = "téléchargez-le de nouveau"
_SEPARATORS = (";", ",", "\t")
_BETWEEN = re.compile(r"[\s,\[\]]*")
_CHUNK = 1 << 18
_LONGEST_RECORD = 1 << 20  # characters: a record of the data set has about 3,000, a page of a hundred 300,000


class Records:
    """The records of a file, in its order: (number, key of the API → text without margins), None for half of one.

    Iterating raises DirectoryInvalid where the file is no such export, and OSError. `unit` says what numbers count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoding = _encoding(path)
        with self._open() as file:
            self._json = file.read(4096).lstrip()[:1] in {"[", "{"}
        self.unit = "enregistrement" if self._json else "ligne"

    def __iter__(self) -> Iterator[tuple[int, Record | None]]:
        """Each record once."""
        with self._open() as file:
            yield from self._objects(file) if self._json else self._lines(file)

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def _refuse(self, place: str, what: str, mend: str) -> DirectoryInvalid:
        return DirectoryInvalid(str(self._path), [f"{place} — {what} → {mend}"])

    def _lines(self, file: TextIO) -> Iterator[tuple[int, Record | None]]:
        first = file.readline()
        separator = max(_SEPARATORS, key=lambda one: len(_WANTED & set(_titles(first, one))))
        titles = _titles(first, separator)
        if missing := [name for name in NEEDED if name not in titles]:
            what = f"colonnes absentes : {', '.join(missing)}" if len(missing) < len(NEEDED) else "autre chose"
            raise self._refuse("ligne 1", what, _EXPORT)
        columns = [(name, titles.index(name)) for name in (*NEEDED, *ALSO) if name in titles]
        reader = csv.reader(file, delimiter=separator)
        line = 2
        try:
            for cells in reader:
                if cells:
                    whole = len(cells) == len(titles)
                    yield line, {name: cells[at].strip() for name, at in columns} if whole else None
                line = reader.line_num + 2
        except csv.Error:
            raise self._refuse(f"ligne {line}", "CSV illisible", CUT) from None

    def _objects(self, file: TextIO) -> Iterator[tuple[int, Record | None]]:
        number, text, first, last = 0, "", "", ""
        while chunk := file.read(_CHUNK):
            first, last = first or chunk.lstrip()[:1], chunk.rstrip()[-1:] or last
            found, text = _whole(text + chunk)
            for value in found:
                for record in self._records(value):
                    number += 1
                    yield number, _picked(record)
            if len(text) > _LONGEST_RECORD:
                break
        if text or (first == "[" and last != "]"):
            raise self._refuse(f"enregistrement {number + 1}", "JSON illisible ou coupé", CUT)

    def _records(self, value: object) -> list[Any]:
        """A record, or those of a page of the API, which must then be the only one."""
        if not isinstance(value, dict):
            return [None]
        page: list[Any] | None = next(
            (value[key] for key in ("results", "records") if isinstance(value.get(key), list)), None
        )
        if page is None:
            return [value]
        total = value.get("total_count", value.get("nhits"))
        if isinstance(total, int) and total > len(page):
            raise self._refuse("fichier", f"une page de {len(page)} enregistrements sur {total}", _EXPORT)
        return page


def _encoding(path: Path) -> str:
    """UTF-8 with or without its mark, else what a French spreadsheet writes. Raises DirectoryInvalid, OSError."""
    for encoding in ("utf-8-sig", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    raise DirectoryInvalid(str(path), [f"fichier — octets qui ne sont pas du texte → {_EXPORT}"])


def _whole(text: str) -> tuple[list[object], str]:
    """The objects that are whole at the start of a text, and what is left of it."""
    decoder, found, at = json.JSONDecoder(), list[object](), 0
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found, text[at:]
        found.append(value)


def _picked(record: object) -> Record | None:
    if isinstance(record, dict) and isinstance(record.get("fields"), dict):
        record = record["fields"]
    if not isinstance(record, dict):
        return None
    return {name: _text(value) for key, value in record.items() if (name := _name(key)) in _WANTED}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def _titles(line: str, separator: str) -> list[str]:
    return [_name(title) for title in next(csv.reader([line], delimiter=separator), [])]


@lru_cache(maxsize=1024)
def _name(title: str) -> str:
    """One name for ``Identifiant_de_l_etablissement``, ``Type établissement`` and the keys of the API."""
    return plain(title).replace(" ", "_")
