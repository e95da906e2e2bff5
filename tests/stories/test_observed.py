"""What nobody declares and every good answer shows: a common authority, a common network; across restarts."""

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest

from monitor.backtest import Held, backtest
from monitor.domain.attribution import Attribution
from monitor.domain.catalog import Catalog
from monitor.domain.networks import NOWHERE, Networks
from monitor.domain.observation import Failure
from monitor.store import open_reader
from tests.domain.small import catalog, service
from tests.stories.village import MORNING, Village

TABLE = Networks([(ip_network("192.0.2.0/24"), "Nuage"), (ip_network("198.51.100.0/24"), "Campus")])
FALLING, STANDING = [f"p{n}" for n in range(6)], [f"q{n}" for n in range(12)]


def region() -> Catalog:
    """Every service has an operator of its own, and nothing else in common with anybody."""
    day = MORNING.date()
    return catalog(
        *(service(name, operator=f"de-{name}", platform=None, confirmed=day) for name in (*FALLING, *STANDING))
    )


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Village]:
    one = Village(database_url, region(), networks=TABLE)
    one.weather.issuers = dict.fromkeys(FALLING, "Autorité du matin") | dict.fromkeys(STANDING, "Autre autorité")
    one.weather.addresses = {name: f"192.0.2.{n}" for n, name in enumerate(FALLING)}
    one.weather.addresses |= {name: f"198.51.100.{n}" for n, name in enumerate(STANDING)}
    await one.start()
    yield one
    one.crash()


def cause(place: Village) -> Attribution:
    """That of the only incident which is open."""
    (one,) = [one for one in place.pipeline.country.incidents if one.closed_at is None]
    assert one.cause is not None
    assert one.culprit == one.cause.culprit
    return one.cause


async def test_certificates_of_one_authority_that_expire_at_once(place: Village) -> None:
    place.weather.addresses.clear()
    await place.minutes(2)
    place.weather.failures |= dict.fromkeys(FALLING, Failure.TLS_EXPIRED)
    await place.minutes(3)
    found = cause(place)
    assert (found.culprit, found.explained) == ("issuer:Autorité du matin", True)
    assert found.services == tuple(FALLING)
    assert found.test is not None
    assert (found.test.unwell_inside, found.test.inside, found.test.unwell_outside, found.test.outside) == (6, 6, 0, 12)
    assert found.undeclared == ("platform", "hoster", "network")
    await place.restart()  # the certificates that were seen are seen nowhere any more, but in the books
    await place.minutes(2)
    assert cause(place) == found


async def test_judged_again_it_is_the_same_authority_and_the_same_network(place: Village) -> None:
    """What the good answers showed is read with them; the table is that of whoever judges."""
    inside = (*FALLING[:3], *STANDING[:3])
    place.weather.addresses = {
        name: "192.0.2.1" if name in inside else "198.51.100.1" for name in place.catalog.services
    }
    await place.minutes(2)
    place.weather.failures |= dict.fromkeys(FALLING, Failure.TLS_EXPIRED)
    await place.minutes(3)
    place.weather.failures.clear()
    await place.minutes(40)
    place.weather.failures |= dict.fromkeys(inside, Failure.CONNECT_TIMEOUT)
    await place.minutes(3)
    held = Held(place.catalog, place.timetable, TABLE, (), "local", timedelta(seconds=5))
    with closing(open_reader(place.url)) as reader:
        again = backtest(reader, held, MORNING, place.clock.at)
        blank = backtest(reader, replace(held, networks=NOWHERE), MORNING, place.clock.at)
    really = {(one.culprit, one.opened_at) for one in again.really if one.absorbed_into is None}
    found = {(one.culprit, one.opened_at) for one in again.incidents.values() if one.absorbed_into is None}
    assert found == really
    assert {culprit for culprit, _ in found} == {"issuer:Autorité du matin", "network:Nuage"}
    assert not any(one.culprit.startswith("network:") for one in blank.incidents.values())


async def test_a_network_whose_services_do_not_answer(place: Village) -> None:
    await place.minutes(2)
    place.weather.failures |= dict.fromkeys(FALLING, Failure.CONNECT_TIMEOUT)
    await place.minutes(3)
    found = cause(place)
    # All of them have the same authority too, which is behind no time-out.
    assert (found.culprit, found.explained, found.beaten) == ("network:Nuage", True, ())
    assert found.services == tuple(FALLING)
    assert found.undeclared == ("platform", "hoster")
    await place.restart()
    await place.minutes(2)
    assert cause(place) == found


async def test_without_a_table_the_network_can_be_neither_retained_nor_ruled_out(place: Village) -> None:
    place.networks = NOWHERE
    await place.restart()
    await place.minutes(2)
    place.weather.failures |= dict.fromkeys(FALLING, Failure.CONNECT_TIMEOUT)
    await place.minutes(3)
    opened = [one for one in place.pipeline.country.incidents if one.closed_at is None]
    assert sorted(one.culprit for one in opened) == [f"service:{name}" for name in FALLING]
    found = place.pipeline.country.found or ()
    assert {one.undeclared for one in found} == {("platform", "hoster", "network")}


async def test_what_another_network_has_in_it_that_works_rules_it_out(place: Village) -> None:
    place.weather.addresses = {name: f"192.0.2.{n}" for n, name in enumerate((*FALLING, *STANDING))}
    await place.minutes(2)
    place.weather.failures |= dict.fromkeys(FALLING, Failure.TLS_EXPIRED)
    await place.minutes(3)
    found = cause(place)
    assert found.culprit == "issuer:Autorité du matin"
    assert [one.candidate for one in found.ruled_out] == ["network:Nuage"]
