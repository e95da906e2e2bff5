"""Whose network an address lies in, as an offline table says: the longest prefix that holds it decides."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

Prefix = IPv4Network | IPv6Network


class Networks:
    """Names by prefix. False where the table is empty: nothing is observed then.

    A dictionary for each length of prefix, the longest first: an address is cut to every length that occurs, of which
    there are 33 or 129 at most, however long the table is.
    """

    __slots__ = ("_by_version",)

    def __init__(self, named: Iterable[tuple[Prefix, str]] = ()) -> None:
        """`named` holds each prefix once; names are those that people read."""
        found: dict[int, dict[int, dict[int, str]]] = {4: {}, 6: {}}
        for prefix, name in named:
            shift = prefix.max_prefixlen - prefix.prefixlen
            found[prefix.version].setdefault(shift, {})[int(prefix.network_address) >> shift] = name
        self._by_version: Mapping[int, tuple[tuple[int, Mapping[int, str]], ...]] = {
            version: tuple(sorted(lengths.items())) for version, lengths in found.items()
        }

    def __bool__(self) -> bool:
        """Whether the table names anything."""
        return any(self._by_version.values())

    def of(self, address: str) -> str | None:
        """The name of the network that holds an address; None where the table knows none, or it is no address."""
        try:
            where = ip_address(address)
        except ValueError:
            return None
        if isinstance(where, IPv6Address) and where.ipv4_mapped is not None:
            where = where.ipv4_mapped
        number = int(where)
        for shift, names in self._by_version[where.version]:
            if (name := names.get(number >> shift)) is not None:
                return name
        return None


NOWHERE = Networks()
