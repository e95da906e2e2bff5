"""The directory: pupils by place and audience, schools found again, and what a newer one changes."""

from dataclasses import replace

from monitor.domain.catalog import Audience
from monitor.domain.directory import Directory, Listed, compare, pupils_of
from monitor.domain.spelling import plain

ONE = Listed("0590001F", "École Jules-Ferry", "L’Haÿ", "D:59", Audience.ECOLE, private=False, pupils=120)
TWO = Listed("0590002G", "Collège Jean Jaurès", "Lille", "D:59", Audience.COLLEGE, private=False, pupils=400)
SIX = Listed("0690003H", "Lycée Jean-Moulin", "Lyon", "D:69", Audience.LYCEE, private=True, pupils=900)
NON = Listed("0690004J", "Lycée Jeanne d’Arc", "Lyon", "D:69", Audience.LYCEE, private=None, pupils=None)
ALL = Directory([SIX, NON, TWO, ONE])


def test_schools_stand_in_the_order_of_their_codes() -> None:
    assert ALL.schools == (ONE, TWO, SIX, NON)


def test_a_code_finds_its_school() -> None:
    assert ALL.of(" 0590002g ") is TWO
    assert ALL.search("0590002g") == (TWO,)
    assert ALL.of("0590009Z") is None


def test_words_find_the_schools_of_which_each_begins_a_word_the_biggest_first() -> None:
    assert ALL.search("jean") == (SIX, TWO, NON)
    assert ALL.search("LYC moul") == (SIX,)
    assert ALL.search("ecole l'hay") == (ONE,)
    assert ALL.search("lille jaures") == (TWO,)
    assert ALL.search("oulin") == ()
    assert ALL.search("jean", most=1) == (SIX,)


def test_nothing_finds_nothing() -> None:
    assert ALL.search("  —  ") == ()


def test_pupils_by_place_and_audience_private_ones_apart() -> None:
    assert pupils_of(ALL.schools) == {
        ("D:59", Audience.ECOLE): 120,
        ("D:59", Audience.COLLEGE): 400,
        ("D:69", Audience.PRIVE): 900,
    }


def test_a_newer_directory_is_compared_school_by_school() -> None:
    found = compare((ONE, TWO), (replace(TWO, pupils=401), SIX, NON))
    assert (found.added, found.removed, found.changed, bool(found)) == (2, 1, 1, True)
    assert not compare((ONE,), (ONE,))


def test_spellings_meet() -> None:
    assert plain("L’Haÿ-les-Roses") == plain("L'HAY LES ROSES") == "l hay les roses"
