"""`vigie up`: everything checked first, then monitor and web as two supervised processes."""

import os
import socket
from collections.abc import Mapping

from rich.console import Console

from monitor import app
from monitor.config.network_table import load_networks
from monitor.config.os_words import os_reason
from monitor.settings import Settings
from monitor.store import upgrade
from monitor.supervise import HANGS_AFTER, Part, supervise


def up(settings: Settings, err: Console) -> int:
    """Check files and port, bring the books up to date, run both processes; returns the exit code."""
    config = app.configured(settings)
    load_networks(settings.network_table)  # read for its errors alone: the monitor reads it again
    refuse_busy(settings.listen)
    upgrade(settings.database_url, "real", app.clock())
    probes = sum(1 for _ in config.catalog.probes()) - len(config.catalog.canaries)
    err.print(f"Vigie veille sur {len(config.catalog.services)} services par {probes} sondes.")
    environment = {**os.environ, **handed_down(settings)}
    parts = [
        Part("La veille", ["-m", "monitor", "monitor"], hangs_after=HANGS_AFTER),
        Part("La page", web_command(settings), address=host_and_port(settings.listen)),
    ]
    return supervise(parts, environment, lambda said: err.print(said, markup=False))


def handed_down(settings: Settings) -> Mapping[str, str]:
    """What the command line decided, as the environment of the parts."""
    config = {"VIGIE_CONFIG": str(settings.config)} if settings.config else {}
    return {**config, "VIGIE_LISTEN": settings.listen, "VIGIE_DATABASE_URL": settings.database_url}


def web_command(settings: Settings) -> list[str]:
    """The web process: another program, started by its own name, so that the monitor never imports it."""
    config = ["--config", str(settings.config)] if settings.config else []
    return ["-m", "dashboard", "--listen", settings.listen, "--database-url", settings.database_url, *config]


def host_and_port(listen: str) -> tuple[str, int]:
    """``host:port`` apart. Raises ValueError with the mend."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"VIGIE_LISTEN={listen} : écrivez adresse:port, par exemple 127.0.0.1:8050.")
    return host.strip("[]"), int(port)


def refuse_busy(listen: str) -> None:
    """Raise OSError, with the mend, when somebody already listens there."""
    host, port = host_and_port(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            raise OSError(
                f"L’adresse {listen} n’est pas libre ({os_reason(trouble)}) : arrêtez le programme qui l’occupe, "
                "ou choisissez un autre port avec --port."
            ) from trouble
