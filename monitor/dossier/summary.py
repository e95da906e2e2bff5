"""The report in a few sentences, written from its figures: what was measured, and nothing about anybody."""

from collections.abc import Iterator, Mapping

from monitor.config.problem import typeset
from monitor.domain.compared import Doubt, little
from monitor.domain.contract import Outcome
from monitor.domain.outages import Outage
from monitor.domain.uptime import Hours
from monitor.dossier.judged import Judged
from monitor.dossier.measured import Findings
from monitor.dossier.services import PARIS
from monitor.dossier.words import (
    HEALTHS,
    IN_HOURS,
    about,
    clock,
    counted,
    day,
    hours,
    of_place,
    opening,
    percent,
    period,
    points,
)
from monitor.reports.said import lasts, share

SAME = 0.005  # points below which two figures are said to be the same
DOUBTS: Mapping[Doubt, str] = {
    Doubt.NOTHING: "rien n’est compté dans l’une des deux",
    Doubt.LITTLE: "moins de la moitié du temps est connue dans l’une des deux",
    Doubt.APART: "les deux ne sont pas connues dans la même mesure",
    Doubt.SERVICES: "les services comptés ne sont pas les mêmes",
    Doubt.OVERLAP: "elles se recouvrent",
}


def sentences(found: Findings) -> Iterator[str]:
    """What a reader in a hurry must know, in order."""
    for one in _sentences(found):
        yield typeset(one)


def _sentences(found: Findings) -> Iterator[str]:
    yield from _availability(found)
    yield from (judgement(one, found) for one in found.judged)
    yield from _coverage(found)
    yield from _outages(found)
    yield from _incidents(found)
    yield comparison(found, Hours.SCHOOL if found.whole.school.availability is not None else Hours.ALL)


def _availability(found: Findings) -> Iterator[str]:
    asked, whole = found.asked, found.whole
    when = opening(asked.since, asked.until, months=asked.months)
    if whole.all.availability is None:
        yield f"{when}, rien n’a pu être mesuré : Vigie ne dit rien de cette période."
        return
    one = len(asked.services) == 1
    whose = "suivis ici" if asked.place is None else of_place(asked.place)
    who = f"{asked.services[0].name} a été disponible" if one else f"les services {whose} ont été disponibles"
    of = "" if one else " de leurs usagers"
    if little(whole.all.coverage):
        # A figure that rests on so little is not quoted alone.
        known = f"Vigie ne connaît que {share(whole.all.coverage)} du temps"
        yield f"{when}, {known} ; sur ce peu, {who} {share(whole.all.availability)}, à lire avec prudence."
        return
    school = (
        "" if whole.school.availability is None else f", et {share(whole.school.availability)} aux heures scolaires"
    )
    yield f"{when}, {who} {share(whole.all.availability)} du temps mesuré{of}, jour et nuit{school}."


def _coverage(found: Findings) -> Iterator[str]:
    whole = found.whole
    if whole.all.availability is None:
        return
    known = f"Vigie connaît {share(whole.all.coverage)} de la période"
    if not little(whole.all.coverage):
        rest = "le reste n’a pas été mesuré, ou relève d’une maintenance déclarée, et ne compte ni pour ni contre"
        yield f"{known} ; {rest}."
    if found.known < found.asked.until:
        last = f"{day(found.known.astimezone(PARIS))} à {clock(found.known)}"
        yield f"Ces chiffres s’arrêtent au {last} : après, rien n’est encore connu."


def _outages(found: Findings) -> Iterator[str]:
    number = sum(bool(one.counts) for each in found.services for one in each.outages)
    if found.whole.all.availability is None:
        return
    if not number:
        yield "Aucune interruption n’a été relevée."
        return
    first = found.longest[0]
    names = {one.service.id: one.service.name for one in found.services}
    of = "" if len(found.services) == 1 else f", {names.get(first.service, first.service)}"
    if number == 1:
        yield f"Une interruption a été relevée{of} : {_of(first)}."
    else:
        yield f"{counted(number, 'interruption')} ont été relevées ; la plus longue{of} : {_of(first)}."


def _of(one: Outage) -> str:
    first, last = one.since.astimezone(PARIS), one.until.astimezone(PARIS)
    till = clock(one.until) if first.date() == last.date() else f"{clock(one.until)} le {day(last)}"
    return f"{lasts(one.counted)}, le {day(first)} de {clock(one.since)} à {till} ({HEALTHS[one.worst].lower()})"


def _incidents(found: Findings) -> Iterator[str]:
    told = found.responses
    if not told.incidents or told.detected_after is None:
        return
    one = told.incidents == 1
    begun = "Un incident a commencé" if one else f"{counted(told.incidents, 'incident')} ont commencé"
    mean = "" if one else " en moyenne"
    agreed = "" if one else "s"
    begun += f" dans la période, confirmé{agreed}"
    text = f"{begun} {about(told.detected_after)} après la première mauvaise réponse{mean}"
    if told.recovered_after is None:
        yield f"{text} ; {'il n’est pas rétabli' if one else 'aucun n’est rétabli'}."
    elif told.recovered == told.incidents:
        yield f"{text}, et rétabli{agreed} {about(told.recovered_after)} après elle{mean}."
    else:
        yield f"{text} ; {told.recovered} sont rétablis, {about(told.recovered_after)} après elle{mean}."


def judgement(one: Judged, found: Findings) -> str:
    """What a target of the contract came to."""
    said, target = one.conclusion, one.target
    which = f"Objectif de {percent(target.share)} ({hours(target)[:1].lower()}{hours(target)[1:]})"
    of = f", {one.service.name}" if one.service is not None and len(found.services) > 1 else ""
    if said.outcome is Outcome.INCONCLUSIVE:
        exclusions = found.asked.contract.contract.exclusions if found.asked.contract else None
        least = f", et le contrat en demande {percent(exclusions.coverage)}" if exclusions is not None else ""
        why = f"{share(float(said.coverage))} seulement du temps qui compte est connu{least}"
        return f"{which}{of} : on ne peut pas conclure, {why}."
    assert said.availability is not None
    word = "atteint" if said.outcome is Outcome.MET else "non atteint"
    return f"{which}{of} : {word}, {share(float(said.availability))} mesurés{_margin(one)}."


def _margin(one: Judged) -> str:
    spare = one.conclusion.spare
    if spare is None:
        margin = one.conclusion.margin
        return (
            ""
            if margin is None
            else f", soit {points(float(margin * 100))} {'de marge' if margin >= 0 else 'de moins'}"
        )
    if spare < type(spare)():
        return f", soit {lasts(-spare)} d’indisponibilité de trop"
    return f" ; il restait {lasts(spare)} de marge" if spare else ", sans marge"


def comparison(found: Findings, which: Hours) -> str:
    """The period beside the earlier one."""
    compared = found.compared[which]
    before = period(*found.asked.earlier, months=found.asked.months)
    if compared.points is None:
        return f"Rien à quoi comparer : rien n’est connu de la période précédente ({before})."
    if abs(compared.points) < SAME:
        change = "est la même"
    else:
        change = f"{'gagne' if compared.points > 0 else 'perd'} {points(compared.points)}"
    text = f"Par rapport à la période précédente ({before}), la disponibilité {IN_HOURS[which]} {change}"
    doubts = [DOUBTS[one] for one in compared.doubts]
    return f"{text} ; à lire avec prudence : {', '.join(doubts)}." if doubts else f"{text}."
