"""Incidents: one per culprit; opened, worsened, spread, eased, relapsed, absorbed, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.attribution import bonds_of
from monitor.domain.catalog import Catalog
from monitor.domain.incident import SAME_SPREAD, TURNS_KEPT, Incident, incident_id
from monitor.domain.line import Line
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason
from monitor.domain.reconcile import explain, reconcile
from monitor.domain.service_verdict import ServiceVerdict
from tests.domain.small import at, catalog, service, small_france

SEEING, BLIND = Line(blind=False, seen_at=at(1e6)), Line(blind=True, seen_at=at(90))
BAD = Failure.EXCHANGE_SERVER_ERROR
MINUTE, HOUR = 60.0, 3600.0


def verdict(name: str, health: Health, since: float, failure: Failure | None = None) -> ServiceVerdict:
    unwell = health not in (Health.UP, Health.UNKNOWN)
    known = failure or (Failure.CONNECT_REFUSED if health is Health.DOWN else None)
    return ServiceVerdict(name, health, at(since), known, unwell_since=at(since) if unwell else None)


def at_the_hour(_: Sequence[str], instant: datetime) -> datetime:
    """A village where everybody comes at the full hour, and is in half an hour later."""
    return instant.replace(minute=30, second=0) + timedelta(hours=1)


def found(
    known: tuple[Incident, ...],
    verdicts: Mapping[str, tuple[Health, float]],
    now: float,
    where: Catalog,
    *,
    line: Line = SEEING,
    watched: bool = False,
) -> tuple[Incident, ...]:
    services = {name: verdict(name, *said) for name, said in verdicts.items()}
    peaks = {"peaks": at_the_hour} if watched else {}
    causes = explain(services, bonds_of(where))
    return reconcile(known, services, where, line, now=at(now), vantage="local", found=causes, **peaks)


def after(
    known: tuple[Incident, ...],
    health: Health,
    since: float,
    now: float,
    *,
    line: Line = SEEING,
    watched: bool = False,
) -> tuple[Incident, ...]:
    return found(known, {"a": (health, since)}, now, small_france(), line=line, watched=watched)


def reasons(incident: Incident) -> list[Reason]:
    return [turn.reason for turn in incident.turns]


def test_opened_at_the_first_bad_answer_and_named_without_chance() -> None:
    (one,) = after((), Health.DOWN, 60, 130)
    assert (one.id, one.culprit) == ("20210406-060100-a", "service:a")
    assert (one.opened_at, one.confirmed_at, one.worst) == (at(60), at(130), Health.DOWN)
    assert one.territories == ("D:01",)
    assert after((), Health.DOWN, 60, 130) == (one,)


def test_well_or_unknown_opens_nothing() -> None:
    assert after((), Health.UP, 0, 10) == ()
    assert after((), Health.UNKNOWN, 0, 10) == ()


def test_the_worst_is_kept_and_health_follows() -> None:
    opened = after((), Health.WAITING, 60, 130)
    (worse,) = after(opened, Health.DOWN, 200, 260)
    (milder,) = after((worse,), Health.SLOW, 300, 360)
    assert worse.worst is Health.DOWN
    assert (milder.health, milder.worst, milder.id) == (Health.SLOW, Health.DOWN, opened[0].id)


def test_closed_after_fifteen_stable_minutes_and_dated_to_the_recovery() -> None:
    opened = after((), Health.DOWN, 60, 130)
    (watched,) = after(opened, Health.UP, 600, 640)
    assert (watched.recovered_at, watched.closed_at) == (at(600), None)
    (closed,) = after((watched,), Health.UP, 600, 600 + 900)
    assert closed.closed_at == at(600)


def test_a_relapse_within_a_quarter_of_an_hour_is_the_same_incident() -> None:
    opened = after((), Health.DOWN, 60, 130)
    watched = after(opened, Health.UP, 600, 640)
    (again,) = after(watched, Health.DOWN, 900, 970)
    assert (again.id, again.recovered_at) == (opened[0].id, None)


def test_unknown_keeps_an_incident_open() -> None:
    opened = after((), Health.DOWN, 60, 130)
    (kept,) = after(opened, Health.UNKNOWN, 600, 4000)
    assert (kept.closed_at, kept.health, kept.worst) == (None, Health.UNKNOWN, Health.DOWN)


def test_a_dormant_service_switched_off_again_is_over() -> None:
    where = catalog(service("a", dormant=True))
    bonds = bonds_of(where)
    down, off = {"a": verdict("a", Health.DOWN, 60)}, {"a": verdict("a", Health.UNKNOWN, 600)}
    opened = reconcile((), down, where, SEEING, now=at(130), vantage="local", found=explain(down, bonds))
    later = at(600) + timedelta(minutes=15)
    assert explain(down, bonds, asleep={"a"}) == ()
    (over,) = reconcile(opened, off, where, SEEING, now=later, vantage="local", found=(), asleep={"a"})
    assert over.closed_at == at(600)
    (unseen,) = reconcile(opened, off, where, SEEING, now=later, vantage="local", found=())
    assert unseen.closed_at is None  # not measured is not switched off


def test_a_service_that_left_the_catalogue_is_withdrawn() -> None:
    opened = after((), Health.DOWN, 60, 130)
    (gone,) = found(opened, {}, 500, small_france())
    assert (gone.closed_at, gone.recovered_at) == (at(500), None)


def test_time_that_was_not_measured_is_not_stable_time() -> None:
    watched = after(after((), Health.DOWN, 60, 130), Health.UP, 600, 640)
    unseen = after(watched, Health.UNKNOWN, 700, 1900)
    (back,) = after(unseen, Health.UP, 1900, 1905)
    assert (back.recovered_at, back.closed_at) == (at(1900), None)


def test_what_was_not_measured_for_a_day_is_closed_without_a_recovery_unless_we_are_blind() -> None:
    opened, day = after((), Health.DOWN, 60, 130), 24 * 3600.0
    (lost,) = after(opened, Health.UNKNOWN, 600, 600 + day)
    assert (lost.recovered_at, lost.closed_at) == (None, at(600 + day))
    (kept, _) = sorted(after(opened, Health.UNKNOWN, 600, 600 + day, line=BLIND), key=lambda one: one.ours)
    assert kept.closed_at is None


def test_what_was_confirmed_by_suspect_answers_was_never_established() -> None:
    opened = after((), Health.DOWN, 60, 130)
    (gone, _) = sorted(after(opened, Health.UNKNOWN, 60, 140, line=BLIND), key=lambda one: one.ours)
    assert (gone.closed_at, gone.recovered_at) == (at(140), None)
    (kept, _) = sorted(after(opened, Health.UNKNOWN, 150, 160, line=BLIND), key=lambda one: one.ours)
    assert kept.closed_at is None


def test_what_is_closed_is_left_alone() -> None:
    (closed,) = after((), Health.DOWN, 60, 130)
    closed = replace(closed, closed_at=at(200))
    assert after((closed,), Health.UP, 200, 300) == ()


def test_our_own_blindness_is_an_incident_of_its_own() -> None:
    (blind,) = after((), Health.UP, 0, 100, line=BLIND)
    assert (blind.culprit, blind.opened_at, blind.ours) == ("vantage:local", at(90), True)
    (still,) = after((blind,), Health.UP, 0, 110, line=BLIND)
    assert still == blind
    (seeing,) = after((still,), Health.UP, 0, 120)
    assert (seeing.recovered_at, seeing.closed_at) == (at(120), None)
    (again,) = after((seeing,), Health.UP, 0, 130, line=BLIND)
    assert again.recovered_at is None
    (over,) = after((seeing,), Health.UP, 0, 240)
    assert over.closed_at == at(120)


def test_blind_from_the_start_is_dated_now() -> None:
    (blind,) = after((), Health.UP, 0, 100, line=Line(blind=True, seen_at=None))
    assert blind.opened_at == at(100)


def test_a_name_that_is_no_name_makes_an_id_all_the_same() -> None:
    assert incident_id("hoster:GIP RECIA", at(0)) == "20210406-060000-hoster-GIP-RECIA"


def test_it_stays_under_watch_until_the_next_peak_has_passed_well() -> None:
    opened = after((), Health.DOWN, 60, 130, watched=True)
    (eased,) = after(opened, Health.UP, 600, 1500, watched=True)
    assert (eased.eased_at, eased.watch_until, eased.closed_at) == (at(1500), at(90 * MINUTE), None)
    (still,) = after((eased,), Health.UP, 600, 90 * MINUTE - 1, watched=True)
    assert still == eased
    (closed,) = after((eased,), Health.UP, 600, 90 * MINUTE, watched=True)
    assert closed.closed_at == at(600)
    assert reasons(closed) == [Reason.OPENED, Reason.EASED, Reason.CLOSED]


def test_a_relapse_under_watch_is_the_same_incident_and_is_told_as_one() -> None:
    opened = after((), Health.DOWN, 60, 130, watched=True)
    eased = after(opened, Health.UP, 600, 1500, watched=True)
    (again,) = after(eased, Health.DOWN, HOUR, HOUR + 70, watched=True)
    assert (again.id, again.eased_at, again.recovered_at, again.watch_until) == (opened[0].id, None, None, None)
    (eased_again,) = after((again,), Health.UP, 2 * HOUR, 2 * HOUR + 900, watched=True)
    assert reasons(eased_again) == [Reason.OPENED, Reason.EASED, Reason.RELAPSED, Reason.EASED]
    assert eased_again.watch_until == at(3.5 * HOUR)


def test_a_peak_that_nobody_measured_has_not_passed_well() -> None:
    eased = after(after((), Health.DOWN, 60, 130), Health.UP, 600, 1500, watched=True)
    unseen = after(eased, Health.UNKNOWN, 80 * MINUTE, 89 * MINUTE, watched=True)
    assert (unseen[0].recovered_at, unseen[0].watch_until) == (at(600), None)
    (back,) = after(unseen, Health.UP, 91 * MINUTE, 92 * MINUTE, watched=True)
    assert (back.watch_until, back.closed_at) == (at(2.5 * HOUR), None)
    (lost,) = after(unseen, Health.UNKNOWN, 80 * MINUTE, 26 * HOUR, watched=True)
    assert lost.closed_at == at(600)  # it was seen to recover, and nobody saw it relapse


def test_the_recovery_of_an_unstable_service_is_not_believed() -> None:
    opened = after((), Health.DOWN, 60, 130)
    where = small_france()
    flapping = {"a": replace(verdict("a", Health.UP, 200), unstable=True)}
    (kept,) = reconcile(opened, flapping, where, SEEING, now=at(5000), vantage="local", found=())
    assert (kept.health, kept.recovered_at, kept.closed_at) == (Health.UP, None, None)
    (steady,) = after((kept,), Health.UP, 200, 5010)
    assert steady.recovered_at == at(200)
    (eased,) = after(opened, Health.UP, 200, 1500, watched=True)
    (watched,) = reconcile(
        (eased,), flapping, where, SEEING, now=at(1600), vantage="local", found=(), peaks=at_the_hour
    )
    assert watched == eased  # said once: only a new trouble is a relapse


ALIKE = ("a", "b", "c", "e", "f")


def street(*, operator: str | None = "edifice", hoster: str | None = None) -> Catalog:
    """Five services of one operator or hoster among forty of nobody."""
    alike = [service(name, operator=operator, platform=None, hoster=hoster) for name in ALIKE]
    others = [service(f"other{n}", operator=None, platform=None) for n in range(40)]
    return catalog(*alike, *others)


def town(
    unwell: Mapping[str, float], where: Catalog, *, slow: frozenset[str] = frozenset()
) -> dict[str, tuple[Health, float]]:
    def said(name: str) -> tuple[Health, float]:
        if name not in unwell:
            return Health.UP, 0
        return (Health.SLOW if name in slow else Health.DOWN), unwell[name]

    return {name: said(name) for name in where.services}


def test_services_of_one_operator_that_fall_together_are_one_incident_which_absorbs_what_was_opened_before() -> None:
    where = street()
    first = found((), town({"a": 10, "b": 20}, where), 80, where)
    assert {one.culprit for one in first} == {"service:a", "service:b"}
    *absorbed, one = sorted(
        found(first, town({"a": 10, "b": 20, "c": 70}, where), 140, where), key=lambda i: i.closed_at is None
    )
    assert (one.culprit, one.services, one.opened_at, one.confirmed_at) == (
        "operator:edifice",
        ("a", "b", "c"),
        at(10),
        at(80),
    )
    assert {(gone.absorbed_into, gone.closed_at) for gone in absorbed} == {(one.id, at(140))}
    assert all(reasons(gone) == [Reason.OPENED, Reason.MERGED] for gone in absorbed)
    (later,) = found((one, *absorbed), town(dict.fromkeys(ALIKE, 70.0) | {"a": 10, "b": 20}, where), 200, where)
    assert (later.id, later.services) == (one.id, ALIKE)
    assert Reason.SPREAD in reasons(later)


def test_what_an_incident_of_several_says_of_its_beginning_is_what_was_seen_then() -> None:
    where = street()
    (one,) = found((), town({"a": 10, "b": 20, "c": 70}, where), 140, where)
    told = [(turn.at, turn.reason, turn.services) for turn in one.turns]
    assert told == [(at(10), Reason.OPENED, 1), (at(70), Reason.SPREAD, 3), (at(140), Reason.EXPLAINED, 3)]
    (together,) = found((), town(dict.fromkeys("abc", 10.0), where), 80, where)
    assert [(turn.reason, turn.services) for turn in together.turns] == [(Reason.OPENED, 3), (Reason.EXPLAINED, 3)]


def test_a_grouping_holds_its_services_until_it_is_over() -> None:
    where = street()
    opened = found((), town({"a": 10, "b": 10, "c": 10}, where), 80, where)
    (fewer,) = found(opened, town({"c": 10}, where), 300, where)
    assert (fewer.culprit, fewer.health, fewer.services) == ("operator:edifice", Health.DOWN, ("a", "b", "c"))
    kept, alone = found((fewer,), town({"c": 10, "f": 2 * HOUR}, where), 2 * HOUR + 70, where)
    assert (kept.id, alone.culprit) == (fewer.id, "service:f")  # hours later: a trouble of its own


def test_a_hoster_that_explains_takes_over_from_the_grouping_of_an_operator() -> None:
    where = street(hoster="Nuage")
    operators = {"a": "edifice", "b": "edifice", "c": "edifice", "e": "kosmos", "f": "itop"}
    services = {n: replace(s, operator=operators.get(n, s.operator)) for n, s in where.services.items()}
    where = replace(where, services=services | {f"g{n}": service(f"g{n}", platform=None) for n in range(20)})
    grouped = found((), town({"a": 10, "b": 10, "c": 10}, where), 80, where)
    ended = found(grouped, town(dict.fromkeys(ALIKE, 10.0), where), 140, where)
    (one,) = [incident for incident in ended if incident.closed_at is None]
    assert (one.culprit, one.explained, one.services) == ("hoster:Nuage", True, ALIKE)
    assert all(gone.absorbed_into == one.id for gone in ended if gone is not one)
    (kept,) = found((one,), town({"a": 10}, where), 300, where)
    assert kept.cause == one.cause  # the fullest account is kept


def test_what_depends_on_a_service_that_fails_joins_it() -> None:
    where = catalog(
        service("sso", operator=None, platform=None),
        service("portal", operator=None, platform=None, depends_on=("sso",)),
        *(service(f"other{n}", operator=None, platform=None) for n in range(20)),
    )
    first = found((), town({"portal": 10}, where), 80, where)
    ended = found(first, town({"portal": 10, "sso": 12}, where), 90, where)
    (one,) = [incident for incident in ended if incident.closed_at is None]
    assert (one.culprit, one.services) == ("service:sso", ("portal", "sso"))
    assert [gone.absorbed_into for gone in ended if gone is not one] == [one.id]


def test_a_login_confirmed_after_those_who_need_it_takes_them_over_from_their_grouping() -> None:
    portals = [service(name, operator="recia", platform=None, depends_on=("sso",)) for name in ALIKE]
    others = [service(f"other{n}", operator=None, platform=None) for n in range(40)]
    where = catalog(service("sso", operator="recia", platform=None), *portals, *others)
    (grouped,) = found((), town(dict.fromkeys(ALIKE, 10.0), where), 40, where)
    assert (grouped.culprit, grouped.explained) == ("operator:recia", False)
    ended = found((grouped,), town(dict.fromkeys(ALIKE, 10.0) | {"sso": 45}, where), 110, where)
    (one,) = [incident for incident in ended if incident.closed_at is None]
    assert (one.culprit, one.services, one.confirmed_at) == ("service:sso", (*ALIKE, "sso"), at(40))
    (gone,) = [incident for incident in ended if incident is not one]
    assert (gone.absorbed_into, reasons(gone)[-1]) == (one.id, Reason.MERGED)  # and nobody is told that it answers
    (fewer,) = [i for i in found((one,), town({"a": 10}, where), 300, where) if i.closed_at is None]
    assert (fewer.id, fewer.health) == (one.id, Health.DOWN)


def test_an_incident_that_opens_beside_another_claims_only_what_joins_it() -> None:
    where = street(operator=None, hoster="Nuage")
    (explained,) = found((), town(dict.fromkeys(ALIKE[:4], 10.0), where), 80, where)
    assert explained.explained
    needing = {name: replace(one, depends_on=("f",)) for name, one in where.services.items() if name in ALIKE[:4]}
    where = replace(where, services={**where.services, **needing, "f": replace(where.services["f"], hoster=None)})
    kept, login = found((explained,), town(dict.fromkeys(ALIKE, 10.0), where), 140, where)
    assert (kept.id, kept.services) == (explained.id, ALIKE[:4])
    assert (login.culprit, login.services) == ("service:f", ("f",))


def test_who_wavers_vouches_for_nobody() -> None:
    where = street()
    verdicts = {name: verdict(name, *said) for name, said in town({"a": 10, "b": 10, "c": 10}, where).items()}
    counted = explain(verdicts, bonds_of(where))[0].test
    doubted = explain(verdicts, bonds_of(where), doubtful={"e", "f"})[0].test
    assert counted is not None
    assert doubted is not None
    assert (counted.inside, doubted.inside) == (5, 3)


def test_one_incident_per_culprit_whatever_happens() -> None:
    where = street()
    known: tuple[Incident, ...] = ()
    for now in range(0, 7200, 60):
        unwell = {name: now // 900 * 900.0 for number, name in enumerate(ALIKE) if (now // 900 + number) % 3}
        known = tuple(
            one for one in found(known, town(unwell, where), now + 70, where, watched=True) if one.closed_at is None
        )
        culprits = [one.culprit for one in known]
        assert len(culprits) == len(set(culprits))
        held = [name for one in known for name in one.services if one.health is Health.DOWN]
        assert set(unwell) <= set(held)


def test_services_that_join_one_after_the_other_are_one_spreading() -> None:
    (opened,) = after((), Health.DOWN, 60, 130)
    once = replace(opened, services=("a", "b")).turned(at(200), Reason.SPREAD)
    twice = replace(once, services=("a", "b", "c")).turned(at(260), Reason.SPREAD)
    assert [(turn.at, turn.services) for turn in twice.turns[1:]] == [(at(200), 3)]
    later = twice.turned(at(200) + SAME_SPREAD + timedelta(seconds=1), Reason.SPREAD)
    assert reasons(later) == [Reason.OPENED, Reason.SPREAD, Reason.SPREAD]


def test_turns_are_kept_within_bounds() -> None:
    (incident,) = after((), Health.DOWN, 60, 130)
    for number in range(TURNS_KEPT + 5):
        incident = incident.turned(at(number), Reason.WORSENED)
    assert len(incident.turns) == TURNS_KEPT


@pytest.mark.parametrize("restarted", [False, True])
def test_the_same_again_changes_nothing(restarted: bool) -> None:
    where = street()
    verdicts = town({"a": 10, "b": 20, "c": 30, "other3": 40}, where)
    once = found((), verdicts, 100, where)
    again = found(tuple(reversed(once)) if restarted else once, verdicts, 100, where)
    assert sorted(again, key=lambda one: one.id) == sorted(once, key=lambda one: one.id)
