"""What waits to leave, in memory: a line for each destination, and what each destination is still trusted with."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.alerting.gateways import gateway_of, rate_of
from monitor.domain.delivery import AT_ONCE, Bucket, Gateway, Via, Waiting, again_at, head, order, way
from monitor.store import Mark

NOWHERE = ""  # the line of those whose subscription has no address
_ALWAYS = Gateway(last_ok=datetime.min.replace(tzinfo=UTC))
_TOO_LATE = "abandonné après 24 h : la destination ne répond pas"


@dataclass(frozen=True, slots=True)
class Flight:
    """A message that leaves; `url` is a secret, and so may `gateway` be. No url: the subscription has no address."""

    row: Waiting
    via: Via
    gateway: str
    url: str | None


class Queues:
    """Every message that was not delivered, without its words, by subscription and in line for its destination."""

    def __init__(
        self,
        ways: Callable[[], tuple[Mapping[str, str], Mapping[str, str]]],
        rates: Mapping[str, float],
    ) -> None:
        """`ways`: Apprise URLs by subscription, first and second, as they are now; `rates`: see `rate_of`."""
        self._ways, self._rates = ways, rates
        self._rows: dict[str, dict[str, Waiting]] = {}
        self._lines: dict[str, deque[Flight]] = {}
        self._flying: dict[str, Flight] = {}
        self._busy: dict[str, str] = {}  # subscription by id of what has an outcome that the books do not hold yet
        self._buckets: dict[str, Bucket] = {}
        self.gateways: dict[str, Gateway] = {}

    @property
    def queued(self) -> int:
        """How many the books should hold as queued."""
        return sum(not row.lost for rows in self._rows.values() for row in rows.values())

    def load(self, rows: Iterable[Waiting]) -> None:
        """Take what the books say for what there is; `rows` in the order in which they were queued."""
        before, self._rows = self._rows, {}
        for row in rows:
            known = before.get(row.subscription, {}).get(row.id)
            learned = replace(row, refused=True) if known is not None and known.refused else row
            self._rows.setdefault(row.subscription, {})[row.id] = learned

    def rows_of(self, subscription: str) -> list[Waiting]:
        """What waits for one subscription, in order."""
        return list(self._rows.get(subscription, {}).values())

    def line_up(self, now: datetime) -> None:
        """Put what is due in line, one message of each subscription."""
        lines: dict[str, list[Flight]] = {}
        in_flight = {flight.row.subscription for flight in self._flying.values()}
        for subscription, rows in self._rows.items():
            if subscription not in in_flight and (row := head(rows.values(), now, self._busy)):
                flight = self._route(row, now)
                lines.setdefault(flight.gateway, []).append(flight)
        turns = [*(name for name in self._lines if name in lines), *(name for name in lines if name not in self._lines)]
        self._lines = {name: deque(sorted(lines[name], key=lambda flight: order(flight.row))) for name in turns}

    def overdue(self, now: datetime) -> Iterator[Mark]:
        """What waits too long already for a destination that takes nothing: marked without another attempt."""
        for rows in self._rows.values():
            for row in rows.values():
                known = row.lost or row.id in self._busy or row.id in self._flying
                if not known and row.given_up(now) and self._state(self._route(row, now).gateway).failed:
                    self._busy[row.id] = row.subscription
                    yield Mark(row.id, "dead", now, _TOO_LATE)

    def next(self, now: datetime) -> Flight | None:
        """The next message that may leave; it counts as on its way from then on. Destinations take turns."""
        aloft = Counter(flight.gateway for flight in self._flying.values())
        if aloft.total() >= AT_ONCE:
            return None
        doubtful = sum(count for name, count in aloft.items() if not self._state(name).sound)
        for name in list(self._lines):
            if not self._state(name).room(aloft[name], doubtful):
                continue
            if (flight := self._let(name, now)) is not None and self._paid(name, now):
                line = self._lines.pop(name)
                line.remove(flight)
                self._lines |= {name: line} if line else {}
                if name != NOWHERE:
                    self.gateways[name] = self._state(name).asked(now)
                self._flying[flight.row.id] = flight
                return flight
        return None

    def wait(self, now: datetime) -> timedelta | None:
        """How long until a rate lets the next message go; None where no rate holds anything up."""
        asked = (bucket.filled(now) for name, bucket in self._buckets.items() if self._lines.get(name))
        return min((bucket.next_in for bucket in asked if bucket.taken() is None), default=None)

    def put_back(self, flight: Flight) -> None:
        """It did not leave, or nobody knows what came of it: its line is looked at again later."""
        if self._flying.get(flight.row.id) is flight:
            del self._flying[flight.row.id]

    def regroup(self, flight: Flight, parts: Sequence[Waiting]) -> Flight:
        """The last of these leaves instead, and says what the others said; the flight that does."""
        rows = self._rows.get(flight.row.subscription, {})
        for part in parts[:-1]:
            rows.pop(part.id, None)
        self.put_back(flight)
        instead = self._flying[parts[-1].id] = replace(flight, row=parts[-1])
        return instead

    def landed(self, flight: Flight, now: datetime, words: str, *, delivered: bool) -> Mark:
        """What came of a flight: what is known of its destination from now on, and the note to be kept of it."""
        row, name = flight.row, flight.gateway
        refused = not delivered and self._state(name).blames(row)
        if name != NOWHERE and not refused:
            self.gateways[name] = self._state(name).after(row.subscription, now, delivered=delivered)
        self.put_back(flight)
        self._busy[row.id] = row.subscription
        if delivered:
            return Mark(row.id, "sent", now, words, None, flight.via)
        again = again_at(row, self._state(name), flight.via, now, has_second=row.subscription in self._ways()[1])
        if row.given_up(again):
            return Mark(row.id, "dead", now, words, None, flight.via)
        tried = replace(
            row, attempts=row.attempts + 1, next_try_at=again, tried_at=now, via=flight.via, refused=refused
        )
        self._rows.get(row.subscription, {})[row.id] = tried
        return Mark(row.id, "queued", now, words, again, flight.via)

    def kept(self, marks: Iterable[Mark]) -> None:
        """The books hold these marks now."""
        for mark in marks:
            rows = self._rows.get(self._busy.pop(mark.telling, ""), {})
            if (row := rows.get(mark.telling)) is None or mark.state == "queued":
                continue
            if mark.state == "dead":
                rows[mark.telling] = replace(row, lost=True)
            else:
                del rows[mark.telling]

    def follow(self, subscription: str, now: datetime) -> None:
        """Put the next message of a subscription in line, where none of its is on its way."""
        rows = self._rows.get(subscription, {})
        if (row := head(rows.values(), now, self._busy)) is not None:
            flight = self._route(row, now)
            self._lines.setdefault(flight.gateway, deque()).append(flight)

    def stuck(self, now: datetime) -> set[str]:
        """Subscriptions that have been refused for too long by destinations that deliver to others."""
        late = (row for rows in self._rows.values() for row in rows.values() if not row.lost and row.late(now))
        return {row.subscription for row in late if row.refused}

    def failing(self, now: datetime) -> dict[str, datetime]:
        """Destinations that have failed for longer than anybody should wait, and since when."""
        return {name: one.since for name, one in self.gateways.items() if one.since is not None and one.failing(now)}

    def _let(self, name: str, now: datetime) -> Flight | None:
        state, in_flight = self._state(name), {flight.row.subscription for flight in self._flying.values()}
        for one in self._lines[name]:
            row = one.row
            still = self._rows.get(row.subscription, {}).get(row.id) is row and row.id not in self._busy
            if still and row.subscription not in in_flight and state.lets(row.subscription, now):
                return one
        return None

    def _paid(self, name: str, now: datetime) -> bool:
        rate = rate_of(name, self._rates)
        if rate is None:
            return True
        bucket = self._buckets.get(name, Bucket.full(rate, now)).filled(now)
        left = bucket.taken()
        self._buckets[name] = left or bucket
        return left is not None

    def _route(self, row: Waiting, now: datetime) -> Flight:
        addresses, seconds = self._ways()
        first = addresses.get(row.subscription)
        second = seconds.get(row.subscription)
        if first is None:
            return Flight(row, "first", NOWHERE, None)
        via = way(row, self._state(gateway_of(first)), now, has_second=second is not None)
        url = second if via == "second" and second is not None else first
        return Flight(row, via, gateway_of(url), url)

    def _state(self, name: str) -> Gateway:
        return _ALWAYS if name == NOWHERE else self.gateways.get(name, Gateway())
