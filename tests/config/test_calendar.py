"""The real calendar: decrees as tables written by hand against what the loader says."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.config import load_territories
from monitor.config.calendar import load_calendar
from monitor.config.calendar_table import COLUMNS, ZONES, CalendarInvalid, Kind, Row, load_table, save_table, written
from monitor.domain.calendar import Closed
from monitor.domain.catalog import Catalog
from monitor.domain.policy import Rhythm
from monitor.domain.timetable import Timetable

CALENDAR = load_calendar(None)
PLACES = load_territories()
TIMETABLE = Timetable(Catalog(PLACES, {}, {}, ()), CALENDAR)

# Arrêtés of 7 December 2022 (2025-2026) and of 22 October 2025 (2026-2027): first and last day without class.
EVERYWHERE = [
    ("2025-10-18", "2025-11-02"), ("2025-12-20", "2026-01-04"), ("2026-05-14", "2026-05-17"), ("2026-07-04", "2026-08-31"),
    ("2026-10-17", "2026-11-01"), ("2026-12-19", "2027-01-03"), ("2027-05-06", "2027-05-09"), ("2027-07-03", "2027-08-31"),
]  # fmt: skip
BY_ZONE = {
    "A": [("2026-02-07", "2026-02-22"), ("2026-04-04", "2026-04-19"), ("2027-02-13", "2027-02-28"), ("2027-04-10", "2027-04-25")],
    "B": [("2026-02-14", "2026-03-01"), ("2026-04-11", "2026-04-26"), ("2027-02-20", "2027-03-07"), ("2027-04-17", "2027-05-02")],
    "C": [("2026-02-21", "2026-03-08"), ("2026-04-18", "2026-05-03"), ("2027-02-06", "2027-02-21"), ("2027-04-03", "2027-04-18")],
}  # fmt: skip
MAYOTTE = [
    ("2026-10-10", "2026-10-25"), ("2026-12-12", "2027-01-10"), ("2027-02-20", "2027-03-07"), ("2027-05-01", "2027-05-16"),
    ("2027-07-10", "2027-08-13"),
]  # fmt: skip
NATIONAL = {
    "2025-11-01", "2025-11-11", "2025-12-25", "2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14",
    "2026-05-25", "2026-07-14", "2026-11-01", "2026-11-11", "2026-12-25", "2027-01-01", "2027-03-29", "2027-05-01",
    "2027-05-06", "2027-05-08", "2027-05-17", "2027-07-14",
}  # fmt: skip


def day(text: str) -> date:
    return date.fromisoformat(text)


def closed(code: str, text: str) -> tuple[Closed, str] | None:
    (place,) = TIMETABLE.clock_of([code]).places
    return CALENDAR.closed(place, day(text))


@pytest.mark.parametrize("zone", "ABC")
def test_the_two_school_years_are_those_of_the_decrees(zone: str) -> None:
    found = {
        (str(one.first), str(one.last))
        for one in CALENDAR.holidays[zone]
        if day("2025-09-01") <= one.first < day("2027-08-31")
    }
    assert found == {*EVERYWHERE, *BY_ZONE[zone]}
    assert all(CALENDAR.known(zone, one) for one in (day("2025-09-01"), day("2028-08-31")))
    assert not CALENDAR.known(zone, day("2028-09-01"))  # no decree yet: `holidays` goes on by a formula


@pytest.mark.parametrize(("first", "last"), MAYOTTE)
def test_mayotte_has_a_calendar_of_its_own(first: str, last: str) -> None:
    assert (first, last) in {(str(one.first), str(one.last)) for one in CALENDAR.holidays["Mayotte"]}
    before, after = day(first) - timedelta(days=1), day(last) + timedelta(days=1)
    clock = TIMETABLE.clock_of(["A:mayotte"])
    monday = day(first) + timedelta(days=2)
    assert clock.rhythm(datetime(monday.year, monday.month, monday.day, 5, tzinfo=UTC)) is Rhythm.REST  # 8:00 there
    assert CALENDAR.known("Mayotte", day(first))
    for outside in (before, after):
        assert (closed("A:mayotte", str(outside)) or (None,))[0] is not Closed.HOLIDAYS


def test_what_is_not_known_is_said() -> None:
    assert not CALENDAR.known("Mayotte", day("2027-08-14"))
    for zone in ("Corse", "Guyane", "Martinique", "Réunion", "Polynésie", "Saint-Pierre-et-Miquelon"):
        assert CALENDAR.known_until(zone) is None
    assert CALENDAR.known("Guadeloupe", day("2026-12-24"))
    assert not CALENDAR.known("Guadeloupe", day("2027-01-04"))
    assert CALENDAR.known("Saint-Barthélemy", day("2027-04-10"))
    assert CALENDAR.known("Nouvelle-Calédonie", day("2027-06-05"))
    assert closed("A:corse", "2027-02-16") is None


def test_the_holidays_of_places_without_academie_are_of_the_table() -> None:
    found = [(str(one.first), str(one.last)) for one in CALENDAR.holidays["Nouvelle-Calédonie"]]
    assert found == [
        ("2027-04-03", "2027-04-18"), ("2027-06-05", "2027-06-20"), ("2027-08-07", "2027-08-22"),
        ("2027-10-09", "2027-10-24"), ("2027-12-18", "2028-01-21"),
    ]  # fmt: skip


def test_the_public_holidays_of_the_country() -> None:
    first, last = day("2025-09-01"), day("2027-08-01")
    found = {str(one) for one in CALENDAR.public["N"] if first <= one <= last} - {"2026-08-15"}
    assert found == NATIONAL
    assert closed("A:lille", "2026-11-11") == (Closed.PUBLIC, "Armistice")


@pytest.mark.parametrize(
    ("code", "text", "public"),
    [
        ("A:strasbourg", "2027-03-26", True), ("D:67", "2027-03-26", True), ("D:68", "2026-12-26", True), ("D:57", "2027-03-26", True),
        ("D:54", "2027-03-26", False), ("A:nancy-metz", "2027-03-26", False), ("A:lille", "2027-03-26", False),
        ("A:mayotte", "2027-04-27", True), ("D:972", "2027-05-22", True), ("A:guadeloupe", "2027-05-27", True),
        ("C:978", "2027-05-28", True), ("C:978", "2027-05-27", False), ("A:guyane", "2027-06-10", True), ("C:977", "2026-10-09", True),
        ("A:la-reunion", "2026-12-20", True), ("A:la-reunion", "2027-12-20", True), ("R:04", "2027-12-20", True),
        ("A:mayotte", "2027-12-20", False), ("C:988", "2026-09-24", True), ("A:guadeloupe", "2027-03-04", False),
        ("A:guadeloupe", "2027-03-26", False), ("C:975", "2026-11-11", True), ("D:976", "2026-11-11", True),
    ],
)  # fmt: skip
def test_public_holidays_of_their_own(code: str, text: str, public: bool) -> None:
    (place,) = TIMETABLE.clock_of([code]).places
    assert (day(text) in CALENDAR.public[place.public or ""]) is public


def test_every_territory_has_a_clock() -> None:
    at = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    for code in PLACES:
        clock = TIMETABLE.clock_of([code])
        assert clock.places
        assert clock.next_change(at) > at
    assert TIMETABLE.clock_of(["N"]).rhythm(at) is Rhythm.OPENING


def test_at_eight_in_reunion_the_night_of_paris_does_not_count() -> None:
    eight = datetime(2026, 11, 24, 8, 0, tzinfo=ZoneInfo("Indian/Reunion")).astimezone(UTC)
    assert eight.hour == 4
    assert TIMETABLE.clock_of(["R:04"]).rhythm(eight) is Rhythm.OPENING
    assert TIMETABLE.clock_of(["R:11"]).rhythm(eight) is Rhythm.REST


GOOD = Row("Corse", Kind.HOLIDAYS, day("2027-02-13"), day("2027-02-28"), "Vacances d’hiver", "jeu officiel")


def test_an_imported_table_stands_over_the_rest(tmp_path) -> None:
    path = tmp_path / "deep" / "calendar.csv"
    save_table(
        path,
        [
            GOOD,
            Row("B", Kind.KNOWN, day("2026-09-01"), day("2027-08-31"), "", "jeu officiel"),
            Row("B", Kind.HOLIDAYS, day("2027-02-27"), day("2027-03-14"), "Vacances d’hiver", "jeu officiel"),
        ],
    )
    changed = load_calendar(path)
    year = {(str(one.first), str(one.last)) for one in changed.holidays["B"] if one.first >= day("2026-09-01")}
    assert ("2027-02-27", "2027-03-14") in year
    assert ("2027-02-20", "2027-03-07") not in year
    assert ("2026-12-19", "2027-01-03") not in year  # the file vouches for the year, and holds nothing else
    assert ("2027-10-23", "2027-11-07") in year  # the year after is still the decree's
    assert changed.holidays["A"] == CALENDAR.holidays["A"]
    assert changed.known("Corse", day("2027-02-13"))
    assert [one.name for one in changed.coverage["Corse"]] == ["jeu officiel"]
    assert load_table(path)[-1] == GOOD
    assert [one.name for one in path.parent.iterdir()] == ["calendar.csv"]


def test_a_file_that_is_not_there_is_no_trouble(tmp_path) -> None:
    assert load_calendar(tmp_path / "none.csv").holidays == CALENDAR.holidays


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Z,vacances,2027-02-13,2027-02-28,x,y", "zone inconnue « Z »"), ("A,repos,2027-02-13,2027-02-28,x,y", "genre inconnu"),
        ("A,vacances,13/02/2027,2027-02-28,x,y", "date illisible « 13/02/2027 »"), ("A,vacances,2027-02-13", "ligne incomplète"),
        ("A,vacances,2027-02-28,2027-02-13,x,y", "finit après son début"), ("A,vacances,2027-02-13,2037-02-13,x,y", "d’une année"),
    ],
)  # fmt: skip
def test_a_spoilt_table_names_every_line(tmp_path, line: str, said: str) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(written([GOOD]) + line + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(CalendarInvalid) as refused:
        load_calendar(path)
    text = str(refused.value).replace("\u00a0", " ")
    assert text.startswith(f"{path} : 2 erreurs")
    assert said in text
    assert "ligne 3" in text
    assert "ligne 4" in text


@pytest.mark.parametrize(("raw", "said"), [(b"a,b\n", "colonnes absentes"), (b"\xff\xfe", "UTF-8"), (b"", "colonnes")])
def test_what_is_no_table_is_refused(tmp_path, raw: bytes, said: str) -> None:
    path = tmp_path / "calendar.csv"
    path.write_bytes(raw)
    with pytest.raises(CalendarInvalid, match=said):
        load_calendar(path)


def test_the_old_table_survives_a_write_that_fails(tmp_path) -> None:
    path = tmp_path / "calendar.csv"
    save_table(path, [GOOD])
    before = path.read_bytes()
    spoilt = Row("A", Kind.HOLIDAYS, day("2027-02-13"), day("2027-02-28"), "\ud800", "")  # no UTF-8 for half a pair
    with pytest.raises(UnicodeEncodeError):
        save_table(path, [spoilt])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_zones_of_territories_are_those_of_the_table() -> None:
    assert {place.zone for place in PLACES.values() if place.zone} <= set(ZONES)
    assert COLUMNS == ("zone", "kind", "first", "last", "name", "source")


def test_whoever_needs_no_calendar_does_not_pay_for_it() -> None:
    code = "import sys, monitor.config.calendar, monitor.__main__; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
