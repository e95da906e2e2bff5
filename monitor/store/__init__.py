"""Remembers: the only room that speaks SQL. One writer (`Store`), any number of readers (`Reader`), synchronous."""

from monitor.store.backup import back_up
from monitor.store.desk import Desk, DeskReader, open_desk, open_desk_reader
from monitor.store.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseReadOnly,
    DatabaseTaken,
    DatabaseUnreachable,
    DatabaseWrongKind,
    StoreError,
)
from monitor.store.facts import facts
from monitor.store.integrity import check
from monitor.store.manifest import BackupRefused
from monitor.store.prepare import empty, upgrade
from monitor.store.reader import Reader, open_reader
from monitor.store.restore import restore
from monitor.store.rollups import ProbeTally
from monitor.store.seals import SealedAway
from monitor.store.values import Evaluation, Excerpt, Identity, Kind, Mark, Resend, State, Telling, TellingState, ToldOf
from monitor.store.writer import Store, open_store

__all__ = [
    "BackupRefused",
    "DatabaseBusy",
    "DatabaseDamaged",
    "DatabaseFull",
    "DatabaseMissing",
    "DatabaseNewer",
    "DatabaseOlder",
    "DatabaseReadOnly",
    "DatabaseTaken",
    "DatabaseUnreachable",
    "DatabaseWrongKind",
    "Desk",
    "DeskReader",
    "Evaluation",
    "Excerpt",
    "Identity",
    "Kind",
    "Mark",
    "ProbeTally",
    "Reader",
    "Resend",
    "SealedAway",
    "State",
    "Store",
    "StoreError",
    "Telling",
    "TellingState",
    "ToldOf",
    "back_up",
    "check",
    "empty",
    "facts",
    "open_desk",
    "open_desk_reader",
    "open_reader",
    "open_store",
    "restore",
    "upgrade",
]
