"""Who is let in: so many forms a source, whose network is one source, and whom a proxy may speak for."""

import pytest
from starlette.requests import Request

from dashboard.public import intake
from dashboard.public.intake import FORMS_A_PERIOD, PERIOD_S, Doorman, source_of


def asked(peer: str | None, forwarded: str | None = None) -> Request:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    return Request({"type": "http", "headers": headers, "client": None if peer is None else (peer, 1)})


def test_a_source_waits_for_the_next_period_and_the_others_do_not() -> None:
    now = [1000.0]
    doorman = Doorman(lambda: now[0])
    assert [doorman.admits("a") for _ in range(FORMS_A_PERIOD + 1)] == [True] * FORMS_A_PERIOD + [False]
    assert doorman.admits("b")
    now[0] += PERIOD_S - 1
    assert not doorman.admits("a")
    now[0] += 1
    assert doorman.admits("a")


def test_so_many_sources_are_remembered_and_no_more(monkeypatch) -> None:
    monkeypatch.setattr(intake, "SOURCES_MOST", 3)
    doorman = Doorman(lambda: 0.0)
    assert [doorman.admits(name) for name in "abcda"] == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", None, "2001:db8:1:2::/64"),
        ("", "198.51.100.1", "198.51.100.1"),
        (None, None, "?"),
    ],
)
def test_the_source_is_the_peer_or_whom_our_own_proxy_names(peer, forwarded, source) -> None:
    assert source_of(asked(peer, forwarded)) == source
