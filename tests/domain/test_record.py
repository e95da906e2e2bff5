"""An observation as a flat row of texts."""

from monitor.domain.record import KEYS, Record, cells, instant_cell, milliseconds_cell

BARE = Record(0, "local", "ent-x", "ent-x/login", "down", "connect/refused", 999, *[None] * 16)
FULL = Record(
    1_617_688_800_123_456,
    "local",
    "ent-x",
    "ent-x/login",
    "up",
    None,
    118_100,
    3_100,
    9_800,
    21_000,
    80_200,
    4_000,
    200,
    "192.0.2.7",
    0,
    "sso.ent-x.fr",
    "Identifiant",
    "détail",
    "ab" * 32,
    1_800_000_000_000_000,
    "Autorité",
    -2,
    "c0ffee",
)


def test_every_key_has_its_cell() -> None:
    assert len(KEYS) == len(Record._fields) == len(cells(FULL)) == len(cells(BARE))
    assert [key.rpartition("_")[0] for key in KEYS if key.endswith("_ms")] == [
        field.rpartition("_")[0] for field in Record._fields if field.endswith("_us")
    ]


def test_cells_are_exact_and_empty_where_nothing_was_observed() -> None:
    said = dict(zip(KEYS, cells(FULL), strict=True))
    assert said["at"] == "2021-04-06T06:00:00.123456Z"
    assert (said["health"], said["failure"]) == ("up", "")
    assert (said["took_ms"], said["resolve_ms"], said["transfer_ms"]) == ("118.100", "3.100", "4.000")
    assert (said["http_status"], said["bytes_read"], said["clock_offset_s"]) == ("200", "0", "-2")
    assert said["certificate_not_after"] == "2027-01-15T08:00:00.000000Z"
    assert (said["issuer"], said["catalogue"], said["detail"]) == ("Autorité", "c0ffee", "détail")
    bare = dict(zip(KEYS, cells(BARE), strict=True))
    assert {key for key, text in bare.items() if text} == {
        *("at", "vantage", "service", "probe", "health", "failure", "took_ms"),
    }
    assert (bare["failure"], bare["took_ms"]) == ("connect/refused", "0.999")


def test_parts_of_a_millisecond() -> None:
    assert [milliseconds_cell(us) for us in (None, 0, 1, 1_000, 12_345_678)] == [
        "",
        "0.000",
        "0.001",
        "1.000",
        "12345.678",
    ]
    assert instant_cell(1) == "1970-01-01T00:00:00.000001Z"
