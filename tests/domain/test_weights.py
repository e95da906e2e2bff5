"""Who serves which cell, and what it weighs there: in départements, by the directory, or by `users`."""

import pytest

from monitor.domain.catalog import Audience
from monitor.domain.weights import in_departements, in_people, lacking, served
from tests.domain.small import catalog, service

COLLEGE, PRIVE, STAFF = Audience.COLLEGE, Audience.PRIVE, Audience.PERSONNELS
AIN, RHONE = ("D:01", COLLEGE), ("D:69", COLLEGE)


def test_a_cell_is_served_by_what_names_a_place_above_it_once() -> None:
    cells = served(catalog(service("a", territories=("D:01", "A:lyon")), service("n", territories=("N", "D:01"))))
    assert {cell: [one.id for one in services] for cell, services in cells.items()} == {AIN: ["a"], RHONE: ["a"]}
    assert in_departements(cells) == {AIN: {"a": 1.0}, RHONE: {"a": 1.0}}


def test_a_place_that_is_no_departement_serves_nobody() -> None:
    assert served(catalog(service("u", territories=("U:0010001A",)))) == {}


def test_a_directory_that_lacks_a_departement_is_an_extract() -> None:
    cells = served(catalog(service("a", territories=("A:lyon",))))
    assert lacking(cells, {AIN: 10}) == (RHONE,)
    assert in_people(cells, {AIN: 10}) is None
    assert in_people(cells, {AIN: 10, RHONE: 0}) is None
    assert in_people(cells, {}) is None
    assert in_people(cells, None) is None


def test_private_schools_collectivites_and_staff_need_no_numbers() -> None:
    cells = served(catalog(service("a", audience=(COLLEGE, PRIVE, STAFF)), service("y", territories=("C:975",))))
    assert lacking(cells, {AIN: 10}) == ()
    assert in_people(cells, {AIN: 10}) == {AIN: {"a": 10.0}}


def test_a_directory_that_knows_nothing_of_what_is_served_weighs_nothing() -> None:
    assert in_people(served(catalog(service("s", audience=(STAFF,)))), {AIN: 10}) is None


def test_pupils_are_split_evenly_unless_all_there_give_their_users() -> None:
    where = catalog(service("a", users=300), service("b", users=100))
    assert in_people(served(where), {AIN: 200}) == {AIN: {"a": 150.0, "b": 50.0}}
    where = catalog(service("a", users=300), service("b"))
    assert in_people(served(where), {AIN: 200}) == {AIN: {"a": 100.0, "b": 100.0}}


def test_users_lie_where_the_pupils_are() -> None:
    """`a` serves 900 pupils of the Rhône and 100 of the Ain with 500 accounts: 50 of them in the Ain, as `b` has."""
    where = catalog(service("a", territories=("A:lyon",), users=500), service("b", users=50))
    found = in_people(served(where), {AIN: 100, RHONE: 900})
    assert found is not None
    assert found[AIN] == pytest.approx({"a": 50.0, "b": 50.0})
    assert found[RHONE] == pytest.approx({"a": 900.0})


def test_users_alone_weigh_once_every_service_gives_them() -> None:
    staff = service("s", audience=(STAFF,), users=7)
    where = catalog(service("a", territories=("A:lyon",), users=500), staff, service("n", territories=("N",)))
    assert in_people(served(where), None) == {AIN: {"a": 250.0}, RHONE: {"a": 250.0}, ("D:01", STAFF): {"s": 7.0}}
    assert in_people(served(catalog(service("a", users=500), service("b"))), None) is None
    assert in_people({}, None) is None


def test_users_stand_in_for_a_directory_that_is_an_extract() -> None:
    where = catalog(service("a", territories=("A:lyon",), users=500))
    assert in_people(served(where), {AIN: 3}) == {AIN: {"a": 250.0}, RHONE: {"a": 250.0}}
