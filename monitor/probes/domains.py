"""Whose door a host is: the place where one connection at a time may stand, and the budget that it draws from."""

from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from publicsuffixlist import PublicSuffixList

REMEMBERED = 8192  # hosts of the catalogue and of where they redirect to; the second kind is anybody's choice


@lru_cache(maxsize=REMEMBERED)
def place_of(host: str, port: int | None) -> str:
    """Where one connection at a time may stand: the host whatever its port; ``host:port`` on loopback.

    On loopback a port is a service of its own (rehearsals and tests have hundreds on one address).
    """
    bare = _bare(host)
    address = _address(bare)
    if address is not None:
        return address_of(str(address), port)
    return f"{bare}:{port}" if _is_local(bare) else bare


@lru_cache(maxsize=REMEMBERED)
def budget_of(host: str, port: int | None) -> str:
    """What two questions a second are counted by: the registrable domain, or for an address that address itself.

    ``ent.region.example.fr`` → ``example.fr``, by the Public Suffix List (both of its parts: two customers below one
    hoster's suffix are two domains, their common address has a budget of its own). A host that is itself a public
    suffix, and one that no suffix can be found for, is its own domain.
    """
    bare = _bare(host)
    if _address(bare) is not None or _is_local(bare):
        return place_of(host, port)
    return suffixes().privatesuffix(bare) or bare


@lru_cache(maxsize=REMEMBERED)
def address_of(address: str, port: int | None) -> str:
    """What an address is counted by: itself, or ``address:port`` on loopback. `address` is an IP address as text."""
    ip = ip_address(address)
    if not ip.is_loopback:
        return str(ip)
    return f"[{ip}]:{port}" if ip.version == 6 else f"{ip}:{port}"


@lru_cache(maxsize=REMEMBERED)
def is_address(host: str) -> bool:
    """Whether a URL's host is an IP address rather than a name."""
    return _address(_bare(host)) is not None


def _bare(host: str) -> str:
    name = host.strip("[]").rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode()  # full-width dots and letters are another spelling, not another host
    except UnicodeError:
        return name


def _address(bare: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(bare)
    except ValueError:
        return None


def _is_local(bare: str) -> bool:
    return bare == "localhost" or bare.endswith(".localhost")  # RFC 6761


@cache
def suffixes() -> PublicSuffixList:
    """The Public Suffix List as packaged, read once (30 ms): before the first question, which may find no file left."""
    return PublicSuffixList()
