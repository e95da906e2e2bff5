"""`/donnees`: what can be downloaded, under which licence, what is in it, how to cite and how to verify it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.concurrency import run_in_threadpool

from dashboard import dates
from dashboard.components.declared import seen
from dashboard.dumps import Column, Dump, Dumps
from dashboard.numerals import decimals, grouped
from dashboard.public.press import Sheet, Visit
from dashboard.tongue import N_, _, ngettext
from monitor.domain.method import METHOD
from monitor.settings import Settings

NB = dates.NB
PERIODS_SHOWN = 31  # of each kind; index.json has them all
WHATS: Mapping[str, tuple[str, str]] = {
    "observations": (
        N_("Observations"),
        N_("Une ligne par question posée\u00a0: ce qui a été vu, sans interprétation."),
    ),
    "spans": (N_("États"), N_("Une ligne par état tenu pour vrai, d’un service ou d’une sonde.")),
    "incidents": (N_("Incidents"), N_("Une ligne par incident. Un regroupement n’est pas une explication.")),
    "availability": (
        N_("Disponibilité"),
        N_("La part du temps compté pendant laquelle les usagers pouvaient travailler."),
    ),
    "services": (N_("Services"), N_("Les services suivis.")),
    "territories": (N_("Territoires"), N_("Les territoires et leurs services.")),
}
TYPES: Mapping[str, str] = {
    "string": N_("texte"),
    "integer": N_("nombre entier"),
    "number": N_("nombre"),
    "boolean": N_("vrai ou faux"),
    "datetime": N_("instant, UTC"),
    "date": N_("jour"),
    "array": N_("liste"),
}
UNITS: Mapping[str, str] = {"1": N_("part de 0 à 1"), "byte": N_("octet")}
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
    return Sheet("donnees.html", _("Données ouvertes · Vigie"), values)


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
    named = WHATS.get(what)
    title, about = (_(named[0]), _(named[1])) if named else (seen(what, 40), "")
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
        rows="" if one.rows is None else _rows(one.rows),
        sha256=one.sha256,
        proof=None if proof is None else f"/donnees/fichiers/{proof}",
    )


def _rows(count: int) -> str:
    return ngettext("{count}\u00a0ligne", "{count}\u00a0lignes", count).format(count=grouped(count))


def _column(one: Column) -> tuple[str, str, str, str]:
    kind = _(TYPES[one.kind]) if one.kind in TYPES else one.kind
    unit = _(UNITS[one.unit]) if one.unit in UNITS else one.unit
    return one.name, one.title, f"{kind}, {unit}" if unit else kind, one.says


def size_words(count: int) -> str:
    """``12,3 Mo``: decimal multiples."""
    for size, word in ((10**9, _("Go")), (10**6, _("Mo")), (10**3, _("ko"))):
        if count >= size:
            return f"{decimals(count / size, 1)}{NB}{word}"
    return ngettext("{count}\u00a0octet", "{count}\u00a0octets", count).format(count=count)


def period_words(since: str, until: str) -> str:
    """``Mardi 24 novembre 2026``, or from when to when, the last day included; else as it is written."""
    try:
        first, end = (_day(text) for text in (since, until))
    except ValueError:
        return f"{seen(since, 40)} – {seen(until, 40)}"
    last = date.fromordinal(end.toordinal() - 1)
    if last <= first:
        return dates.capital(_long(first))
    return _("Du {first} au {last}").format(first=_long(first), last=_long(last))


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
    return dates.day_and_clock(at, year=True) if at.tzinfo else ""
