"""The index finds whoever an incident concerns, and heads of school come last."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Audience, Role
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription, concerns
from monitor.domain.observation import Health
from monitor.domain.roster import Roster
from monitor.domain.scope import SchoolScope
from tests.domain.small import at, catalog, service

FRANCE = catalog(
    service("a"),
    service("b", territories=("D:69", "C:988"), operator="iles"),
    service("c", territories=("R:84",), audience=(Audience.LYCEE,), operator=None),
    service("d", territories=("N",), audience=(Audience.TOUS,)),
    service("e", territories=("U:0010001A",)),
)
CODES = [*FRANCE.territories, "U:0010001A", "D:nowhere"]
SCHOOLS = [
    SchoolScope(uai, place, audiences)
    for uai in ("0010001A", "0690001F")
    for place in ("D:01", "D:69", "C:988", "C:975")
    for audiences in ((), (Audience.COLLEGE,), (Audience.LYCEE, Audience.PERSONNELS))
]


def some(values: list[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


subscriptions = st.builds(
    Subscription,
    st.uuids().map(str),
    st.just("VIGIE_X"),
    territories=some(CODES),  # type: ignore[arg-type]
    services=some([*FRANCE.services]),
    operators=some(["edifice", "iles"]),
    schools=some(SCHOOLS),  # type: ignore[arg-type]
    audiences=some([*Audience]),
    national=st.booleans(),
    role=st.sampled_from(Role),
)
incidents = st.builds(
    lambda culprit, services, more: Incident(
        "i", culprit, at(0), at(60), Health.DOWN, Health.DOWN, services,
        tuple({code for name in services if name in FRANCE.services for code in FRANCE.services[name].territories} | set(more)),
    ),
    st.sampled_from(["service:a", "operator:edifice", "vantage:local"]),
    some([*FRANCE.services, "gone"]),
    some(CODES),  # type: ignore[arg-type]
)  # fmt: skip


@given(st.lists(subscriptions, max_size=12, unique_by=lambda one: one.id), incidents)
def test_nobody_whom_it_concerns_is_overlooked(everybody: list[Subscription], incident: Incident) -> None:
    near = Roster(everybody, FRANCE).near(incident)
    assert {one.id for one in everybody if concerns(one, incident, FRANCE)} <= {one.id for one in near}
    assert [one.role is Role.HEAD for one in near] == sorted(one.role is Role.HEAD for one in near)


def test_who_is_elsewhere_is_not_looked_at_but_who_heard_of_it_is() -> None:
    here = Subscription("ain", "VIGIE_AIN", territories=("D:01",))
    there = replace(here, id="rhone", territories=("D:69",))
    heads = [Subscription(f"head:{n}", "", role=Role.HEAD, schools=(one,)) for n, one in enumerate(SCHOOLS)]
    roster = Roster([*heads, here, there], FRANCE)
    incident = Incident("i", "service:a", at(0), at(60), Health.DOWN, Health.DOWN, ("a",), ("D:01",))
    near = roster.near(incident)
    assert near[0] == here
    assert there not in near
    assert {school.place for one in near[1:] for school in one.schools} == {"D:01"}
    assert there in roster.near(incident, ["rhone", "whoever has left"])


def test_what_many_ask_for_is_one_wish() -> None:
    heads = [
        Subscription(f"head:{n}", "", role=Role.HEAD, schools=(SchoolScope(uai, "D:01"),), language=language)
        for n, (uai, language) in enumerate([("0010001A", "fr"), ("0010002B", "fr"), ("0010003C", "en")])
    ]
    roster = Roster(heads, FRANCE)
    assert len(roster.wishes) == 2
    assert roster.wish_of["head:0"] == roster.wish_of["head:1"] != roster.wish_of["head:2"]
    assert {school.uai for wish in roster.wishes for school in wish.schools} == {""}
