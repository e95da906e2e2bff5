"""A file of data on its way: written beside, made sure of, moved in one step; gone on with where it was cut.

Beside ``NAME`` stand meanwhile ``NAME.part`` (what is written) and, where it can be gone on with, ``NAME.part.json``
(how far it is good). After a power cut the latter may tell of less than is there, never of more.
"""

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from monitor.exports.about import About
from monitor.exports.columns import Row
from monitor.exports.days import Piece
from monitor.exports.formats import Dress, writer
from monitor.exports.tables import What

BATCH = 5000  # rows written at a time
_CHUNK = 1 << 20
RowsOf = Callable[[Piece], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Saved:
    """A file under its final name."""

    path: Path
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: its rows come a piece at a time, and a file that can is good after each of them.

    `advance` hears of each piece that is written, of those that were already there too. `origin`: which books the rows
    come from, and whose rows they are: what was begun from others is not gone on with.
    """

    about: About
    dress: Dress
    pieces: Sequence[Piece]
    rows_of: RowsOf
    advance: Callable[[], None] = lambda: None
    origin: str = ""

    @property
    def resumable(self) -> bool:
        """Whether it can be gone on with: figures and states of yesterday may read otherwise today, answers do not."""
        return self.about.what is What.OBSERVATIONS and self.dress.appendable and len(self.pieces) > 1

    @property
    def signature(self) -> str:
        """The same for two orders whose files are the same byte for byte, as long as their rows are."""
        about, dress = self.about, self.dress
        said = [
            self.origin,
            about.what,
            about.program,
            sorted(about.choice.items()),
            dress.format,
            dress.raw,
            dress.language,
        ]
        ends = [[one.name, one.since.isoformat(), one.until.isoformat()] for one in self.pieces]
        return hashlib.sha256(json.dumps([said, ends]).encode()).hexdigest()


class Busy(OSError):  # noqa: N818 - named for what it says
    """Somebody else is writing that very file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}\u00a0: un autre export écrit déjà ce fichier. Attendez qu’il finisse.")


def stream(file: BinaryIO, order: Order) -> int:
    """Write it into a file that is open, a pipe too; how many rows. Raises what `rows_of` and `file` raise."""
    with writer(file, order.about, order.dress) as put:
        rows = 0
        for piece in order.pieces:
            rows += _written(put, order.rows_of(piece))
            order.advance()
    return rows


@contextmanager
def saved(path: Path, order: Order) -> Iterator[Saved]:
    """Write it beside `path`, and move it there at the end of the context: whoever describes it does so before.

    What was begun by the same order is gone on with. Whatever goes wrong leaves nothing under the name; what can be
    gone on with is left beside it, anything else is not. Raises Busy and OSError.
    """
    part, state = _beside(path, ".part"), _beside(path, ".part.json")
    with part.open("ab") as lock:
        _alone(lock, path)
        try:
            rows = _appended(part, state, order) if order.resumable else _whole(part, order)
            yield Saved(path, rows, part.stat().st_size, digest(part))
            part.replace(path)
            sync_folder(path)
            state.unlink(missing_ok=True)
        finally:
            if not (order.resumable and state.exists()):
                part.unlink(missing_ok=True)


def begun(path: Path) -> bool:
    """Whether something stands beside `path` that the same order would go on with."""
    return _beside(path, ".part.json").exists()


def save_text(path: Path, text: str) -> None:
    """Write a small file in one move. Raises OSError, what was there being kept."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Make sure that the folder knows of the file after a power cut."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(part: Path, order: Order) -> int:
    with part.open("wb") as file:
        rows = stream(file, order)
        _sure(file)
    return rows


def _appended(part: Path, state: Path, order: Order) -> int:
    """Piece by piece; each is on the disk before it is said to be."""
    done, size, rows = _begun(part, state, order)
    with part.open("r+b") as file:
        file.truncate(size)
        file.seek(size)
        for _ in range(done):
            order.advance()
        with writer(file, order.about, order.dress, begun=size > 0) as put:
            for number, piece in enumerate(order.pieces[done:], done + 1):
                rows += _written(put, order.rows_of(piece))
                _sure(file)
                good = {"order": order.signature, "pieces": number, "bytes": file.tell(), "rows": rows}
                save_text(state, json.dumps(good))
                order.advance()
    return rows


def _begun(part: Path, state: Path, order: Order) -> tuple[int, int, int]:
    """How many pieces, bytes and rows of this very order are there already."""
    try:
        said = json.loads(state.read_text(encoding="utf-8"))
        if said["order"] == order.signature and part.stat().st_size >= said["bytes"]:
            return int(said["pieces"]), int(said["bytes"]), int(said["rows"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        pass
    state.unlink(missing_ok=True)
    return 0, 0, 0


def _written(put: Callable[[Sequence[Row]], None], rows: Iterable[Row]) -> int:
    coming, count = iter(rows), 0
    while some := list(islice(coming, BATCH)):
        put(some)
        count += len(some)
    return count


def _alone(file: BinaryIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as trouble:
        if trouble.errno in {errno.EACCES, errno.EAGAIN}:
            raise Busy(path) from None
        raise


def _sure(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
