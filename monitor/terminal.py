"""What people read in the terminal, in French (English with `LANG=en…` or `--lang en` comes with the screens)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from monitor.alerting.extent import listed
from monitor.alerting.french import FRENCH
from monitor.alerting.subject import name_of, subject_of
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.evaluation import Country
from monitor.domain.observation import SEVERITY, Health, Observation
from monitor.domain.snapshot import instant

PARIS = ZoneInfo("Europe/Paris")
BLIND = "Vigie ne voit rien : notre propre connexion est coupée. Ce n’est pas une panne des services."

# The words of a state and its mark: a state is never a colour alone.
STATES: Mapping[Health, tuple[str, str, str]] = {
    Health.UP: ("✓", "Tout répond", "green"),
    Health.SLOW: ("◷", "Lent", "yellow"),
    Health.WAITING: ("⧗", "File d’attente", "dark_orange"),
    Health.RESTRICTED: ("⊘", "Accès restreint", "magenta"),
    Health.DOWN: ("✗", "En panne", "red"),
    Health.MAINTENANCE: ("⚒", "Maintenance", "blue"),
    Health.UNKNOWN: ("…", "Non mesuré", "dim"),
}


def state(health: Health) -> Text:
    """A state as people read it: mark, word, colour."""
    mark, word, style = STATES[health]
    return Text(f"{mark} {word}", style=style)


def answers(observations: Sequence[Observation], catalog: Catalog) -> Table:
    """What `vigie check` heard, the worst first."""
    table = Table("État", "Service", "Sonde", "Constat", "Durée", box=None, pad_edge=False, header_style="bold")
    names = {probe.id: service.name for service in catalog.services.values() for probe in service.probes}
    for one in sorted(observations, key=lambda one: (-SEVERITY[one.health], one.probe)):
        failure = f"{one.failure.value} {one.detail}".strip() if one.failure else ""
        duration = f"{one.took.total_seconds() * 1000:.0f} ms"
        table.add_row(state(one.health), Text(names.get(one.probe, "témoin")), Text(one.probe), Text(failure), duration)
    return table


def answer_as_json(observation: Observation, probe: Probe) -> dict[str, object]:
    """One answer in the shape of the contract (`vigie check --format json`)."""
    phases = {
        name: getattr(observation.phases, name) for name in ("resolve", "connect", "tls", "first_byte", "transfer")
    }
    return {
        "service": probe.service,
        "probe": observation.probe,
        "kind": probe.kind.value,
        "target": probe.target,
        "health": observation.health.value,
        "failure": observation.failure.value if observation.failure else None,
        "stage": observation.failure.stage.value if observation.failure else None,
        "detail": observation.detail,
        "http_status": observation.http_status,
        "address": observation.address,
        "family": observation.family,
        "final_host": observation.final_host,
        "bytes": observation.bytes_read,
        "marker": observation.marker,
        "certificate": _certificate_as_json(observation),
        "clock_offset_s": None if observation.clock_offset is None else int(observation.clock_offset.total_seconds()),
        "vantage": observation.vantage,
        "catalogue": observation.catalogue,
        "excerpt": observation.excerpt,
        "phases_ms": {name: round(took.total_seconds() * 1000, 1) for name, took in phases.items() if took is not None},
        "took_ms": round(observation.took.total_seconds() * 1000, 1),
    }


def _certificate_as_json(observation: Observation) -> dict[str, object] | None:
    shown = observation.certificate
    if shown is None:
        return None
    days = shown.days_left(observation.at)
    end = instant(shown.not_after)
    return {"sha256": shown.fingerprint, "not_after": end, "days_left": days, "issuer": shown.issuer}


def bulletin(at: datetime, country: Country, catalog: Catalog) -> Text:
    """One paragraph of a rehearsal: the hour of the scenario and who is not well."""
    by_health: dict[Health, list[str]] = defaultdict(list)
    for verdict in country.services.values():
        by_health[verdict.health].append(catalog.services[verdict.service].name)
    text = Text(f"{at.astimezone(PARIS):%d/%m %H:%M}  ", style="bold")
    text.append(f"{len(by_health[Health.UP])} services répondent", style="green")
    for health in sorted(by_health, key=lambda one: -SEVERITY[one]):
        if health not in (Health.UP, Health.UNKNOWN):
            mark, word, style = STATES[health]
            text.append(f"\n       {mark} {word} : ", style=f"bold {style}")
            text.append(", ".join(sorted(by_health[health])))
    return text


def snapshot(shown: Mapping[str, Any]) -> Iterable[Table | Text]:
    """`vigie status`: the sentence of the moment, then what is not well, then the territories in trouble."""
    if shown["rehearsal"]:
        note = f" ({shown['rehearsal_note']})" if shown.get("rehearsal_note") else ""
        yield Text(f"RÉPÉTITION{note} — scénario {shown['rehearsal']}", style="bold reverse")
    if shown["blind"]:
        yield Text(BLIND)
    yield Text(f"Au {_paris(shown['at'])} (Paris) ; {shown['coverage'] * 100:.0f}\u00a0% des services mesurés.")
    table = Table("État", "Service", "Depuis", "Constat", box=None, pad_edge=False, header_style="bold")
    troubled = [one for one in shown["services"] if one["health"] not in ("up", "unknown")]
    for one in sorted(troubled, key=lambda one: -SEVERITY[Health(one["health"])]):
        table.add_row(state(Health(one["health"])), Text(one["name"]), _paris(one["since"]), Text(one["failure"] or ""))
    well = "Rien à signaler parmi les services mesurés." if shown["coverage"] else "Aucun service n’est mesuré encore."
    yield table if troubled else Text(well)
    for warning in shown["warnings"]:
        yield Text(f"Vigie signale : {warning}", style="yellow")
    if shown.get("vitals") is not None:
        yield from _vitals(shown["vitals"])


def _vitals(vitals: Mapping[str, Any]) -> Iterable[Text]:
    """How Vigie itself is: what fails, the last heartbeat, the last drill."""
    for fault in vitals["failing"]:
        yield Text(f"Vigie signale : {fault['says']}", style="red")
    beat, drill = vitals["heartbeat"], vitals["drill"]
    if beat is None:
        yield Text("Battement de cœur : personne n’en attend (VIGIE_HEARTBEAT_URL).", style="dim")
    elif beat["trouble"]:
        yield Text(f"Battement de cœur non accepté : {beat['trouble']}.", style="yellow")
    if beat is not None and not beat["accepted_at"]:
        yield Text("Battement de cœur : aucun n’a encore été accepté depuis le démarrage.")
    elif beat is not None:
        yield Text(f"Dernier battement de cœur accepté : {_paris(beat['accepted_at'])}.")
    if drill is None:
        yield Text("Exercice quotidien : aucun n’est parti.", style="dim")
    elif drill["arrived_at"] is None:
        yield Text(f"Exercice quotidien du {_day(drill)} : parti, pas encore arrivé.", style="yellow")
    else:
        yield Text(f"Exercice quotidien du {_day(drill)} : arrivé {_paris(drill['arrived_at'])}.")


def _day(drill: Mapping[str, Any]) -> str:
    return f"{date.fromisoformat(drill['day']):%d/%m/%Y}"


def _paris(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(PARIS):%d/%m %H:%M:%S}"


def incidents(found: Mapping[str, Any], catalog: Catalog) -> Iterable[Table | Text]:
    """What a rehearsal opened, when and about whom; then, apart, what turned out to be part of something wider."""
    table = _table("Ouvert", "Confirmé après", "Clos", "Pire état", "Incident")
    subjects = {}
    for one in found["incidents"]:
        subjects[one["id"]] = subject = subject_of(one["culprit"], one["services"], catalog, FRENCH)
        names = "" if subject.alone else listed(sorted(_names(one["services"], catalog), key=str.casefold), FRENCH)
        closed = _paris(one["closed_at"]) if one["closed_at"] else "en cours"
        after, worst = f"{one['detected_after_s']:.0f}\u00a0s", state(Health(one["worst"]))
        told = f"{subject.sentence} (point commun établi)" if one["explained"] else subject.sentence
        # In a column of its own a list of names would be a ribbon of one word a line.
        about = Text(told, overflow="fold").append(f"\n{names}" if names else "", style="dim")
        table.add_row(_paris(one["opened_at"]), after, closed, worst, about)
    yield table
    if found["absorbed"]:
        yield Text("\nRattachés à un incident plus large", style="bold")
        apart = _table("Le", "Incident", "Rattaché à")
        for one in found["absorbed"]:
            into = subjects.get(one["into"])
            name, wider = name_of(one["culprit"], catalog), into.sentence if into else one["into"]
            apart.add_row(_paris(one["at"]), Text(name, overflow="fold"), Text(wider, overflow="fold"))
        yield apart


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False, header_style="bold")


def _names(services: Iterable[str], catalog: Catalog) -> list[str]:
    return [catalog.services[one].name if one in catalog.services else one for one in services]
