"""Many incidents at once are told in one message that lists them, not in a burst of messages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from monitor.domain.incident import Incident
from monitor.domain.news import Heard, News
from monitor.domain.observation import SEVERITY
from monitor.domain.reason import Reason

MANY = 3  # from that many on they are listed
WITHIN = timedelta(minutes=10)  # of openings: those told one by one in that time count, and are listed again


@dataclass(frozen=True, slots=True)
class Burst:
    """What one message says of several incidents, for one reason, to one subscription.

    Attributes:
        news: the worst first, then the oldest.
        again: what of the same kind was told shortly before and still lasts; it is no news, and completes the list.
    """

    news: tuple[News, ...]
    again: tuple[News, ...] = ()


def gathered(new: Iterable[News], incidents: Sequence[Incident], heard: Heard, now: datetime) -> Iterator[News | Burst]:
    """The messages that some news make, in their order: one each, or one for many that have the same reason.

    Three openings to one subscription within ten minutes are a burst: the third message lists them all, and what opens
    after it waits until fewer than three are that young. What waits is not lost: it is news again at the next look.
    """
    for _, one_reader in groupby(new, key=lambda one: one.subscription.id):
        by_reason = dict[Reason, list[News]]()
        for one in one_reader:
            by_reason.setdefault(one.reason, []).append(one)
        for reason, same in by_reason.items():
            again = _just_opened(same[0], incidents, heard, now) if reason is Reason.OPENED else ()
            if len(again) >= MANY:
                continue
            if len(same) + len(again) >= MANY:
                yield Burst(_worst_first(same), _worst_first(one for one in again if one.incident.closed_at is None))
            else:
                yield from same


def said_in(messages: Iterable[News | Burst]) -> Iterator[News]:
    """The news that some messages tell."""
    for one in messages:
        yield from one.news if isinstance(one, Burst) else (one,)


def _just_opened(new: News, incidents: Sequence[Incident], heard: Heard, now: datetime) -> tuple[News, ...]:
    """What was opened to the same subscription within the last ten minutes."""
    reader = new.subscription
    told = ((one, heard.get((reader.id, one.id))) for one in incidents)
    return tuple(
        News(reader, one, Reason.OPENED, last.share or 0.0, before=last)
        for one, last in told
        if last is not None and last.reason is Reason.OPENED and timedelta(0) <= now - last.at < WITHIN
    )


def _worst_first(news: Iterable[News]) -> tuple[News, ...]:
    return tuple(sorted(news, key=lambda one: (-SEVERITY[one.followed.worst], one.followed.opened_at, one.incident.id)))
