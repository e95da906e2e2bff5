"""From a CSV file (or a packaged name) to a scenario; every error at once, with its line and its mend, in French."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from io import StringIO
from pathlib import Path

from monitor.rehearsal.steps import OUR_LINE, PARIS, PLAYED, Mode, Scenario, Step

# Name → the days that it plays out of the packaged file, None for all of them.
PACKAGED: Mapping[str, date | None] = {
    "2021-04-06": date(2021, 4, 6),
    "2021-04-07": date(2021, 4, 7),
    "2021-04-08": date(2021, 4, 8),
    "2021-04-09": date(2021, 4, 9),
    "2021-04-26": date(2021, 4, 26),
    "2021-04": None,
}
PACKAGED_NOTE = "reconstitution d’après la presse"
NEEDED = ("date", "start_local", "end_local", "service_id", "failure_mode")
_SERVICE_ID = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_UNDECLARED = re.compile(r"(-|inconnu.*|contest.*|plusieurs)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of a scenario file: its line (None: the whole file), what is wrong, what would be right (French)."""

    line: int | None
    what: str
    mend: str

    def __str__(self) -> str:
        where = "" if self.line is None else f"ligne {self.line}\u00a0: "
        return f"{where}{self.what} — {self.mend}"


class ScenarioInvalid(ValueError):  # noqa: N818 - the word that the command line and its documentation use
    """A scenario that cannot be played; `faults` holds every reason at once."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        self.name = name
        self.faults = faults
        super().__init__("\n".join([f"Scénario «\u00a0{name}\u00a0»\u00a0:", *(f"  {fault}" for fault in faults)]))


def load_scenario(name_or_path: str) -> Scenario:
    """The packaged scenario of that name, else the CSV file at that path. Raises ScenarioInvalid with every error."""
    name, text, day = _source(name_or_path)
    note = PACKAGED_NOTE if name_or_path in PACKAGED else None
    faults: list[Fault] = []
    steps = tuple(step for step in _steps(text, faults) if day is None or step.start.astimezone(PARIS).date() == day)
    if not steps and not faults:
        faults.append(Fault(None, "aucune étape", "écrire au moins une ligne sous l’en-tête"))
    if faults:
        raise ScenarioInvalid(name, tuple(faults))
    days = sorted({step.start.astimezone(PARIS).date() for step in steps})
    opens, closes = (datetime.combine(day, hour, PARIS) for day, hour in zip((days[0], days[-1]), PLAYED, strict=True))
    return Scenario(name, steps, opens.astimezone(UTC), closes.astimezone(UTC), note)


def declared(words: str | None) -> str | None:
    """`words` without its blanks, None where they declare nothing (empty, `-`, `inconnu`, `contesté…`, `plusieurs`)."""
    stripped = (words or "").strip()
    return None if _UNDECLARED.fullmatch(stripped) else stripped


def _source(name_or_path: str) -> tuple[str, str, date | None]:
    if name_or_path in PACKAGED:
        text = resources.files("monitor.rehearsal").joinpath("data/2021-04.csv").read_text(encoding="utf-8")
        return name_or_path, text, PACKAGED[name_or_path]
    path = Path(name_or_path)
    try:
        return path.stem, path.read_text(encoding="utf-8-sig"), None
    except UnicodeDecodeError:
        fault = Fault(None, "le fichier n’est pas en UTF-8", "l’enregistrer en CSV UTF-8")
    except OSError as error:
        known = ", ".join(PACKAGED)
        reason = "" if isinstance(error, FileNotFoundError) else f" ({error.strerror})"
        what = f"ni scénario fourni, ni fichier lisible{reason}"
        fault = Fault(None, what, f"choisir parmi {known}, ou donner le chemin d’un CSV")
    raise ScenarioInvalid(name_or_path, (fault,))


def _steps(text: str, faults: list[Fault]) -> Iterator[Step]:
    rows = csv.DictReader(StringIO(text, newline=""))
    missing = [column for column in NEEDED if column not in (rows.fieldnames or ())]
    if missing:
        semicolons = (
            " (séparer par des virgules, non par des points-virgules)" if ";" in text.partition("\n")[0] else ""
        )
        mend = f"la première ligne doit nommer {', '.join(NEEDED)}{semicolons}"
        faults.append(Fault(1, f"colonne absente\u00a0: {', '.join(missing)}", mend))
        return
    for row in rows:
        step = _Row(row, rows.line_num, faults).step()
        if step is not None:
            yield step


class _Row:
    """One line being read; what is wrong with it goes to `faults`."""

    def __init__(self, row: Mapping[str | None, str | list[str] | None], line: int, faults: list[Fault]) -> None:
        self._cells = {
            name: (value or "").strip() for name, value in row.items() if name and not isinstance(value, list)
        }
        self._line = line
        self._faults = faults
        self._well = True
        if None in row:
            self._fault(
                "plus de cases que de colonnes", "mettre entre guillemets les textes qui contiennent une virgule"
            )

    def step(self) -> Step | None:
        """The step of this line, None where a fault was found."""
        mode, service = self._mode(), self._service()
        start, end = self._instant("start_local"), self._instant("end_local")
        if start is not None and end is not None and end <= start:
            self._fault("la fin n’est pas après le début", "écrire end_local après start_local (24:00 pour minuit)")
        if not self._well or mode is None or start is None or end is None:
            return None
        cell = self._cells.get
        hoster = declared(cell("hoster_2021"))
        label = cell("service_label") or service
        return Step(service, label, cell("territory", ""), cell("operator", ""), hoster, mode, start, end, self._line)

    def _fault(self, what: str, mend: str) -> None:
        self._well = False
        self._faults.append(Fault(self._line, what, mend))

    def _mode(self) -> Mode | None:
        word = self._cells.get("failure_mode", "")
        try:
            return Mode(word)
        except ValueError:
            self._fault(f"failure_mode «\u00a0{word[:40]}\u00a0» inconnu", f"un de\u00a0: {', '.join(Mode)}")
            return None

    def _service(self) -> str:
        service = self._cells.get("service_id", "")
        if service != OUR_LINE and not _SERVICE_ID.fullmatch(service):
            mend = "un identifiant en minuscules, chiffres et tirets, ou * pour notre propre ligne"
            self._fault(f"service_id «\u00a0{service[:40]}\u00a0» n’est pas un identifiant", mend)
        return service

    def _instant(self, column: str) -> datetime | None:
        day, hour = self._cells.get("date", ""), self._cells.get(column, "")
        try:
            midnight = datetime.combine(date.fromisoformat(day), time())
        except ValueError:
            if column == "start_local":  # said once a line
                self._fault(f"date «\u00a0{day[:40]}\u00a0» illisible", "écrire AAAA-MM-JJ")
            return None
        match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)|24:00", hour)
        if match is None:
            self._fault(f"{column} «\u00a0{hour[:40]}\u00a0» n’est pas une heure", "écrire HH:MM, heure de Paris")
            return None
        minutes = 24 * 60 if match[1] is None else int(match[1]) * 60 + int(match[2])
        return (midnight + timedelta(minutes=minutes)).replace(tzinfo=PARIS).astimezone(UTC)
