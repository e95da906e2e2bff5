"""Who shares what with whom, and which services may stand in a comparison at all."""

from monitor.domain.catalog import Level, ServiceKind, Territory
from monitor.domain.ties import bonds_of
from monitor.reports.sharing import Shared, Sharing, bonds_seen, public, sharing
from tests.domain.small import catalog, service
from tests.neighbours import written

ONE = service("one", operator="edifice", hoster="Nuage", territories=("D:01",))
TWO = service("two", operator="edifice", hoster="inconnu", territories=("D:69",))
LOGIN = service("login", operator="autre", kind=ServiceKind.IDENTITE, territories=("N",))
PORTAL = service("portal", operator="autre", territories=("C:988",))
FRANCE = catalog(ONE, TWO, LOGIN, PORTAL)


def shared(by: Shared, kind: ServiceKind | None = None) -> Sharing:
    return sharing(FRANCE.services.values(), FRANCE, bonds_of(FRANCE), by, kind)


def told(found: Sharing) -> dict[str, tuple[list[str], list[str]]]:
    return {
        one.candidate: ([inside.id for inside in one.inside], [other.id for other in one.control])
        for one in found.groups
    }


def test_a_control_is_of_the_same_kind_and_does_not_share() -> None:
    found = shared(Shared.OPERATOR)
    assert told(found) == {
        "operator:autre": (["login", "portal"], ["one", "two"]),
        "operator:edifice": (["one", "two"], ["portal"]),
    }
    assert [one.name for one in found.groups] == ["autre", "Edifice"]  # an operator nobody named is its own name
    assert not any(one.ranked for one in found.groups)
    assert told(shared(Shared.OPERATOR, ServiceKind.IDENTITE)) == {"operator:autre": (["login"], [])}


def test_what_nobody_declares_is_among_the_controls_and_counted() -> None:
    found = shared(Shared.HOSTER)
    assert told(found) == {"hoster:Nuage": (["one"], ["portal", "two"])}
    assert found.undeclared == 3


def test_places_hold_what_lies_in_them_but_no_national_service() -> None:
    found = shared(Shared.TERRITORY)
    assert told(found) == {
        "territory:A:lyon": (["one", "two"], ["portal"]),
        "territory:C:988": (["portal"], ["one", "two"]),
    }
    assert (found.undeclared, [one.name for one in found.groups]) == (1, ["Lyon", "Nouvelle-Calédonie"])


def test_a_service_of_one_school_is_in_no_group_and_no_control() -> None:
    places = {**FRANCE.territories, "E1": Territory("E1", "Collège", Level.SCHOOL, "D:01")}
    here = catalog(ONE)
    known = type(here)(places, here.services, here.operators, here.canaries)
    schools = [service("uai", territories=("U:0010001A",)), service("named", territories=("E1",))]
    wide = service("wide", territories=("E1", "D:01"))
    assert public([ONE, *schools, wide], known) == (ONE, wide)


def test_an_authority_is_what_a_good_answer_showed(tmp_path) -> None:
    book = written(tmp_path)
    bonds = bonds_seen(book.url, book.catalog, "local")
    found = sharing(book.catalog.services.values(), book.catalog, bonds, Shared.ISSUER)
    assert {one.candidate: [inside.id for inside in one.inside] for one in found.groups} == {
        "issuer:Autorité <script>": ["a1", "a2"]
    }
    elsewhere = bonds_seen(book.url, book.catalog, "ailleurs")
    assert elsewhere == bonds_seen(f"sqlite:///{tmp_path}/none.db", book.catalog, "local") == bonds_of(book.catalog)
