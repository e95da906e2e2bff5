"""Where a school is and whom it has: by the imported directory, else by the first digits of its UAI."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.config.territories import uai_prefixes
from monitor.domain.catalog import Audience
from monitor.domain.notice import Subscription
from monitor.domain.scope import SchoolScope

Kinds = Mapping[str, tuple[str, tuple[Audience, ...]]]  # UAI → its place, and whom it has


@dataclass(frozen=True, slots=True)
class Schools:
    """What is known of schools; `kinds` is what the directory says, empty without one."""

    kinds: Kinds = field(default_factory=dict, repr=False)

    def scope_of(self, uai: str) -> SchoolScope:
        """A school as a subscription asks for it. Raises KeyError for a UAI whose first digits nobody gives."""
        place, audiences = self.kinds.get(uai) or (uai_prefixes()[uai[:3]], ())
        return SchoolScope(uai, place, audiences)

    def known_to(self, subscription: Subscription) -> Subscription:
        """The subscription with what the directory says of its schools."""
        return replace(subscription, schools=tuple(self.scope_of(one.uai) for one in subscription.schools))


def whom_it_has(level: Audience, *, private: bool | None) -> tuple[Audience, ...]:
    """The audiences of a school of this level: its pupils and its staff.

    A private one may be served with the private schools, or with those of its level: it hears of either.
    """
    return (level, Audience.PERSONNELS, *((Audience.PRIVE,) if private else ()))
