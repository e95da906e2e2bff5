"""All that is open to other programs and other sites, put on the public application."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from dashboard.data import Data
from dashboard.public.api.routes import Api
from dashboard.public.badges import add_badges
from dashboard.public.embed import add_fragments
from dashboard.public.feeds import add_feeds
from dashboard.public.files import add_files
from dashboard.public.press import Press
from monitor import __version__
from monitor.settings import Settings


def add_open_data(site: FastAPI, press: Press, data: Data, now: Callable[[], datetime]) -> None:
    """The programming interface, the files, the feeds, the badges, and the fragments for other sites."""
    server = Settings().public_url
    api = Api(data, __version__, server)
    api.add_to(site)
    add_files(site, data, api.seals, now)
    add_feeds(site, data, server)
    add_badges(site, data, now)
    add_fragments(site, press)
