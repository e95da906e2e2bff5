"""The sentence that says the situation, written from the snapshot."""

from dataclasses import dataclass
from datetime import timedelta

from dashboard import dates
from dashboard.model import TROUBLES, ServiceView, View
from dashboard.wording import CLAUSES
from monitor.domain.observation import Health

NB = dates.NB
STALE_AFTER = timedelta(seconds=180)
CLAUSES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the sentence; `health` gives its colour, None the ink."""

    text: str
    health: Health | None = None


def headline(view: View | None) -> tuple[Segment, ...]:
    """One sentence in plain words: first what nobody can say, then trouble, then quiet."""
    if view is None or view.measured_at is None:
        return (Segment(f"Vigie prend ses premières mesures{NB}: l’état du pays se dessine dans quelques instants."),)
    if view.blind:
        return (
            Segment(f"Vigie ne voit rien{NB}: notre propre connexion est coupée.", Health.UNKNOWN),
            Segment(" Ce n’est pas une panne des services."),
        )
    services = [s for s in view.services.values() if not s.dormant]
    clauses = [c for h in TROUBLES if (c := _clause(h, [s for s in services if s.health is h])) is not None]
    return _trouble(view, clauses) if clauses else _quiet(services)


def _trouble(view: View, clauses: list[Segment]) -> tuple[Segment, ...]:
    shown = clauses[:CLAUSES_SHOWN]
    parts = [Segment(f"{dates.moment(view.at)}, ")]
    for index, clause in enumerate(shown):
        if index:
            parts.append(Segment(" et " if index == len(shown) - 1 else ", "))
        parts.append(clause)
    return (*parts, Segment("."))


def _clause(health: Health, services: list[ServiceView]) -> Segment | None:
    if not services:
        return None
    singular, plural = CLAUSES[health]
    if len(services) == 1:
        return Segment(f"{services[0].name} {singular}", health)
    return Segment(f"{len(services)}{NB}{noun(services)}s {plural}", health)


def _quiet(services: list[ServiceView]) -> tuple[Segment, ...]:
    known = [s for s in services if s.health is not Health.UNKNOWN]
    portals = [s for s in services if s.kind == "ent"]
    open_portals = [s for s in portals if s.health is Health.UP]
    if not known:
        return (Segment("Vigie n’a encore vu aucun service en marche, et n’affirme rien."),)
    if len(known) < len(services):
        unmeasured = len(services) - len(known)
        verb = "n’est pas mesuré" if unmeasured == 1 else "ne sont pas mesurés"
        return (
            Segment("Ce que Vigie voit répond.", Health.UP),
            Segment(f" {len(known)}{NB}services sur{NB}{len(services)} sont en marche, {unmeasured} {verb}."),
        )
    if not portals:
        return (
            Segment("Tout répond.", Health.UP),
            Segment(f" {len(known)}{NB}services sur{NB}{len(services)} sont en marche."),
        )
    verb = "laisse entrer ses élèves" if len(open_portals) == 1 else "laissent entrer leurs élèves"
    many = "s" if len(open_portals) > 1 else ""
    text = f" {len(open_portals)}{NB}portail{many} sur{NB}{len(portals)} {verb}."
    return (Segment("Tout répond.", Health.UP), Segment(text))


def noun(services: list[ServiceView]) -> str:
    """``portail`` where all of them are ENT, else ``service``; without the plural's s."""
    return "portail" if all(s.kind == "ent" for s in services) else "service"


def age_words(view: View, age: timedelta) -> str:
    """The age of the data in plain words; says so when the page is no longer up to date."""
    if view.measured_at is None:
        return "Aucune mesure pour l’instant"
    words = f"Mesuré il y a {dates.ago(age)}"
    return f"{words}{NB}: cette page n’est plus à jour" if age > STALE_AFTER else words
