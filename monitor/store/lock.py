"""One monitor at a time: a lock of the operating system beside the SQLite file, gone with the process that held it."""

import fcntl
import os
from pathlib import Path

from monitor.store.errors import DatabaseTaken


class FileLock:
    """Exclusive hold on `<database>.lock`, taken when made. Raises DatabaseTaken if another monitor has it, OSError."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(f"{database.name}.lock")
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            # flock, not lockf: a POSIX record lock vanishes when any descriptor of the file is closed in this process.
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._fd, 20, 0).decode("ascii", "replace").strip()
            os.close(self._fd)
            raise DatabaseTaken(busy(str(database), f" (processus {holder})" if holder.isdigit() else "")) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let another monitor in. The file stays: removing it would let two monitors lock two different files."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def busy(place: str, holder: str = "") -> str:
    """The sentence for a second monitor."""
    return (
        f"Un autre moniteur Vigie écrit déjà dans {place}{holder}. Arrêtez-le, ou donnez une autre base à celui-ci par "
        "VIGIE_DATABASE_URL."
    )
