"""The vital signs of Vigie itself: whether what must go on does go on, decided from when each part was last well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

PERIOD = timedelta(seconds=60)  # between two heartbeats; whoever waits for them allows 3 min of delay


class Vital(StrEnum):
    """The parts that are watched (docs/operating.md, "Who watches Vigie")."""

    PROBING = "probing"
    PACING = "pacing"
    LOOP = "loop"
    COMMITS = "commits"
    EVALUATION = "evaluation"
    TELLING = "telling"
    QUEUE = "queue"
    SENDER = "sender"
    RESOLVER = "resolver"
    LINE = "line"
    DRILL = "drill"


# Without these an outage is measured or told to nobody, and Vigie must be mended. The others are the world's around it.
MUTE = frozenset(Vital) - {Vital.RESOLVER, Vital.LINE}

# How long each may be unwell, with a heartbeat a minute. A break must be noticed within 60 s: a heartbeat may have left
# just before, and whoever waits for the next raises the alarm 4 min after the last, 5 min after the break.
PATIENCE: Mapping[Vital, timedelta] = {
    Vital.PROBING: timedelta(seconds=45),
    Vital.PACING: timedelta(seconds=30),
    Vital.LOOP: timedelta(seconds=30),
    Vital.COMMITS: timedelta(seconds=30),
    Vital.EVALUATION: timedelta(seconds=45),
    Vital.TELLING: timedelta(seconds=45),
    Vital.QUEUE: timedelta(minutes=15),
    Vital.SENDER: timedelta(seconds=50),
    Vital.RESOLVER: timedelta(seconds=45),
    Vital.LINE: timedelta(seconds=15),
    Vital.DRILL: timedelta(minutes=15),
}
ROUNDS = 2  # what is done every five minutes is not late before it is due twice

SENTENCES: Mapping[Vital, str] = {
    Vital.PROBING: "Aucune question n’a eu de réponse, bonne ou mauvaise, depuis {lasted} : plus rien n’est mesuré.",
    Vital.PACING: "Le cadenceur n’a rien lancé depuis {lasted} : plus rien n’est demandé, jugé ni annoncé.",
    Vital.LOOP: "La boucle de la veille n’est plus à l’heure depuis {lasted}.",
    Vital.COMMITS: "Rien n’a pu être écrit au registre depuis {lasted} : les réponses attendent en mémoire.",
    Vital.EVALUATION: "Rien n’a été jugé ni publié depuis {lasted}.",
    Vital.TELLING: "Personne n’a cherché depuis {lasted} qui doit être prévenu.",
    Vital.QUEUE: "Un message attend depuis {lasted} d’être envoyé, et rien ne l’envoie.",
    Vital.SENDER: "Le processus d’envoi ne répond plus depuis {lasted} : aucun message ne part.",
    Vital.RESOLVER: "Le résolveur de Vigie ne répond plus depuis {lasted}.",
    Vital.LINE: "La ligne de Vigie est coupée depuis {lasted} : aucune panne ne peut être constatée.",
    Vital.DRILL: "L’exercice quotidien n’est pas arrivé depuis {lasted} : les messages ne partent peut-être plus.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A vital that fails, the last instant at which it was well, and what a person should read."""

    vital: Vital
    since: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is known of every part at one instant.

    Attributes:
        well: the last instant at which each part was well; where it has nothing to do, `now`. A part that is not
            there is not watched.
        period: between two heartbeats; patience goes with it.
        rhythm: how often a part does its work, where that may be seldom.
    """

    now: datetime
    well: Mapping[Vital, datetime]
    period: timedelta = PERIOD
    rhythm: Mapping[Vital, timedelta] = field(default_factory=dict)

    def faults(self) -> tuple[Fault, ...]:
        """The parts that have been unwell for longer than their patience, in the order of `Vital`."""
        unwell = {vital: self.now - self.well[vital] for vital in Vital if vital in self.well}
        return tuple(
            Fault(vital, self.well[vital], SENTENCES[vital].format(lasted=lasting(lasted)))
            for vital, lasted in unwell.items()
            if lasted > self.patience(vital)
        )

    def patience(self, vital: Vital) -> timedelta:
        """How long this part may be unwell."""
        return max(PATIENCE[vital] * (self.period / PERIOD), ROUNDS * self.rhythm.get(vital, timedelta()))


@dataclass(frozen=True, slots=True)
class Drill:
    """The drill of one day: when it was queued, and when it had arrived everywhere (None: not yet)."""

    day: str
    queued_at: datetime
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last heartbeats: when one was accepted outside, and why the one after it was not (None: none failed)."""

    accepted_at: datetime | None = None
    trouble: str | None = None


def lasting(duration: timedelta) -> str:
    """A duration as a French sentence says it: the largest unit that is not nought."""
    seconds = int(duration.total_seconds())
    for unit, length in (("j", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
