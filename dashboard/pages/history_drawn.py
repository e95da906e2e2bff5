"""The figures of `/carte/disponibilite`, each with its table: days as cells, parts as bars, services ranked."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from dashboard.dates import NB
from dashboard.figures.cells import Cell, Figure, Grade, Row, cells
from dashboard.figures.lost import Bar, lost, ranked
from dashboard.pages.drawn import graph, twin
from dashboard.pages.history_asked import Asked
from dashboard.pages.history_tables import Parts, of_grid, of_parts, of_services
from dashboard.pages.history_words import part_name, said_of, short_name
from dashboard.pages.taken import downloadable
from dashboard.wording import HOURS
from monitor.domain.parts import By, Part
from monitor.reports.over_time import Shown
from monitor.reports.periods import Counted, Period

RANKED_MOST = 20  # services as bars; the table has them all
ROWS_MOST = 40  # services as rows of cells
DAYS_OF_A_MONTH = tuple(str(day) for day in range(1, 32))
STAR = "* couverture trop faible"
_BARS = (
    "Hauteur\u00a0: part indisponible du temps compté. Une barre pâle et pointillée repose sur une couverture trop "
    "faible\u00a0; là où rien n’est compté, il n’y a pas de barre."
)
_TITLES = {
    By.DAY: "Temps perdu, jour par jour",
    By.MONTH: "Temps perdu, mois par mois",
    By.WEEKDAY: "Temps perdu, selon le jour de la semaine",
    By.HOUR: "Temps perdu, selon l’heure du jour",
}


def drawings(asked: Asked, shown: Shown) -> Iterator[Component]:
    """The sections of figures, from the whole to its services."""
    parts = _whole(shown.now)
    days = None if shown.days is None else _whole(shown.days)
    if parts is not None and parts.get(asked.hours):
        if days is not None and days.get(asked.hours):
            yield _calendar(asked, days)
        yield _bars(asked, parts)
    elif len(shown.now.services) > 1:
        yield _matrix(asked, shown.now)
    if len(shown.now.services) > 1:
        yield _services(asked, shown)


def _whole(period: Period) -> Parts | None:
    """The parts of all of it: of the territory, or of the only service."""
    if period.together is not None:
        return period.together.parts
    return period.services[0].parts if len(period.services) == 1 else None


def _calendar(asked: Asked, days: Parts) -> html.Section:
    """A row a month, a column a day of it."""
    months = [(month, dict(some)) for month, some in groupby(days[asked.hours].items(), key=lambda pair: pair[0][:2])]
    rows = [Row(short_name(By.MONTH, month), [_day(*pair) for pair in some.items()]) for month, some in months]
    table = [(part_name(By.MONTH, month), {str(day[2]): one for day, one in some.items()}) for month, some in months]
    caption = f"Disponibilité de chaque jour, {HOURS[asked.hours].fr.lower()}"
    figure = cells(rows, DAYS_OF_A_MONTH, {day: day for day in ("1", "5", "10", "15", "20", "25", "30")})
    shown = twin(f"{caption} ({STAR})", *of_grid("Mois", DAYS_OF_A_MONTH, table))
    return html.Section(
        [
            html.H2("Chaque jour"),
            graph("jours", figure, f"{caption}, une ligne par mois.", _height(len(rows))),
            key(),
            downloadable(shown, f"disponibilite-jours-{_file(asked)}"),
        ]
    )


def _day(day: Part, one: Figure) -> Cell:
    return Cell(str(day[2]), one, said_of(part_name(By.DAY, day), one))


def _bars(asked: Asked, parts: Parts) -> html.Section:
    found, by = parts[asked.hours], asked.by
    bars = [Bar(short_name(by, part), one, said_of(part_name(by, part), one)) for part, one in found.items()]
    label = f"Part du temps compté qui était indisponible, {HOURS[asked.hours].fr.lower()}, en barres."
    table = twin("Disponibilité et couverture de chaque partie de la période", *of_parts(by, parts))
    return html.Section(
        [
            html.H2(_TITLES[by]),
            graph("perdu", lost(bars), label, "260px"),
            html.P(_BARS, className="hint"),
            downloadable(table, f"disponibilite-parties-{_file(asked)}"),
        ]
    )


def _matrix(asked: Asked, period: Period) -> html.Section:
    """Several services that nothing weighs together: a row each, the worst first, a column a part."""
    chosen = [one for one in worst_first(period.services, asked) if one.parts.get(asked.hours)]
    parts = sorted({part for one in chosen for part in one.parts[asked.hours]})
    columns = [part_name(asked.by, part) for part in parts]
    rows = [Row(one.service.name, [_part(asked, one, part) for part in one.parts[asked.hours]]) for one in chosen]
    table = [(row.name, {cell.column: cell.figure for cell in row.cells}) for row in rows]
    caption = f"Disponibilité de chaque service, {HOURS[asked.hours].fr.lower()}"
    ticks = {part_name(asked.by, part): short_name(asked.by, part) for part in parts[:: -(-len(parts) // 6) or 1]}
    figure = cells(rows[:ROWS_MOST], columns, ticks)
    shown = twin(f"{caption} ({STAR})", *of_grid("Service", columns, table))
    return html.Section(
        [
            html.H2("Service par service, au fil du temps"),
            graph("parties", figure, f"{caption}, une ligne par service.", _height(min(len(rows), ROWS_MOST))),
            key(),
            *_more(len(rows), ROWS_MOST),
            downloadable(shown, f"disponibilite-services-{asked.by.value}-{_file(asked)}"),
        ]
    )


def _part(asked: Asked, one: Counted, part: Part) -> Cell:
    name, figure = part_name(asked.by, part), one.parts[asked.hours][part]
    return Cell(name, figure, said_of(f"{one.service.name}, {name}", figure))


def _services(asked: Asked, shown: Shown) -> html.Section:
    order, hours = worst_first(shown.now.services, asked), asked.hours
    bars = [Bar(one.service.name, one.said.of(hours), said_of(one.service.name, one.said.of(hours))) for one in order]
    label = f"Part du temps compté où chaque service était indisponible, {HOURS[hours].fr.lower()}."
    height = f"{60 + 26 * min(len(bars), RANKED_MOST)}px"
    table = twin("Disponibilité de chaque service", *of_services(shown, order))
    return html.Section(
        [
            html.H2("Temps perdu, service par service"),
            graph("services-perdus", ranked(bars[:RANKED_MOST]), label, height),
            *_more(len(bars), RANKED_MOST),
            downloadable(table, f"disponibilite-services-{_file(asked)}"),
        ]
    )


def worst_first(services: Sequence[Counted], asked: Asked) -> list[Counted]:
    """The least available first; last those of which nothing is counted."""

    def rank(one: Counted) -> tuple[bool, float, str]:
        share = one.said.of(asked.hours).availability
        return share is None, share or 0.0, one.service.name

    return sorted(services, key=rank)


def key() -> html.Ul:
    """What the cells mean: a pattern, a colour and words."""
    return html.Ul(
        [html.Li([html.I(className=f"swatch g-{one.name.lower()}"), one.value.words]) for one in Grade], className="key"
    )


def _more(found: int, most: int) -> list[Component]:
    if found <= most:
        return []
    return [
        html.P(
            f"Les {most} moins disponibles de {found}{NB}services\u00a0; le tableau les donne tous.", className="hint"
        )
    ]


def _height(rows: int) -> str:
    return f"{46 + 20 * rows}px"


def _file(asked: Asked) -> str:
    return f"{asked.first.isoformat()}-{asked.last.isoformat()}"
