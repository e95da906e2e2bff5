"""`vigie backtest`: what another policy would have opened, and who would have been told."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from monitor import app
from monitor import backtest as again
from monitor.commands import rejudged
from monitor.commands.base import FINE, NO, ConfigFile, Format, Shape, err, explained, out
from monitor.commands.evidence import Services
from monitor.commands.window import window
from monitor.config.policy import load_policy
from monitor.once import chosen
from monitor.store import open_reader

FirstDay = Annotated[str, typer.Option("--from", metavar="DATE", help="Premier jour (de Paris), ou instant.")]
LastDay = Annotated[str, typer.Option("--to", metavar="DATE", help="Jour où s’arrêter, non compris, ou instant.")]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FICHIER", help="YAML des clés de « defaults » ; sinon le catalogue.")
]


@explained
def backtest(  # noqa: PLR0917 - typer reads options as parameters
    since: FirstDay,
    until: LastDay,
    policy: PolicyFile = None,
    services: Services = None,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Rejuger les réponses gardées : ce qui aurait été ouvert, quand, et qui l’aurait su. Code 1 sans réponse."""
    begin, end = window(since, until, app.clock(), last_day_whole=False)
    settings = app.settings(config=config)
    configured = app.configured(settings)
    with closing(open_reader(settings.database_url)) as reader:
        held = again.held(reader.identity(), configured, settings)
        chosen(held.catalog, services or [])
        other = None if policy is None else load_policy(policy, held.catalog)
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            task = progress.add_task("Vigie rejuge", total=(end - begin + again.WARM_UP).total_seconds())
            judged = again.backtest(
                reader,
                held,
                begin,
                end,
                policy=other,
                advance=lambda more: progress.advance(task, more.total_seconds()),
            )
    report = rejudged.report(judged, held.catalog, frozenset(services or ()), other)
    if shape is Shape.JSON:
        print(json.dumps(rejudged.as_json(report), ensure_ascii=False, indent=1))
    else:
        for part in rejudged.as_text(report):
            out.print(part)
    return FINE if judged.answers else NO
