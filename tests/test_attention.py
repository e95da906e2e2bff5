"""Looking only where something may be new finds all that is new: as a look at everybody beside everything does."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.attention import Attention
from monitor.domain.catalog import Audience, Role
from monitor.domain.incident import Incident
from monitor.domain.news import News, news
from monitor.domain.notice import Subscription, Told
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from monitor.domain.roster import Roster
from monitor.domain.scope import SchoolScope
from tests.domain.small import at, catalog, service

FRANCE = catalog(
    service("a"),
    service("b", territories=("D:69",)),
    service("c", territories=("R:84",), audience=(Audience.LYCEE,)),
    service("d", territories=("U:0010001A",), audience=(Audience.TOUS,)),
)
GROUND = survey(FRANCE)
EVERYBODY = [
    *(Subscription(f"head:{n}", "", role=Role.HEAD, schools=(SchoolScope(uai, place, kinds),), settle=timedelta(minutes=2))
      for n, (uai, place, kinds) in enumerate([
          ("0010001A", "D:01", ()), ("0010002B", "D:01", (Audience.COLLEGE,)), ("0690001C", "D:69", (Audience.LYCEE,))])),
    Subscription("lyon", "X", territories=("A:lyon",), repeat=timedelta(minutes=3), min_share=0, from_health=Health.SLOW),
    Subscription("rhone", "X", territories=("D:69",), settle=timedelta(minutes=1)),
    Subscription("by-name", "X", services=("a",), from_health=Health.WAITING),
    Subscription("edifice", "X", operators=("edifice",)),
    Subscription("us", "X", role=Role.OPERATOR),
]  # fmt: skip
SERVICES = [("a",), ("b",), ("a", "b"), ("a", "b", "c"), ("d",), ("gone",), ()]


def born(name: str, minute: int) -> Incident:
    moment = at(60 * minute)
    culprit = "vantage:local" if name == "ours" else f"service:{name}"
    return Incident(name, culprit, moment, moment, Health.DOWN, Health.DOWN, (), ())


@st.composite
def turned(draw: st.DrawFn, one: Incident, minute: int) -> Incident:
    """The incident after something happened to it, likely or not."""
    services = draw(st.sampled_from(SERVICES))
    places = {code for name in services if name in FRANCE.services for code in FRANCE.services[name].territories}
    one = replace(one, services=services, territories=tuple(sorted(places)), worst=draw(st.sampled_from(list(Health))))
    moment = at(60 * minute)
    match draw(st.sampled_from(["lasts", "recovers", "eases", "closes", "joins"])):
        case "recovers":
            return replace(one, recovered_at=moment)
        case "eases":
            return replace(one, recovered_at=moment, eased_at=moment)
        case "closes":
            return replace(one, recovered_at=moment, closed_at=moment)
        case "joins":
            return replace(one, closed_at=moment, absorbed_into="second" if one.id != "second" else "first")
    return replace(one, recovered_at=None, eased_at=None, closed_at=None, absorbed_into=None)


@dataclass
class Memory:
    heard: dict[tuple[str, str], Told] = field(default_factory=dict)

    def hear(self, found: list[News], now: datetime) -> None:
        for one in found:
            key = (one.subscription.id, one.incident.id)
            self.heard[key] = Told(*key, one.reason, one.incident.worst, now)


@given(st.data())
def test_it_finds_what_a_look_at_everything_finds(data: st.DataObject) -> None:
    roster = Roster(EVERYBODY, FRANCE)
    attention, told = Attention(FRANCE, GROUND, roster), Memory()
    incidents: dict[str, Incident] = {}
    for minute in range(data.draw(st.integers(1, 10))):
        for name in ("first", "second", "ours"):
            if data.draw(st.booleans()):
                incidents[name] = data.draw(turned(incidents.get(name) or born(name, minute), minute))
        if data.draw(st.integers(0, 5)) == 0:
            attention.follow(Roster(EVERYBODY, FRANCE))
        blind, now = data.draw(st.integers(0, 5)) == 0, at(60 * minute)
        live = tuple(incidents.values())
        everything = {
            (one.subscription.id, one.incident.id, one.reason, one.share)
            for one in news(EVERYBODY, live, told.heard, FRANCE, GROUND, now=now, blind=blind)
        }
        quiet = attention.quiet(live, now, blind=blind)
        found = list(attention.news(live, dict(told.heard), now, blind=blind))
        assert {(one.subscription.id, one.incident.id, one.reason, one.share) for one in found} == everything
        assert not (quiet and everything)
        told.hear(found, now)


def test_where_nothing_turns_nobody_is_looked_at_until_time_has_its_say() -> None:
    attention = Attention(FRANCE, GROUND, Roster(EVERYBODY, FRANCE))
    one = replace(born("first", 0), services=("a",), territories=("D:01",))
    assert not attention.quiet([one], at(0), blind=False)
    assert list(attention.news([one], {}, at(0), blind=False)) == []
    assert attention.quiet([one], at(119), blind=False)
    assert not attention.quiet([one], at(119), blind=True)
    assert not attention.quiet([one], at(120), blind=False)  # the heads' settling is over
    found = list(attention.news([one], {}, at(120), blind=False))
    assert [new.subscription.id for new in found] == ["head:0", "head:1"]


def test_what_was_found_and_not_kept_is_found_again() -> None:
    attention = Attention(FRANCE, GROUND, Roster(EVERYBODY, FRANCE))
    one = replace(born("first", 0), services=("a",), territories=("D:01",))
    found = [new.subscription.id for new in attention.news([one], {}, at(600), blind=False)]
    assert found == ["lyon", "by-name", "edifice", "head:0", "head:1"]
    assert next(attention.news([one], {}, at(601), blind=False)).subscription.id == "lyon"  # taken no further
    assert [new.subscription.id for new in attention.news([one], {}, at(602), blind=False)] == found
    attention.forget()
    assert [new.subscription.id for new in attention.news([one], {}, at(603), blind=False)] == found
