"""A refusal that a redirect led to: the way is left alone, and whoever it led to only once several were refused."""

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.gap import Skip
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy
from monitor.probes.backoff import BackOff
from monitor.probes.base import Finding

BLOCKED, WELL = Finding(Failure.OURS_BLOCKED, "HTTP 403"), Finding()


class Clock:
    def __init__(self):
        self.time = 1000.0

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def backoff(clock):
    return BackOff(clock)


def led(service, page="login"):
    return Probe(f"{service}/{page}", service, ProbeKind.HTTP, Policy(), url=f"https://{service}.example.fr/{page}")


def test_a_refusal_by_whom_we_were_led_to_holds_the_way_and_not_him(backoff, clock):
    refused = []
    for _ in range(3):
        backoff.heard(led("ent"), BLOCKED, "cas.commun.fr", 443)
        refused.append(backoff.held(led("ent")) - clock.time)
        assert backoff.held_at("cas.commun.fr", 443) is None
        assert backoff.held(led("ent", page="context")) is None
        clock.time += refused[-1]
    assert refused == [120, 240, 480]
    backoff.heard(led("ent"), WELL, "cas.commun.fr", 443)
    assert backoff.held(led("ent")) is None
    backoff.heard(led("ent"), BLOCKED, "cas.commun.fr", 443)
    assert backoff.held(led("ent")) - clock.time == 120


def test_a_host_that_refuses_three_services_led_to_it_is_left_alone(backoff, clock):
    for service in ("a", "b", "a", "b"):
        backoff.heard(led(service), BLOCKED, "cas.commun.fr", 443)
    backoff.heard(led("ent"), BLOCKED, "autre.commun.fr", 443)
    assert backoff.held_at("cas.commun.fr", 443) is None
    backoff.heard(led("c"), BLOCKED, "cas.commun.fr", 443)
    assert backoff.held_at("cas.commun.fr", 443) == clock.time + 120
    assert backoff.held_at("autre.commun.fr", 443) is None


def test_refusals_that_are_over_do_not_add_up(backoff, clock):
    for service in ("a", "b", "c", "d"):
        backoff.heard(led(service), BLOCKED, "cas.commun.fr", 443)
        clock.time += 120
    assert backoff.held_at("cas.commun.fr", 443) is None


async def test_a_refusal_met_through_a_redirect_leaves_the_hosts_own_probe_alone(stage, make):
    async def talk(head, writer):
        closed = head.startswith(b"GET /denied")
        said = ("403 Forbidden", [("Retry-After", "3600")]) if closed else ("200 OK", [])
        writer.write(make.response(b"bonjour", *said))

    server = await stage.serve(talk)
    way = await stage.serve(make.response(b"", "302 Found", [("Location", server.url("/denied"))]))
    prober = await stage.prober()
    own = Probe("edu/page", "edu", ProbeKind.HTTP, Policy(), url=server.url())
    assert (await prober.ask(make.http(way.url()))).failure is Failure.OURS_BLOCKED
    assert (await prober.ask(own)).failure is None
    assert isinstance(await prober.ask(make.http(way.url())), Skip)
