"""Who may hear something: the subscriptions of the catalogue, and those that people's registers give, read again."""

import logging
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from monitor.domain.notice import Subscription
from monitor.store import StoreError
from monitor.wiring import Works

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who hears: what they asked for, the Apprise URL that reaches them, and a second one if that one fails.

    Addresses are secrets, and most are people's: they never enter a log.
    """

    subscription: Subscription
    address: str = field(repr=False)
    second: str | None = field(default=None, repr=False)


class Source(Protocol):
    """Where readers come from. Both methods may block, and raise StoreError."""

    @property
    def name(self) -> str:
        """What the log calls it, in French."""
        ...

    def mark(self) -> Hashable:
        """Something cheap that is different when `readers` would give something else."""
        ...

    def readers(self) -> Iterable[Reader]:
        """Everybody that it knows now."""
        ...


class Live(Mapping[str, str]):
    """Values by subscription id, replaced as a whole while others look."""

    def __init__(self) -> None:
        self._held: Mapping[str, str] = {}

    def hold(self, values: Mapping[str, str]) -> None:
        """From now on these."""
        self._held = values

    def __getitem__(self, name: str) -> str:
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


class Readership:
    """All readers of all sources. `addresses` and `seconds`, by subscription id, follow every refresh."""

    def __init__(self, sources: Sequence[Source], work: Works) -> None:
        """`work` runs what may block; not the thread of the store, which a locked register must not hold up."""
        self._sources, self._work = tuple(sources), work
        self._known: dict[int, tuple[Hashable, tuple[Reader, ...]]] = {}
        self._troubled: dict[int, str] = {}
        self.subscriptions: tuple[Subscription, ...] = ()
        self.addresses, self.seconds = Live(), Live()

    async def refresh(self) -> bool:
        """Look whether a source gives other readers than before; whether one does.

        A source that cannot be read keeps the readers it gave last: a locked register must not make anybody deaf.
        """
        return await self._work(self._refresh)

    def _refresh(self) -> bool:
        changed = [self._look(number, source) for number, source in enumerate(self._sources)]
        if not any(changed):
            return False
        # Of two sources that claim one id the earlier wins.
        known = reversed([reader for _, readers in self._known.values() for reader in readers])
        readers = {reader.subscription.id: reader for reader in known}
        self.subscriptions = tuple(reader.subscription for reader in reversed(readers.values()))
        self.addresses.hold({name: reader.address for name, reader in readers.items()})
        self.seconds.hold({name: one.second for name, one in readers.items() if one.second is not None})
        return True

    def _look(self, number: int, source: Source) -> bool:
        before = self._known.get(number)
        try:
            mark = source.mark()
            if before is not None and before[0] == mark:
                self._troubled.pop(number, None)
                return False
            self._known[number] = (mark, tuple(source.readers()))
        except StoreError as trouble:
            self._say(number, source, trouble)
            return False
        self._troubled.pop(number, None)
        return True

    def _say(self, number: int, source: Source, trouble: StoreError) -> None:
        """Once per trouble, not at every tick."""
        if self._troubled.get(number) != str(trouble):
            log.error("%s : %s Les destinataires déjà lus restent.", source.name, trouble)
        self._troubled[number] = str(trouble)


@dataclass(frozen=True, slots=True)
class Declared:
    """The subscriptions of the catalogue, with the addresses that the environment gives; those without one are left."""

    subscriptions: tuple[Subscription, ...]
    addresses: Mapping[str, str]
    seconds: Mapping[str, str] = field(default_factory=dict)
    name: str = "abonnements du catalogue"

    def mark(self) -> Hashable:
        """They do not change while Vigie runs."""
        return None

    def readers(self) -> Iterator[Reader]:
        """Those that can be reached."""
        for one in self.subscriptions:
            if (address := self.addresses.get(one.id)) is not None:
                yield Reader(one, address, self.seconds.get(one.id))
