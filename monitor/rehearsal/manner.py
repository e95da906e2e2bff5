"""How a platform behaves: well, when it makes people wait, when it lets only some in."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.domain.catalog import Probe
from monitor.rehearsal import mirror
from monitor.rehearsal.page import Page


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a fake service: the probe as the catalogue has it, and the scenario's instant (aware)."""

    probe: Probe
    at: datetime

    @property
    def path(self) -> str:
        """Path of the real address, ``/`` at least."""
        return urlsplit(self.probe.target).path or "/"

    @property
    def origin(self) -> str:
        """Scheme and host of the real address: platforms name themselves in what they answer."""
        parts = urlsplit(self.probe.target)
        return f"{parts.scheme}://{parts.netloc}"


class Manner:
    """A platform of which no fact is known: it only mirrors what its probe expects.

    For such a platform the rehearsal proves the engine, not the expectation: that one stays to be confirmed on the
    real site.
    """

    def well(self, asked: Asked) -> Page:
        """What an anonymous visitor gets on an ordinary day."""
        return mirror.well(asked.probe)

    def waiting(self, asked: Asked) -> Page | None:
        """The waiting room, None where this address shows none."""
        return mirror.marked(asked.probe.waiting_room, "Merci de patienter")

    def restricted(self, asked: Asked) -> Page | None:
        """The page that lets only some in, None where this address shows none."""
        return mirror.marked(asked.probe.restricted, "Accès restreint")
