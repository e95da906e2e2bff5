"""What `vigie explain` prints for people: the reasoning of one incident with its numbers, section by section."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from monitor.alerting.french import FRENCH
from monitor.commands.explanation_cause import common_cause
from monitor.commands.explanation_words import (
    TURNS,
    counted,
    lasted,
    point,
    spaced,
    took,
)
from monitor.commands.shown import EVERY_PROBE, EXCUSES, in_paris, visible
from monitor.domain.account import Account, Latency, Mark, Where
from monitor.domain.sheet import EvidenceSheet, Named
from monitor.reports.evidence_words import PLACES, SIGNS, STAGES
from monitor.reports.incidents import Explained
from monitor.reports.said import lasts
from monitor.terminal import STATES

SHOWN = 12  # names, probes or places of one list that people read; `--format json` has them all

Section = tuple[str, tuple[str, ...]]


def explanation(found: Explained) -> Iterator[Section]:
    """Titles and lines of plain text, in the order in which people read them."""
    sheet = found.sheet
    for title, lines in (
        ("Quoi", _what(found)),
        ("Pour qui", _whom(sheet)),
        ("Déroulement (heure de Paris)", _turns(sheet)),
        ("Ce que les sondes ont entendu", _heard(sheet)),
        ("Sonde par sonde", _probes(sheet)),
        ("Temps de réponse", _latency(sheet)),
        ("D’où viennent les réponses", _places(sheet)),
        ("Cause commune", common_cause(sheet)),
        ("Signes compatibles avec une saturation", _signs(sheet)),
        ("Ce qui n’a pas été vu", _unseen(sheet)),
        ("Méthode", _method(found)),
    ):
        yield title, tuple(spaced(visible(line)) for line in lines)


def names_of(named: Iterable[Named]) -> Mapping[str, str]:
    """Names by id."""
    return {one.id: one.name for one in named}


def listed(names: Iterable[str], most: int = SHOWN, more: int = 0) -> str:
    """Names in a row; beyond `most` of them, and `more` that have no name here, a number."""
    known = list(names)
    left = len(known[most:]) + more
    return ", ".join(known[:most]) + (f" et {counted(left, 'autre')}" if left else "")


def _what(found: Explained) -> Iterator[str]:
    sheet, incident = found.sheet, found.incident
    yield f"Incident {sheet.incident} : {point(sheet.culprit, names_of(sheet.extent.names).get(sheet.culprit, ''))}."
    confirmed = lasts(sheet.confirmed_at - sheet.opened_at)
    yield f"Commencé le {in_paris(sheet.opened_at)} (première mauvaise réponse), confirmé {confirmed} après."
    if sheet.failure is not None:
        yield f"Constat : {FRENCH.failures[sheet.failure]} ({sheet.failure.value})."
    yield f"Au plus fort : {STATES[sheet.worst][1].lower()}."
    if found.survivor is not None:
        yield f"Absorbé par l’incident {found.survivor.id} : c’est lui qui continue."
    elif sheet.absorbed_into is not None:
        yield f"Absorbé par l’incident {sheet.absorbed_into}."
    elif sheet.recovered_at is not None:
        over = lasted(sheet.recovered_at - sheet.opened_at)
        yield f"Tout répond de nouveau depuis le {in_paris(sheet.recovered_at)}, après {over}."
        if incident.closed_at is None and incident.watch_until is not None:
            yield f"Sous surveillance jusqu’au {in_paris(incident.watch_until)}."
    elif sheet.closed_at is not None:
        yield f"Clos le {in_paris(sheet.closed_at)} sans rétablissement mesuré."
    else:
        state = STATES[incident.health][1].lower()
        yield f"En cours au {in_paris(found.at)} ({state}), depuis {lasted(found.at - sheet.opened_at)}."


def _whom(sheet: EvidenceSheet) -> Iterator[str]:
    extent = sheet.extent
    if not extent.services:
        yield "Personne d’autre que Vigie : c’est notre propre ligne, pas une panne des services."
        return
    services = listed((one.name for one in extent.services), more=extent.services_in_all - len(extent.services))
    yield f"{counted(extent.services_in_all, 'service')} : {services}."
    territories = names_of(extent.territories)
    if "N" in territories:
        yield "Toute la France (service national)."
    elif territories:
        yield f"{counted(len(territories), 'territoire')} : {listed(territories.values())}."
    if extent.share_in is not None:
        place = territories.get(extent.share_in, extent.share_in)
        yield f"Part des usagers concernés, là où elle est la plus grande ({place}) : {extent.share * 100:.0f} %."


def _signs(sheet: EvidenceSheet) -> Iterator[str]:
    """What was seen, never what anybody intended."""
    if not sheet.signs:
        yield "Aucun n’a été relevé."
        return
    yield f"{', '.join(SIGNS[sign] for sign in sheet.signs)}."
    yield "Aucun de ces signes ne prouve à lui seul une saturation ; ce que quiconque a voulu n’est pas mesuré."


def _turns(sheet: EvidenceSheet) -> Iterator[str]:
    for one in sheet.turns:
        state = STATES[one.health][1].lower()
        services = f", {counted(one.services, 'service')}" if one.services else ""
        yield f"{in_paris(one.at)}  {TURNS[one.reason]} ({state}{services})"


def _heard(sheet: EvidenceSheet) -> Iterator[str]:
    side, before = sheet.during, sheet.before
    yield (
        f"{counted(side.asked, 'réponse')} de {counted(len(sheet.probes), 'sonde')} pendant l’incident : "
        f"{counted(side.good, 'bonne')}, {counted(side.bad, 'mauvaise')}, {side.ours} sans valeur (de notre fait)."
    )
    yield f"Dans l’heure d’avant : {counted(before.asked, 'réponse')}, dont {counted(before.bad, 'mauvaise')}."
    if sheet.stages:
        steps = (f"{STAGES[one.stage]} {one.answers}" for one in sheet.stages)
        yield f"Échecs par étape : {', '.join(steps)}."
    for failure in side.failures:
        words = FRENCH.failures[failure.failure]
        yield f"  {failure.answers} × {failure.failure.value} : {words}"


def _probes(sheet: EvidenceSheet) -> Iterator[str]:
    for one in sheet.probes[:SHOWN]:
        during, target = one.during, one.question.target or "plus au catalogue"
        pace = f", toutes les {lasted(during.cadence)}" if during.cadence else ""
        said = f"{counted(during.good, 'bonne')}, {counted(during.bad, 'mauvaise')}"
        yield f"{one.question.probe} ({target}) : {counted(during.asked, 'question')}{pace} ; {said}"
        yield from _marks(one)
    left = sheet.probes_in_all - min(len(sheet.probes), SHOWN)
    if left:
        yield f"… et {counted(left, 'autre sonde', 'autres sondes')} (--format json)."


def _marks(account: Account) -> Iterator[str]:
    marks = account.marks
    for words, mark in (
        ("dernière bonne réponse avant", marks.good_before),
        ("première mauvaise", marks.first_bad),
        ("dernière mauvaise", marks.last_bad),
        ("première bonne ensuite", marks.good_after),
    ):
        if mark is not None:
            yield f"    {words} : {_mark(mark)}"


def _mark(mark: Mark) -> str:
    status = f", HTTP {mark.http_status}" if mark.http_status is not None else ""
    failure = f", {mark.failure.value}" if mark.failure is not None else ""
    return f"{in_paris(mark.at)}{failure}{status}, {took(mark.took)}"


def _latency(sheet: EvidenceSheet) -> Iterator[str]:
    yield f"Dans l’heure d’avant : {_times(sheet.before.latency)}"
    yield f"Pendant l’incident : {_times(sheet.during.latency)}"


def _times(found: Latency | None) -> str:
    if found is None:
        return "aucune réponse bonne ou lente, rien à mesurer."
    of = f"sur {counted(found.answers, 'réponse bonne ou lente', 'réponses bonnes ou lentes')}"
    return f"médiane {took(found.median)}, 95 % en moins de {took(found.p95)} ({of})."


def _places(sheet: EvidenceSheet) -> Iterator[str]:
    for where, title in PLACES.items():
        seen = [f"{one.name} ({one.answers}, dont {one.bad} en échec)" for one in sheet.seen if one.where is where]
        if where is not Where.CATALOGUE and seen:
            others = sum(one.names for one in sheet.others if one.where is where)
            yield f"{title} : {listed(seen, more=others)}."


def _unseen(sheet: EvidenceSheet) -> Iterator[str]:
    for one in sheet.unseen:
        who = EVERY_PROBE if one.every_probe else counted(one.probes, "sonde")
        slots = f", {counted(one.slots, 'créneau', 'créneaux')}" if one.slots else ""
        when = f"du {in_paris(one.since)} au {in_paris(one.until)}"
        yield f"{who}{slots}, {lasted(one.lasted)} ({when}) : {EXCUSES[one.excuse]}."
    for stretch in sheet.blind:
        yield f"Notre ligne coupée du {in_paris(stretch.since)} au {in_paris(stretch.until)} : rien n’a pu être vu."
    if sheet.never_seen:
        yield f"Jamais vues en marche, elles n’accusent personne : {listed(sheet.never_seen)}."
    if not sheet.before.asked:
        yield "Aucune réponse dans l’heure d’avant : rien à quoi comparer."
    if not (sheet.unseen or sheet.blind):
        yield "Aucun créneau manqué n’est noté pour ces sondes."


def _method(found: Explained) -> Iterator[str]:
    sheet = found.sheet
    asked = [one.name or "sans version" for one in sheet.seen if one.where is Where.CATALOGUE]
    yield f"Version {sheet.method} de la méthode (docs/method.md) ; catalogue {listed(asked) or 'inconnu'}."
    yield f"Réponses lues du {in_paris(sheet.period.since)} au {in_paris(sheet.period.until)}."
    if sheet.cut_short:
        limits = sheet.limits
        yield (
            f"Tout n’a pas été lu : {len(sheet.probes)} sondes sur {sheet.probes_in_all}, de chacune au plus "
            f"{limits.answers_each_end} réponses à chaque bout, et d’un long incident les {lasted(limits.each_end)} du "
            "début et de la fin."
        )
    yield _frozen(found.frozen_at)
    if found.digest is not None:
        yield f"Empreinte SHA-256 de la fiche : {found.digest}."


def _frozen(at: datetime | None) -> str:
    if at is None:
        return "Fiche établie à l’instant : elle sera figée à la clôture de l’incident."
    return f"Fiche figée le {in_paris(at)} : elle ne change plus."
