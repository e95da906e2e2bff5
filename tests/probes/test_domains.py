"""Whose budget a host draws from, and where one connection at a time may stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.probes.domains import address_of, budget_of, is_address, place_of

BUDGETS = [
    ("ent.region.example.fr", 443, "example.fr"),
    ("EXAMPLE.fr.", 80, "example.fr"),
    ("example.fr", None, "example.fr"),
    ("0590001f.index-education.net", 443, "index-education.net"),
    ("cas.education.gouv.fr", 443, "education.gouv.fr"),
    ("gouv.fr", 443, "gouv.fr"),  # a public suffix is its own domain
    ("fr", 443, "fr"),
    ("a.b.inconnu", 443, "b.inconnu"),
    ("inconnu", 443, "inconnu"),
    ("école.example.fr", 443, "example.fr"),
    ("www.école.fr", 443, "xn--cole-9oa.fr"),
    ("www.xn--cole-9oa.fr", 443, "xn--cole-9oa.fr"),
    ("www。école。fr", 443, "xn--cole-9oa.fr"),
    ("un.github.io", 443, "un.github.io"),
    ("193.48.0.1", 443, "193.48.0.1"),
    ("193.48.0.1", 80, "193.48.0.1"),
    ("[2A01:E0A::1]", 443, "2a01:e0a::1"),
    ("127.0.0.1", 8080, "127.0.0.1:8080"),
    ("127.9.9.9", 8080, "127.9.9.9:8080"),
    ("[::1]", 8080, "[::1]:8080"),
    ("localhost", 8080, "localhost:8080"),
    ("a.localhost", 8080, "a.localhost:8080"),
    ("a..b", 80, "a..b"),
    ("", 80, ""),
    ("x" * 80 + ".é", 80, "x" * 80 + ".é"),
]


@pytest.mark.parametrize(("host", "port", "expected"), BUDGETS)
def test_budget(host, port, expected):
    assert budget_of(host, port) == expected


def test_a_place_is_the_host_whatever_its_port_but_on_loopback():
    assert place_of("ent.example.fr", 443) == place_of("ENT.example.fr.", 8443) == "ent.example.fr"
    assert place_of("193.48.0.1", 1) == place_of("193.48.0.1", 2)
    assert place_of("[2a01::1]", 1) == place_of("2A01:0::1", 2)
    assert len({place_of("127.0.0.1", port) for port in range(1, 9)}) == 8
    assert place_of("localhost", 1) != place_of("localhost", 2)


def test_an_address_has_one_budget_whatever_its_port_but_on_loopback():
    assert address_of("193.48.0.1", 1) == address_of("193.48.0.1", 2) == budget_of("193.48.0.1", 3)
    assert address_of("::1", 1) != address_of("::1", 2)
    assert address_of("127.0.0.1", 1) == budget_of("127.0.0.1", 1)
    assert (is_address("[::1]"), is_address("127.0.0.1."), is_address("fr"), is_address("127.1")) == (
        True, True, False, False,
    )  # fmt: skip


@given(st.text(max_size=80), st.none() | st.integers(1, 65535))
def test_any_text_has_a_budget(host, port):
    assert budget_of(host, port) == budget_of(host.upper() if host.isascii() else host, port)
    assert isinstance(place_of(host, port), str)
