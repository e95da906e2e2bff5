"""Which addresses may be asked. A probe's URL, a redirect or a DNS answer must never make us knock on an inner door."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

# IANA registries of special-purpose addresses (IPv4, IPv6), those of them that are routed included (AS112, AMT): no
# service of a school lives there. And multicast.
_SPECIAL = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    # Of IPv6 only 2000::/3 is public, so all around it is refused as a whole: ::1, v4-compatible ::/96, v4-mapped
    # ::ffff:0:0/96, NAT64 64:ff9b::/96 and 64:ff9b:1::/48, discard 100::/64, segment routing 5f00::/16, unique local,
    # link-local, site-local, multicast, and what nobody has been given.
    "::/3", "4000::/2", "8000::/1",
    # Within it: Teredo and the other protocol assignments of 2001::/23, documentation, 6to4, AS112.
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)  # fmt: skip

# A name whose last label is a number is an IPv4 address to many parsers (WHATWG URL, "ends in a number").
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\Z")

_KEPT = 8192  # verdicts remembered: every socket comes by here, and the same hosts come by all day

_Range = tuple[int, int, int]


class NotCanonical(ValueError):  # noqa: N818 (a verdict on a spelling)
    """A host that some systems would read as an IPv4 address, but not written as one."""


@lru_cache(maxsize=_KEPT)
def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that `host` spells, None for a name. Raises NotCanonical for 127.1, 2130706433, 0x7f.1 and such."""
    bare = host.strip("[]").rstrip(".")
    try:
        return ip_address(bare)
    except ValueError:
        if ":" in bare or not bare or _NUMERIC.match(bare):
            raise NotCanonical from None
        return None


class Guard:
    """Says which addresses are refused. Raises ValueError, in French, naming every bad block of `allow` at once."""

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._allowed = _ranges(_networks(allow))
        self._special = _ranges(ip_network(block) for block in _SPECIAL)
        self._verdict = lru_cache(maxsize=_KEPT)(self._judge)

    def refuses(self, address: str | IPv4Address | IPv6Address) -> bool:
        """Whether nothing may be sent to this address. What is not an address is refused too."""
        return self._verdict(address)

    def _judge(self, address: str | IPv4Address | IPv6Address) -> bool:
        try:
            ip = ip_address(address)
        except ValueError:
            return True
        number, version = int(ip), ip.version
        if _inside(number, version, self._allowed):
            return False
        return _inside(number, version, self._special)

    def refuses_host(self, host: str) -> bool:
        """Whether a URL's host is a refused literal or a doubtful spelling of one (a name is judged by its answer)."""
        try:
            address = literal(host)
        except NotCanonical:
            return True
        return address is not None and self.refuses(address)


def _networks(blocks: Iterable[str]) -> list[IPv4Network | IPv6Network]:
    networks, bad = [], []
    for block in blocks:
        try:
            networks.append(ip_network(block, strict=False))
        except ValueError:
            bad.append(block)
    if bad:
        raise ValueError(
            "VIGIE_ALLOW_NETWORKS\u00a0: "
            + ", ".join(f"«\u00a0{block}\u00a0»" for block in bad)
            + (" n’est pas un réseau" if len(bad) == 1 else " ne sont pas des réseaux")
            + " (exemple\u00a0: 127.0.0.0/8 ou ::1/128)."
        )
    return networks


def _ranges(networks: Iterable[IPv4Network | IPv6Network]) -> tuple[_Range, ...]:
    # Plain integers: a membership test of `ipaddress` costs a microsecond a block, and every socket comes by here.
    return tuple((net.version, int(net.network_address), int(net.broadcast_address)) for net in networks)


def _inside(number: int, version: int, ranges: tuple[_Range, ...]) -> bool:
    return any(of == version and low <= number <= high for of, low, high in ranges)
