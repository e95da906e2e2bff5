"""What a report is asked about: a month or days, services or a territory or what a contract names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from monitor.commands.concerned import known_id
from monitor.commands.places import territory_of
from monitor.commands.shown import visible
from monitor.commands.window import REACH, WITHIN_REACH, window
from monitor.config import CatalogInvalid
from monitor.config.contract import ContractFile, load_contract
from monitor.domain.catalog import Catalog, Service, Territory
from monitor.domain.interval import Interval
from monitor.domain.rollup import Ground
from monitor.dossier.services import Asked
from monitor.dossier.words import place_title
from monitor.terminal import PARIS

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=367)  # a year, and the hour of a change of time


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed."""

    month: str | None
    since: str | None
    until: str | None
    services: tuple[str, ...]
    territory: str | None
    contract: Path | None


def asked(wish: Wish, catalog: Catalog, ground: Ground, now: datetime) -> Asked:
    """What is meant. Raises ValueError with one French sentence for each mistake, CatalogInvalid for the contract."""
    troubles: list[str] = []
    period = _period(wish, now, troubles)
    contract = _contract(wish.contract, catalog, troubles)
    place, services = _subject(wish, contract, catalog, ground, troubles)
    if period is None or troubles:
        raise ValueError("\n".join(troubles))
    since, until, earlier = period
    title = _title(place, services, contract)
    return Asked(title, services, place, since, until, earlier, wish.month is not None, contract)


def _period(wish: Wish, now: datetime, troubles: list[str]) -> tuple[datetime, datetime, Interval] | None:
    """The period, cut at `now`, and the earlier one beside it."""
    days = wish.since is not None or wish.until is not None
    if wish.month is not None and days:
        troubles.append("Donnez --month, ou --from et --to, mais pas les deux.")
        return None
    if wish.month is not None:
        return _month(wish.month, now, troubles)
    if wish.since is None or wish.until is None:
        troubles.append("Donnez --month 2021-04, ou --from et --to.")
        return None
    try:
        since, until = window(wish.since, wish.until, now, last_day_whole=False)
    except ValueError as trouble:
        troubles.append(str(trouble))
        return None
    if until - since > LONGEST:
        troubles.append("--from et --to\u00a0: plus d’un an. Faites un rapport par année, ou par mois.")
        return None
    return since, until, (_before(since, until), since)


def _month(written: str, now: datetime, troubles: list[str]) -> tuple[datetime, datetime, Interval] | None:
    said = f"--month\u00a0: «\u00a0{visible(written[:40])}\u00a0»"
    shape = _MONTH.fullmatch(written)
    if shape is None or not 1 <= int(shape[2]) <= 12:
        troubles.append(f"{said} n’est pas un mois. Écrivez 2021-04.")
    elif int(shape[1]) not in REACH:
        troubles.append(f"{said} est hors de portée\u00a0: {WITHIN_REACH}.")
    else:
        first = date(int(shape[1]), int(shape[2]), 1)
        before, after = (first - _ONE_DAY).replace(day=1), (first + 31 * _ONE_DAY).replace(day=1)
        if _midnight(first) < now:
            return _midnight(first), min(_midnight(after), now), (_midnight(before), _midnight(first))
        troubles.append(f"{said} n’a pas commencé. Donnez un mois passé, ou celui qui court.")
    return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def _before(since: datetime, until: datetime) -> datetime:
    """When a period as long began that ended where this one begins; of whole days, as many days."""
    first, last = since.astimezone(PARIS), until.astimezone(PARIS)
    if first.time() == last.time() == time():
        return _midnight(first.date() - (last.date() - first.date()))
    return since - (until - since)


def _contract(path: Path | None, catalog: Catalog, troubles: list[str]) -> ContractFile | None:
    try:
        return None if path is None else load_contract(path, catalog)
    except CatalogInvalid as trouble:
        troubles.append(str(trouble))  # beside what else is wrong with the question
        return None


def _subject(
    wish: Wish, contract: ContractFile | None, catalog: Catalog, ground: Ground, troubles: list[str]
) -> tuple[Territory | None, tuple[Service, ...]]:
    """The territory, if one is meant, and the services; what the options leave open is the contract's."""
    territory, names = wish.territory, wish.services
    if territory is not None and names:
        troubles.append("Donnez --territory ou --service, un seul des deux.")
    if contract is not None and not troubles:
        promised = contract.contract
        if territory is None and not names:
            territory, names = promised.territory, promised.services
        elif territory != promised.territory or not set(names) <= set(promised.services):
            of = promised.territory or ", ".join(promised.services)
            troubles.append(
                f"--contract\u00a0: ce contrat porte sur {of}, et sur rien d’autre. Retirez l’autre option."
            )
    elif territory is None and not names and wish.contract is None:
        troubles.append("Donnez --territory, --service, ou un contrat (--contract) qui les nomme.")
    for name in names:
        known_id("--service", name, catalog.services, troubles)
    place = None if territory is None else _place(territory, catalog, troubles)
    if troubles:
        return None, ()
    chosen = set(ground.services[place.code]) if place is not None else set(names)
    services = tuple(one for one in catalog.services.values() if one.id in chosen)
    if not services:
        troubles.append(
            "--territory\u00a0: aucun service du catalogue n’y est. Un service national se demande par --service."
        )
    return place, services


def _place(code: str, catalog: Catalog, troubles: list[str]) -> Territory | None:
    try:
        found = territory_of(code, catalog.territories)
    except ValueError as trouble:
        troubles.append(f"--territory\u00a0: {trouble}")
        return None
    if found.code in catalog.territories:
        return found
    troubles.append("--territory\u00a0: un établissement n’a pas de services à lui. Donnez son département, D:59.")
    return None


def _title(place: Territory | None, services: Sequence[Service], contract: ContractFile | None) -> str:
    if place is not None:
        return place_title(place)
    if len(services) == 1:
        return services[0].name
    return contract.contract.title if contract is not None else f"{len(services)} services"
