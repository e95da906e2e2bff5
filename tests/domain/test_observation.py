from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.observation import ABSENCES, SEVERITY, Certificate, Failure, Health, Stage
from tests.domain.small import T0, said

# The table of the interfaces, written out: the words are a contract with scripts and screens.
CONTRACT = {
    "down": """resolve/nxdomain resolve/servfail resolve/timeout resolve/empty resolve/private_answer
        connect/refused connect/timeout connect/reset connect/unreachable
        tls/expired tls/not_yet_valid tls/wrong_host tls/untrusted tls/handshake tls/timeout
        exchange/timeout exchange/reset exchange/truncated exchange/malformed exchange/server_error
        exchange/client_error exchange/redirect_loop exchange/redirect_forbidden
        content/unexpected content/too_large content/undecodable""",
    "waiting": "exchange/overloaded content/waiting_room",
    "restricted": "content/restricted",
    "maintenance": "content/maintenance",
    "slow": "content/slow",
    "unknown": "ours/blocked ours/offline ours/policy ours/stalled ours/storage ours/bug",
}


def test_the_list_of_failures_is_the_contract() -> None:
    written = {word: Health(health) for health, words in CONTRACT.items() for word in words.split()}
    assert {failure.value: failure.health for failure in Failure} == written


def test_every_failure_knows_its_stage_and_its_code() -> None:
    codes = [failure.code for failure in Failure]
    assert len(set(codes)) == len(codes)
    for failure in Failure:
        assert failure.stage is Stage(failure.value.split("/")[0])
        assert Failure.from_code(failure.code) is failure
    with pytest.raises(KeyError):
        Failure.from_code(9999)


def test_every_health_has_its_severity() -> None:
    order = sorted(Health, key=SEVERITY.__getitem__)
    assert [one.value for one in order] == ["unknown", "up", "slow", "maintenance", "restricted", "waiting", "down"]


def test_absences_are_failures_of_getting_there() -> None:
    assert {failure.stage for failure in ABSENCES} == {Stage.RESOLVE, Stage.CONNECT}


def test_an_observation_says_what_its_failure_means() -> None:
    assert said("a/login", 0).health is Health.UP
    assert said("a/login", 0, Failure.CONTENT_WAITING_ROOM).health is Health.WAITING


def test_a_certificate_counts_the_days_left_to_it() -> None:
    shown = Certificate("0" * 64, T0 + timedelta(days=30))
    assert [shown.days_left(T0 + timedelta(days=days)) for days in (0, 29.5, 30, 30.5)] == [30, 0, 0, -1]


@pytest.mark.parametrize(("address", "family"), [(None, None), ("192.0.2.1", 4), ("2001:db8::1", 6)])
def test_an_address_has_a_family(address: str | None, family: int | None) -> None:
    assert replace(said("a/login", 0), address=address).family == family


def test_what_a_canary_says_of_our_line() -> None:
    def speaks(failure: Failure | None) -> bool:
        return said("canary/0", 0, failure).about_our_line

    assert all(
        speaks(failure) for failure in (None, Failure.OURS_OFFLINE, Failure.CONNECT_TIMEOUT, Failure.TLS_EXPIRED)
    )
    assert not any(speaks(Failure(f"ours/{name}")) for name in ("stalled", "bug", "policy", "storage", "blocked"))
