"""Who watches the watchman: each part breaks in turn, and whoever waits outside raises the alarm within five minutes."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.domain.vitals import PATIENCE, PERIOD, Vital
from tests.prepared import prepared
from tests.stories.outside import alarms
from tests.stories.tower import DAWN, Office, Tower, tower

MEMORY = Path("/dev/shm")  # what a power cut does is tested elsewhere
BROKEN_AT, UNTIL = 3, 9  # minutes


@pytest.fixture(scope="module")
def books() -> Iterator[Path]:
    """Empty books: bringing them to their schema takes longer than most of what is told here."""
    with TemporaryDirectory(prefix="vigie-books-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        prepared(f"sqlite:///{folder}/vigie.db", "real", DAWN)
        yield Path(folder)


@pytest.fixture
def url(books: Path) -> Iterator[str]:
    with TemporaryDirectory(prefix="vigie-tower-", dir=books.parent) as folder:
        shutil.copytree(books, folder, dirs_exist_ok=True)
        yield f"sqlite:///{folder}/vigie.db"


def no_prober(one: Tower) -> None:
    """Questions never come back."""
    one.sky.stuck = True


def no_pacer(one: Tower) -> None:
    """Its timer is lost: nothing is started any more."""
    pacer = one.engine._pacer
    assert pacer is not None
    assert pacer._timer is not None
    pacer._timer.cancel()


def no_loop(one: Tower) -> None:
    one.loop.jump(6 * 60)  # a callback that does not come back: time goes on, nothing else does


def no_database(one: Tower) -> None:
    with sqlite3.connect(one.url.removeprefix("sqlite:///")) as other:
        other.execute("ALTER TABLE observations RENAME TO elsewhere")


def no_sender(one: Tower) -> None:
    one.post.alive = False


def a_sender_that_hangs(one: Tower) -> None:
    one.post.hangs = True


def no_resolver(one: Tower) -> None:
    one.resolves = False


def no_line(one: Tower) -> None:
    one.sky.line_cut = True


PARTS: Mapping[str, tuple[Callable[[Tower], None], str]] = {
    "prober": (no_prober, "probing"),
    "pacer": (no_pacer, "pacing"),
    "loop": (no_loop, ""),
    "database": (no_database, "commits"),
    "sender": (no_sender, "sender"),
    "sender that hangs": (a_sender_that_hangs, "sender"),
    "resolver": (no_resolver, "resolver"),
    "network": (no_line, "line"),
}


def worst_moment(part: str) -> float:
    """The minute at which to break it: so that one more heartbeat leaves just before patience is over."""
    _, vital = PARTS[part]
    return BROKEN_AT if not vital else BROKEN_AT + 1 - PATIENCE[Vital(vital)] / PERIOD + 5 / 60


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_breaks_raises_the_alarm_outside(part: str, url: str) -> None:
    breaks, vital = PARTS[part]
    with tower(url) as (runner, one):
        runner.run(one.stand(UNTIL, (worst_moment(part), breaks)))
        raised = alarms(one.outside.called, one.loop.time())
        assert len(raised) == 1
        assert 0 < raised[0] - worst_moment(part) * 60 <= 300
        assert vital in {*one.failing, ""}


def test_while_all_goes_on_there_is_a_heartbeat_a_minute_and_none_before_the_first_is_over(url: str) -> None:
    with tower(url) as (runner, one):
        runner.run(one.stand(6.5))
        called = one.outside.called
    assert 60 <= called[0] <= 70
    assert len(called) == 6
    assert alarms(called, 390) == []


def test_what_comes_back_is_heard_again(url: str) -> None:
    def mended(one: Tower) -> None:
        one.sky.line_cut = False

    with tower(url) as (runner, one):
        runner.run(one.stand(8, (2, no_line), (5, mended)))
        assert alarms(one.outside.called, one.loop.time()) == []  # three minutes are no reason to wake anybody
        assert max(one.outside.called) > 6 * 60
        assert one.failing == []


def test_a_heartbeat_that_is_not_accepted_is_said_and_is_no_fault_of_ours(url: str) -> None:
    def refuses(one: Tower) -> None:
        one.outside.status = 500

    with tower(url) as (runner, one):
        runner.run(one.stand(4, (2.5, refuses)))
        said = one.engine.watchman.document()
    assert said["failing"] == []
    parts = {one["vital"]: one for one in said["parts"]}
    assert list(parts) == [one.value for one in Vital if one.value in parts]
    assert {"pacing", "loop", "commits", "evaluation", "telling"} <= set(parts)
    assert parts["loop"]["patience_s"] >= 30
    beat = said["heartbeat"]
    assert isinstance(beat, dict)
    assert beat["trouble"] == "le service qui attend les battements répond 500"
    assert beat["accepted_at"] is not None
    assert "s3cret" not in str(said)


DRILL_AT = time(6, 45)


def test_the_drill_leaves_once_a_day_and_its_arrival_is_known(url: str) -> None:
    with tower(url, drill_at=DRILL_AT) as (runner, one):
        runner.run(one.stand(4))
        (letter,) = one.post.handed
        assert letter.id == "drill/2026-11-28/operateur"
        assert letter.title.startswith("EXERCICE QUOTIDIEN")
        drill = one.engine.watchman.document()["drill"]
        assert isinstance(drill, dict)
        assert (drill["day"], drill["arrived_at"] is None) == ("2026-11-28", False)
        runner.run(one.stand(8))  # as after a restart
        assert len(one.post.handed) == 1
        assert one.failing == []


def test_a_drill_that_does_not_arrive_raises_the_alarm(url: str) -> None:
    with tower(url, drill_at=DRILL_AT, post=Office(dead=True), every=PERIOD / 3) as (runner, one):
        runner.run(one.stand(10))
        assert one.failing == ["drill"]
        (raised,) = alarms(one.outside.called, one.loop.time(), scale=3)
        assert 15 <= 3 * (raised / 60 - 2) <= 20  # from 06:45 on, on a clock three times as fast


def test_a_message_that_nothing_sends_raises_the_alarm(url: str) -> None:
    """The process answers, but never takes up what is due."""

    def hangs_on_messages(one: Tower) -> None:
        one.post.hangs_on = "operateur"

    with tower(url, drill_at=DRILL_AT, every=PERIOD / 3) as (runner, one):
        runner.run(one.stand(9, (1, hangs_on_messages)))
        assert one.failing == ["queue", "drill"]
