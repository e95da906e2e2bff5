"""All subscriptions, indexed by what they ask for: an incident is held beside those alone that it may concern."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from monitor.domain.catalog import Catalog, Role
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.scope import around, known

OURS = "our own line"


class Roster:
    """Subscriptions, whoever is no head of school first, in the order given: there are few, and many wait for them.

    Attributes:
        wishes: what is asked for, each wish once. wish_of: id of a subscription → the number of its wish.
    """

    def __init__(self, subscriptions: Iterable[Subscription], catalog: Catalog) -> None:
        self._catalog = catalog
        self.subscriptions = tuple(sorted(subscriptions, key=lambda one: one.role is Role.HEAD))
        self._numbers = {one.id: number for number, one in enumerate(self.subscriptions)}
        numbered: dict[Subscription, int] = {}
        self.wish_of = {one.id: numbered.setdefault(one.wish, len(numbered)) for one in self.subscriptions}
        self.wishes = tuple(numbered)
        self._asking = defaultdict[str, list[int]](list)
        related = cache(partial(_related, catalog))
        for number, one in enumerate(self.subscriptions):
            for key in set(_keys(one, catalog, related)):
                self._asking[key].append(number)

    def near(self, incident: Incident, heard: Iterable[str] = ()) -> tuple[Subscription, ...]:
        """Those that an incident may concern (`notice.concerns` decides), and those of these ids, who heard of it."""
        numbers = {self._numbers[one] for one in heard if one in self._numbers}
        for key in self._hit(incident):
            numbers.update(self._asking.get(key, ()))
        return tuple(self.subscriptions[number] for number in sorted(numbers))

    def _hit(self, incident: Incident) -> Iterator[str]:
        """The keys under which somebody may ask for an incident; a few more than concern them, never fewer."""
        if incident.ours:
            yield OURS
            return
        yield from (f"service {one}" for one in incident.services)
        yield from (f"operator {one.operator}" for one in known(incident, self._catalog))
        places = {*incident.territories, *(code for one in known(incident, self._catalog) for code in one.territories)}
        yield from (f"place {code}" for code in sorted(places))


def _keys(subscription: Subscription, catalog: Catalog, related: Callable[[str], tuple[str, ...]]) -> Iterator[str]:
    """The keys of `Roster._hit` that a subscription asks for."""
    if subscription.role is Role.OPERATOR:
        yield OURS
        return
    yield from (f"service {one}" for one in subscription.services)
    yield from (f"operator {one}" for one in subscription.operators)
    if subscription.national:
        yield "place N"
    for school in subscription.schools:
        yield from (f"place {code}" for code in around(school, catalog))
    for wanted in subscription.territories:
        yield from (f"place {code}" for code in related(wanted))


def _related(catalog: Catalog, wanted: str) -> tuple[str, ...]:
    """Codes of the territories that are the same, above or below; none for a place that the catalogue does not know."""
    if wanted not in catalog.territories:
        return ()
    return tuple(code for code in catalog.territories if catalog.related(wanted, code))
