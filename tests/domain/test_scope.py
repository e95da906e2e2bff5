"""What a school, a territory narrowed to audiences, and an operator have to do with an incident."""

from dataclasses import replace

import pytest

from monitor.domain.catalog import Audience, Level, Role, spelled_out
from monitor.domain.incident import Incident
from monitor.domain.news import share_of_theirs
from monitor.domain.notice import Subscription, concerns
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from monitor.domain.scope import SchoolScope, serves_school
from tests.domain.small import at, catalog, service

FRANCE = catalog(
    service("ent-college"),
    service("ent-lycee", territories=("R:84",), audience=(Audience.LYCEE,)),
    service("ent-prive", territories=("A:lyon",), audience=(Audience.PRIVE,)),
    service("pronote", territories=("U:0010001A",), audience=(Audience.TOUS,), operator="index"),
    service("national", territories=("N",), audience=(Audience.LYCEE,), operator="cned"),
    service("nouvelle-caledonie", territories=("C:988",), audience=(Audience.TOUS,)),
)
GROUND = survey(FRANCE)
COLLEGE = SchoolScope("0010001A", "D:01", (Audience.COLLEGE, Audience.PERSONNELS))
OTHER = SchoolScope("0010002B", "D:01", (Audience.COLLEGE,))
LYCEE = SchoolScope("0010003C", "D:01", (Audience.LYCEE,))
PRIVATE = SchoolScope("0010004D", "D:01", (Audience.COLLEGE, Audience.PRIVE))
UNKNOWN = SchoolScope("0010005E", "D:01")
LYON = SchoolScope("0690001F", "D:69", (Audience.COLLEGE,))
NOUMEA = SchoolScope("9830001G", "C:988", (Audience.COLLEGE,))
PAPER = SchoolScope("9750001H", "C:975", (Audience.LYCEE,))
LOST = SchoolScope("9990001J", "D:nowhere", (Audience.COLLEGE,))


def incident(*services: str) -> Incident:
    places = sorted(
        {code for name in services if name in FRANCE.services for code in FRANCE.services[name].territories}
    )
    return Incident("i", f"service:{services[0]}", at(0), at(60), Health.DOWN, Health.DOWN, services, tuple(places))


def head(school: SchoolScope, **more: object) -> Subscription:
    return Subscription(f"head:{school.uai}", "", role=Role.HEAD, schools=(school,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("ent-college", {COLLEGE, OTHER, PRIVATE, UNKNOWN}),
        ("ent-lycee", {LYCEE, UNKNOWN}),
        ("ent-prive", {PRIVATE, UNKNOWN}),
        ("pronote", {COLLEGE}),
        ("national", set()),
        ("nouvelle-caledonie", {NOUMEA}),
    ],
)
def test_a_school_hears_of_its_own_and_of_what_serves_its_kind_around_it(service: str, told: set[SchoolScope]) -> None:
    everybody = {COLLEGE, OTHER, LYCEE, PRIVATE, UNKNOWN, LYON, NOUMEA, PAPER, LOST}
    assert {one for one in everybody if concerns(head(one), incident(service), FRANCE)} == told


def test_a_school_may_use_its_own_what_serves_its_kind_around_it_and_what_serves_the_country() -> None:
    used = {
        one: {name for name in FRANCE.services if serves_school(FRANCE.services[name], one, FRANCE)}
        for one in (COLLEGE, LYCEE, NOUMEA)
    }
    assert used == {
        COLLEGE: {"ent-college", "pronote"},
        LYCEE: {"ent-lycee", "national"},
        NOUMEA: {"nouvelle-caledonie"},
    }


def test_national_services_are_heard_of_by_whoever_asked_and_has_their_audience() -> None:
    national = incident("national")
    asked = {one for one in (COLLEGE, LYCEE, UNKNOWN) if concerns(head(one, national=True), national, FRANCE)}
    assert asked == {LYCEE, UNKNOWN}
    lyon = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",))
    assert not concerns(lyon, national, FRANCE)
    assert concerns(replace(lyon, national=True), national, FRANCE)
    assert not concerns(replace(lyon, national=True, audiences=(Audience.ECOLE,)), national, FRANCE)
    assert not concerns(replace(lyon, territories=("N",), audiences=(Audience.ECOLE,)), national, FRANCE)
    assert concerns(replace(lyon, territories=(), national=True), national, FRANCE)
    both = replace(lyon, national=True, audiences=(Audience.ECOLE,), schools=(LYCEE,))
    assert concerns(both, national, FRANCE)


def test_an_operators_services_wherever_they_serve() -> None:
    index = Subscription("index", "VIGIE_INDEX", operators=("index", "cned"))
    assert concerns(index, incident("pronote"), FRANCE)
    assert concerns(index, incident("national"), FRANCE)
    assert not concerns(index, incident("ent-college"), FRANCE)
    assert share_of_theirs(index, incident("pronote"), FRANCE, GROUND) == 1.0


def test_a_territory_may_be_narrowed_to_audiences() -> None:
    ain = Subscription("ain", "VIGIE_AIN", territories=("D:01",), audiences=(Audience.COLLEGE,))
    assert concerns(ain, incident("ent-college"), FRANCE)
    assert not concerns(ain, incident("ent-lycee"), FRANCE)
    assert share_of_theirs(ain, incident("ent-college", "ent-lycee"), FRANCE, GROUND) == 1.0
    # What left the catalogue was for nobody knows whom: whoever asks for everything hears of it where it was.
    gone = replace(incident("gone"), territories=("D:01",))
    assert not concerns(ain, gone, FRANCE)
    assert concerns(replace(ain, audiences=()), gone, FRANCE)
    assert not concerns(head(COLLEGE), gone, FRANCE)
    assert not concerns(replace(ain, audiences=(), territories=("D:nowhere",)), gone, FRANCE)


def test_a_schools_share_is_that_of_its_departement_for_its_audience_or_all_of_its_own() -> None:
    assert share_of_theirs(head(COLLEGE), incident("pronote"), FRANCE, GROUND) == 1.0
    assert share_of_theirs(head(OTHER), incident("ent-college"), FRANCE, GROUND) == 1.0
    assert share_of_theirs(head(LYCEE), incident("ent-college"), FRANCE, GROUND) == 0.0
    assert share_of_theirs(head(LYCEE, national=True), incident("national"), FRANCE, GROUND) == 1.0
    assert share_of_theirs(head(LOST), incident("ent-college"), FRANCE, GROUND) == 0.0


def test_a_national_service_in_it_makes_a_territory_no_more_affected_unless_asked_for() -> None:
    rhone = Subscription("rhone", "VIGIE_RHONE", territories=("D:69",))
    mixed = incident("ent-college", "national")
    assert share_of_theirs(rhone, mixed, FRANCE, GROUND) == 0.0
    assert share_of_theirs(replace(rhone, national=True), mixed, FRANCE, GROUND) == 1.0


def test_a_schools_own_service_concerns_what_lies_above_by_its_share() -> None:
    ain = Subscription("ain", "VIGIE_AIN", territories=("D:01",))
    place = replace(FRANCE, territories={**FRANCE.territories, "U:0010001A": replace(
        FRANCE.territories["D:01"], code="U:0010001A", level=Level.SCHOOL, parent="D:01")})  # fmt: skip
    assert concerns(ain, incident("pronote"), place)
    assert share_of_theirs(ain, incident("pronote"), place, survey(place)) == 0.0  # below any min_share but nought
    by_code = replace(ain, territories=("U:0010001A",))
    assert share_of_theirs(by_code, incident("pronote"), place, survey(place)) == 1.0


def test_tous_is_the_three_kinds_of_school() -> None:
    spelled = spelled_out((Audience.PRIVE, Audience.TOUS, Audience.LYCEE))
    assert spelled == (Audience.PRIVE, Audience.ECOLE, Audience.COLLEGE, Audience.LYCEE)
