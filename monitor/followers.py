"""The public's subscribers as readers: those who signed up for themselves."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from monitor.readership import Reader
from monitor.signups import Signups


@dataclass(frozen=True, slots=True)
class Followers:
    """Everybody who signed up, as `Signups.look` last read them: a source of `Readership`."""

    signups: Signups
    name: str = "abonnés du public"

    def mark(self) -> Hashable:
        """Which state of the desk was read."""
        return self.signups.revision

    def readers(self) -> Iterator[Reader]:
        """All of them; to those who have not confirmed nothing goes but the question whether it was they."""
        for subscription, address in self.signups.read():
            yield Reader(subscription, address)
