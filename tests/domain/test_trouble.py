import pytest

from monitor.domain.observation import Failure, Health
from monitor.domain.trouble import Family, Trouble, family_of
from tests.domain.small import T0

SOME = {
    "resolve/nxdomain": Family.NAMES,
    "resolve/timeout": Family.NAMES,
    "tls/expired": Family.CERTIFICATES,
    "tls/wrong_host": Family.CERTIFICATES,
    "tls/timeout": Family.SERVICE,
    "connect/refused": Family.SERVICE,
    "exchange/timeout": Family.SERVICE,
    "exchange/server_error": Family.SERVICE,
    "exchange/overloaded": Family.SERVICE,
    "exchange/truncated": Family.SERVICE,
    "exchange/client_error": Family.PAGE,
    "exchange/malformed": Family.PAGE,
    "exchange/redirect_loop": Family.PAGE,
    "exchange/redirect_forbidden": Family.PAGE,
    "content/unexpected": Family.PAGE,
    "content/too_large": Family.PAGE,
    "content/undecodable": Family.PAGE,
    "content/waiting_room": Family.SERVICE,
    "content/restricted": Family.SERVICE,
    "content/slow": Family.SERVICE,
    "content/maintenance": Family.MAINTENANCE,
}


@pytest.mark.parametrize(("word", "family"), SOME.items())
def test_the_family_is_that_of_the_failure(word, family):
    failure = Failure(word)
    assert family_of(Trouble("s", T0, failure.health, failure)) is family


@pytest.mark.parametrize(
    ("health", "family"), [(Health.DOWN, Family.SERVICE), (Health.MAINTENANCE, Family.MAINTENANCE)]
)
def test_without_a_failure_the_health_decides(health, family):
    assert family_of(Trouble("s", T0, health)) is family
