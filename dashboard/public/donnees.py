"""`/donnees`: what can be downloaded, under which licence, what is in it, how to cite and how to verify it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.concurrency import run_in_threadpool

from dashboard import dates
from dashboard.components.declared import seen
from dashboard.dumps import Column, Dump, Dumps
from dashboard.public.press import Sheet, Visit
from dashboard.public.sealed import grouped
from monitor.domain.method import METHOD
from monitor.settings import Settings

NB = dates.NB
PERIODS_SHOWN = 31  # of each kind; index.json has them all
WHATS: Mapping[str, tuple[str, str]] = {
    "observations": ("Observations", "Une ligne par question posée\u00a0: ce qui a été vu, sans interprétation."),
    "spans": ("États", "Une ligne par état tenu pour vrai, d’un service ou d’une sonde."),
    "incidents": ("Incidents", "Une ligne par incident. Un regroupement n’est pas une explication."),
    "availability": ("Disponibilité", "La part du temps compté pendant laquelle les usagers pouvaient travailler."),
    "services": ("Services", "Les services suivis."),
    "territories": ("Territoires", "Les territoires et leurs services."),
}
TYPES: Mapping[str, str] = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "datetime": "instant, UTC",
    "date": "jour",
    "array": "liste",
}
UNITS: Mapping[str, str] = {"1": "part de 0 à 1", "byte": "octet"}
LICENCE = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"


@dataclass(frozen=True, slots=True)
class FileView:
    """One file: its address, what a link says, what it holds, and the address of its proof."""

    url: str
    words: str
    rows: str
    sha256: str
    proof: str | None


@dataclass(frozen=True, slots=True)
class KindView:
    """One kind of file: its files by period, the newest first, and what its columns are (name, title, type, about)."""

    title: str
    about: str
    periods: list[tuple[str, list[FileView]]]
    more: int
    columns: list[tuple[str, str, str, str]]


async def page(visit: Visit, _key: str) -> Sheet | None:
    """The page; without files it says so, and leads to the programming interface."""
    dumps = visit.data.open.dumps
    listed = await run_in_threadpool(dumps.listed)
    kinds = await run_in_threadpool(_kinds, dumps) if listed else []
    values = {
        "kinds": kinds,
        "made": _made(listed.made_at) if listed else "",
        "licence": (LICENCE, LICENCE_URL),
        "method": METHOD,
        "server": (Settings().public_url or "").rstrip("/"),
        "today": dates.long_day(visit.now),
        "stale": False,
    }
    return Sheet("donnees.html", "Données ouvertes · Vigie", values)


def _kinds(dumps: Dumps) -> list[KindView]:
    listed = dumps.listed()
    if listed is None:
        return []
    by_what: dict[str, list[Dump]] = {}
    for one in listed.files:
        by_what.setdefault(one.what, []).append(one)
    order = [*(what for what in WHATS if what in by_what), *sorted(set(by_what) - set(WHATS))]
    return [_kind(what, by_what[what], listed.columns.get(what, ()), dumps) for what in order]


def _kind(what: str, files: Iterable[Dump], columns: Iterable[Column], dumps: Dumps) -> KindView:
    by_period: dict[tuple[str, str], list[Dump]] = {}
    for one in files:
        by_period.setdefault((one.since, one.until), []).append(one)
    shown = list(by_period.items())[:PERIODS_SHOWN]
    title, about = WHATS.get(what, (seen(what, 40), ""))
    return KindView(
        title=title,
        about=about,
        periods=[(period_words(*key), _files(found, dumps)) for key, found in shown],
        more=len(by_period) - len(shown),
        columns=[_column(one) for one in columns],
    )


def _files(found: Iterable[Dump], dumps: Dumps) -> list[FileView]:
    return [_file(one, dumps) for one in sorted(found, key=lambda one: (one.format, one.name))]


def _file(one: Dump, dumps: Dumps) -> FileView:
    proof = dumps.proof_of(one.name)
    return FileView(
        url=f"/donnees/fichiers/{one.name}?sha256={one.sha256}",
        words=f"{seen(one.format, 20).upper()}, {size_words(one.size)}",
        rows="" if one.rows is None else f"{grouped(one.rows)}{NB}ligne{'s' if one.rows > 1 else ''}",
        sha256=one.sha256,
        proof=None if proof is None else f"/donnees/fichiers/{proof}",
    )


def _column(one: Column) -> tuple[str, str, str, str]:
    kind = TYPES.get(one.kind, one.kind)
    unit = UNITS.get(one.unit, one.unit)
    return one.name, one.title, f"{kind}, {unit}" if unit else kind, one.says


def size_words(count: int) -> str:
    """``12,3 Mo``: decimal multiples."""
    for size, word in ((10**9, "Go"), (10**6, "Mo"), (10**3, "ko")):
        if count >= size:
            return f"{count / size:.1f}{NB}{word}".replace(".", ",")
    return f"{count}{NB}octet{'s' if count > 1 else ''}"


def period_words(since: str, until: str) -> str:
    """``Mardi 24 novembre 2026``, or from when to when, the last day included; else as it is written."""
    try:
        first, end = (_day(text) for text in (since, until))
    except ValueError:
        return f"{seen(since, 40)} – {seen(until, 40)}"
    last = date.fromordinal(end.toordinal() - 1)
    if last <= first:
        return dates.capital(_long(first))
    return f"Du {_long(first)} au {_long(last)}"


def _day(text: str) -> date:
    """A day, or the day of Paris in which an instant lies."""
    if len(text) == len("2026-11-24"):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(dates.PARIS).date()


def _long(day: date) -> str:
    return dates.long_day(datetime(day.year, day.month, day.day, 12, tzinfo=dates.PARIS))


def _made(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{dates.long_day(at)} à {dates.clock(at)}" if at.tzinfo else ""
