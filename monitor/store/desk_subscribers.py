"""The part of the desk that the public writes: signing up, confirming, changing, leaving."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection, Engine

from monitor.domain.subscriber import Subscriber, Wish
from monitor.domain.window import Scope
from monitor.store import subscribers
from monitor.store.database import rewritten


class SubscribersRead(ABC):
    """Subscribers, for reading. Raises StoreError."""

    _engine: Engine

    @abstractmethod
    def _connected(self) -> AbstractContextManager[Connection]:
        """One transaction."""

    def subscribers(self) -> list[Subscriber]:
        """Everybody who signed up, confirmed or not, the first to ask first."""
        with self._connected() as connection:
            return list(subscribers.every(connection))

    def subscriber(self, name: str) -> Subscriber | None:
        """The one of that id."""
        with self._connected() as connection:
            return subscribers.one(connection, name)

    def subscribers_revision(self) -> int:
        """A number that is another after every change of a subscriber; cheap to ask for."""
        with self._connected() as connection:
            return subscribers.revision(connection)

    def subscribers_changed(self, since: int) -> tuple[int, list[Subscriber], frozenset[str]]:
        """The revision now, those that changed after `since`, and the ids of everybody: at one instant."""
        with self._connected() as connection:
            return (subscribers.revision(connection), *subscribers.changed(connection, since))

    def secret(self) -> str:
        """What the links of subscribers are computed with."""
        with self._connected() as connection:
            return subscribers.secret(connection)


class SubscribersWritten(SubscribersRead):
    """Subscribers, for writing: each method is one transaction."""

    def sign_up(self, wish: Wish, at: datetime) -> bool:
        """Keep a wish until its owner confirms it; see `store.subscribers.ask`."""
        with self._connected() as connection:
            subscribers.alone(connection)
            return subscribers.ask(connection, wish, at)

    def confirm(self, name: str, at: datetime) -> Subscriber | None:
        """Say yes for one who has not yet; None where nobody of that id waits for it."""
        with self._connected() as connection:
            subscribers.alone(connection)
            return subscribers.confirm(connection, name, at)

    def change_subscriber(self, name: str, scope: Scope, language: str, *, school_hours: bool) -> Subscriber | None:
        """Ask for something else; None where there is nobody of that id."""
        with self._connected() as connection:
            subscribers.alone(connection)
            return subscribers.change(connection, name, scope, language, school_hours=school_hours)

    def unsubscribe(self, name: str) -> bool:
        """Erase a subscriber, from the pages of the file too; whether there was one."""
        with self._connected() as connection:
            subscribers.alone(connection)
            found = subscribers.erase(connection, [name]) > 0
        if found:
            with self._rewriting():
                rewritten(self._engine)
        return found

    def purge_subscribers(self, at: datetime) -> int:
        """Erase who did not confirm in time, from the pages of the file too; how many there were."""
        with self._connected() as connection:
            subscribers.alone(connection)
            gone = subscribers.purge(connection, at)
        with self._rewriting():
            rewritten(self._engine)
        return gone

    @abstractmethod
    def _rewriting(self) -> AbstractContextManager[None]:
        """Outside of any transaction."""
