"""`vigie rehearse`: a database of its own, the day played, the page beside it, and what it gave."""

import json
import os
import signal
import threading
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import time
from functools import partial
from pathlib import Path

from rich.console import Console

from monitor import __version__, app, terminal, whom
from monitor.addresses import addresses, seconds, secret
from monitor.config.calendar import load_calendar
from monitor.config.problem import typeset
from monitor.config.recipients_list import read_contacts
from monitor.desk.recipients import take
from monitor.domain.rollup import survey
from monitor.domain.snapshot import instant
from monitor.play import Played, Stage, play
from monitor.rehearsal.account import account, notices
from monitor.rehearsal.readers import by_role, in_words
from monitor.rehearsal.scenario import load_scenario
from monitor.reports.digests import digested
from monitor.settings import Settings
from monitor.store import Evaluation, Store, empty, open_desk_reader, open_reader, open_store, upgrade
from monitor.store.days import bounds, day_of
from monitor.supervise import Part, start, stop_all
from monitor.up import refuse_busy, web_command

WATCHABLE = 60.0  # scenario seconds per second, so that a person can watch (`up --rehearsal`)
REPUBLISH_S = 10.0
OWN_FOLDER = Path("data")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    scenario: str
    speed: float | None = None
    between: tuple[str, ...] = ()
    serve: bool = False
    send: bool = False
    json: bool = False
    recipients: Path | None = None


def run(settings: Settings, wish: Wish, err: Console) -> int:
    """Play, show, and print what was found; returns the exit code. Raises what people can mend."""
    _obey_signals()
    scenario = load_scenario(wish.scenario)
    config = app.configured(settings)
    contacts = read_contacts(wish.recipients).contacts if wish.recipients is not None else ()
    hours = [_hours(text) for text in wish.between] or None
    settings = settings.model_copy(update={"database_url": own_database(settings, scenario.name)})
    upgrade(settings.database_url, "rehearsal", app.clock(), scenario.name)
    with ExitStack() as stack:
        if wish.serve:
            refuse_busy(settings.listen)
            page = Part("La page", web_command(settings))
            start(page, os.environ)
            stack.callback(stop_all, [page])
            err.print(f"RÉPÉTITION de {scenario.name} : la page est sur http://{settings.listen}/", style="bold")
        store = open_store(settings.database_url, kind="rehearsal")
        stack.callback(store.close)
        take(settings.database_url, contacts, app.clock())
        desk = open_desk_reader(settings.database_url)
        stack.callback(desk.close)
        gateways = whom.gateways(partial(secret, environment=os.environ)) if wish.send else None
        started = app.clock()
        played = play(
            Stage(
                config=config,
                scenario=scenario,
                store=store,
                settings=settings,
                wall=app.clock,
                version=__version__,
                between=hours,
                speed=wish.speed,
                calendar=load_calendar(settings.calendar),
                addresses=addresses(config.subscriptions, os.environ) if wish.send else None,
                seconds=seconds(config.subscriptions, os.environ) if wish.send else {},
                # Sent for real, letters to heads need a gateway; without one they hear nothing here either.
                sources=() if wish.send and gateways is None else (whom.heads(settings, desk, gateways),),
                bulletin=lambda at, country, catalog: err.print(terminal.bulletin(at, country, catalog)),
            )
        )
        _seal(settings.database_url, store, played)
        _report(played, wish, (app.clock() - started).total_seconds())
        if wish.serve:
            err.print("La journée est jouée. La page reste ouverte ; Ctrl-C pour finir.", style="bold")
            _obey_signals()  # the play had handlers of its own
            _hold(settings, store)
    return 0


def _obey_signals() -> None:
    """Both ways of being told to stop are one: the page is stopped, the books are closed."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.default_int_handler)


def _seal(url: str, store: Store, played: Played) -> None:
    """Seal the played days as a night does, so that what is exported of them can be checked."""
    end = bounds(day_of(max(end for _, end in played.windows)))[1]
    with closing(open_reader(url)) as reader:
        for day in reader.unsealed(end):
            for found in digested(day, reader.records(*bounds(day))):
                store.seal(found, app.clock())


def _hours(text: str) -> tuple[time, time]:
    """``07:30-10:00`` as two hours. Raises ValueError with the mend."""
    try:
        since, until = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        since = until = time()
    if since >= until:
        raise ValueError(f"--between {text} : écrivez deux heures de Paris dans l’ordre, par exemple 07:30-10:00.")
    return since, until


def own_database(settings: Settings, scenario: str) -> str:
    """Where it is kept: at the URL that was set, if nothing is there, else in a file begun anew. Raises StoreError."""
    if "database_url" in settings.model_fields_set:
        if not empty(settings.database_url):
            raise ValueError(
                "VIGIE_DATABASE_URL désigne une base qui contient déjà des mesures : une répétition remplit la sienne. "
                "Donnez-lui une base vide, ou retirez ce réglage."
            )
        return settings.database_url
    file = OWN_FOLDER / f"repetition-{scenario}.db"
    url = f"sqlite:///{file}"
    if file.exists():
        upgrade(url, "rehearsal", app.clock(), scenario)  # one of an older Vigie, too, tells whose it is
        open_store(url, kind="rehearsal").close()  # refuses while another rehearsal fills it
        for name in (file.name, f"{file.stem}-desk.db"):  # and not those of 2021-04-06 for 2021-04
            for old in (OWN_FOLDER / name, *OWN_FOLDER.glob(f"{name}-*"), *OWN_FOLDER.glob(f"{name}.*")):
                old.unlink(missing_ok=True)
    return url


def _report(played: Played, wish: Wish, took_s: float) -> None:
    """Print what the day gave, for people or for machines."""
    scenario, catalog = played.scenario, played.catalog
    found = account(scenario, played.windows, catalog, survey(catalog), played.incidents)
    lasted = sum((end - start).total_seconds() for start, end in played.windows)
    readers = by_role(played.tellings, played.subscriptions)
    out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    speed = round(lasted / took_s, 1) if took_s else None
    if wish.json:
        head = {"scenario": scenario.name, "speed": speed, "observations": played.observations}
        said = {**head, **found, "notices": notices(played.tellings), "readers": readers}
        out.print(json.dumps(said, ensure_ascii=False, indent=1))
        return
    if scenario.note:
        out.print(f"RÉPÉTITION, {scenario.note}.")
    for part in terminal.incidents(found, catalog):
        out.print(part)
    for line in map(typeset, in_words(readers)):
        out.print(line)
    messages = sum(one.folded_into is None for one in played.tellings)
    counts = f"{played.observations} réponses, {len(played.incidents)} incidents, {messages} messages"
    out.print(f"{counts}\u00a0; {played_in(took_s, speed)}.")


def played_in(took_s: float, speed: float | None) -> str:
    """How long a day took to play, in seconds, and how many times faster than it was; None where it took no time."""
    number = "" if speed is None else f"{speed:.1f}".removesuffix(".0").replace(".", ",")
    times = f", {number} fois le temps" if number else ""
    return f"joué en {took_s:.0f}\u00a0s{times}"


def _hold(settings: Settings, store: Store) -> None:
    """Keep the last page fresh until Ctrl-C: its age is the age of its publication."""
    reader = open_reader(settings.database_url)
    try:
        while True:
            last = reader.snapshot()
            if last is not None:
                shown = json.loads(last[0]) | {"published_at": instant(app.clock())}
                store.save(Evaluation((), (), (), (), json.dumps(shown, ensure_ascii=False).encode(), app.clock()))
            threading.Event().wait(REPUBLISH_S)
    except KeyboardInterrupt:
        reader.close()
