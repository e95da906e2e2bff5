"""The seven traps of the official data set, one by one, and what no trap excuses."""

import json

import pytest

from monitor.config.calendar import load_calendar
from monitor.config.calendar_official import read_official
from monitor.config.calendar_table import CalendarInvalid, Kind, save_table
from tests.config.official import as_json, midnight, record, year_of_zone_b


def read(*records, text=None):
    return read_official(as_json(records) if text is None else text, "jeu.json")


def holidays(found, zone="B"):
    return {
        row.name: (str(row.first), str(row.last))
        for row in found.rows
        if row.zone == zone and row.kind is Kind.HOLIDAYS
    }


def test_trap_1_midnight_in_paris_written_in_utc():
    christmas = record("Vacances de Noël", "2026-12-19", "2027-01-04")
    assert christmas["start_date"] == "2026-12-18T23:00:00+00:00"
    assert holidays(read(christmas)) == {"Vacances de Noël": ("2026-12-19", "2027-01-03")}
    overseas = record("Vacances de Noël", "2026-12-19", "2027-01-18", "Réunion", "La Réunion")
    assert holidays(read(overseas), "Réunion") == {"Vacances de Noël": ("2026-12-19", "2027-01-17")}


@pytest.mark.parametrize("written", ["2026-10-16T22:00:00Z", "2026-10-17T00:00:00+02:00", "2026-10-17"])
def test_trap_1_in_every_writing_of_an_instant(written):
    found = read(record("Vacances de la Toussaint", "2026-10-17", "2026-11-02") | {"start_date": written})
    assert holidays(found) == {"Vacances de la Toussaint": ("2026-10-17", "2026-11-01")}
    assert not [one for one in found.remarks if "minuit" in one]


def test_trap_1_what_is_not_midnight_keeps_its_day_of_paris_and_is_said():
    odd = record("Vacances de la Toussaint", "2026-10-17", "2026-11-02") | {"start_date": "2026-10-17T04:00:00+00:00"}
    found = read(odd)
    assert holidays(found) == {"Vacances de la Toussaint": ("2026-10-17", "2026-11-01")}
    assert "datés de minuit à Paris\u00a0: 1" in found.remarks[0]


def test_trap_2_one_row_per_academie_becomes_one_per_zone():
    found = read(*year_of_zone_b())
    assert len([row for row in found.rows if row.kind is Kind.HOLIDAYS]) == 6
    assert holidays(found) == {
        "Vacances de la Toussaint": ("2026-10-17", "2026-11-01"),
        "Vacances de Noël": ("2026-12-19", "2027-01-03"),
        "Vacances d’Hiver": ("2027-02-20", "2027-03-07"),
        "Vacances de Printemps": ("2027-04-17", "2027-05-02"),
        "Pont de l’Ascension": ("2027-05-06", "2027-05-09"),
        "Vacances d’Été": ("2027-07-03", "2027-08-31"),
    }
    (known,) = [row for row in found.rows if row.kind is Kind.KNOWN]
    assert (str(known.first), str(known.last)) == ("2026-09-01", "2027-08-31")


def test_trap_2_where_academies_differ_only_common_days_are_kept_and_it_is_said():
    found = read(
        record("Vacances de la Toussaint", "2026-10-17", "2026-11-02"),
        record("Vacances de la Toussaint", "2026-10-19", "2026-11-04", location="Rennes"),
    )
    assert holidays(found) == {"Vacances de la Toussaint": ("2026-10-19", "2026-11-01")}
    assert "du 2026-10-19 au 2026-11-01" in found.remarks[0]
    apart = [("2026-10-01", "2026-10-10"), ("2026-10-05", "2026-10-20"), ("2026-10-12", "2026-10-22")]
    none = read(*(record("Congés", start, end, location=start) for start, end in apart))
    assert holidays(none) == {}
    assert "il n’y en a pas" in none.remarks[0]


def test_trap_3_only_teachers_are_left_out():
    found = read(
        record("Vacances de la Toussaint", "2026-10-17", "2026-11-02", population="Élèves"),
        record("Vacances de la Toussaint", "2026-10-20", "2026-10-21", population="Enseignants"),
        record("Vacances de Noël", "2026-12-19", "2027-01-04", population="Premier degré"),
    )
    assert holidays(found) == {
        "Vacances de la Toussaint": ("2026-10-17", "2026-11-01"),
        "Vacances de Noël": ("2026-12-19", "2027-01-03"),
    }


def test_trap_3_a_population_may_be_a_territory():
    def of(name, start, end, population):
        return record(name, start, end, "Guadeloupe", "Guadeloupe", population)

    found = read(
        of("Vacances de la Toussaint", "2026-10-17", "2026-11-02", "-"),
        of("Vacances de Carnaval", "2027-02-13", "2027-02-22", "Guadeloupe & Saint-Martin"),
        of("Vacances de Pâques", "2027-04-10", "2027-04-26", "Saint-Barthélémy"),
    )
    toussaint = ("2026-10-17", "2026-11-01")
    assert holidays(found, "Guadeloupe") == {
        "Vacances de la Toussaint": toussaint,
        "Vacances de Carnaval": ("2027-02-13", "2027-02-21"),
    }
    assert holidays(found, "Saint-Barthélemy") == {
        "Vacances de la Toussaint": toussaint,
        "Vacances de Pâques": ("2027-04-10", "2027-04-25"),
    }
    both = read(of("Vacances", "2027-04-10", "2027-04-26", "Guadeloupe et Saint-Barthélemy"))
    assert {row.zone for row in both.rows} == {"Guadeloupe", "Saint-Barthélemy"}


def test_trap_4_the_end_is_the_day_of_return():
    found = read(record("Vacances de la Toussaint", "2026-10-17", "2026-11-02"))
    assert holidays(found)["Vacances de la Toussaint"][1] == "2026-11-01"


@pytest.mark.parametrize(
    ("zone", "start", "others", "last"),
    [
        ("Zone B", "2027-07-03", [], "2027-08-31"),
        ("Corse", "2027-07-03", [], "2027-08-31"),
        ("Mayotte", "2027-07-10", [], "2027-08-13"),
        ("Zone B", "2027-07-03", [("Rentrée scolaire des élèves", "2027-09-02")], "2027-09-01"),
        ("Réunion", "2027-07-10", [("Rentrée scolaire des élèves", "2027-08-17")], "2027-08-16"),
        ("Réunion", "2027-07-10", [("Rentrée scolaire des élèves", "2028-08-17")], "2027-08-13"),  # not of that summer
    ],
)
def test_trap_5_summer_has_no_end(zone, start, others, last):
    found = read(record("Début des Vacances d'Été", start, None, zone), *(record(*one, None, zone) for one in others))
    assert holidays(found, zone.removeprefix("Zone ")) == {"Vacances d’Été": (start, last)}


@pytest.mark.parametrize("published", ["2027-05-06", "2027-05-07"])
def test_trap_5_the_bridge_of_ascension_has_no_duration(published):
    found = read(record("Pont de l'Ascension", published, None))
    assert holidays(found) == {"Pont de l’Ascension": ("2027-05-06", "2027-05-09")}


def test_trap_5_another_record_without_duration_is_left_out_and_said():
    found = read(record("Vacances de Noël", "2026-12-19", "2027-01-04"), record("Fête locale", "2027-03-05", None))
    assert "Fête locale" not in holidays(found)
    assert "Fête locale (B), 2027-03-05" in found.remarks[0]
    without = record("Fête locale", "2027-03-05", None) | {"end_date": None}
    assert "sans durée" in read(without).remarks[0]


@pytest.mark.parametrize(
    ("said", "location", "zone"),
    [
        ("Réunion", "Réunion", "Réunion"), ("La Réunion", "", "Réunion"), ("", "Caen", "B"), ("", "Rouen", "B"), ("", "Normandie", "B"),
        (None, "Orléans-Tours", "B"), ("Zone A", "Lyon", "A"), ("A", "Lyon", "A"), ("Polynésie", "Polynésie", "Polynésie"),
        ("Saint Pierre et Miquelon", "", "Saint-Pierre-et-Miquelon"), ("Wallis et Futuna", "", "Wallis-et-Futuna"), ("zone c", "", "C"),
    ],
)  # fmt: skip
def test_trap_6_names_of_zones_and_academies(said, location, zone):
    found = read(record("Vacances de Noël", "2026-12-19", "2027-01-04", said, location))
    assert {row.zone for row in found.rows} == {zone}


@pytest.mark.parametrize("zone", ["Guadeloupe", "Saint-Pierre-et-Miquelon"])
def test_trap_7_christmas_that_ends_a_year_too_early(zone):
    found = read(record("Vacances de Noël", "2026-12-19", "2026-01-04", zone, zone))
    assert holidays(found, zone) == {"Vacances de Noël": ("2026-12-19", "2027-01-03")}
    assert "fin du 2026-01-04 corrigée en 2027-01-04" in found.remarks[0]


def test_trap_7_mayotte_is_missing_and_keeps_the_packaged_table(tmp_path):
    found = read(*year_of_zone_b())
    assert any(one.startswith("Mayotte 2026-2027") and "absent" in one for one in found.remarks)
    assert not any(one.startswith("B ") for one in found.remarks)
    save_table(tmp_path / "calendar.csv", found.rows)
    assert load_calendar(tmp_path / "calendar.csv").holidays["Mayotte"] == load_calendar(None).holidays["Mayotte"]


def test_the_imported_year_says_what_the_decree_says(tmp_path):
    save_table(tmp_path / "calendar.csv", read(*year_of_zone_b()).rows)
    imported, packaged = load_calendar(tmp_path / "calendar.csv"), load_calendar(None)
    spans = [
        {(one.first, one.last) for one in calendar.holidays["B"] if 2026 <= one.first.year <= 2027}
        for calendar in (imported, packaged)
    ]
    assert spans[0] == spans[1]
    assert "fr-en-calendrier-scolaire" in {one.name for one in imported.coverage["B"]}


def test_a_fragment_of_a_year_vouches_for_its_own_days_alone():
    found = read(*(one for one in year_of_zone_b() if "Été" not in one["description"]))
    assert {row.kind for row in found.rows} == {Kind.HOLIDAYS}


def test_every_shape_of_the_file():
    records = year_of_zone_b()
    rows = read(*records).rows
    page = {"total_count": len(records), "results": records}
    assert read(text=json.dumps(page)).rows == rows
    assert read(text="\ufeff" + json.dumps(records)).rows == rows
    titles = "Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire"
    lines = [";".join(one.values()) for one in records]
    assert read(text="\n".join([titles, *lines])).rows == rows
    assert read(text="\n".join([",".join(records[0]), *(",".join(one.values()) for one in records)])).rows == rows


NOEL = record("Vacances de Noël", "2026-12-19", "2027-01-04")
BAD = [
    (NOEL | {"zones": "Zone Z"}, "zone inconnue « Zone Z »"),
    (NOEL | {"zones": "", "location": "Narnia"}, "zone inconnue « Narnia »"),
    (NOEL | {"start_date": "hier"}, "start_date « hier »"),
    (NOEL | {"start_date": None}, "start_date"),
    (NOEL | {"end_date": "2027-01-04T00:00:00"}, "end_date"),
    (NOEL | {"end_date": "9999-12-31T23:59:59-10:00"}, "end_date"),
    (NOEL | {"description": ""}, "description"),
    (NOEL | {"description": "Noël\x1b[31m"}, "description"),
    (NOEL | {"description": "N" * 81}, "description"),
    (NOEL | {"description": 7}, "description"),
    ("Noël", "description"),
]


@pytest.mark.parametrize(("bad", "said"), BAD)
def test_every_bad_record_is_named_with_its_place(bad, said):
    with pytest.raises(CalendarInvalid) as refused:
        read(NOEL, bad, NOEL, bad)
    first, *problems = str(refused.value).replace("\u00a0", " ").splitlines()
    assert first == "jeu.json : 2 erreurs"
    assert [one.split(" — ")[0].strip() for one in problems] == ["enregistrement 2", "enregistrement 4"]
    assert all(said in one for one in problems)
    assert "\x1b" not in str(refused.value)


def test_every_fault_of_a_record_is_named():
    with pytest.raises(CalendarInvalid) as refused:
        read(NOEL, NOEL | {"description": "", "start_date": "2027-02-30", "end_date": "x", "zones": "Zone Z"})
    assert [problem.split("«")[0].replace("\u00a0", " ").strip() for problem in refused.value.problems] == [
        f"enregistrement 2 — {what}" for what in ("description", "start_date", "end_date", "zone inconnue")
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (record("Vacances de la Toussaint", "2026-11-02", "2026-10-17"), "finit le 2026-10-17"),
        (record("Vacances de Noël", "2026-12-19", "2025-01-04"), "finit le 2025-01-04"),
        (record("Vacances de Noël", "2026-12-19", "2026-12-01"), "finit le 2026-12-01"),
        (record("Vacances d'Été", "2026-07-04", "2027-07-04"), "dure 365 jours"),
    ],
)
def test_dates_that_nobody_can_read_are_refused(bad, said):
    with pytest.raises(CalendarInvalid) as refused:
        read(NOEL, bad)
    assert said in str(refused.value)
    assert "enregistrement 2" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ligne 1"), ("[]", "aucun enregistrement"), ('{"a": 1}', "ni liste ni page"), ("[" * 100_000, "illisible"),
        (as_json([NOEL])[:-20], "coupé"), (json.dumps({"total_count": 198, "results": [NOEL]}), "une page de 1 enregistrements sur 198"),
        ("<html>Maintenance</html>", "n’est pas le jeu"), ("Description;Date de début\n", "aucun enregistrement"),
    ],
)  # fmt: skip
def test_what_is_not_the_data_set_is_refused(text, said):
    with pytest.raises(CalendarInvalid, match=said):
        read(text=text)


def test_records_of_a_csv_are_named_by_their_line():
    text = f"description,start_date,end_date,zones\nNoël,{midnight('2026-12-19')},,Zone Z\n"
    with pytest.raises(CalendarInvalid, match="ligne 2"):
        read(text=text)
