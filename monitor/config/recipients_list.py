"""A list of official contacts of schools: a CSV as people's spreadsheets write it → contacts, or all that is wrong.

Addresses are personal: no message repeats one, whoever keeps what the terminal showed.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from monitor.config.os_words import os_reason
from monitor.config.problem import FileInvalid, quoted
from monitor.config.spreadsheet import separator_of, text_of, titles
from monitor.config.territories import uai_prefixes
from monitor.config.uai import uai_fault
from monitor.domain.recipient import LANGUAGES, LONGEST_NAME, Contact, email_of, looks_like_formula, phone_of

COLUMNS = ("uai", "name", "email", "phone")
LANGUAGE = "language"  # the column that a list may lack
FAULTS_MOST = 1000  # a column filled wrongly from top to bottom is one mistake: what follows is counted, not listed
LARGEST_FILE = 20_000_000  # bytes; the 60,000 schools of the country take a third

# Spaces of typography, which spreadsheets leave around and inside a cell. No line ends: whoever writes one into an
# address or a name may want a second line in the header of a message, and is told, not mended.
_SPACES = re.compile(r"[\t \u00a0\u2009\u202f]+")

Fault = tuple[str, str, str]  # column, what is wrong, mend


@dataclass(frozen=True, slots=True)
class ContactList:
    """A list that is sound.

    Attributes:
        contacts: in the order of the file, each school and address once.
        ignored: titles of columns that nothing is made of.
    """

    contacts: tuple[Contact, ...]
    ignored: tuple[str, ...]


def read_contacts(path: Path) -> ContactList:
    """The contacts of a file. Raises FileInvalid with every error of it, by line."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileInvalid(
            str(path), [f"fichier — absent ou illisible ({os_reason(error)}) → corrigez son chemin"]
        ) from error
    reading = _Reading(raw)
    if problems := reading.all_problems():
        raise FileInvalid(str(path), problems)
    return ContactList(tuple(reading.contacts), reading.ignored)


class _Reading:
    """One pass over a file: its contacts, and everything that is wrong with it."""

    def __init__(self, raw: bytes) -> None:
        self.contacts: list[Contact] = []
        self.ignored: tuple[str, ...] = ()
        self._problems: list[str] = []
        self._more = 0
        self._prefixes = frozenset(uai_prefixes())
        self._seen: dict[tuple[str, str], int] = {}
        if fault := _unreadable(raw):
            self._fault("fichier", *fault)
            return
        try:
            self._read(text_of(raw))
        except UnicodeDecodeError:
            self._fault("fichier", "illisible", "enregistrez-le en CSV UTF-8 (ou Windows-1252)")

    def all_problems(self) -> list[str]:
        """Every error, in the order of the lines; beyond `FAULTS_MOST` their number."""
        more = [f"et {self._more} autres erreurs → elles se ressemblent sans doute"] if self._more else []
        return [*self._problems, *more]

    def _read(self, text: str) -> None:
        known = (*COLUMNS, LANGUAGE)
        rows = self._rows(text, separator_of(text, known))
        header = titles(next(rows, (1, []))[1])
        for column in known:
            if header.count(column) > 1:
                self._fault(f"ligne 1 · {column}", "colonne écrite deux fois", "gardez-en une")
            elif column not in header and column != LANGUAGE:
                self._fault(f"ligne 1 · {column}", "colonne absente", f"première ligne attendue : {','.join(COLUMNS)}")
        if self._problems:
            return
        self.ignored = tuple(title for title in header if title and title not in known)
        for line, cells in rows:
            if any(cell.strip() for cell in cells):
                self._take(line, header, cells)
        if not self.contacts and not self._problems:
            self._fault("fichier", "liste sans contact", "un contact par ligne, sous la ligne des titres")

    def _rows(self, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line where it begins; one that cannot be parted ends the reading."""
        # strict: a quote that is never closed would swallow the rest of the file in silence.
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        line = 1
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
        except csv.Error:
            what = "guillemets mal placés ou jamais fermés, ou case démesurée"
            self._fault(f"ligne {line}", what, "enregistrez le fichier en CSV, un contact par ligne")

    def _take(self, line: int, header: list[str], cells: list[str]) -> None:
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            what = f"{len(cells)} case{'s' if len(cells) > 1 else ''} au lieu de {len(header)}"
            self._fault(f"ligne {line}", what, "mettez entre guillemets une case qui contient le séparateur")
            return
        row = {title: _SPACES.sub(" ", cell).strip(" ") for title, cell in zip(header, cells, strict=False)}
        contact = Contact(
            uai=row["uai"].upper(),
            name=unicodedata.normalize("NFC", row["name"]),
            email=email_of(row["email"]) or "",
            phone=phone_of(row["phone"]),
            language=row.get(LANGUAGE, "").lower() or None,
        )
        wrong = [*self._wrong(row, contact), *self._twice(line, contact)]
        for column, what, mend in wrong:
            self._fault(f"ligne {line} · {column}", what, mend)
        if not wrong:
            self.contacts.append(contact)

    def _wrong(self, row: Mapping[str, str], contact: Contact) -> Iterator[Fault]:
        if fault := uai_fault(contact.uai, self._prefixes):
            yield "uai", fault[0], fault[1].replace("U:", "")
        if fault := _name_fault(contact.name):
            yield "name", *fault
        if not contact.email:
            what = "adresse invalide" if row["email"] else "adresse absente"
            yield "email", what, "une seule adresse, par exemple « ce.0590001f@example.org »"
        if row["phone"] and contact.phone is None:
            yield "phone", "numéro invalide", "dix chiffres, « + » et l’indicatif du pays, ou rien"
        if contact.language not in (None, *LANGUAGES):
            yield LANGUAGE, f"langue inconnue : {quoted(contact.language)}", "« fr », « en », ou rien"

    def _twice(self, line: int, contact: Contact) -> Iterator[Fault]:
        first = self._seen.setdefault((contact.uai, contact.email), line)
        if contact.email and first != line:
            mend = "gardez une seule ligne par établissement et par adresse"
            yield "email", f"adresse déjà donnée à cet établissement, ligne {first}", mend

    def _fault(self, where: str, what: str, mend: str) -> None:
        if len(self._problems) < FAULTS_MOST:
            self._problems.append(f"{where} — {what} → {mend}")
        else:
            self._more += 1


def _unreadable(raw: bytes) -> tuple[str, str] | None:
    """What makes bytes unfit to be read as text at all, and the mend; both are what a spreadsheet may have saved."""
    if len(raw) > LARGEST_FILE:
        return f"plus de {LARGEST_FILE // 1_000_000} Mo", "coupez la liste en plusieurs fichiers"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw:
        return "ce n’est pas du texte UTF-8", "enregistrez-le en CSV UTF-8 (ni UTF-16, ni classeur Excel)"
    return None


def _name_fault(name: str) -> tuple[str, str] | None:
    """What is wrong with a name that will stand in letters, on screens and in other people's spreadsheets."""
    if not name:
        return "nom absent", "le nom de l’établissement, ou de la personne"
    if len(name) > LONGEST_NAME:
        return f"nom de {len(name)} caractères", f"{LONGEST_NAME} au plus"
    if not name.isprintable():  # controls, ends of lines, directions, what joins or hides, unassigned
        sign = next(sign for sign in name if not sign.isprintable())
        what = "saut de ligne" if sign in "\r\n" else f"caractère invisible U+{ord(sign):04X}"
        return f"nom avec un {what}", "retirez-le"
    if looks_like_formula(name):
        return "nom qu’un tableur prendrait pour une formule", "retirez le signe qui le commence (= + - @)"
    return None
