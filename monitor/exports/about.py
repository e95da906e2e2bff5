"""What is said of a file beside its rows: of when, how made, under which licence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.record import VERSION
from monitor.exports.cells import in_paris
from monitor.exports.columns import Column
from monitor.exports.days import is_whole
from monitor.exports.tables import TABLES, TITLES, What

LICENCE = "etalab-2.0"  # its id in the list of SPDX
LICENCE_TITLES = {"fr": "Licence Ouverte / Open Licence, version 2.0 (Etalab)", "en": "Open Licence 2.0 (Etalab)"}
LICENCE_URL = "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class About:
    """One file of data, before it is written.

    Attributes:
        choice: what of it was asked for, as people typed it (``{"service": "ent-hdf"}``); empty: everything.
        made_at: when it was made. program: which version of Vigie made it. source: its public address, or None.
        rehearsal: whether none of it ever happened.
        known: until when anything is known: a state without an end lasts at least until then. None: not said.
    """

    what: What
    since: datetime
    until: datetime
    choice: Mapping[str, str]
    made_at: datetime
    program: str
    method: int
    source: str | None = None
    rehearsal: bool = False
    known: datetime | None = None

    @property
    def whole_days(self) -> bool:
        """Whether its period is made of whole days of Paris."""
        return is_whole(self.since, self.until)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns."""
        return TABLES[self.what]

    def title(self, language: str) -> str:
        """``Vigie : observations du 2021-04-06 00:00:00 au 2021-04-07 00:00:00 (heure de Paris)``."""
        since, until = (in_paris(round(one.timestamp() * _US)) for one in (self.since, self.until))
        what = TITLES[self.what][language].lower()
        if language == "fr":
            mark = "RÉPÉTITION, " if self.rehearsal else ""
            return f"{mark}Vigie\u00a0: {what} du {since} au {until} (heure de Paris)"
        mark = "REHEARSAL, " if self.rehearsal else ""
        return f"{mark}Vigie: {what} from {since} to {until} (time of Paris)"


def facts(about: About, language: str) -> list[tuple[str, str]]:
    """What a reader must know, as (title, words): for the sheet of a workbook."""
    fr = language == "fr"
    source = about.source or ("une installation de Vigie" if fr else "an installation of Vigie")
    chosen = ", ".join(f"{key} = {value}" for key, value in about.choice.items()) or ("tout" if fr else "everything")
    said = [
        ("Contenu" if fr else "Content", about.title(language)),
        ("Choix" if fr else "Choice", chosen),
        ("Source", source),
        ("Licence", f"{LICENCE_TITLES[language]}, {LICENCE_URL}"),
        ("Méthode" if fr else "Method", f"version {about.method}, docs/method.md"),
        ("Colonnes" if fr else "Columns", f"version {VERSION}, docs/exports.md"),
        ("Fait le" if fr else "Made on", f"{in_paris(round(about.made_at.timestamp() * _US))}, Vigie {about.program}"),
        ("Heures" if fr else "Hours", "de Paris" if fr else "of Paris"),
        ("Définition" if fr else "Definition", DEFINITIONS[about.what][language]),
    ]
    if about.known is not None and about.known < about.until:
        until = in_paris(round(about.known.timestamp() * _US))
        said.insert(2, ("Connu jusqu’au" if fr else "Known until", until))
    if about.rehearsal:
        warning = "RÉPÉTITION\u00a0: rien de ceci n’a eu lieu" if fr else "REHEARSAL: nothing of this ever happened"
        said.insert(0, ("Attention", warning))
    return said


DEFINITIONS: Mapping[What, Mapping[str, str]] = {
    What.OBSERVATIONS: {
        "fr": "Une ligne par question posée\u00a0: ce qui a été vu, sans confirmation ni interprétation.",
        "en": "One row a question that was asked: what was seen, neither confirmed nor interpreted.",
    },
    What.SPANS: {
        "fr": "Une ligne par état tenu pour vrai, d’un service ou d’une sonde, corrections comprises.",
        "en": "One row a state that was held to be true, of a service or a probe, corrections included.",
    },
    What.INCIDENTS: {
        "fr": "Une ligne par incident ouvert à un moment de la période. Un regroupement n’est pas une explication.",
        "en": "One row an incident that was open at some moment of the period. A grouping is not an explanation.",
    },
    What.AVAILABILITY: {
        "fr": "Part du temps compté pendant laquelle les usagers pouvaient travailler (tout répond, ou répond "
        "lentement). Indisponible\u00a0: file d’attente, panne, accès restreint, maintenance non déclarée à l’avance. "
        "Exclu\u00a0: ce qui n’est pas connu, et les fenêtres déclarées. Couverture\u00a0: part du temps demandé qui "
        "est comptée.",
        "en": "Share of the counted time during which users could work (all answers, or answers slowly). Unavailable: "
        "waiting room, outage, restricted access, maintenance that was not declared beforehand. Excluded: what is not "
        "known, and declared windows. Coverage: share of the time asked about that is counted.",
    },
}
