"""What `vigie backtest` prints: French and the time of Paris for people, UTC for machines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from rich.table import Table
from rich.text import Text

from monitor.alerting.extent import listed
from monitor.alerting.french import FRENCH
from monitor.backtest import Judged, Pair, Told, pairs
from monitor.commands.shown import in_paris, span, visible
from monitor.config.policy import OF_THE_PACE, OtherPolicy
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.reason import Reason
from monitor.domain.snapshot import instant
from monitor.terminal import state

# The instant at which the monitor itself looked is not in the books: two evaluations apart is no difference.
ALIKE = timedelta(seconds=10)
ONLY_HERE, ONLY_THERE, SAME = "ici seulement", "registre seulement", "pareil"

REASONS: Mapping[Reason, str] = {
    Reason.OPENED: "début",
    Reason.WORSENED: "aggravation",
    Reason.SPREAD: "extension",
    Reason.EXPLAINED: "cause commune trouvée",
    Reason.EASED: "répond de nouveau",
    Reason.RELAPSED: "rechute",
    Reason.STILL_OPEN: "toujours en cours",
    Reason.MERGED: "rattaché à un autre incident",
    Reason.CLOSED: "fin",
}
ALWAYS = (
    "Le registre ne garde que les réponses : ce qui l’a précédé d’un jour est rejugé sans être montré, ce qui est plus "
    "ancien est oublié, et le délai qu’un serveur en attente demandait n’est plus connu.",
)
WITH_ANOTHER_POLICY = (
    "Les réponses sont celles qu’a fait demander la politique d’alors : après un premier échec, une autre aurait "
    "redemandé plus tôt, plus tard ou plus longtemps, et cela, nul ne peut le savoir.",
)
OF_THE_SLOW = "Avec un autre seuil de lenteur, seules les durées sont relues ; ce que la page montrait ne l’est pas."


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed: pairs and notices of the services asked for (all of them where none is), and what to know."""

    judged: Judged
    catalog: Catalog
    pairs: tuple[Pair, ...]
    notices: tuple[Told, ...]
    policy: OtherPolicy | None
    unknowable: tuple[str, ...]


def report(judged: Judged, catalog: Catalog, services: frozenset[str], policy: OtherPolicy | None) -> Report:
    """Everything that there is to say of these services."""

    def asked_for(one: Incident) -> bool:
        return not services or not services.isdisjoint(one.services)

    here = [one for one in judged.incidents.values() if asked_for(one)]
    there = [one for one in judged.really if asked_for(one)]
    notices = tuple(one for one in judged.notices if asked_for(one.news.incident))
    return Report(judged, catalog, tuple(pairs(here, there, judged.until)), notices, policy, tuple(_unknowable(policy)))


def _unknowable(policy: OtherPolicy | None) -> Iterator[str]:
    yield from ALWAYS
    if policy is None:
        return
    yield from WITH_ANOTHER_POLICY
    if keys := [key for key in OF_THE_PACE if key in policy.given]:
        yield (
            f"{', '.join(keys)} : aucune question n’est posée autrement ; seul change le temps pendant lequel une "
            "réponse vaut encore."
        )
    if "slow" in policy.given:
        yield OF_THE_SLOW


def as_json(said: Report) -> dict[str, object]:
    """The report as data; `against_the_books` is one of same, earlier, later, only_here, only_there."""
    judged = said.judged
    return {
        "from": instant(judged.since),
        "to": instant(judged.until),
        "policy": None if said.policy is None else {key: _plain(value) for key, value in said.policy.given.items()},
        "answers": judged.answers,
        "incidents": [
            {"against_the_books": _word(one), "again": _incident(one.again), "really": _incident(one.really)}
            for one in said.pairs
        ],
        "notices": [
            {
                "at": instant(one.at),
                "subscription": one.news.subscription.id,
                "reason": one.news.reason.value,
                "incident": one.news.incident.id,
                "share": round(one.news.share, 4),
            }
            for one in said.notices
        ],
        "cannot_know": list(said.unknowable),
    }


def _plain(value: object) -> object:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _incident(one: Incident | None) -> Mapping[str, object] | None:
    if one is None:
        return None
    return {
        "id": one.id,
        "culprit": one.culprit,
        "opened_at": instant(one.opened_at),
        "confirmed_at": instant(one.confirmed_at),
        "closed_at": instant(one.closed_at),
        "worst": one.worst.value,
        "services": list(one.services),
        "territories": list(one.territories),
        "failure": one.failure.value if one.failure else None,
    }


def _word(pair: Pair) -> str:
    if pair.again is None or pair.really is None:
        return "only_there" if pair.again is None else "only_here"
    apart = pair.again.confirmed_at - pair.really.confirmed_at
    return "same" if abs(apart) <= ALIKE else "earlier" if apart < timedelta() else "later"


def as_text(said: Report) -> Iterator[Text | Table]:
    """The report for people: incidents beside those of the books, notices, what a backtest cannot know."""
    judged = said.judged
    if not judged.answers:
        yield Text(f"Aucune réponse {span(judged.since, judged.until)} : il n’y a rien à rejuger.")
    else:
        whose = "la politique du catalogue" if said.policy is None else "une autre politique"
        yield Text(f"{judged.answers} réponses rejugées {span(judged.since, judged.until)}, avec {whose}.")
    yield _incidents(said) if said.pairs else Text("Aucun incident, ni ici ni au registre.")
    if said.notices:
        yield Text()
        yield _notices(said)
    elif said.pairs:
        yield Text("Personne n’aurait été prévenu.")
    yield Text()
    for sentence in said.unknowable:
        yield Text(sentence, style="dim")


def _incidents(said: Report) -> Table:
    titles = ("Ouvert", "Confirmé", "Clos", "Pire état", "Quoi", "Au registre")
    table = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for pair in said.pairs:
        one = pair.again or pair.really
        assert one is not None  # a pair has at least one side
        hours = ("—", "—", "—") if pair.again is None else _hours(pair.again)
        table.add_row(*hours, state(one.worst), Text(_about(one, said.catalog), overflow="fold"), _beside(pair))
    return table


def _hours(one: Incident) -> tuple[str, str, str]:
    closed = "en cours" if one.closed_at is None else in_paris(one.closed_at)
    return in_paris(one.opened_at), in_paris(one.confirmed_at), closed


def _about(one: Incident, catalog: Catalog) -> str:
    if one.ours:
        return "notre propre connexion"
    known = (catalog.services.get(name) for name in one.services)
    names = [name if service is None else service.name for name, service in zip(one.services, known, strict=True)]
    return visible(listed(names, FRENCH))


def _beside(pair: Pair) -> Text:
    """How the two sides of a pair differ, in words; a difference is never a colour alone."""
    if pair.really is None:
        return Text(ONLY_HERE, style="yellow")
    if pair.again is None:
        return Text(f"{ONLY_THERE}, confirmé {in_paris(pair.really.confirmed_at)}", style="yellow")
    apart = pair.again.confirmed_at - pair.really.confirmed_at
    said = (
        SAME
        if abs(apart) <= ALIKE
        else f"confirmé {_apart(abs(apart))} plus {'tard' if apart < timedelta() else 'tôt'}"
    )
    ends = pair.again.closed_at, pair.really.closed_at
    if None in ends and ends != (None, None):
        return Text(f"{said}, {'clos' if ends[0] is None else 'encore ouvert'}")
    if ends[0] is not None and ends[1] is not None and abs(ends[0] - ends[1]) > ALIKE:
        return Text(f"{said}, clos {in_paris(ends[1])}")
    return Text(said)


def _apart(much: timedelta) -> str:
    seconds = round(much.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"


def _notices(said: Report) -> Table:
    table = Table("Prévenu", "Abonnement", "Motif", "Quoi", box=None, pad_edge=False, header_style="bold")
    for one in said.notices:
        about = Text(_about(one.news.incident, said.catalog), overflow="fold")
        table.add_row(in_paris(one.at), Text(one.news.subscription.id), REASONS[one.news.reason], about)
    return table
