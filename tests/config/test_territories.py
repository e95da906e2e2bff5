from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from monitor.config import load_territories
from monitor.config.territories import school, uai_prefixes
from monitor.domain.catalog import Catalog, Level

PLACES = load_territories()


def test_france_is_counted_as_the_law_counts_it():
    assert Counter(place.level for place in PLACES.values()) == {
        Level.PAYS: 1,
        Level.REGION: 18,
        Level.ACADEMIE: 30,
        Level.DEPARTEMENT: 101,
        Level.COLLECTIVITE: 6,
    }


def test_codes_are_those_of_the_interfaces():
    assert all(code == place.code for code, place in PLACES.items())
    for code in ("N", "R:32", "A:lille", "D:59", "D:2A", "D:971", "C:988"):
        assert code in PLACES


def test_everything_leads_up_to_the_country_through_levels_that_only_rise():
    order = [Level.PAYS, Level.REGION, Level.ACADEMIE, Level.DEPARTEMENT]
    catalog = Catalog(PLACES, {}, {}, ())
    for place in PLACES.values():
        way = [place.code, *catalog.ancestors(place.code)]
        assert way[-1] == "N"
        if place.level is Level.DEPARTEMENT:
            assert [PLACES[code].level for code in way] == order[::-1]


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("A:lille", "R:32"), ("D:59", "A:lille"), ("D:2B", "A:corse"), ("D:976", "A:mayotte"), ("C:975", "A:normandie"),
        ("C:977", "A:guadeloupe"), ("C:978", "A:guadeloupe"), ("C:986", "N"), ("C:987", "N"), ("C:988", "N"),
    ],
)  # fmt: skip
def test_attachments(code, parent):
    assert PLACES[code].parent == parent


def test_display_order_is_by_level_and_stable():
    levels = [place.level for place in PLACES.values()]
    order = [Level.PAYS, Level.REGION, Level.ACADEMIE, Level.DEPARTEMENT, Level.COLLECTIVITE]
    assert levels == sorted(levels, key=order.index)
    assert list(load_territories()) == list(PLACES)


@pytest.mark.parametrize(
    ("code", "timezone", "zone"),
    [
        ("D:59", "Europe/Paris", "B"), ("A:paris", "Europe/Paris", "C"), ("R:84", "Europe/Paris", "A"), ("D:2A", "Europe/Paris", "Corse"),
        ("D:974", "Indian/Reunion", "Réunion"), ("A:la-reunion", "Indian/Reunion", "Réunion"), ("R:04", "Indian/Reunion", "Réunion"),
        ("D:971", "America/Guadeloupe", "Guadeloupe"), ("C:975", "America/Miquelon", "Saint-Pierre-et-Miquelon"),
        ("C:987", "Pacific/Tahiti", "Polynésie"), ("C:988", "Pacific/Noumea", "Nouvelle-Calédonie"), ("N", "Europe/Paris", None),
    ],
)  # fmt: skip
def test_hours_and_holidays_are_local(code, timezone, zone):
    assert (PLACES[code].timezone, PLACES[code].zone) == (timezone, zone)


def test_every_time_zone_exists():
    for place in PLACES.values():
        ZoneInfo(place.timezone)


def test_names_are_french():
    assert PLACES["R:93"].name == "Provence-Alpes-Côte d’Azur"
    assert PLACES["C:987"].name == "Polynésie française"
    assert not any("'" in place.name for place in PLACES.values())


def test_a_caller_cannot_spoil_the_next_one():
    load_territories().clear()
    assert len(load_territories()) == 156


@pytest.mark.parametrize(
    ("uai", "parent"), [("0590001F", "D:59"), ("6200001A", "D:2A"), ("9830001X", "C:988"), ("9840001X", "C:987")]
)
def test_a_school_stands_where_its_prefix_says(uai, parent):
    place = school(uai, PLACES)
    assert (place.level, place.parent, place.timezone) == (Level.SCHOOL, parent, PLACES[parent].timezone)


def test_every_departement_gives_its_schools_a_prefix():
    assert len(uai_prefixes()) == 107
