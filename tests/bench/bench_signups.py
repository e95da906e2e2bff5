"""What the public's subscribers cost: a sign-up, a beat with nothing new, one change among 40,000, a restart after a flood.

python tests/bench/bench_signups.py
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.config import default_path, load
from monitor.config.schools import Schools
from monitor.desk import subscribers
from monitor.domain.subscriber import PENDING_MOST, Wish
from monitor.domain.window import Scope, ScopeKind
from monitor.signups import Signups
from monitor.store import Telling, open_desk, open_store, upgrade
from monitor.store.codec import micros
from monitor.store.database import writing
from monitor.store.place import Book, Place

LILLE = Scope(ScopeKind.TERRITORY, "A:lille")


def fill(url: str, letter: str, confirmed: str, revision: int, now: datetime) -> None:
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PENDING_MOST})"
    row = f"'s{letter}' || i, '{letter}' || i || '@b.fr', 'territory', 'A:lille', 'fr', 0, :at, {confirmed}, {revision}"
    engine = writing(Place.of(url), Book.DESK)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO subscribers {numbers} SELECT {row} FROM n"), {"at": micros(now)})
        connection.execute(text(f"UPDATE book SET value = '{revision}' WHERE key = 'subscribers_revision'"))
    engine.dispose()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def took(what: str, call: Callable[[], object], times: int = 1) -> None:
    began = time.perf_counter()
    for _ in range(times):
        call()
    say(f"{what}: {(time.perf_counter() - began) / times * 1000:.1f} ms")


def beat(people: Signups, queue: Callable[[Sequence[Telling]], None], now: datetime) -> None:
    people.look()
    people.ask(queue, now)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url, now = f"sqlite:///{folder}/vigie.db", datetime.now(UTC)
        upgrade(url, "real", now)
        people = Signups(url, "mailto://x.fr", "https://v.example", load(default_path()).catalog, Schools().scope_of)
        store, emails = open_store(url, kind="real"), iter(range(1000))
        ask = lambda: subscribers.sign_up(url, Wish(f"z{next(emails)}@b.fr", LILLE, "fr"), now)  # noqa: E731
        took("sign-up", ask, 50)
        took("sign-up of a known address", lambda: subscribers.sign_up(url, Wish("z0@b.fr", LILLE, "fr"), now), 50)
        beat(people, store.queue, now)
        took("beat with nothing new", lambda: beat(people, store.queue, now), 200)
        fill(url, "c", ":at", 10**6, now)
        took("20,000 confirmed, first read", lambda: beat(people, store.queue, now))
        fill(url, "p", "NULL", 2 * 10**6, now)
        say(f"desk: {Path(folder, 'vigie-desk.db').stat().st_size / 1e6:.1f} MB")
        took("20,000 to confirm, letters kept", lambda: beat(people, store.queue, now))
        with closing(open_desk(url)) as desk:
            desk.purge_subscribers(now)
            desk.unsubscribe("sp1")
        took("one change among 40,000", lambda: beat(people, store.queue, now))
        took("everybody with an address", people.read)
        people.close()
        store.close()


if __name__ == "__main__":
    main()
