"""What every command shares: where it prints, how it fails, the options that come again."""

import logging
import os
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from pydantic import ValidationError
from rich.console import Console

from monitor import terminal
from monitor.config import CatalogInvalid
from monitor.rehearsal.scenario import ScenarioInvalid
from monitor.store import StoreError

P = ParamSpec("P")

FINE, NO, WRONG = 0, 1, 2
INTERRUPTED = 130  # as shells have it

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


class Shape(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"


ConfigFile = Annotated[Path | None, typer.Option("--config", help="Le catalogue ; par défaut probes.yaml.")]
Format = Annotated[Shape, typer.Option("--format", help="Pour les gens (table) ou pour les machines (json).")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port de la page web ; 8050 par défaut.")]


def explained(command: Callable[P, int]) -> Callable[P, None]:
    """Turn what people can mend into one clear message and exit 2; anything else is a bug and shows itself."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        level = os.environ.get("VIGIE_LOG", "WARNING").upper()
        logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s")
        try:
            code = command(*args, **kwargs)
        except ValidationError as trouble:
            err.print(terminal.settings_trouble(trouble), markup=False)
            code = WRONG
        except (CatalogInvalid, ScenarioInvalid, StoreError, ValueError, OSError) as trouble:
            err.print(str(trouble), markup=False)
            code = WRONG
        except KeyboardInterrupt:
            err.print("Interrompu.")
            code = INTERRUPTED
        raise typer.Exit(code)

    return run
