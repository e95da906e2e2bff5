"""The desk: what people write. Any number of processes may, one after the other; no monitor is held up by it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table

from monitor.domain.announcement import Announcement
from monitor.domain.hush import Declared
from monitor.domain.recipient import Contact, Merge, Recipient, concerned, email_of, merge
from monitor.domain.silence import Acknowledgement, DeclaredSilence
from monitor.domain.subscriber import Subscriber, about
from monitor.domain.window import Window
from monitor.store import announcements, desk_tables, recipients, resends, silences, subscribers, windows
from monitor.store.database import reading, rewritten, writing
from monitor.store.desk_subscribers import SubscribersRead, SubscribersWritten
from monitor.store.errors import missing, translated
from monitor.store.place import Book, Place
from monitor.store.schema import require_current
from monitor.store.upsert import added
from monitor.store.values import Resend

_LONGEST_READ = timedelta(seconds=5)
_LONGEST_INCIDENT = timedelta(days=100)  # who said so longer ago is not working on anything that is still told

Named = TypeVar("Named", Window, Announcement, DeclaredSilence, Acknowledgement)


def open_desk(url: str) -> "Desk":
    """Open the desk for writing. Raises DatabaseMissing, DatabaseOlder, DatabaseNewer and other StoreErrors."""
    place = Place.of(url)
    return _opened(Desk(place, writing(place, Book.DESK, ordinary=True)))


def open_desk_reader(url: str) -> "DeskReader":
    """Open the desk for reading. Raises DatabaseMissing, DatabaseOlder, DatabaseNewer and other StoreErrors."""
    place = Place.of(url)
    return _opened(DeskReader(place, reading(place, Book.DESK, longest=_LONGEST_READ)))


class DeskReader(SubscribersRead):
    """What people declared, for reading, from any thread. Each method sees one instant; raises StoreError."""

    def __init__(self, place: Place, engine: Engine) -> None:
        """Use `open_desk_reader`."""
        self._place, self._engine = place, engine

    def verify(self) -> None:
        """Raise DatabaseMissing, DatabaseOlder or DatabaseNewer unless the book has the schema of this program."""
        with self._connected() as connection:
            require_current(connection, Book.DESK, self._place)

    def windows(self) -> list[Window]:
        """Every maintenance window that was ever declared, the first declared first."""
        with self._connected() as connection:
            return list(windows.every(connection))

    def windows_touching(self, since: datetime, until: datetime) -> list[Window]:
        """The windows that may cover an instant of [since, until): `domain.window.declared` says which instants."""
        with self._connected() as connection:
            return list(windows.touching(connection, since, until))

    def announcements(
        self,
        *,
        incident: str | None = None,
        service: str | None = None,
        since: datetime | None = None,
        newest: int | None = None,
    ) -> list[Announcement]:
        """The announcements about an incident, about a service, or all, the earliest said first; none withdrawn.

        From an instant on, or the `newest` ones, if given.
        """
        with self._connected() as connection:
            found = announcements.shown(connection, incident=incident, service=service, since=since, newest=newest)
            return list(found)

    def recipients(self, uais: Collection[str] = ()) -> list[Recipient]:
        """The recipients of these schools, or all, by school, then by address."""
        with self._connected() as connection:
            return list(recipients.every(connection, uais))

    def resends(self, since: datetime) -> list[Resend]:
        """The wishes from an instant on that messages be sent again, the earliest first."""
        with self._connected() as connection:
            return list(resends.since(connection, since))

    def recipients_mark(self) -> tuple[int, int]:
        """Something that an import and a `forget` change: how many recipients there are, and when one last changed."""
        with self._connected() as connection:
            return recipients.mark(connection)

    def silences(self) -> list[DeclaredSilence]:
        """Every silence that was ever declared, the first declared first."""
        with self._connected() as connection:
            return list(silences.every(connection))

    def acknowledgements(self, incident: str) -> list[Acknowledgement]:
        """Who said to work on an incident and did not withdraw it, the earliest first."""
        with self._connected() as connection:
            return list(silences.standing(connection, incident=incident))

    def declared(self, now: datetime) -> Declared:
        """What may keep news back from `now` to a day later: the tell clock asks for it at every tick."""
        with self._connected() as connection:
            return Declared(
                tuple(silences.every(connection, ending_after=now)),
                tuple(silences.standing(connection, since=now - _LONGEST_INCIDENT)),
                tuple(windows.near(connection, now)),
            )

    def close(self) -> None:
        """Give back what is open. May be repeated."""
        self._engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if self._place.path is not None and not self._place.file(Book.DESK).exists():
            raise missing(self._place.label)
        with translated(self._place.label), self._engine.begin() as connection:
            yield connection


class Desk(DeskReader, SubscribersWritten):
    """The desk open for writing. Each method is one transaction: all or nothing; raises StoreError."""

    def declare(self, window: Window) -> Window:
        """Keep a window; the one that is kept is given back: where its id is taken, its own has a number."""
        return self._kept(window, desk_tables.windows, windows.window_row)

    def end(self, window: str, at: datetime) -> bool:
        """Call off what is left of a window from `at` on; False where there is none, or somebody did already."""
        with self._connected() as connection:
            return windows.end(connection, window, at)

    def announce(self, announcement: Announcement) -> Announcement:
        """Keep an announcement, as `declare` keeps a window."""
        return self._kept(announcement, desk_tables.announcements, announcements.announcement_row)

    def withdraw(self, announcement: str, at: datetime) -> bool:
        """Show an announcement no longer; False where there is none, or somebody did already. The row stays."""
        with self._connected() as connection:
            return announcements.withdraw(connection, announcement, at)

    def keep_silent(self, silence: DeclaredSilence) -> DeclaredSilence:
        """Keep a silence, as `declare` keeps a window."""
        return self._kept(silence, desk_tables.silences, silences.silence_row)

    def end_silence(self, silence: str, at: datetime) -> bool:
        """Call off what is left of a silence from `at` on; False where there is none, or somebody did already."""
        with self._connected() as connection:
            return silences.end(connection, silence, at)

    def acknowledge(self, one: Acknowledgement) -> Acknowledgement:
        """Keep an acknowledgement, as `declare` keeps a window."""
        return self._kept(one, desk_tables.acknowledgements, silences.acknowledgement_row)

    def withdraw_acknowledgement(self, incident: str, at: datetime) -> bool:
        """Nobody works on an incident any more; False where nobody did. The rows stay."""
        with self._connected() as connection:
            return silences.withdraw(connection, incident, at)

    def take(self, contacts: Sequence[Contact], at: datetime) -> Merge:
        """Merge a list of contacts, each school and address once, into the recipients; what it changed."""
        with self._connected() as connection:
            recipients.alone(connection)
            known = list(recipients.every(connection))
            found = merge(known, contacts)
            recipients.add(connection, found.added, {one.id for one in known}, at)
            recipients.change(connection, found.changed, at)
        return found

    def forget(self, what: str) -> tuple[Recipient | Subscriber, ...]:
        """Erase the recipients and subscribers that an id or an address names; those that were.

        The file is written anew even where there were none: asked again after a trouble, it ends what was begun.
        """
        with self._connected() as connection:
            recipients.alone(connection)
            found = concerned(recipients.every(connection), what)
            recipients.erase(connection, found)
            subscribers.alone(connection)
            signed = about(subscribers.every(connection), what)
            subscribers.erase(connection, [one.id for one in signed])
            emails = {email_of(what.strip()), *(one.email for one in found), *(one.email for one in signed)}
            subscribers.unlearn(connection, [email for email in emails if email is not None])
        with self._rewriting():
            rewritten(self._engine)
        return (*found, *signed)

    def _rewriting(self) -> AbstractContextManager[None]:
        return translated(self._place.label)

    def wish(self, wishes: Sequence[Resend]) -> None:
        """Keep wishes that messages be sent again."""
        with self._connected() as connection:
            resends.add(connection, wishes)

    def _kept(self, value: Named, table: Table, row_of: Callable[[Named], dict[str, Any]]) -> Named:
        with self._connected() as connection:
            for number in count(1):
                kept = replace(value, id=value.id if number == 1 else f"{value.id}-{number}")
                if added(connection, table, row_of(kept)):
                    return kept
        raise AssertionError("count() never ends")


Opened = TypeVar("Opened", bound=DeskReader)


def _opened(desk: Opened) -> Opened:
    try:
        desk.verify()
    except BaseException:
        desk.close()
        raise
    return desk
