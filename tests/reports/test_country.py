"""The catalogue and the clocks that the web counts with."""

import os
from datetime import UTC, datetime

import pytest

from monitor.config import CatalogInvalid
from monitor.reports.country import country
from tests.commands.declaring import CATALOGUE

MONDAY_AT_TEN = datetime(2021, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "probes.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


def test_a_service_and_its_clock(catalogue, tmp_path) -> None:
    found = country(catalogue, tmp_path / "none.csv")
    known = found.service("ent-a", ())
    assert (known.operator, known.territories) == ("edifice", ("D:59",))
    assert found.timetable.clock_of(known.territories).in_school_hours(MONDAY_AT_TEN)
    made_up = found.service("of-a-scenario", ["A:lille"])
    assert (made_up.id, made_up.operator, made_up.territories) == ("of-a-scenario", None, ("A:lille",))


def test_it_is_read_once_and_again_when_it_changes(catalogue, tmp_path) -> None:
    first = country(catalogue, tmp_path / "none.csv")
    assert country(catalogue, tmp_path / "none.csv") is first
    catalogue.write_text(CATALOGUE.replace("name: ENT A", "name: ENT AA"), encoding="utf-8")
    assert country(catalogue, tmp_path / "none.csv").catalog.services["ent-a"].name == "ENT AA"
    os.utime(catalogue, (1, 1))
    again = country(catalogue, tmp_path / "none.csv")
    catalogue.write_text("vigie: [", encoding="utf-8")
    with pytest.raises(CatalogInvalid):
        country(catalogue, tmp_path / "none.csv")
    assert again.catalog.services


def test_the_default_one_is_that_of_france(tmp_path) -> None:
    assert "educonnect" in country(None, tmp_path / "none.csv").catalog.services


def test_one_that_is_gone_is_said(tmp_path) -> None:
    with pytest.raises((CatalogInvalid, OSError)):
        country(tmp_path / "absent.yaml", tmp_path / "none.csv")
