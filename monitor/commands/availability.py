"""`vigie availability`: how long the users of a service could work, round the clock and in school hours."""

import json
from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer

from monitor import app
from monitor.backtest import Held, held
from monitor.commands.backtest import FirstDay, LastDay
from monitor.commands.base import FINE, NO, ConfigFile, Format, Shape, explained, out
from monitor.commands.counted import Report, as_text
from monitor.commands.counted_json import as_json
from monitor.commands.selected import ForAudience, InTerritory, OperatedBy, Services, Words, selected
from monitor.commands.window import other_window, window
from monitor.config.directory_table import load_pupils
from monitor.domain.interval import Interval
from monitor.domain.parts import By
from monitor.domain.rollup import survey
from monitor.reports.availability import known_until
from monitor.reports.figures import Basis
from monitor.reports.periods import Period, Question, period_of
from monitor.reports.selected import Selection
from monitor.settings import Settings
from monitor.store import DeskReader, Identity, Reader, open_desk_reader, open_reader

Divided = Annotated[
    By,
    typer.Option("--by", help="Découper\u00a0: par mois, jour, heure, jour de la semaine, ou en grille des deux."),
]
Against = Annotated[
    str | None,
    typer.Option("--against", metavar="DATE..DATE", help="Comparer à cette période, dernier jour non compris."),
]


@explained
def availability(  # noqa: PLR0917 - typer reads options as parameters
    since: FirstDay,
    until: LastDay,
    services: Services = None,
    territory: InTerritory = None,
    operator: OperatedBy = None,
    audience: ForAudience = None,
    by: Divided = By.PERIOD,
    against: Against = None,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """La disponibilité, jour et nuit puis aux heures scolaires. Code 1 si rien n’est compté."""
    now, troubles = app.clock(), list[str]()
    period, other = _periods(since, until, against, now, troubles)
    settings = app.settings(config=config)
    configured = app.configured(settings)
    with (
        closing(open_reader(settings.database_url)) as reader,
        closing(open_desk_reader(settings.database_url)) as desk,
    ):
        identity = reader.identity()
        basis = _basis(reader, desk, held(identity, configured, settings), settings, now)
        words = Words(tuple(services or ()), territory, operator, audience)
        chosen = selected(basis.catalog, basis.ground, words, troubles)
        if troubles or period is None:
            raise ValueError("\n".join(troubles))
        report = Report(
            _said(basis, chosen, period, by),
            None if other is None else _said(basis, chosen, other, By.PERIOD),
            basis.known,
            _rehearsed(identity),
        )
    if shape is Shape.JSON:
        print(json.dumps(as_json(report), ensure_ascii=False, indent=1))
    else:
        for part in as_text(report):
            out.print(part)
    return FINE if any(one.said.all.counted for one in report.now.services) else NO


def _periods(
    since: str, until: str, against: str | None, now: datetime, troubles: list[str]
) -> tuple[Interval | None, Interval | None]:
    """The period, and the one it is compared with; None where there is none, or where it has to be mended."""
    period = other = None
    try:
        period = window(since, until, now, last_day_whole=False)
    except ValueError as trouble:
        troubles.append(str(trouble))
    try:
        other = None if against is None else other_window("--against", against, now)
    except ValueError as trouble:
        troubles.append(str(trouble))
    return period, other


def _basis(reader: Reader, desk: DeskReader, country: Held, settings: Settings, now: datetime) -> Basis:
    # Rehearsals are weighed without the directory, as they were played (docs/operating.md).
    pupils = None if _rehearsed(reader.identity()) else load_pupils(settings.directory)
    ground = survey(country.catalog, pupils)
    return Basis(reader, desk, country.catalog, country.timetable, ground, known_until(reader, now))


def _said(basis: Basis, chosen: Selection, period: Interval, by: By) -> Period:
    place = None if chosen.place is None else basis.catalog.territories[chosen.place]
    return period_of(basis, Question(chosen.services, *period, by, place, chosen.audiences))


def _rehearsed(identity: Identity | None) -> bool:
    return identity is not None and identity.kind == "rehearsal"
