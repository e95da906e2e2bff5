"""The address of the database, read without ever repeating a piece of its password."""

import traceback

import pytest

from monitor.store import StoreError
from monitor.store.place import Place


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("postgresql://u:pa@SECRET@127.0.0.1:1/db", "encodez @ en %40"),
        ("postgres://u:pa@SECRET:x@h/db", "encodez @ en %40"),
        ("postgresql://u:a@h/SECRET@b/db", "encodez @ en %40"),
        ("postgresql://u/SECRET:pw@h/db", "encodez @ en %40"),
        ("postgresql://u:SECRET@h:port/db", "1 à 65535"),
        ("postgresql://u:5432SECRET", "1 à 65535"),
        ("postgresql://u:SECRET@h:99999/db", "1 à 65535"),
        ("SECRET", "sqlite:///chemin"),
    ],
)
def test_a_broken_address_is_refused_in_french_and_not_repeated(url, mend):
    with pytest.raises(StoreError) as caught:
        Place.of(url)
    assert mend in str(caught.value)
    assert "SECRET" not in "".join(traceback.format_exception(caught.value, limit=0)).replace(url, "")


def test_an_encoded_password_is_read_and_not_shown():
    place = Place.of("postgresql://u:pa%40SECRET%2F@h:5433/db")
    assert (place.url.password, place.label) == ("pa@SECRET/", "u@h/db")
