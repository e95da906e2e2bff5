"""The list of a fleet's schools: a CSV as people's spreadsheets write it → entries, or everything that is wrong."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from monitor.config.leaks import leaks
from monitor.config.problem import quoted
from monitor.config.spreadsheet import separator_of, text_of, titles
from monitor.config.territories import uai_prefixes
from monitor.config.uai import uai_fault
from monitor.config.wire import url_fault
from monitor.domain.catalog import Level, Territory
from monitor.domain.fleet import School

COLUMNS = ("uai", "name", "url", "territory", "pupils", "agreed")
FAULTS_MOST = 1000  # a column filled wrongly from top to bottom is one mistake: what follows is counted, not listed

_YES, _NO = frozenset({"oui", "true", "1"}), frozenset({"non", "false", "0"})
# What nearly every address of a school looks like, and nothing that `url_fault` would refuse: it takes half the time.
_PLAIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,3}[a-z]{2,20}(?:/[A-Za-z0-9_./~-]{0,200})?")
_LONGEST_NAME = 300
_MOST_PUPILS = 100_000

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list that is sound; `territory` and `stratum` are codes (see `monitor.domain.fleet.School`)."""

    uai: str
    name: str
    url: str
    territory: str
    stratum: str
    pupils: int | None
    agreed: bool


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong in the list: `line` from 1 and `column` where they can be told, French words, French mend."""

    line: int | None
    column: str | None
    what: str
    mend: str


class FleetList:
    """A list that was read: `entries` in its order, `flaws` all at once."""

    def __init__(self, raw: bytes, places: Mapping[str, Territory]) -> None:
        self.entries: list[Entry] = []
        self.flaws: list[Flaw] = []
        self._places = places
        self._prefixes = uai_prefixes()
        self._known = frozenset(self._prefixes)
        self._strata = {home: self._stratum(home) for home in self._prefixes.values()}
        self._uais: dict[str, int] = {}
        self._urls: dict[str, int] = {}
        self._more = 0
        try:
            self._read(text_of(raw))
        except UnicodeDecodeError:
            self._flaw(None, None, "fichier illisible", "enregistrez-le en CSV UTF-8 (ou Windows-1252)")
        except csv.Error:
            self._flaw(None, None, "fichier qui n’est pas un CSV", "enregistrez-le en CSV, une école par ligne")
        if self._more:
            what = f"et {self._more} autres erreurs"
            self.flaws.append(Flaw(None, None, what, "corrigez les premières, elles se ressemblent sans doute"))

    def _read(self, text: str) -> None:
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator_of(text, COLUMNS))
        header = titles(next(reader, []))
        for column in COLUMNS:
            if header.count(column) != 1:
                what = "colonne absente" if column not in header else "colonne écrite deux fois"
                self._flaw(1, column, what, f"première ligne attendue : {','.join(COLUMNS)}")
        if self.flaws:
            return
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                self._take(line, header, cells)
            line = reader.line_num + 1
        if not self.entries and not self.flaws:
            self._flaw(None, None, "liste sans école", "une école par ligne, sous la ligne des titres")

    def _take(self, line: int, header: list[str], cells: list[str]) -> None:
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            what = f"{len(cells)} case{'s' if len(cells) > 1 else ''} au lieu de {len(header)}"
            self._flaw(line, None, what, "mettez entre guillemets une case qui contient le séparateur")
            return
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        row["uai"] = row["uai"].upper()
        wrong = [*self._wrong(row), *self._twice(row, line)]
        for column, what, mend in wrong:
            self._flaw(line, column, what, mend)
        if not wrong:
            self.entries.append(self._entry(row))

    def _wrong(self, row: Row) -> Iterator[tuple[str, str, str]]:
        if fault := uai_fault(row["uai"], self._known):
            yield "uai", fault[0], fault[1].replace("U:", "")
        elif fault := self._territory_fault(row):
            yield "territory", *fault
        if not row["name"] or len(row["name"]) > _LONGEST_NAME or not row["name"].isprintable():
            yield "name", "nom vide, démesuré ou illisible", f"un nom de {_LONGEST_NAME} caractères au plus"
        if fault := _url_fault(row["url"]):
            yield "url", *fault
        if not re.fullmatch(r"[0-9]{0,6}", row["pupils"]) or int(row["pupils"] or 0) > _MOST_PUPILS:
            yield "pupils", f"effectif illisible : {quoted(row['pupils'])}", "un nombre entier, ou rien"
        if row["agreed"].lower() not in _YES | _NO:
            mend = "« oui » seulement si le chef d’établissement a donné son accord, sinon « non »"
            yield "agreed", f"ni oui ni non : {quoted(row['agreed'])}", mend

    def _territory_fault(self, row: Row) -> tuple[str, str] | None:
        """What is wrong with a territory that is given, the UAI being sound: it must hold the school."""
        code, home = row["territory"], self._prefixes[row["uai"][:3]]
        if not code:
            return None
        forms = f"« {home} », son académie, ou rien : le code UAI le dit"
        if code not in self._places:
            return f"territoire inconnu : {quoted(code)}", forms
        return None if code in self._above(home) else (f"territoire d’une autre école : {quoted(code)}", forms)

    def _twice(self, row: Row, line: int) -> Iterator[tuple[str, str, str]]:
        """Codes and addresses already taken: one instance asked under two names would be asked twice as often."""
        for column, key, seen in (
            ("uai", row["uai"], self._uais),
            ("url", row["url"].rstrip("/").lower(), self._urls),
        ):
            if key and seen.setdefault(key, line) != line:
                yield column, f"déjà donné ligne {seen[key]}", "gardez une seule ligne par établissement et par adresse"

    def _entry(self, row: Row) -> Entry:
        home = self._prefixes[row["uai"][:3]]
        return Entry(
            uai=row["uai"],
            name=row["name"],
            url=row["url"].rstrip("/"),
            territory=home,
            stratum=self._strata[home],
            pupils=int(row["pupils"]) if row["pupils"] else None,
            agreed=row["agreed"].lower() in _YES,
        )

    def _stratum(self, home: str) -> str:
        """The académie above a département or a collectivité; itself where it has none."""
        return next((code for code in self._above(home) if self._places[code].level is Level.ACADEMIE), home)

    def _above(self, code: str) -> Iterator[str]:
        """The territory itself and those that hold it, the country left out: it would place nobody."""
        while (parent := self._places[code].parent) is not None:
            yield code
            code = parent

    def _flaw(self, line: int | None, column: str | None, what: str, mend: str) -> None:
        if len(self.flaws) >= FAULTS_MOST:
            self._more += 1
        else:
            self.flaws.append(Flaw(line, column, what, mend))


def written(schools: Iterable[School]) -> str:
    """The list as Vigie keeps it: the same columns, commas, `oui` and `non`, one line a school in the order of UAI."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted(schools, key=lambda one: one.uai):
        pupils = "" if one.pupils is None else one.pupils
        writer.writerow((one.uai, one.name, one.url, one.territory, pupils, "oui" if one.agreed else "non"))
    return out.getvalue()


def _url_fault(url: str) -> tuple[str, str] | None:
    if leak := next(leaks(url), None):
        return leak.what, leak.mend
    if _PLAIN.fullmatch(url):
        return None
    if fault := url_fault(url):
        return fault
    if "?" in url or "#" in url:
        return "adresse avec « ? » ou « # »", "donnez l’adresse de base de l’établissement"
    return None
