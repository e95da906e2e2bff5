"""What stands around the figures of a report, in words: evidence, what people declared, seals, how to recompute."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from monitor.alerting.french import FRENCH
from monitor.alerting.subject import name_of, subject_of
from monitor.commands import declared
from monitor.commands.explanation import explanation
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.interval import length
from monitor.domain.outages import Outage
from monitor.domain.seal import Seal
from monitor.domain.window import declared as covered
from monitor.dossier.measured import Findings
from monitor.dossier.page import Sheet, Step, Surroundings
from monitor.dossier.services import Asked, school_of
from monitor.dossier.words import of_place
from monitor.exports.days import is_whole
from monitor.reports import incidents
from monitor.reports.counted_words import DEFINITION
from monitor.reports.declared import Said, announcements_of, with_delays
from monitor.reports.figures import Basis
from monitor.store import DeskReader, Identity, Reader
from monitor.terminal import PARIS

SHEETS = 12  # evidence sheets of one report; the others are counted
_DIGEST = (
    "python3 -c \"import hashlib, json; f = json.load(open('rapport.json'))['figures']; "
    "t = json.dumps(f, ensure_ascii=False, sort_keys=True, separators=(',', ':')); "
    'print(hashlib.sha256(t.encode()).hexdigest())"'
)


def surroundings(
    basis: Basis, books: tuple[Reader, DeskReader], found: Findings, identity: Identity | None, now: datetime
) -> Surroundings:
    """All of it. Raises StoreError."""
    reader, desk = books
    asked = found.asked
    shown = found.incidents[:SHEETS]
    seals, unsealed = _seals(reader, found, now)
    hours = {one.service.id: school_of(basis, asked, one.service) for one in found.services}

    def subject(incident: Incident) -> str:
        return subject_of(incident.culprit, incident.services, basis.catalog, FRENCH).title

    def in_school(one: Outage) -> timedelta:
        return one.during(hours.get(one.service, ()))

    return Surroundings(
        made_at=now,
        created_at=now if identity is None else identity.created_at,
        rehearsal=_scenario(identity),
        definition=DEFINITION,
        school_hours=f"celles {of_place(asked.place)}" if asked.place else "celles des territoires de chaque service",
        subject=subject,
        in_school=in_school,
        vantages=_vantages(reader),
        windows=tuple(_windows(found, basis.catalog, now)),
        statements=tuple(_statements(desk, found, basis.catalog)),
        sheets=tuple(_sheet(reader, one, basis.catalog, now) for one in shown),
        sheets_left=len(found.incidents) - len(shown),
        seals=seals,
        unsealed=unsealed,
        recompute=tuple(_steps(asked, found.incidents, now)),
    )


def _scenario(identity: Identity | None) -> str | None:
    rehearsed = identity is not None and identity.kind == "rehearsal"
    return (identity.scenario or "sans nom") if identity is not None and rehearsed else None


def _vantages(reader: Reader) -> str:
    names = sorted({one.vantage for one in reader.verdicts()})
    points = "point de mesure" if len(names) == 1 else "points de mesure"
    return f"{len(names)} {points} ({', '.join(names)})" if names else ""


def _windows(found: Findings, catalog: Catalog, now: datetime) -> Iterator[Mapping[str, object]]:
    asked = found.asked
    own = {window.id: window for one in found.services for window in one.windows}
    for window in sorted(own.values(), key=lambda one: (one.declared_at, one.id)):
        yield {
            "about": declared.about(window.scope, catalog),
            "when": declared.when(window),
            "reason": window.reason,
            "author": window.author,
            "declared_at": window.declared_at,
            "lasts": length(covered(window, asked.since, asked.until)),
            "plain": declared.window_as_json(window, now),
        }


def _statements(desk: DeskReader, found: Findings, catalog: Catalog) -> Iterator[Mapping[str, object]]:
    """What was said of the incidents at any time, and of the services in the period; the earliest first."""
    asked = found.asked
    by_id = {one.id: one for one in found.incidents}
    said = [one for name in by_id for one in announcements_of(desk, incident=name)]
    for each in found.services:
        own = announcements_of(desk, service=each.service.id, since=asked.since)
        said += [one for one in own if one.at < asked.until]
    for one in sorted(with_delays(said, by_id), key=lambda one: (one.announcement.at, one.announcement.id)):
        yield _statement(one, by_id, catalog)


def _statement(one: Said, known: Mapping[str, Incident], catalog: Catalog) -> Mapping[str, object]:
    it = one.announcement
    about = known.get(it.incident or "")
    what = f"sur l’incident {it.incident}" if about is not None else f"sur {name_of(f'service:{it.service}', catalog)}"
    return {
        "kind": declared.KINDS[it.kind],
        "author": it.author,
        "at": it.at,
        "about": what,
        "delay": None if one.delay is None else declared.delay(one.delay),
        "text": it.text,
        "plain": declared.said_as_json(one),
    }


def _sheet(reader: Reader, incident: Incident, catalog: Catalog, now: datetime) -> Sheet:
    said = incidents.explain(reader, incident, lambda: catalog, now)
    title = subject_of(incident.culprit, incident.services, catalog, FRENCH).title
    return Sheet(title, tuple((head, tuple(lines)) for head, lines in explanation(said)))


def _seals(reader: Reader, found: Findings, now: datetime) -> tuple[Sequence[Seal], int]:
    """The seals of the days of the period, and how many of its finished days have none."""
    asked = found.asked
    first, last = asked.since.astimezone(PARIS).date(), (asked.until - timedelta.resolution).astimezone(PARIS).date()
    seals = reader.seals(first, last)
    sealed = {one.day for one in seals}
    known = [day.day for day in found.days if day.all.coverage and day.day < now.astimezone(PARIS).date()]
    return seals, sum(day not in sealed for day in known)


def _steps(asked: Asked, told: Sequence[Incident], now: datetime) -> Iterator[Step]:
    """Commands that give the same figures again."""
    since, until = _typed(asked.since), _typed(asked.until)
    if asked.place is not None:
        of = f"--territory {asked.place.code}"
    else:
        of = " ".join(f"--service {one.id}" for one in asked.services)
    days = f"--from {since} --to {until}"
    # Only whole days are sealed: an export of a part of one has nothing to be verified against.
    proof = "\nvigie verify reponses.csv" if is_whole(asked.since, asked.until) else ""
    yield Step(
        "Les chiffres de ce rapport, pour les machines",
        "Le même rapport en JSON, puis l’empreinte de ses chiffres : " + _whether(asked, now),
        f"vigie report {_wish(asked, days, of)} --format json --output rapport.json\n{_DIGEST}",
    )
    yield Step(
        "La disponibilité, jour et nuit et aux heures scolaires",
        "Les deux chiffres de chaque service, leur couverture, et l’ensemble pondéré d’un territoire.",
        f"vigie availability {days} {of}\nvigie export availability {days} {of} --output disponibilite.csv",
    )
    yield Step(
        "Les états et les interruptions",
        "Chaque état avec son début et sa fin : une interruption est une suite d’états indisponibles.",
        f"vigie export spans {days} {of} --output etats.csv\nvigie export incidents {days} {of} --output incidents.csv",
    )
    yield Step(
        "Les réponses elles-mêmes, et leurs sceaux",
        "Chaque réponse reçue, dont tout le reste découle, puis leur contrôle contre les racines publiées.",
        f"vigie export observations {days} {of} --raw --output reponses.csv{proof}",
    )
    if told:
        yield Step(
            "Un incident", "Sa fiche de preuve entière, avec ses comptes.", f"vigie explain {told[0].id} --format json"
        )


def _wish(asked: Asked, days: str, of: str) -> str:
    """The options of the same report. A month is named as one: it is compared with a month, not with as many days."""
    when = f"--month {asked.since.astimezone(PARIS):%Y-%m}" if asked.months else days
    clause = "" if asked.contract is None else f" --contract {shlex.quote(asked.contract.name)}"
    return f"{when} {of}{clause}"


def _whether(asked: Asked, now: datetime) -> str:
    if asked.months and asked.until == now:
        return "le mois court encore, elle changera donc d’ici à sa fin."
    return "elle doit être celle que ce rapport imprime."


def _typed(edge: datetime) -> str:
    """An edge of the period as it is typed: a day of Paris, or an instant to the microsecond."""
    local = edge.astimezone(PARIS)
    if local.time() == time():
        return f"{local:%Y-%m-%d}"
    return edge.astimezone(UTC).isoformat().replace("+00:00", "Z")
