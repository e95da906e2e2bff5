from dataclasses import replace

from monitor.domain.catalog import Probe, Service
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import combine
from monitor.domain.verdict import Verdict
from tests.domain.small import T0, at, service

SERVICE = service("a")
LOGIN = SERVICE.probes[0]
CONTEXT = replace(LOGIN, id="a/context", slow_only=True)
SECOND = replace(LOGIN, id="a/second")


def verdict(probe: Probe, health: Health, since: float = 0, failure: Failure | None = None) -> tuple[Probe, Verdict]:
    return probe, Verdict(probe.id, "local", health, at(since), failure)


def test_the_worst_probe_speaks_and_is_named() -> None:
    found = combine(
        SERVICE,
        [verdict(LOGIN, Health.SLOW, 5), verdict(SECOND, Health.DOWN, 9, Failure.CONNECT_REFUSED)],
        None,
        at(10),
    )
    assert (found.health, found.since, found.failure, found.probe) == (
        Health.DOWN,
        at(9),
        Failure.CONNECT_REFUSED,
        "a/second",
    )


def test_waiting_is_worse_than_restricted_and_slow() -> None:
    found = combine(SERVICE, [verdict(LOGIN, Health.RESTRICTED), verdict(SECOND, Health.WAITING)], None, at(1))
    assert found.health is Health.WAITING


def test_a_probe_that_counts_for_slow_accuses_of_slow_at_most() -> None:
    assert (
        combine(SERVICE, [verdict(LOGIN, Health.UP), verdict(CONTEXT, Health.DOWN)], None, at(1)).health is Health.SLOW
    )
    assert combine(SERVICE, [verdict(LOGIN, Health.UP), verdict(CONTEXT, Health.UP)], None, at(1)).health is Health.UP


def test_a_probe_that_counts_for_slow_does_not_vouch_alone() -> None:
    """entcore's /auth/context is green while /auth/login makes people wait: it must never say "up" by itself."""
    found = combine(SERVICE, [verdict(LOGIN, Health.UNKNOWN), verdict(CONTEXT, Health.UP)], None, at(1))
    assert found.health is Health.UNKNOWN


def test_one_known_probe_is_enough() -> None:
    assert (
        combine(SERVICE, [verdict(LOGIN, Health.UNKNOWN), verdict(SECOND, Health.UP)], None, at(1)).health is Health.UP
    )


def test_the_date_of_a_health_that_lasts_is_kept() -> None:
    first = combine(SERVICE, [verdict(LOGIN, Health.DOWN, 3)], None, at(5))
    second = combine(SERVICE, [verdict(LOGIN, Health.UP, 3), verdict(SECOND, Health.DOWN, 8)], first, at(9))
    assert second.since == at(3)


def test_a_change_is_never_dated_before_what_it_ends() -> None:
    first = combine(SERVICE, [verdict(LOGIN, Health.DOWN, 8)], None, at(9))
    second = combine(SERVICE, [verdict(LOGIN, Health.UP, 5)], first, at(10))
    assert (second.health, second.since) == (Health.UP, at(8))


def test_it_is_well_since_the_last_of_its_probes_got_well() -> None:
    first = combine(SERVICE, [verdict(LOGIN, Health.WAITING, 8), verdict(SECOND, Health.UP, 9)], None, at(10))
    second = combine(SERVICE, [verdict(LOGIN, Health.UP, 50), verdict(SECOND, Health.UP, 9)], first, at(60))
    assert (second.health, second.since) == (Health.UP, at(50))


def test_a_service_is_unstable_if_a_probe_that_may_accuse_is() -> None:
    confirmed = replace(SERVICE, confirmed=T0.date())

    def unstable(of: Service, probe: Probe, health: Health = Health.UP, **facts: object) -> bool:
        shaky = replace(verdict(probe, health)[1], unstable=True, **facts)
        return combine(of, [verdict(SECOND, Health.UP), (probe, shaky)], None, at(1)).unstable

    assert unstable(confirmed, LOGIN)
    assert unstable(SERVICE, LOGIN, good_answers=3)
    assert not unstable(SERVICE, LOGIN, good_answers=2)
    assert not unstable(confirmed, CONTEXT), "a probe that counts for slow at most"
    assert not unstable(confirmed, LOGIN, Health.UNKNOWN), "what is not known is not known to flap"
    assert not combine(confirmed, [verdict(LOGIN, Health.DOWN)], None, at(1)).unstable


def test_a_service_without_probes_is_unknown() -> None:
    found = combine(SERVICE, [], None, at(4))
    assert (found.health, found.since) == (Health.UNKNOWN, at(4))
