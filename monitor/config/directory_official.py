"""From the records of `fr-en-annuaire-education` to the directory that Vigie keeps; what was left out is said."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from monitor.config.directory_records import CUT, SOURCE, Record, Records
from monitor.config.directory_table import DirectoryInvalid
from monitor.config.problem import quoted, typeset
from monitor.config.territories import official_departements
from monitor.config.uai import uai_fault
from monitor.domain.catalog import Audience
from monitor.domain.directory import Directory, Listed
from monitor.domain.spelling import plain

FAULTS_MOST = 1000  # a column filled wrongly from top to bottom is one mistake: what follows is counted, not listed
LARGEST = 1 << 30  # bytes: the CSV export has about 50 MB, the JSON one 200

_LEVELS = {
    "ecole": Audience.ECOLE,
    "college": Audience.COLLEGE,
    "lycee": Audience.LYCEE,
    "erea": Audience.LYCEE,  # run by the région, as lycées are
}
_NO_SCHOOL = frozenset({"service administratif", "information et orientation", "medico social", "autre", ""})
_OPEN = frozenset({"ouvert", "a fermer", ""})  # "à fermer": still open this year
_SECTORS = {"public": False, "prive": True}
_MOST_PUPILS = 100_000
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Official:
    """The schools of an official file, the last day one of its lines was brought up to date, and French remarks."""

    directory: Directory
    as_of: date | None
    remarks: tuple[str, ...]


def read_official(path: Path) -> Official:
    """The open schools of an official file, each once. Raises DirectoryInvalid with every error at once, OSError."""
    if path.stat().st_size > LARGEST:
        raise DirectoryInvalid(str(path), [f"fichier — plus de {LARGEST} octets → donnez le jeu {SOURCE}"])
    records, reading = Records(path), _Reading()
    for number, record in records:
        reading.take(f"{records.unit} {number}", record)
    problems = reading.all_problems()
    if not reading.schools and not problems:
        problems.append(f"fichier — aucune école ouverte → donnez l’export entier du jeu {SOURCE}")
    if problems:
        raise DirectoryInvalid(str(path), problems)
    return Official(Directory(reading.schools.values()), reading.as_of, tuple(map(typeset, reading.remarks())))


class _Reading:
    """What has been read so far; only what would be kept is checked."""

    def __init__(self) -> None:
        self.schools: dict[str, Listed] = {}
        self.as_of: date | None = None
        self._places = official_departements()
        self._problems: list[str] = []
        self._more = 0
        self._strangers: dict[str, list[str]] = {}
        self._counts: Counter[str] = Counter()
        self._types: Counter[str] = Counter()

    def take(self, place: str, record: Record | None) -> None:
        if record is None:
            self._fault(place, "enregistrement incomplet ou coupé", CUT)
            return
        if day := _day(record.get("date_maj_ligne", "")):
            self.as_of = max(day, self.as_of or day)
        if _plain(record.get("etat", "")) not in _OPEN:
            self._counts["closed"] += 1
            return
        kind = _plain(record.get("type_etablissement", ""))
        if kind in _NO_SCHOOL:
            self._counts["no_school"] += 1
        elif kind not in _LEVELS:
            self._types[record.get("type_etablissement", "")] += 1
        elif (school := self._school(place, record, _LEVELS[kind])) is not None:
            self._keep(school)

    def _school(self, place: str, record: Record, level: Audience) -> Listed | None:
        """The school of a record; None, and its faults noted, where it has some."""
        uai, faults = record.get("identifiant_de_l_etablissement", "").upper(), 0
        # The first digits may be those of another place (Saint-Martin's schools begin with 971): the column tells.
        if fault := uai_fault(uai, frozenset({uai[:3]})):
            faults += self._fault(place, fault[0], fault[1].replace("U:", ""))
        number = record.get("nombre_d_eleves", "")
        if not (read := re.fullmatch(r"(?:([0-9]{1,6})(?:[.,]0+)?)?", number)) or int(read[1] or 0) > _MOST_PUPILS:
            faults += self._fault(place, f"nombre_d_eleves illisible : {quoted(number)}", "un nombre entier, ou rien")
        name, town = (_shown(record.get(key, "")) for key in ("nom_etablissement", "nom_commune"))
        code = record.get("code_departement", "").upper()
        if code not in self._places:
            self._strangers.setdefault(code, []).append(place)
            return None
        if faults or read is None:
            return None
        private = _SECTORS.get(_plain(record.get("statut_public_prive", "")))
        name = name or f"{record['type_etablissement']} sans nom"
        pupils = int(read[1]) if read[1] else None
        return Listed(uai, name, town, self._places[code], level, private, pupils)

    def _keep(self, school: Listed) -> None:
        """One school a code: a school on several sites has a line for each, which may repeat the whole number."""
        first = self.schools.setdefault(school.uai, school)
        if first is not school:
            self._counts["double"] += 1
            numbers = [one.pupils for one in (first, school) if one.pupils is not None]
            self.schools[school.uai] = replace(first, pupils=max(numbers, default=None))

    def _fault(self, place: str, what: str, mend: str) -> bool:
        if len(self._problems) < FAULTS_MOST:
            self._problems.append(f"{place} — {what} → {mend}")
        else:
            self._more += 1
        return True

    def all_problems(self) -> list[str]:
        """Every error; a code that no département has is one, however many lines bear it."""
        forms = "trois signes comme « 059 », « 02A », « 971 », ou les nôtres : « 59 », « 2A »"
        strangers = [
            f"{places[0]} — code_departement inconnu : {quoted(code)}, lignes : {len(places)} → {forms}"
            for code, places in self._strangers.items()
        ]
        more = [f"et {self._more} autres erreurs → elles se ressemblent sans doute"] if self._more else []
        return [*self._problems, *strangers, *more]

    def remarks(self) -> list[str]:
        """What was left out, merged, or is not known."""
        schools, counts = self.schools.values(), self._counts
        said = [
            (counts["closed"], "Établissements fermés ou pas encore ouverts, laissés de côté"),
            (counts["no_school"], "Lignes qui ne sont pas d’une école (administration, orientation, médico-social)"),
            (counts["double"], "Lignes de plus pour un code UAI déjà lu, où seul le plus grand effectif compte"),
            (sum(one.pupils is None for one in schools), "Écoles sans effectif publié, qui ne pèsent rien"),
            (sum(one.private is None for one in schools), "Écoles sans statut publié, comptées avec le public"),
            *((n, f"Lignes d’un type inconnu, {quoted(kind)}, laissées de côté") for kind, n in self._types.items()),
        ]
        return [f"{words} : {number}." for number, words in said if number]


def _shown(text: str) -> str:
    """A name on one line, of signs that can be printed, not beyond measure."""
    line = " ".join(text.split())[:_LONGEST_NAME]
    return line if line.isprintable() else "".join(sign for sign in line if sign.isprintable())


def _day(text: str) -> date | None:
    """``2026-11-20`` (with or without an hour) or ``20/11/2026``; None for anything else."""
    if found := re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        year, month, day = map(int, found.groups())
    elif found := re.match(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


_plain = lru_cache(maxsize=1024)(plain)
