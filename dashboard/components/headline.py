"""The sentence that says the situation, written from the snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from dashboard import dates
from dashboard.model import TROUBLES, ServiceView, View
from dashboard.tenses import Tense, tense
from dashboard.tongue import NN_, _, ngettext
from monitor.domain.observation import Health

STALE_AFTER = timedelta(seconds=180)
CLAUSES_SHOWN = 3
PORTALS = NN_("{count}\u00a0portail", "{count}\u00a0portails")
SERVICES = NN_("{count}\u00a0service", "{count}\u00a0services")
NATIONAL = NN_("{count}\u00a0service national", "{count}\u00a0services nationaux")
OTHERS = NN_("{count}\u00a0autre service", "{count}\u00a0autres services")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the sentence; `health` gives its colour, None the ink."""

    text: str
    health: Health | None = None


def headline(view: View | None, *, stale: bool = False) -> tuple[Segment, ...]:
    """One sentence in plain words: first what nobody can say, then trouble, then quiet; dated and past when stale."""
    if view is None or view.measured_at is None:
        return (
            Segment(_("Vigie prend ses premières mesures\u00a0: l’état du pays se dessine dans quelques instants.")),
        )
    verbs = tense(stale)
    opening = (Segment(_("{Moment}, ").format(Moment=dates.capital(told_at(view)))),) if stale else ()
    if view.blind:
        return (*opening, Segment(verbs.blind, Health.UNKNOWN), Segment(f" {verbs.not_theirs}"))
    services = list(view.services.values())
    if not opening and any(s.health in TROUBLES for s in services):
        opening = (Segment(f"{dates.moment(view.at)}, "),)
    return (*opening, *_of(services, verbs))


def said_then(services: Sequence[ServiceView], *, blind: bool) -> tuple[Segment, ...]:
    """What was so at an instant that is long past; its date and hour stand beside it."""
    verbs = tense(True)
    if blind:
        return Segment(verbs.blind, Health.UNKNOWN), Segment(f" {verbs.not_theirs}")
    told = _of(services, verbs)
    # The words of a quiet day follow an hour elsewhere, hence without a capital; a name keeps its own.
    words = told[0].text if told[0].health in TROUBLES else dates.capital(told[0].text)
    return (Segment(words, told[0].health), *told[1:])


def told_at(view: View) -> str:
    """The instant that the states were measured at: ``mardi 6 avril à 8 h 30``, with the year in a rehearsal."""
    return dates.day_and_clock(view.measured_at or view.at, year=bool(view.rehearsal))


def asleep(service: ServiceView) -> bool:
    """A service that opens only when needed, and does not show itself: neither well nor in trouble."""
    return service.dormant and service.health is Health.UNKNOWN


def _of(found: Sequence[ServiceView], verbs: Tense) -> Sequence[Segment]:
    """What these services do: trouble, gravest first, or quiet."""
    services = [s for s in found if not asleep(s)]
    groups = [(h, these) for h in TROUBLES if (these := [s for s in services if s.health is h])]
    return _trouble(groups, verbs) if groups else _quiet(services, verbs)


def _trouble(groups: Sequence[tuple[Health, list[ServiceView]]], verbs: Tense) -> list[Segment]:
    clauses = [Segment(f"{subject(found)} {verbs.clauses[h][len(found) > 1]}", h) for h, found in groups]
    clauses, hidden = clauses[:CLAUSES_SHOWN], sum(len(found) for _, found in groups[CLAUSES_SHOWN:])
    if hidden:
        text = ngettext("{count}\u00a0autre service", "{count}\u00a0autres services", hidden).format(count=hidden)
        clauses.append(Segment(f"{text} {verbs.rest[hidden > 1]}"))
    # A clause with two subjects holds an « et » of its own: a comma then tells where the next one begins.
    link = _(" et ")
    last = f",{link}" if any(link in clause.text for clause in clauses) else link
    told = [clauses[0]]
    for clause in clauses[1:]:
        told += [Segment(last if clause is clauses[-1] else ", "), clause]
    return [*told, Segment(".")]


def subject(services: Sequence[ServiceView]) -> str:
    """The name of one; several by what they are: ``4 portails et 1 service national``."""
    return services[0].name if len(services) == 1 else counted(services)


def counted(services: Sequence[ServiceView]) -> str:
    """How many of what: ``1 portail``, ``4 portails et 2 autres services``."""
    portals = sum(s.kind == "ent" for s in services)
    others = [s for s in services if s.kind != "ent"]
    national = bool(others) and all(s.national for s in others)
    words = NATIONAL if national else OTHERS if portals else SERVICES
    parts = ((portals, PORTALS), (len(others), words))
    return _(" et ").join(ngettext(*names, count).format(count=count) for count, names in parts if count)


def _quiet(services: Sequence[ServiceView], verbs: Tense) -> tuple[Segment, ...]:
    known = [s for s in services if s.health is not Health.UNKNOWN]
    portals = [s for s in services if s.kind == "ent"]
    open_portals = sum(s.health is Health.UP for s in portals)
    if not known:
        return (Segment(verbs.nobody),)
    part = _("{part}\u00a0services sur\u00a0{whole}").format(part=len(known), whole=len(services))
    running = f" {part} {verbs.running}"
    if len(known) < len(services):
        unmeasured = len(services) - len(known)
        told = f"{running}, {unmeasured} {verbs.unmeasured[unmeasured > 1]}."
        return Segment(verbs.seen_well, Health.UP), Segment(told)
    if not portals:
        return Segment(verbs.all_well, Health.UP), Segment(f"{running}.")
    part = ngettext("{part}\u00a0portail sur\u00a0{whole}", "{part}\u00a0portails sur\u00a0{whole}", open_portals)
    text = f" {part.format(part=open_portals, whole=len(portals))} {verbs.entering[open_portals > 1]}."
    return Segment(verbs.all_well, Health.UP), Segment(text)


def age_words(view: View, age: timedelta) -> str:
    """The age of the data in plain words; says so when the page is no longer up to date."""
    if view.measured_at is None:
        return _("Aucune mesure pour l’instant")
    words = (
        _("Mesuré il y a {time}")
        if age <= STALE_AFTER
        else _("Mesuré il y a {time}\u00a0: cette page n’est plus à jour")
    )
    return words.format(time=dates.ago(age))
