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

from monitor.commands.refused import settings_trouble
from monitor.config import CatalogInvalid
from monitor.config.os_words import os_sentence
from monitor.rehearsal.scenario import ScenarioInvalid
from monitor.store import StoreError

P = ParamSpec("P")

FINE, NO, WRONG = 0, 1, 2
INTERRUPTED = 130  # as shells have it

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

# Never markup: what is printed may hold a file's name or a site's words. Never folded by rich, which breaks a line at a
# space that must not break.
out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


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
        try:
            logging.basicConfig(level=_level(), format="%(asctime)s %(levelname)s %(message)s")
            code = command(*args, **kwargs)
        except ValidationError as trouble:
            err.print(settings_trouble(trouble))
            code = WRONG
        except (CatalogInvalid, ScenarioInvalid, StoreError, ValueError) as trouble:
            err.print(str(trouble))
            code = WRONG
        except BrokenPipeError:
            raise  # whoever reads has left: typer ends quietly
        except OSError as trouble:
            err.print(os_sentence(trouble))
            code = WRONG
        except KeyboardInterrupt:
            err.print("Interrompu.")
            code = INTERRUPTED
        raise typer.Exit(code)

    return run


def _level() -> str:
    level = os.environ.get("VIGIE_LOG", "").strip().upper() or "WARNING"
    if level not in LEVELS:
        raise ValueError(f"VIGIE_LOG : niveau inconnu. Écrivez {', '.join(LEVELS[:-1])} ou {LEVELS[-1]}.")
    return level
