"""Every address of the public application that can be read, as it is written where it is made."""

from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.routing import Route

from dashboard.app import create_app
from dashboard.data import DatabaseReader
from dashboard.letterbox import Letterbox

from .opened import MORNING


def all_routes() -> set[str]:
    """The paths, with the names that stand in braces."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/none.db"
        front = create_app(DatabaseReader(url), lambda: MORNING, Letterbox(url, writes=True))
    return {one.path for one in front._site._app.routes if isinstance(one, Route)}
