"""What `Turns` counts with: a host's place, and the starts of a domain or of an address."""

import asyncio


class NoTurn(Exception):  # noqa: N818 (not an error: a question that courtesy forbids for now)
    """The turn would come too late to be worth waiting for. `wait`: seconds that it would have taken, estimated."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"no turn within {wait:.1f} s")
        self.wait = wait


class Place:
    """A host's only place: who holds it, how many want it, how long it was held the last time."""

    __slots__ = ("held_for", "lock", "wanted")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.held_for = 0.0
        self.wanted = 0

    def idle(self, _: float) -> bool:
        """Whether it may be forgotten."""
        return not self.wanted


class Budget:
    """The starts of one domain or one address: the next one may not come before `free_at` (loop time)."""

    __slots__ = ("free_at", "lock", "paid", "wanted")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0
        self.wanted = 0
        self.paid = 0

    def idle(self, time: float) -> bool:
        """Whether it may be forgotten at that time."""
        return not self.wanted and not self.paid and self.free_at <= time
