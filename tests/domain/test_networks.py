"""The longest prefix that holds an address decides: beside a plain search through all of them."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.networks import NOWHERE, Networks, Prefix

TABLE = Networks(
    (ip_network(prefix), name)
    for prefix, name in (
        ("0.0.0.0/0", "le reste"),
        ("192.0.2.0/24", "OVH"),
        ("192.0.2.128/25", "Scaleway"),
        ("192.0.2.200/32", "une machine"),
        ("2001:db8::/32", "Renater"),
        ("2001:db8:1::/48", "Rectorat"),
    )
)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.1", "OVH"),
        ("192.0.2.129", "Scaleway"),
        ("192.0.2.200", "une machine"),
        ("198.51.100.1", "le reste"),
        ("2001:db8:2::1", "Renater"),
        ("2001:DB8:1::1", "Rectorat"),
        ("2001:db8:1::1%eth0", "Rectorat"),
        ("2001:db9::1", None),
        ("::ffff:192.0.2.1", "OVH"),  # an IPv4 address as an IPv6 socket says it
        ("", None),
        ("un nom", None),
        ("192.0.2", None),
    ],
)
def test_whose_network_an_address_lies_in(address: str, name: str | None) -> None:
    assert TABLE.of(address) == name


def test_an_empty_table_knows_nobody() -> None:
    assert not NOWHERE
    assert NOWHERE.of("192.0.2.1") is None
    assert TABLE
    assert Networks([(ip_network("2001:db8::/32"), "Renater")])


# Few bits differ, so that prefixes do lie inside each other.
bits = st.integers(0, 2**6 - 1)
v4 = bits.map(lambda few: IPv4Address(0xC0000200 + (few << 2)))
v6 = bits.map(lambda few: IPv6Address((0x20010DB8 << 96) + (few << 90)))
prefixes = st.one_of(
    st.builds(lambda at, length: ip_network((at, length), strict=False), v4, st.integers(0, 32)),
    st.builds(lambda at, length: ip_network((at, length), strict=False), v6, st.integers(0, 128)),
)


def _plainly(named: dict[Prefix, str], address: IPv4Address | IPv6Address) -> str | None:
    holding = [prefix for prefix in named if prefix.version == address.version and address in prefix]
    return named[max(holding, key=lambda one: one.prefixlen)] if holding else None


@given(st.dictionaries(prefixes, st.text(min_size=1, max_size=3), max_size=12), st.one_of(v4, v6))
def test_as_a_plain_search_finds_it(named: dict[Prefix, str], address: IPv4Address | IPv6Address) -> None:
    assert Networks(named.items()).of(str(address)) == _plainly(named, address)
    assert Networks(reversed(named.items())).of(str(address)) == _plainly(named, address)


@given(st.text(max_size=40))
def test_what_is_no_address_lies_nowhere(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        assert TABLE.of(text) is None
    else:
        assert Networks([(ip_network("0.0.0.0/0"), "4"), (IPv6Network("::/0"), "6")]).of(text) in {"4", "6"}
