"""Books that are copied for tests are those that `upgrade` makes."""

from monitor.store import Identity, check, open_reader, upgrade
from monitor.store.place import Book
from tests.prepared import prepared
from tests.store.filled import content, inside, tables_of


def test_a_copy_is_what_upgrade_makes(database_url: str, now) -> None:
    prepared(database_url, "rehearsal", now, "2021-04")
    assert check(database_url) == ()
    copied = _all(database_url)
    prepared(database_url, "rehearsal", now, "2021-04")
    upgrade(database_url, "rehearsal", now, "2021-04")
    assert _all(database_url) == copied
    reader = open_reader(database_url)
    identity = reader.identity()
    reader.close()
    assert identity == Identity("rehearsal", now, "2021-04")


def _all(url: str) -> list[object]:
    found = []
    for book in Book:
        with inside(url, book) as connection:
            found.append(content(connection, tables_of(connection, book)))
    return found
