"""Whoever refuses us is left alone: for how long, how widely, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.domain.gap import Excuse, Skip
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.policy import Policy
from monitor.probes import backoff as backoff_module
from monitor.probes.backoff import BackOff
from monitor.probes.base import Finding
from monitor.probes.reading import retry_after

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = 3600.0
BLOCKED = Finding(Failure.OURS_BLOCKED, "HTTP 403")
WELL = Finding()


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


def probe(url="https://ent.example.fr/login", every=60, name="login"):
    return Probe(f"ent/{name}", "ent", ProbeKind.HTTP, Policy(every=timedelta(seconds=every)), url=url)


def blocked(after=None, marker=None):
    return Finding(Failure.OURS_BLOCKED, "", marker, after and timedelta(seconds=after))


def pause(backoff, clock, finding, asked=None):
    backoff.heard(asked or probe(), finding)
    until = backoff.held(asked or probe())
    return None if until is None else until - clock.time


def refusal(minutes_ago, **facts):
    return Observation(
        "ent/login", "local", NOW - timedelta(minutes=minutes_ago), timedelta(0), Failure.OURS_BLOCKED, **facts
    )


def test_refusals_from_before_a_restart_hold_as_they_would_have(backoff, clock):
    neighbour = probe(url="https://ent.example.fr/auth/context", name="context")
    backoff.recall(probe(), refusal(5), timedelta(minutes=5))  # two minutes, long over; it counts as a strike
    assert backoff.held(neighbour) is None
    backoff.recall(probe(), refusal(1), timedelta(minutes=1))  # four minutes, of which one has gone
    assert backoff.held(neighbour) == pytest.approx(clock.time + 180)
    backoff.recall(probe(), refusal(0, marker="blocked/1"), timedelta(0))
    assert backoff.held(neighbour) == pytest.approx(clock.time + HOUR)


def test_refusals_recalled_of_one_moment_are_one(backoff, clock):
    for name in ("login", "context", "wayf"):
        backoff.recall(probe(name=name), refusal(1), timedelta(minutes=1))
    assert backoff.held(probe()) == pytest.approx(clock.time + 60)


def test_a_refusal_by_whom_the_probe_was_led_to_is_recalled_for_that_probe(backoff, clock):
    neighbour = probe(url="https://ent.example.fr/auth/context", name="context")
    backoff.recall(probe(), refusal(0, final_host="sso.example.fr"), timedelta(0))
    assert backoff.held(probe()) == pytest.approx(clock.time + 120)
    assert backoff.held(neighbour) is None


def test_nobody_is_held_who_did_not_refuse(backoff):
    for finding in (WELL, Finding(Failure.CONNECT_REFUSED), Finding(Failure.EXCHANGE_SERVER_ERROR)):
        backoff.heard(probe(), finding)
    assert backoff.held(probe()) is None


def test_pauses_double_up_to_an_hour_and_start_anew_after_an_answer(backoff, clock):
    seen = []
    for _ in range(8):
        seen.append(pause(backoff, clock, BLOCKED))
        clock.time += seen[-1]
        assert backoff.held(probe()) is None
    assert seen == [120, 240, 480, 960, 1920, 3600, 3600, 3600]
    backoff.heard(probe(), WELL)
    assert pause(backoff, clock, BLOCKED) == 120


def test_the_first_pause_is_two_intervals_and_a_minute_at_least(backoff, clock):
    assert pause(backoff, clock, BLOCKED, probe(every=10)) == 60
    assert pause(backoff, clock, BLOCKED, probe("https://autre.fr/", every=300)) == 600


@pytest.mark.parametrize(
    "answer",
    [WELL, Finding(Failure.CONTENT_WAITING_ROOM), Finding(Failure.CONTENT_SLOW), Finding(Failure.EXCHANGE_SERVER_ERROR),
     Finding(Failure.EXCHANGE_CLIENT_ERROR), Finding(Failure.EXCHANGE_OVERLOADED)],
)  # fmt: skip
def test_an_answer_that_is_no_refusal_forgives(backoff, clock, answer):
    clock.time += pause(backoff, clock, BLOCKED)
    backoff.heard(probe(), answer)
    assert pause(backoff, clock, BLOCKED) == 120


@pytest.mark.parametrize(
    "silence", [Failure.CONNECT_TIMEOUT, Failure.EXCHANGE_RESET, Failure.OURS_OFFLINE, Failure.RESOLVE_TIMEOUT]
)
def test_silence_forgives_nothing(backoff, clock, silence):
    clock.time += pause(backoff, clock, BLOCKED)
    backoff.heard(probe(), Finding(silence))
    assert pause(backoff, clock, BLOCKED) == 240


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("90", 90), ("600", 600), ("3600", HOUR), ("7200", HOUR), ("86400", HOUR),  # an hour at most
        ("86401", 120), ("999999999999", 120), ("-5", 120), ("bientôt", 120), ("", 120), (None, 120),  # absurd: ignored
        ("0", 60), ("5", 60),  # not before the next question would have come anyway
        ("Mon, 23 Nov 2026 08:10:00 GMT", 600), ("Mon, 23 Nov 2026 11:00:00 GMT", HOUR),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 60), ("Fri, 23 Nov 2125 08:00:00 GMT", 120),
    ],
)  # fmt: skip
def test_retry_after_is_honoured_as_far_as_it_makes_sense(backoff, clock, header, expected):
    finding = Finding(Failure.OURS_BLOCKED, "", None, retry_after(header, lambda: NOW))
    assert pause(backoff, clock, finding) == expected


def test_the_whole_host_is_left_alone_and_its_neighbours_are_not(backoff):
    backoff.heard(probe(), BLOCKED)
    assert backoff.held(probe(name="context", url="https://ENT.example.fr:443/auth/context")) is not None
    assert backoff.held(probe(name="http", url="http://ent.example.fr/")) is not None
    assert backoff.held(Probe("ent/tls", "ent", ProbeKind.TLS, host="ent.example.fr")) is not None
    assert backoff.held_at("ent.example.fr.", 443) is not None
    assert backoff.held(probe("https://cas.example.fr/")) is None


def test_on_loopback_a_host_is_its_port(backoff):
    backoff.heard(probe("http://127.0.0.1:8001/"), BLOCKED)
    assert backoff.held(probe("http://127.0.0.1:8001/autre")) is not None
    assert backoff.held(probe("http://127.0.0.1:8002/")) is None


def test_three_hosts_of_a_domain_that_refuse_are_the_domain(backoff, clock):
    for number in (1, 2):
        backoff.heard(probe(f"https://ecole{number}.example.fr/", name=str(number)), BLOCKED)
    assert backoff.held(probe("https://ecole9.example.fr/")) is None
    backoff.heard(probe("https://ecole3.example.fr/", name="3"), blocked(after=1200))
    assert backoff.held(probe("https://ecole9.example.fr/")) == clock.time + 1200
    assert backoff.held(probe("https://ent.ailleurs.fr/")) is None
    backoff.heard(probe("https://ecole8.example.fr/"), WELL)  # it was under way: it does not speak for the others
    assert backoff.held(probe("https://ecole9.example.fr/")) is not None
    clock.time += 1201
    assert backoff.held(probe("https://ecole9.example.fr/")) is None


def led(service, every=60):
    policy = Policy(every=timedelta(seconds=every))
    return Probe(f"{service}/login", service, ProbeKind.HTTP, policy, url=f"https://{service}.example.fr/")


def test_a_ban_in_the_platforms_own_words_stops_for_an_hour_at_once(backoff, clock):
    assert pause(backoff, clock, blocked(marker="blocked/1")) == HOUR
    assert pause(backoff, clock, blocked(marker="captcha"), probe("https://autre.fr/")) == 120


def test_refusals_of_questions_under_way_count_once(backoff, clock):
    for _ in range(4):
        backoff.heard(probe(), BLOCKED)
    assert backoff.held(probe()) == clock.time + 120


def test_a_page_that_asks_for_patience_waits_alone_and_is_asked_again(backoff, clock):
    overloaded = Finding(Failure.EXCHANGE_OVERLOADED, "", None, timedelta(seconds=120))
    for _ in range(5):  # not longer and longer: confirmation goes on, at the pace that the server asked for
        assert pause(backoff, clock, overloaded) == 120
        assert backoff.held(probe(name="context", url="https://ent.example.fr/auth/context")) is None
        clock.time += 120
        assert backoff.held(probe()) is None
    assert pause(backoff, clock, Finding(Failure.EXCHANGE_OVERLOADED, "", None, timedelta(hours=5))) == 600
    clock.time += 600
    assert pause(backoff, clock, Finding(Failure.EXCHANGE_SERVER_ERROR, "", None, timedelta(hours=5))) is None


def test_memory_is_bounded(backoff, clock, monkeypatch):
    monkeypatch.setattr(backoff_module, "MOST_KEPT", 20)
    for number in range(300):
        backoff.heard(led(f"s{number}"), BLOCKED, f"h.domaine{number}.fr", 443)
        clock.time += 300
    assert len(backoff._holds) < 40


@given(st.lists(st.tuples(st.sampled_from(list(Failure)), st.none() | st.integers(0, 10**9)), max_size=30))
def test_nobody_is_held_for_more_than_an_hour(heard):
    clock = Clock()
    backoff = BackOff(clock)
    for failure, after in heard:
        backoff.heard(probe(), Finding(failure, "", None, None if after is None else timedelta(seconds=after)))
        until = backoff.held(probe())
        assert until is None or 0 < until - clock.time <= HOUR
        clock.time += 30


@pytest.mark.parametrize("url", ["", "http://[", "http://x:99999/", "pas une adresse"])
def test_an_unreadable_target_is_held_by_nobody(backoff, url):
    backoff.heard(probe(), BLOCKED)
    assert backoff.held(probe(url)) is None


async def test_a_refused_probe_is_skipped_and_says_until_when(stage, make):
    server = await stage.serve(make.response(b"", "429 Too Many Requests", [("Retry-After", "300")]))
    prober = await stage.prober()
    first = await stage.ask(server.url(), prober=prober)
    assert first.failure is Failure.OURS_BLOCKED
    second = await stage.ask(server.url("/autre"), prober=prober)
    assert isinstance(second, Skip)
    assert second.excuse is Excuse.BACK_OFF
    assert timedelta(seconds=290) < second.until - second.at <= timedelta(seconds=300)
    assert server.connections == 1


async def test_a_queue_that_asks_for_patience_stays_waiting_and_is_not_asked_before(stage, make):
    server = await stage.serve(make.response(b"", "503 Service Unavailable", [("Retry-After", "120")]))
    prober = await stage.prober()
    first = await stage.ask(server.url(), prober=prober)
    assert first.health is Health.WAITING
    assert isinstance(await stage.ask(server.url(), prober=prober), Skip)
    assert server.connections == 1


async def test_a_suspension_of_our_address_is_never_an_outage(stage, make):
    page = b"Votre adresse IP est provisoirement suspendue"
    server = await stage.serve(make.response(page))
    prober = await stage.prober()
    ban = {"blocked": (Marker(contains=("Votre adresse IP est provisoirement suspendue",)),)}
    seen = await stage.ask(server.url(), prober=prober, **ban)
    assert (seen.failure, seen.health) == (Failure.OURS_BLOCKED, Health.UNKNOWN)
    skip = await stage.ask(server.url(), prober=prober, **ban)
    assert timedelta(minutes=59) < skip.until - skip.at <= timedelta(hours=1)
    assert server.connections == 1
