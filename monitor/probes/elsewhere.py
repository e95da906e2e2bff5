"""Asking again elsewhere: a service of several addresses is asked at another one after a failure."""

from collections.abc import Sequence

REMEMBERED = 4096  # probes that fail at once; beyond, the oldest is forgotten and asked in the usual order


class Elsewhere:
    """Remembers of each probe the address at which it failed last."""

    def __init__(self) -> None:
        self._failed: dict[str, str] = {}

    def heard(self, probe: str, address: str | None, *, failed: bool) -> None:
        """Note how the question ended at `address` (None: at none); a good answer clears what was noted."""
        self._failed.pop(probe, None)
        if failed and address is not None:
            if len(self._failed) >= REMEMBERED:
                del self._failed[next(iter(self._failed))]
            self._failed[probe] = address

    def order(self, probe: str, addresses: Sequence[str]) -> tuple[str, ...]:
        """The same addresses, the one that failed last at the end."""
        failed = self._failed.get(probe)
        return tuple(addresses) if failed is None else tuple(sorted(addresses, key=lambda each: each == failed))
