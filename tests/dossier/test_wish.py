"""What a report is asked about: periods and what they are compared with, subjects, and every mistake at once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.commands.report_wish import Wish, asked
from monitor.config import load
from monitor.domain.catalog import Catalog
from monitor.domain.rollup import Ground, survey
from monitor.dossier.services import Asked
from tests.dossier.month import CATALOGUE, CONTRACT, paris

NOW = paris("2021-12-10T09:00")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalog, Ground]:
    path = tmp_path_factory.mktemp("wish") / "probes.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    catalog = load(path).catalog
    return catalog, survey(catalog)


@pytest.fixture
def ask(known, tmp_path: Path):
    (tmp_path / "contrat.yaml").write_text(CONTRACT, encoding="utf-8")

    def asked_for(
        month: str | None = None, days: tuple[str | None, str | None] = (None, None), services: tuple[str, ...] = (),
        territory: str | None = None, contract: str | None = None,
    ) -> Asked:  # fmt: skip
        path = None if contract is None else tmp_path / contract
        return asked(Wish(month, *days, services, territory, path), *known, NOW)

    return asked_for


def test_a_month_is_compared_with_the_one_before(ask) -> None:
    said = ask("2021-11", services=("ent-nord",))
    assert (said.since, said.until) == (paris("2021-11-01"), paris("2021-12-01"))
    assert said.earlier == (paris("2021-10-01"), paris("2021-11-01"))
    assert (said.title, said.place, said.months) == ("ENT du Nord", None, True)
    assert ask("2021-01", services=("ent-nord",)).earlier[0] == paris("2020-12-01")


def test_a_month_that_runs_ends_now(ask) -> None:
    said = ask("2021-12", territory="A:lille")
    assert (said.since, said.until) == (paris("2021-12-01"), NOW)
    assert (said.title, len(said.services)) == ("Académie de Lille", 3)


def test_days_are_compared_with_as_many_before(ask) -> None:
    winter = ask(days=("2021-10-31", "2021-11-02"), services=("ent-nord",))  # one of them has 25 hours
    assert winter.until - winter.since == timedelta(hours=49)
    assert winter.earlier == (paris("2021-10-29"), paris("2021-10-31"))
    part = ask(days=("2021-11-08T08:00", "2021-11-08T10:00"), services=("ent-nord",))
    assert part.earlier == (paris("2021-11-08T06:00"), part.since)
    assert not part.months


def test_what_is_left_open_is_the_contracts(ask) -> None:
    said = ask("2021-11", contract="contrat.yaml")
    assert [one.id for one in said.services] == ["ent-nord"]
    assert said.contract is not None
    assert ask("2021-11", services=("ent-nord",), contract="contrat.yaml").title == "ENT du Nord"
    assert ask("2021-11", services=("ent-nord", "ent-pdc")).title == "2 services"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, ["--month 2021-04, ou --from et --to", "Donnez --territory, --service"]),
        ({"month": "2021-13"}, ["« 2021-13 » n’est pas un mois"]),
        ({"month": "0001-01"}, ["hors de portée"]),
        ({"month": "2022-01"}, ["n’a pas commencé"]),
        ({"month": "avril\x1b[31m"}, ["\\u{1b}"]),
        ({"month": "2021-11", "days": ("2021-11-01", None)}, ["mais pas les deux"]),
        ({"days": ("2021-11-02", "2021-11-01")}, ["le début ne précède pas la fin"]),
        ({"days": ("2019-11-02", "2021-11-01")}, ["plus d’un an"]),
        ({"days": ("2021-11-02", None)}, ["ou --from et --to"]),
        ({"days": ("hier", "2021-11-01")}, ["--from : « hier »"]),
        ({"services": ("ent-nor",)}, ["« ent-nor » est inconnu", "ent-nord"]),
        ({"services": (), "territory": "A:lile"}, ["Territoire inconnu « A:lile »"]),
        ({"services": (), "territory": "U:0590001F"}, ["un établissement"]),
        ({"services": (), "territory": "D:75"}, ["aucun service du catalogue"]),
        ({"territory": "A:lille"}, ["un seul des deux"]),
        ({"services": ("ent-pdc",), "contract": "contrat.yaml"}, ["ce contrat porte sur ent-nord"]),
        ({"services": (), "contract": "absent.yaml"}, ["absent.yaml", "--contract"]),
        ({"month": "2021-13", "services": ("ent-z",), "contract": "absent.yaml"}, ["2021-13", "absent", "ent-z"]),
    ],
)  # fmt: skip
def test_every_mistake_at_once_with_its_mend(ask, words, said) -> None:
    given = words if words.keys() & {"month", "days"} or not words else {"month": "2021-11", **words}
    given = given if "services" in given or not words else {"services": ("ent-nord",), **given}
    with pytest.raises(ValueError) as refused:
        ask(**given)
    message = str(refused.value).replace("\u00a0", " ").replace("\u202f", " ")
    for each in said:
        assert each in message


def test_every_instant_is_aware(ask) -> None:
    said = ask("2021-11", services=("ent-nord",))
    edges: tuple[datetime, ...] = (said.since, said.until, *said.earlier)
    assert all(edge.tzinfo is not None for edge in edges)
