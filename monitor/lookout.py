"""What was last seen behind every service, for the search of a common cause; a restart finds it in the books again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from monitor.domain.evaluation import Country
from monitor.domain.observation import Observation
from monitor.domain.sightings import unseen
from monitor.domain.ties import Bonds
from monitor.wiring import Wiring


class Lookout:
    """Learns from new answers alone, before they are judged: a service is tied by what its last good answers showed."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._known = unseen(wiring.catalog, wiring.vantage, wiring.networks)

    async def resume(self) -> None:
        """See again what the verdicts were given by. Raises StoreError."""
        kept = defaultdict[str, list[Observation]](list)
        for one in await self._w.work(partial(self._w.store.last_good, self._w.vantage)):
            # What is stored as slow may be usual for its probe, and was judged good.
            kept[one.probe].append(replace(one, failure=None))
        self._known = self._known.learned(kept, {}, self._w.now())

    async def bonds(self, fresh: Mapping[str, Sequence[Observation]], country: Country) -> Bonds:
        """What services share once these answers are heard; heard again, they change nothing."""
        learn = partial(self._known.learned, fresh, country.verdicts, self._w.now())
        self._known = await self._w.work(learn)
        return self._known.bonds
