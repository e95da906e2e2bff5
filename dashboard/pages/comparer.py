"""`/carte/comparer`: services that share an operator, a platform, a hoster… against those that do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from dashboard.carte_address import address
from dashboard.components.groups import BY, headline
from dashboard.pages import comparer_group as group
from dashboard.pages import comparer_parts as parts
from dashboard.pages.controls import choice, day, form, words
from dashboard.pages.spell import FIRST, FREE, PERIODS, Spell, begins, moment_of, spell_of
from dashboard.pages.view import Asking, Unanswerable, View
from dashboard.wording import HOURS, KINDS
from monitor.domain.catalog import ServiceKind
from monitor.domain.uptime import Hours
from monitor.reports.at_once import moments, worst_moment
from monitor.reports.availability import histories_of, known_until
from monitor.reports.groups import Groups, Ledger, Line, Wish, groups_of
from monitor.reports.played import as_played
from monitor.reports.sharing import Shared, bonds_seen, public
from monitor.reports.sources import reader_of
from monitor.settings import Settings

NAME = "comparer"
_HOURS: Mapping[str, Hours] = {"toutes": Hours.ALL, "scolaires": Hours.SCHOOL}
_ALL_KINDS = "tous"


@dataclass(frozen=True, slots=True)
class _Question:
    """What an address asks, each word known and in bounds."""

    by: Shared
    spell: Spell
    hours: str
    kind: ServiceKind | None
    group: str | None

    def words(self, **other: str) -> dict[str, str]:
        """The words of the address, some of them changed."""
        spell = self.spell
        free = {"de": spell.first.isoformat(), "a": spell.last.isoformat()} if spell.chosen == FREE else {}
        kind = {} if self.kind is None else {"genre": self.kind.value}
        hours = {} if self.hours == "toutes" else {"heures": self.hours}
        return {"par": BY[self.by].word, "periode": spell.chosen, **free, **hours, **kind, **other}


def draw(asked: Asking) -> Sequence[Component]:
    """The comparison that an address asks for. Raises Unanswerable, StoreError, CatalogInvalid."""
    ledger = _ledger(asked)
    question = _question(asked.words, ledger.known)
    spell = question.spell
    found = groups_of(ledger, Wish(question.by, spell.since, spell.until, _HOURS[question.hours], question.kind))
    lines = {one.group.candidate: one for one in (*found.ranked, *found.apart)}
    chosen = None if question.group is None else lines.get(question.group)
    if question.group is not None and chosen is None:
        raise Unanswerable("Ce groupe n’existe pas, ou n’a aucun service de ce genre.")
    at = moment_of(asked.words, spell) or _moment(ledger, spell)

    def leads(line: Line) -> str:
        return address(NAME, question.words(groupe=line.group.candidate))

    return [
        html.H1(headline(found.ranked, question.by, spell.words)),
        _form(asked, question, ledger.known),
        *parts.gaps(found, leads),
        *([] if chosen is None else group.members(chosen, found)),
        *_at(ledger, found, at),
        *parts.small(found, leads),
        parts.note(found),
    ]


def _ledger(asked: Asking) -> Ledger:
    url, country = asked.books.measures, asked.books.country()
    reader = reader_of(url)
    catalog = as_played(country.catalog, None if reader is None else reader.identity())
    shown = [one for one in catalog.services.values() if asked.view is None or one.id in asked.view.services]
    bonds = bonds_seen(url, catalog, Settings().vantage)
    return Ledger(url, catalog, country.timetable, public(shown, catalog), bonds, known_until(url, asked.now))


def _question(asked: Mapping[str, str], known: datetime) -> _Question:
    by = next((shared for shared, one in BY.items() if one.word == asked.get("par", "exploitant")), None)
    hours, kind = asked.get("heures", "toutes"), asked.get("genre", _ALL_KINDS)
    if by is None:
        raise Unanswerable("On compare par exploitant, plateforme, hébergeur, autorité ou territoire.")
    if hours not in _HOURS:
        raise Unanswerable("Les heures comptées sont «\u00a0toutes\u00a0» ou «\u00a0scolaires ».")
    if kind not in {_ALL_KINDS, *(one.value for one in ServiceKind)}:
        raise Unanswerable("Ce genre de service n’existe pas.")
    of = None if kind == _ALL_KINDS else ServiceKind(kind)
    return _Question(by, spell_of(asked, known), hours, of, asked.get("groupe"))


def _moment(ledger: Ledger, spell: Spell) -> datetime | None:
    """Now, for a period that goes on; of one that is over when most were unwell on its last day."""
    if spell.until >= ledger.known:
        return ledger.known - timedelta.resolution
    since = begins(spell.last)  # a day of 23 or 25 hours is a day
    return worst_moment(histories_of(ledger.url, ledger.services, since, spell.until, ledger.known), since, spell.until)


def _at(ledger: Ledger, found: Groups, at: datetime | None) -> Sequence[Component]:
    if at is None:
        return []
    lines = (*found.ranked, *found.apart)
    return group.instant(lines, moments(ledger, [one.group for one in lines], at), at, found.wish.by)


def _form(asked: Asking, question: _Question, known: datetime) -> Component:
    spell, last = question.spell, spell_of({}, known).last
    kinds = [(_ALL_KINDS, "Tous les services"), *((kind.value, said.fr) for kind, said in KINDS.items())]
    free = (
        [day("de", "Du", spell.first, FIRST, last), day("a", "Au (compris)", spell.last, FIRST, last)]
        if spell.chosen == FREE
        else []
    )
    return form(
        NAME,
        choice("par", "Comparer par", [(one.word, one.one) for one in BY.values()], BY[question.by].word),
        choice("periode", "Période", list(PERIODS.items()), spell.chosen),
        *free,
        choice("heures", "Heures", [(word, HOURS[of].fr) for word, of in _HOURS.items()], question.hours),
        choice("genre", "Services", kinds, _ALL_KINDS if question.kind is None else question.kind.value),
        words("heure", "À l’instant (heure de Paris)", asked.words.get("heure", "")),
    )


VIEW = View(NAME, "Comparer", draw, example={"par": "exploitant", "periode": "aujourdhui"})
