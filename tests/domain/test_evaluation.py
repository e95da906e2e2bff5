"""evaluate: the order of the pure rules, told in ticks; and that a restart between any two ticks changes nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.catalog import Catalog, Service
from monitor.domain.corroboration import corroborated
from monitor.domain.evaluation import Country, evaluate
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.policy import Policy, Rhythm
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import Span
from monitor.domain.snapshot import Press, build_snapshot, document, instant
from tests.domain.small import T0, at, catalog, said, service, small_france

BAD = Failure.EXCHANGE_SERVER_ERROR


def seen(catalog: Catalog) -> Catalog:
    services = {name: replace(one, confirmed=T0.date()) for name, one in catalog.services.items()}
    return replace(catalog, services=services)


def quick(catalog: Catalog) -> Catalog:
    """Canaries at their own pace."""
    pace = Policy(every=timedelta(seconds=10), timeout=timedelta(seconds=3))
    return replace(catalog, canaries=tuple(replace(one, policy=pace) for one in catalog.canaries))


def canaries(seconds: float, failure: Failure | None = None) -> list[Observation]:
    return [said(f"canary/{n}", seconds, failure) for n in range(4)]


def tick(country: Country, where: Catalog, now: float, *answers: Observation) -> Country:
    fresh: dict[str, list[Observation]] = {}
    for one in answers:
        fresh.setdefault(one.probe, []).append(one)
    return evaluate(country, fresh, where, now=at(now), vantage="local").country


def outage(where: Catalog, failing: set[str], until: int, *, line_dies_at: float | None = None) -> Country:
    """Ticks of 10 s: canaries and every service answer at each; `failing` fail from the second tick."""
    country = Country()
    for seconds in range(0, until, 10):
        dead = line_dies_at is not None and seconds >= line_dies_at
        answers = canaries(seconds + 1, Failure.CONNECT_UNREACHABLE if dead else None)
        for one in where.services.values():
            bad = dead or (one.id in failing and seconds >= 10)
            answers.append(said(f"{one.id}/login", seconds, BAD if bad else None))
        country = tick(country, where, seconds + 5, *answers)
    return country


def test_an_outage_from_first_answer_to_incident() -> None:
    country = outage(seen(small_france()), {"a"}, 90)
    assert country.services["a"].health is Health.DOWN
    assert country.services["a"].since == at(10)
    (incident,) = country.incidents
    assert (incident.culprit, incident.opened_at) == ("service:a", at(10))


def test_three_services_of_one_operator_are_believed_sooner() -> None:
    where = seen(small_france())
    assert outage(where, {"a", "b"}, 50).incidents == ()
    (incident,) = outage(where, {"a", "b", "c"}, 50).incidents
    assert (incident.culprit, incident.services) == ("operator:edifice", ("a", "b", "c"))


def test_corroboration_needs_the_same_way_and_something_in_common() -> None:
    alone = [service(name, operator=None, platform=None) for name in "xyz"]
    assert outage(seen(catalog(*alone)), {"x", "y", "z"}, 50).incidents == ()
    shared = [service(name, operator=None, platform=None, depends_on=("sso",)) for name in "xyz"]
    assert len(outage(seen(catalog(*shared)), {"x", "y", "z"}, 50).incidents) == 3
    assert corroborated(small_france(), {}) == frozenset()


def test_what_was_never_seen_working_vouches_for_nobody() -> None:
    """Two wrong markers and a blip are not a region-wide outage."""
    base = small_france()
    where = replace(base, services=base.services | {"c": replace(base.services["c"], confirmed=T0.date())})
    assert outage(where, {"a", "b", "c"}, 50).incidents == ()


def test_troubles_that_began_far_apart_do_not_speak_for_each_other() -> None:
    where, country = seen(small_france()), Country()
    for seconds in range(0, 1100, 10):
        answers = canaries(seconds + 1)
        for name in where.services:
            bad = (name in "ab" and seconds >= 10) or (name == "c" and seconds >= 1050)
            answers.append(said(f"{name}/login", seconds, BAD if bad else None))
        country = tick(country, where, seconds + 5, *answers)
    assert {one.culprit for one in country.incidents} == {"service:a", "service:b"}


def test_single_blips_of_many_do_not_speak_for_each_other() -> None:
    """One answer in a hundred lost: with hundreds of services somebody always fails, and nobody twice in a row."""
    where = seen(catalog(*(service(name) for name in "abcdefgh")))
    country = outage(where, set(), 20)
    for seconds in range(20, 60, 10):
        answers = canaries(seconds + 1)
        for place, name in enumerate("abcdefgh"):
            answers.append(said(f"{name}/login", seconds, BAD if name == "a" or place == seconds / 10 else None))
        country = tick(country, where, seconds + 5, *answers)
    assert country.verdicts["a/login"].health is Health.UP
    assert corroborated(where, country.verdicts) == frozenset()


def test_a_service_of_two_probes_is_judged_and_shortened() -> None:
    login = service("a").probes[0]
    both = service("a", probes=(login, replace(login, id="a/context")))
    where = seen(catalog(both))
    country = Country()
    for seconds in range(0, 100, 10):
        bad = BAD if seconds >= 10 else None
        answers = [*canaries(seconds + 1), said("a/login", seconds), said("a/context", seconds, bad)]
        country = tick(country, where, seconds + 5, *answers)
    assert country.services["a"].health is Health.DOWN
    # The failing probe leaves the catalogue: the service is what is left of it, at once.
    shorter = replace(where, services={"a": replace(where.services["a"], probes=(login,))})
    change = evaluate(country, {}, shorter, now=at(105), vantage="local")
    assert change.gone == ("a/context",)
    assert change.country.services["a"].health is Health.UP
    assert Health.DOWN in {one.health for one in change.spans if one.probe is None}


def test_what_was_known_for_no_time_leaves_no_span() -> None:
    where = seen(catalog(service("a"), service("b")))
    country = tick(Country(), where, 0)
    smaller = replace(where, services={"b": where.services["b"]})
    assert evaluate(country, {}, smaller, now=at(0), vantage="local").spans == ()


def test_at_night_an_answer_speaks_for_longer_and_the_morning_does_not_make_it_stale() -> None:
    """Asked every 15 min until 7:30, every 30 s from then on: the last answer of the night still holds at 7:31."""
    slowly = Policy(every_opening=timedelta(seconds=30), every_rest=timedelta(minutes=15))
    one = service("a")
    where = seen(catalog(replace(one, probes=(replace(one.probes[0], policy=slowly),))))
    morning = at(3600)

    def clock(_: str) -> Callable[[datetime], Rhythm]:
        return lambda instant: Rhythm.OPENING if instant >= morning else Rhythm.REST

    country = Country()
    asked = [*range(0, 3600, 900), 3620]
    for seconds in range(0, 3700, 10):
        fresh = {c.probe: [c] for c in canaries(seconds)}
        if seconds in asked:
            fresh["a/login"] = [said("a/login", seconds)]
        country = evaluate(country, fresh, where, now=at(seconds + 5), vantage="local", rhythms=clock).country
        assert country.services["a"].health is Health.UP, seconds
    # From then on three minutes and ten seconds are the rule.
    late = evaluate(country, {}, where, now=at(3620 + 190), vantage="local", rhythms=clock).country
    assert late.services["a"].health is Health.UP
    stale = evaluate(late, {}, where, now=at(3620 + 191), vantage="local", rhythms=clock)
    assert stale.country.services["a"].health is Health.UNKNOWN
    assert stale.country.services["a"].since == at(3620 + 190)


def test_an_answer_that_asks_us_to_come_back_later_speaks_for_as_long() -> None:
    where, country = seen(catalog(service("a"))), Country()
    wait = timedelta(seconds=600)
    for seconds in range(0, 2000, 10):
        answers = canaries(seconds)
        if seconds < 600 and seconds % 60 == 0:
            answers.append(said("a/login", seconds))
        elif seconds % 600 == 0:
            answers.append(replace(said("a/login", seconds, Failure.EXCHANGE_OVERLOADED), come_back=wait))
        country = tick(country, where, seconds + 5, *answers)
        assert country.services["a"].health is not Health.UNKNOWN
        if seconds > 1800:  # three answers in a row, and our line seen after the last
            assert country.services["a"].health is Health.WAITING
    assert (country.services["a"].since, country.verdicts["a/login"].speaks_until) == (at(600), at(1800 + 600 + 190))
    silent = tick(country, where, 2600)
    assert silent.services["a"].health is Health.UNKNOWN


def test_what_left_the_catalogue_leaves_its_last_span_and_nothing_else() -> None:
    where = seen(catalog(service("a"), service("b")))
    country = outage(where, {"a"}, 100)
    smaller = replace(where, services={"b": where.services["b"]})
    change = evaluate(country, {}, smaller, now=at(110), vantage="local")
    assert (change.gone, change.gone_services) == (("a/login",), ("a",))
    assert [(one.service, one.probe, one.health, one.since, one.until) for one in change.spans] == [
        ("a", "a/login", Health.DOWN, at(10), at(90)),
        ("a", None, Health.DOWN, at(10), at(110)),
    ]
    assert "a" not in change.country.services
    assert [one.closed_at for one in change.incidents] == [at(110)]
    back = evaluate(change.country, {}, where, now=at(120), vantage="local")
    assert back.country.services["a"].health is Health.UNKNOWN


def test_a_clock_set_back_while_our_line_is_cut_accuses_nobody() -> None:
    where = seen(small_france())
    country = outage(where, set(), 3600)
    for seconds in range(0, 300, 10):  # an hour earlier, and nothing answers any more
        answers = canaries(seconds + 1, Failure.CONNECT_UNREACHABLE)
        answers += [said(f"{name}/login", seconds, Failure.CONNECT_UNREACHABLE) for name in where.services]
        country = tick(country, where, seconds + 5, *answers)
        assert [one for one in country.incidents if not one.ours] == []
    assert country.line.blind


def test_our_own_line_dies_and_nobody_is_accused() -> None:
    country = outage(seen(small_france()), set(), 300, line_dies_at=100)
    assert country.line.blind
    assert {one.health for one in country.services.values()} == {Health.UNKNOWN}
    assert {one.since for one in country.services.values()} == {at(91)}
    assert [one.culprit for one in country.incidents] == ["vantage:local"]


def test_canaries_that_we_stalled_ourselves_blind_nobody_and_undo_nothing() -> None:
    where = seen(small_france())
    country = outage(where, {"a"}, 90)
    for seconds in range(90, 200, 10):
        answers = canaries(seconds + 1, Failure.OURS_STALLED if seconds < 130 else None)
        answers += [said(f"{name}/login", seconds, BAD if name == "a" else None) for name in where.services]
        country = tick(country, where, seconds + 5, *answers)
        assert not country.line.blind
        assert (country.services["a"].health, country.services["a"].since) == (Health.DOWN, at(10))


@pytest.mark.parametrize(
    ("cut", "spans"),
    [
        (190, {(Health.UP, at(0), at(90)), (Health.DOWN, at(90), at(181))}),
        (170, {(Health.UP, at(0), at(90))}),  # proved at 150 s, less than two intervals before we last saw anything
    ],
)
def test_what_was_proved_just_before_our_line_was_lost_leaves_no_bad_span(
    cut: int, spans: set[tuple[Health, datetime, datetime]]
) -> None:
    """Our line fails bit by bit: answers are lost while canaries still get through."""
    where = quick(seen(catalog(service("a"))))
    country, found = Country(), list[Span]()
    for seconds in range(0, 300, 10):
        answers = canaries(seconds + 1, Failure.CONNECT_UNREACHABLE if seconds >= cut else None)
        answers.append(said("a/login", seconds, BAD if seconds >= 90 else None))
        change = evaluate(country, {one.probe: [one] for one in answers}, where, now=at(seconds + 5), vantage="local")
        country, found = change.country, [*found, *change.spans]
        if seconds == 160:
            assert (country.services["a"].health, country.services["a"].since) == (Health.DOWN, at(90))
    assert {(one.health, one.since, one.until) for one in found} == spans
    assert country.services["a"].health is Health.UNKNOWN


def test_our_line_comes_back_and_so_does_everything() -> None:
    where = seen(small_france())
    country = outage(where, set(), 300, line_dies_at=100)
    answers = canaries(310) + [said(f"{name}/login", 311) for name in where.services]
    country = tick(country, where, 312, *answers)
    assert not country.line.blind
    assert {one.health for one in country.services.values()} == {Health.UP}
    assert [one.recovered_at for one in country.incidents] == [at(312)]


def test_spans_follow_each_other_without_a_gap() -> None:
    where, country, spans = seen(catalog(service("a"))), Country(), []
    for seconds in range(0, 400, 10):
        failing = 100 <= seconds < 250
        answers = [*canaries(seconds + 1), said("a/login", seconds, BAD if failing else None)]
        fresh = {one.probe: [one] for one in answers}
        change = evaluate(country, fresh, where, now=at(seconds + 5), vantage="local")
        country = change.country
        spans += [span for span in change.spans if span.probe is None]
    assert [(span.health, span.since, span.until) for span in spans] == [
        (Health.UP, at(0), at(100)),
        (Health.DOWN, at(100), at(250)),
    ]
    assert country.services["a"].since == at(250)


def test_without_answers_the_deadline_speaks() -> None:
    where = seen(catalog(service("a")))
    country = tick(Country(), where, 5, *canaries(1), said("a/login", 0))
    quiet = evaluate(country, {}, where, now=at(100), vantage="local")
    assert not quiet.visible
    assert quiet.verdicts == ()
    late = evaluate(country, {}, where, now=at(500), vantage="local")
    assert late.visible
    assert late.country.services["a"].health is Health.UNKNOWN


def test_what_was_over_a_day_ago_is_no_longer_carried() -> None:
    where = seen(catalog(service("a")))
    country = outage(where, {"a"}, 100)
    over = replace(country, incidents=(replace(country.incidents[0], closed_at=at(100)),), services={}, verdicts={})
    soon = evaluate(over, {}, where, now=at(200), vantage="local").country
    later = evaluate(over, {}, where, now=at(100) + timedelta(hours=24, seconds=1), vantage="local").country
    assert len(soon.incidents) == 1
    assert later.incidents == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, BAD])), min_size=1, max_size=30), st.data())
def test_a_restart_between_any_two_ticks_changes_nothing(
    walk: list[tuple[str, Failure | None]], data: st.DataObject
) -> None:
    """The country is a value: rebuilt from what a store holds (verdicts, services, open incidents) it goes on the same."""
    walk_with_restart(walk, data.draw(st.integers(0, len(walk))))


def test_who_wavers_vouches_for_nothing_whether_restarted_or_not() -> None:
    """What stands behind the unwell is looked at again when a control begins to waver, not only when a state changes."""
    down = [(name, BAD) for name in "aaccac"]
    walk = [("a", None), *down[:2], ("b", None), *down[2:5], ("b", BAD), down[5], ("a", None), ("a", None), ("a", BAD)]
    walk_with_restart([*walk, ("b", None)], len(walk))


def test_to_have_come_back_a_minute_before_the_others_rules_nothing_out() -> None:
    names = [f"p{n}" for n in range(8)]
    alike = [service(name, operator="recia", platform="x", zones=("z.fr",) if name < "p2" else ()) for name in names]
    where = seen(catalog(*alike, *(service(f"o{n}", operator=None, platform=None) for n in range(30))))
    country = outage(where, set(names), 120)
    (one,) = [incident for incident in country.incidents if incident.closed_at is None]
    assert one.culprit in {"operator:recia", "platform:x"}
    for now in (130, 145, 160, 175):
        answers = [said(f"{name}/login", now - 1, BAD if name < "p2" else None) for name in names]
        country = tick(country, where, now, *canaries(now - 1), *answers)
    assert [name for name, verdict in country.services.items() if verdict.unwell] == ["p0", "p1"]
    assert [(one.culprit, one.absorbed_into) for one in country.incidents if one.closed_at is None] == [
        (one.culprit, None)
    ]


def walk_with_restart(walk: list[tuple[str, Failure | None]], cut: int) -> None:
    where = seen(small_france())
    straight = restarted = Country()
    for index, (name, failure) in enumerate(walk):
        answers = [*canaries(index * 20 + 1), said(f"{name}/login", index * 20, failure)]
        if index == cut:
            restarted = Country(dict(restarted.verdicts), dict(restarted.services), restarted.incidents)
        straight = tick(straight, where, index * 20 + 5, *answers)
        restarted = tick(restarted, where, index * 20 + 5, *answers)
    assert straight == restarted


def published(country: Country, where: Catalog, **facts: object) -> dict[str, object]:
    press = Press(at(500), at(501), at(490), "local", None, "0.1.0", **facts)  # type: ignore[arg-type]
    ground = survey(where)
    return document(build_snapshot(ground, country.services, country.incidents, press), where, ground)


def test_the_document_says_everything_the_public_may_see() -> None:
    where = seen(small_france())
    shown = published(
        outage(where, {"a"}, 90),
        where,
        warnings=("disque",),
        rehearsal="2021-04-06",
        rehearsal_note="d’après la presse",
    )
    assert json.loads(json.dumps(shown)) == shown
    assert shown["at"] == "2021-04-06T06:08:20.000Z"
    assert (shown["blind"], shown["coverage"], shown["rehearsal"]) == (False, 1.0, "2021-04-06")
    assert shown["rehearsal_note"] == "d’après la presse"
    services = {one["id"]: one for one in shown["services"]}  # type: ignore[attr-defined]
    assert services["a"]["health"] == "down"
    assert services["a"]["failure"] == "exchange/server_error"
    assert services["a"]["operator_name"] == "Edifice"
    assert services["a"]["probes"] == ["a/login"]
    assert (services["d"]["national"], services["d"]["operator_name"]) == (True, None)
    territories = {one["code"]: one for one in shown["territories"]}  # type: ignore[attr-defined]
    assert (territories["D:01"]["health"], territories["D:01"]["share_affected"]) == ("down", 1.0)
    (incident,) = shown["incidents"]  # type: ignore[misc]
    assert (incident["culprit"], incident["share_affected"], incident["closed_at"]) == ("service:a", 1.0, None)


def test_our_blindness_is_no_incident_of_the_document() -> None:
    where = seen(small_france())
    assert published(outage(where, set(), 300, line_dies_at=100), where)["incidents"] == []


def test_open_incidents_come_before_those_that_are_over() -> None:
    where = seen(small_france())
    country = outage(where, {"a", "b"}, 90)
    first, second = country.incidents
    newest_over = replace(country, incidents=(replace(first, opened_at=at(80), closed_at=at(85)), second))
    shown = published(newest_over, where)["incidents"]
    assert [one["closed_at"] is None for one in shown] == [True, False]  # type: ignore[attr-defined]


def test_an_empty_catalogue_has_no_coverage() -> None:
    where = catalog()
    assert published(Country(), where)["coverage"] == 0.0


def test_no_instant_is_no_word() -> None:
    assert instant(None) is None


@pytest.mark.parametrize("one", [service("a"), service("b", territories=("N",))])
def test_national_means_the_whole_country(one: Service) -> None:
    assert one.national is ("N" in one.territories)


def test_a_dormant_service_switched_off_after_its_day_ends_its_incident_but_a_gap_does_not() -> None:
    where = seen(catalog(service("cned", dormant=True)))
    country = outage(where, {"cned"}, 100)
    assert len(country.incidents) == 1
    gap = evaluate(country, {}, where, now=at(8000), vantage="local").country
    assert gap.incidents[0].recovered_at is None
    gone = [said("cned/login", 8000 + 90000, Failure.RESOLVE_NXDOMAIN), *canaries(98001)]
    off = tick(gap, where, 98005, *gone)
    assert off.incidents[0].recovered_at is not None
