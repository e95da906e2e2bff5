"""The table of networks, a CSV that the operator of Vigie keeps: `prefix,name`, IPv4 and IPv6."""

import csv
from collections.abc import Iterator
from io import StringIO
from ipaddress import ip_network
from pathlib import Path

from monitor.config.problem import FileInvalid, quoted
from monitor.domain.networks import NOWHERE, Networks, Prefix

COLUMNS = ("prefix", "name")
LARGEST = 8 << 20  # bytes: some 200,000 prefixes, read in about 5 s with a peak of 175 MiB
FAULTS_MOST = 1000  # a column filled wrongly from top to bottom is one mistake: what follows is counted, not listed
LONGEST_NAME = 64

_SEPARATORS = (",", ";", "\t")


class NetworksInvalid(FileInvalid):
    """A table of networks cannot be read."""


def load_networks(path: Path | None) -> Networks:
    """The table of a file, empty where none is named. Raises NetworksInvalid with every error at once, OSError."""
    if path is None:
        return NOWHERE
    if path.stat().st_size > LARGEST:
        mend = "gardez les préfixes des réseaux qui vous intéressent"
        raise NetworksInvalid(str(path), [f"fichier — plus de {LARGEST} octets → {mend}"])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = "fichier — octets qui ne sont pas de l’UTF-8 → enregistrez-le en CSV UTF-8"
        raise NetworksInvalid(str(path), [wrong]) from error
    return read_networks(text, str(path))


def read_networks(text: str, name: str) -> Networks:
    """The table of a text; `name` is what messages call it. Raises NetworksInvalid with every error at once."""
    reading = _Reading()
    try:
        reading.read(text)
    except csv.Error:
        reading.problems.append("fichier — ce n’est pas un CSV → enregistrez-le en CSV, un préfixe par ligne")
    if not reading.problems and not reading.named:
        reading.problems.append("fichier — aucun préfixe → un préfixe par ligne, sous la ligne « prefix,name »")
    if reading.more:
        reading.problems.append(f"et {reading.more} autres erreurs → elles se ressemblent sans doute")
    if reading.problems:
        raise NetworksInvalid(name, reading.problems)
    return Networks(reading.named.items())


class _Reading:
    """What has been read so far: names by prefix, and every error."""

    def __init__(self) -> None:
        self.named: dict[Prefix, str] = {}
        self.problems: list[str] = []
        self.more = 0
        self._lines: dict[Prefix, int] = {}
        self._names: dict[str, str] = {}

    def read(self, text: str) -> None:
        first = text.partition("\n")[0]
        separator = max(_SEPARATORS, key=first.count)
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
        if tuple(cell.strip().lower() for cell in next(reader, [])) != COLUMNS:
            self.problems.append("ligne 1 — titres inattendus → première ligne attendue : prefix,name")
            return
        for cells in reader:
            if any(cell.strip() for cell in cells):
                for fault in self._take(reader.line_num, [cell.strip() for cell in cells]):
                    self._fault(f"ligne {reader.line_num} — {fault}")

    def _take(self, line: int, cells: list[str]) -> Iterator[str]:
        """Keep a line; what is wrong with it, if anything, and then nothing is kept."""
        if len(cells) != len(COLUMNS):
            yield f"{len(cells)} case(s) au lieu de 2 → mettez entre guillemets un nom qui contient le séparateur"
            return
        written, name = cells
        prefix = _prefix(written)
        if isinstance(prefix, str):
            yield prefix
        elif self._lines.setdefault(prefix, line) != line:
            yield f"préfixe déjà donné ligne {self._lines[prefix]} : {quoted(written)} → gardez une seule ligne"
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            yield f"nom vide, démesuré ou illisible → un nom de {LONGEST_NAME} caractères au plus, visibles"
        elif not isinstance(prefix, str):
            self.named[prefix] = self._names.setdefault(name, name)

    def _fault(self, problem: str) -> None:
        if len(self.problems) < FAULTS_MOST:
            self.problems.append(problem)
        else:
            self.more += 1


def _prefix(written: str) -> Prefix | str:
    """The prefix that is written, or what is wrong with it."""
    try:
        return ip_network(written)
    except ValueError:
        pass
    try:
        meant = ip_network(written, strict=False)
    except ValueError:
        return f"préfixe illisible : {quoted(written)} → une notation comme 192.0.2.0/24 ou 2001:db8::/32"
    return f"préfixe qui dépasse son masque : {quoted(written)} → écrivez {meant}, ou corrigez la longueur"
