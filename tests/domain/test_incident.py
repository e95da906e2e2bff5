from dataclasses import replace
from datetime import timedelta

from monitor.domain.incident import Incident, reconcile
from monitor.domain.line import Line
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import ServiceVerdict
from tests.domain.small import at, catalog, service, small_france

SEEING, BLIND = Line(blind=False, seen_at=at(1e6)), Line(blind=True, seen_at=at(90))


def after(
    known: tuple[Incident, ...], health: Health, since: float, now: float, *, line: Line = SEEING, name: str = "a"
) -> tuple[Incident, ...]:
    verdict = ServiceVerdict(name, health, at(since), Failure.CONNECT_REFUSED if health is Health.DOWN else None)
    return reconcile(known, {name: verdict}, small_france(), line, now=at(now), vantage="local")


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
    asleep = catalog(service("a", dormant=True))
    opened = reconcile(
        (), {"a": ServiceVerdict("a", Health.DOWN, at(60))}, asleep, SEEING, now=at(130), vantage="local"
    )
    off, later = {"a": ServiceVerdict("a", Health.UNKNOWN, at(600))}, at(600) + timedelta(minutes=15)
    (over,) = reconcile(opened, off, asleep, SEEING, now=later, vantage="local", asleep={"a"})
    assert over.closed_at == at(600)
    (unseen,) = reconcile(opened, off, asleep, SEEING, now=later, vantage="local")
    assert unseen.closed_at is None  # not measured is not switched off


def test_a_service_that_left_the_catalogue_is_withdrawn() -> None:
    opened = after((), Health.DOWN, 60, 130)
    (gone,) = reconcile(opened, {}, small_france(), SEEING, now=at(500), vantage="local")
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
