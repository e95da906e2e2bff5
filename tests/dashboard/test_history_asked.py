"""What `/carte/disponibilite` is asked: every word read strictly, one state one address, periods bounded."""

import re
from datetime import UTC, date, datetime

import pytest

from dashboard.pages.history_asked import Against, Asked, a_year_before, midnight, read, wish_of, words_of
from dashboard.pages.history_taken import api_links, commands
from monitor.domain.catalog import Audience, Catalog, Operator, Service, ServiceKind, Territory
from monitor.domain.catalog import Level as Of
from monitor.domain.parts import By
from monitor.domain.uptime import Hours
from monitor.reports.selected import Selection, Wanted

TODAY = date(2026, 11, 28)
PLACES = (
    Territory("N", "France", Of.PAYS, None, "Europe/Paris"),
    Territory("A:lille", "Lille", Of.ACADEMIE, "N", "Europe/Paris"),
)
SERVICES = tuple(Service(f"s{n}", f"Service {n}", ServiceKind.ENT, (), operator="edifice") for n in range(20))
CATALOG = Catalog(
    territories={one.code: one for one in PLACES},
    services={one.id: one for one in SERVICES},
    operators={"edifice": Operator("edifice", "Edifice")},
    canaries=(),
)


def asked(**words: str) -> Asked:
    return read(words, CATALOG, TODAY)


def test_nothing_is_the_country_over_thirty_days_by_day() -> None:
    found = asked()
    assert (found.place, found.country, found.days, found.last, found.by) == ("N", True, 30, TODAY, By.DAY)
    assert (found.hours, found.against, found.wanted) == (Hours.ALL, Against.NOTHING, Wanted(place="N"))
    assert words_of(found) == {"de": "2026-10-30", "a": "2026-11-28", "par": "jour"}


def test_every_word_and_back() -> None:
    words = {"territoire": "A:lille", "service": "s1", "exploitant": "edifice", "type": "ent", "public": "lycee", "heures": "scolaires",
             "de": "2024-02-29", "a": "2025-02-28", "par": "semaine", "contre": "an"}  # fmt: skip
    found = asked(**words)
    assert words_of(found) == words
    assert found.wanted == Wanted(("s1",), "A:lille", "edifice", (Audience.LYCEE,), ServiceKind.ENT)
    assert found.earlier == (date(2023, 2, 28), date(2024, 2, 29))
    assert asked(**{**words, "contre": "1"}).earlier == (date(2023, 2, 28), date(2024, 2, 29))
    assert a_year_before(date(2026, 3, 1)) == date(2025, 3, 1)


@pytest.mark.parametrize("words", [{"service": "s1"}, {"exploitant": "edifice"}, {"type": "ent"}])
def test_a_country_that_nobody_named_weighs_nobody_in_particular(words: dict[str, str]) -> None:
    assert asked(**words).place is None
    assert asked(public="lycee").place == "N"


def test_months_from_two_on_and_three_years_at_most() -> None:
    assert asked(de="2026-09-28", a="2026-11-28").by is By.DAY
    assert asked(de="2026-09-27", a="2026-11-28").by is By.MONTH
    assert asked(de="2023-11-29", a="2026-11-28").days == 1096


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"de": "2023-11-28", "a": "2026-11-28"}, "trois ans au plus"),
        ({"de": "0001-01-01"}, "n’est pas une date"),
        ({"a": "9999-12-31"}, "n’est pas une date"),
        ({"de": "2026-02-30"}, "n’est pas une date"),
        ({"de": "20260201"}, "n’est pas une date"),
        ({"de": "２０２６-01-01"}, "n’est pas une date"),
        ({"a": "<script>"}, "n’est pas une date"),
        ({"de": "2026-11-20", "a": "2026-11-10"}, "ne précède pas"),
        ({"de": "2027-01-01", "a": "2027-02-01"}, "n’a pas commencé"),
        ({"de": "2025-11-27", "a": "2026-11-28", "par": "jour"}, "choisissez «\u00a0par mois\u00a0»"),
        ({"par": "minute"}, "jour, mois, semaine, heure"),
        ({"service": "<img>"}, "Ce service n’est pas dans le catalogue."),
        ({"exploitant": "x" * 200}, "Cet exploitant"),
        ({"territoire": "U:0590001F"}, "Ce territoire n’existe pas."),
        ({"type": "x"}, "«\u00a0type\u00a0»"),
        ({"public": "x"}, "«\u00a0public\u00a0»"),
        ({"heures": "all"}, "tout, scolaires"),
        ({"contre": "2"}, "1, an"),
    ],
)
def test_what_is_not_so_is_told_and_not_repeated(words: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)) as fault:
        asked(**words)
    assert not any(value in str(fault.value) for value in words.values() if len(value) > 6)


def test_a_wish_is_of_days_of_paris_and_ends_now() -> None:
    now = datetime(2026, 11, 28, 9, tzinfo=UTC)
    found = wish_of(asked(de="2026-10-25", a="2026-11-28", contre="1"), midnight, now)
    assert (found.since, found.until) == (datetime(2026, 10, 24, 22, tzinfo=UTC), now)
    assert found.before == (datetime(2026, 9, 19, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC))
    assert wish_of(asked(de="2026-11-01", a="2026-11-02"), midnight, now).until == datetime(2026, 11, 2, 23, tzinfo=UTC)
    assert asked(de="2026-11-01", a="2026-11-02").earlier is None


def given(**words: str) -> tuple[list[str], list[str]]:
    """The addresses of the API, and the commands."""
    one = asked(**words)
    chosen = Selection(SERVICES, one.place, one.wanted.audiences)
    return [to for _, to in api_links(one)], commands(one, chosen)


def test_what_is_taken_away_asks_the_same_question() -> None:
    links, lines = given(territoire="A:lille", de="2026-11-01", a="2026-11-27", heures="scolaires", contre="1")
    assert links[0] == "/api/v1/availability?territory=A:lille&from=2026-11-01&to=2026-11-28&hours=school"
    assert lines == [
        "vigie availability --from 2026-11-01 --to 2026-11-28 --territory A:lille --by day --against 2026-10-05..2026-11-01",
        "vigie export availability --from 2026-11-01 --to 2026-11-28 --territory A:lille --hours school --by day --format csv --output disponibilite.csv",
        "vigie report --from 2026-11-01 --to 2026-11-28 --territory A:lille --output rapport.html",
    ]
    links, lines = given(service="s1", de="2023-11-29")
    assert [one.partition("?")[0] for one in links] == ["/api/v1/availability"]  # its incidents: a year at most
    assert [one.split()[1] for one in lines] == ["availability", "export"]


def test_what_has_no_equal_elsewhere_is_not_offered() -> None:
    assert given(exploitant="edifice")[0] == []
    assert [one.split()[1] for one in given(exploitant="edifice")[1]] == ["availability", "export"]
    assert given(territoire="A:lille", service="s1") == ([], [])
    assert given(type="ent") == ([], [])  # twenty services
    assert given(public="lycee", par="heure")[1] == [
        "vigie availability --from 2026-10-30 --to 2026-11-29 --territory N --audience lycee --by hour"
    ]
    few = asked(type="ent")
    assert "--service s0 --service s1" in commands(few, Selection(SERVICES[:2], None, ()))[0]
