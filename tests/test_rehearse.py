"""What a rehearsal says of itself; the rehearsals played are in tests/stories."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor import rehearse
from monitor.rehearse import own_database, played_in
from monitor.settings import Settings
from monitor.store import open_reader, open_store
from monitor.store.database import writing
from monitor.store.days import bounds
from monitor.store.place import Book, Place
from monitor.store.schema import migrate
from tests.prepared import prepared
from tests.sealed import FIRST, answers


@pytest.mark.parametrize(
    ("took_s", "speed", "said"),
    [
        (12.4, 170.4, "joué en 12\u00a0s, 170,4 fois le temps"),
        (12.4, 60.0, "joué en 12\u00a0s, 60 fois le temps"),
        (12.4, 1_234_567.8, "joué en 12\u00a0s, 1234567,8 fois le temps"),
        (0.0, None, "joué en 0\u00a0s"),
    ],
)
def test_numbers_are_written_as_french_writes_them(took_s, speed, said):
    assert played_in(took_s, speed) == said


def test_a_rehearsal_begins_anew_in_its_own_file_whatever_vigie_wrote_it(tmp_path, monkeypatch):
    """One of an older Vigie has another schema; and 2021-04 takes nothing of 2021-04-06 away."""
    monkeypatch.chdir(tmp_path)
    urls = {name: f"sqlite:///data/repetition-{name}.db" for name in ("2021-04", "2021-04-06")}
    for name, url in urls.items():
        prepared(url, "rehearsal", datetime(2026, 11, 28, tzinfo=UTC), name)
    engine = writing(Place.of(urls["2021-04"]), Book.MEASURES)
    with engine.begin() as connection:
        migrate(connection, Book.MEASURES, down_to="0005")
    engine.dispose()
    assert own_database(Settings(), "2021-04") == urls["2021-04"]
    left = sorted(path.name for path in Path("data").glob("*.db"))
    assert left == ["repetition-2021-04-06-desk.db", "repetition-2021-04-06.db"]


def test_the_played_days_are_sealed_at_the_end(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "rehearsal", datetime(2026, 3, 1, tzinfo=UTC), "a week")
    begin, end = bounds(FIRST)[0], bounds(FIRST + timedelta(days=2))[1] - timedelta(hours=5)  # the last one is not over
    with closing(open_store(url, kind="rehearsal")) as store, closing(open_reader(url)) as reader:
        store.append(answers())
        rehearse._seal(url, store, SimpleNamespace(windows=((begin, end),)))
        assert len(reader.sealed_days()) == 3
        assert len(reader.seals()) == 6
