"""The desk under the eyes of the tell clock: read again each time, and nothing that telling stops at."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.hush import Declared
from monitor.domain.silence import DeclaredSilence, Silenced
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.hushing import DeskWatch
from monitor.store import open_desk, open_desk_reader
from tests.prepared import prepared

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
SILENCE = DeclaredSilence("s", Silenced.EVERYTHING, "", NOW, NOW + timedelta(hours=1), "r", "x", NOW)


class Inline:
    async def __call__(self, call):  # type: ignore[no-untyped-def]
        return call()


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", NOW)
    return url


@pytest.fixture
def watch(url: str) -> Iterator[DeskWatch]:
    one = DeskWatch(partial(open_desk_reader, url), Inline(), lambda: NOW)
    yield one
    one.close()


def declare(url: str) -> None:
    with closing(open_desk(url)) as desk:
        desk.keep_silent(SILENCE)


async def test_what_is_declared_is_known_at_the_next_look(watch: DeskWatch, url: str) -> None:
    assert await watch.look(NOW) == Declared()
    declare(url)
    assert (await watch.look(NOW)).silences == (SILENCE,)
    assert await watch.look(NOW + timedelta(hours=2)) == Declared()
    assert watch.warnings() == ()


async def test_a_desk_that_cannot_be_read_leaves_what_was_known_and_a_warning(
    watch: DeskWatch, url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    declare(url)
    assert (await watch.look(NOW)).silences == (SILENCE,)
    file = tmp_path / "vigie-desk.db"
    file.rename(tmp_path / "away")
    for _ in range(3):
        assert (await watch.look(NOW)).silences == (SILENCE,)
    (said,) = watch.warnings()
    assert (
        said == "Les silences et maintenances déclarés ne peuvent plus être relus, lus pour la dernière fois à 08:00."
    )
    assert len(caplog.records) == 1
    assert str(tmp_path) not in said
    (tmp_path / "away").rename(file)
    assert (await watch.look(NOW)).silences == (SILENCE,)
    assert watch.warnings() == ()


async def test_a_desk_that_was_never_there_keeps_nothing_back(tmp_path: Path) -> None:
    watch = DeskWatch(partial(open_desk_reader, f"sqlite:///{tmp_path}/vigie.db"), Inline(), lambda: NOW)
    assert await watch.look(NOW) == Declared()
    assert watch.warnings() == ("Les silences et maintenances déclarés ne peuvent plus être relus.",)
    watch.close()


async def test_every_window_is_read_or_none_is_known(watch: DeskWatch, url: str, tmp_path: Path) -> None:
    assert await watch.windows() == ()
    night = Once(datetime(2026, 11, 20, 2), datetime(2026, 11, 20, 4))  # noqa: DTZ001 - local, long past
    window = Window("w", Scope(ScopeKind.SERVICE, "ent"), night, ZoneInfo("Europe/Paris"), NOW, "r", "x", NOW)
    with closing(open_desk(url)) as desk:
        desk.declare(window)
    assert await watch.windows() == (window,)
    (tmp_path / "vigie-desk.db").unlink()
    assert await watch.windows() is None


async def test_a_desk_that_hangs_holds_nothing_up(url: str) -> None:
    declare(url)
    held = threading.Event()
    asked = 0

    async def on_a_thread(call):  # type: ignore[no-untyped-def]
        nonlocal asked
        asked += 1
        return await asyncio.to_thread(lambda: held.wait() and call())

    patience = timedelta(milliseconds=20)
    watch = DeskWatch(partial(open_desk_reader, url), on_a_thread, lambda: NOW, patience)
    for _ in range(3):
        assert await watch.look(NOW) == Declared()
        assert await watch.windows() is None
    assert asked == 1  # and no heap of questions behind it
    assert len(watch.warnings()) == 1
    held.set()
    while watch.warnings():
        found = await watch.look(NOW)
    assert found.silences == (SILENCE,)
    watch.close()
