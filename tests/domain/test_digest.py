"""The letter of every morning as facts: who reads what."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.domain.catalog import Role
from monitor.domain.digest import Digest, Planned, Sent, digest_for, operator_digest, wants_digest
from monitor.domain.hush import Declared, hush
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced
from monitor.domain.window import Once, Scope, ScopeKind, Window
from tests.domain.small import at, small_france

FRANCE = small_france()
HOUR = 3600
NOW, MIDNIGHT = at(30 * HOUR), at(46 * HOUR)
GOING_ON = Incident("on", "service:a", at(0), at(60), Health.DOWN, Health.DOWN, ("a",), ("D:01",))
ENDED = replace(GOING_ON, id="ended", recovered_at=at(7 * HOUR), closed_at=at(7 * HOUR))
LONG_OVER = replace(ENDED, id="long", closed_at=at(5 * HOUR))
ABSORBED = replace(ENDED, id="part", absorbed_into="on")
ELSEWHERE = replace(GOING_ON, id="far", culprit="service:b", services=("b",), territories=("D:69",))
ALL = (ELSEWHERE, GOING_ON, ENDED, LONG_OVER, ABSORBED)
AIN = Subscription("ain", "VIGIE_AIN", territories=("D:01",), digest=True)
TAKEN = Acknowledgement("1", "on", "Paul", "", at(100))


def silence(since: float, until: float, **more: object) -> DeclaredSilence:
    given: dict[str, object] = {"reason": "r", "author": "x", "declared_at": at(0)}
    return DeclaredSilence("s", Silenced.INCIDENT, "on", at(since * HOUR), at(until * HOUR), **{**given, **more})  # type: ignore[arg-type]


def window(service: str, begin: str, end: str) -> Window:
    once = Once(datetime.fromisoformat(begin), datetime.fromisoformat(end))
    return Window(begin, Scope(ScopeKind.SERVICE, service), once, UTC, at(0))


TONIGHT = window("a", "2021-04-07T22:00", "2021-04-08T02:00")
NOON = window("a", "2021-04-07T12:30", "2021-04-07T13:00")
FAR = window("b", "2021-04-07T20:00", "2021-04-07T21:00")
TOMORROW = window("a", "2021-04-09T20:00", "2021-04-09T21:00")
WINDOWS = (TONIGHT, NOON, FAR, TOMORROW)


def theirs(known: Declared, who: Subscription = AIN) -> Digest:
    return digest_for(who, ALL, known, MIDNIGHT, hush(known, ALL, FRANCE, NOW))


def test_the_operator_reads_everything() -> None:
    in_force, over = silence(29, 40), silence(0, 29)
    known = Declared((over, in_force), (TAKEN,), WINDOWS)
    found = operator_digest(ALL, known, NOW, MIDNIGHT, sent=Sent(3, 1, 2), never_seen=["c"])
    assert [one.id for one in found.going_on] == ["far", "on"]
    assert [one.id for one in found.ended] == ["ended"]
    assert [(one.window.id, one.covers[1]) for one in found.planned] == [
        (NOON.id, datetime(2021, 4, 7, 13, tzinfo=UTC)),
        (FAR.id, datetime(2021, 4, 7, 21, tzinfo=UTC)),
        (TONIGHT.id, datetime(2021, 4, 8, 2, tzinfo=UTC)),
    ]
    assert (found.taken, found.silences) == ({"on": TAKEN}, (in_force,))
    assert (found.sent, found.never_seen, found.empty) == (Sent(3, 1, 2), ("c",), False)


def test_others_read_what_concerns_them_and_nothing_of_vigie() -> None:
    found = theirs(Declared((silence(0, 29),), (TAKEN,), WINDOWS))
    assert [one.id for one in found.going_on] == ["on"]
    assert [one.id for one in found.ended] == ["ended"]
    assert [one.window for one in found.planned] == [NOON, TONIGHT]
    assert found.taken == {"on": TAKEN}
    assert (found.silences, found.sent, found.never_seen) == ((), None, ())


def test_what_is_silenced_for_them_is_not_in_their_letter_either() -> None:
    assert theirs(Declared((silence(29, 40),))).going_on == ()
    assert len(theirs(Declared((silence(29, 40, subscription="other"),))).going_on) == 1


def test_by_service_and_by_nobody() -> None:
    by_name = replace(AIN, territories=(), services=("b",))
    assert [one.window for one in theirs(Declared(windows=WINDOWS), by_name).planned] == [FAR]
    assert theirs(Declared(windows=WINDOWS), replace(AIN, territories=("C:988",))).empty


@pytest.mark.parametrize(
    ("digest", "empty"),
    [
        (Digest(), True),
        (Digest(sent=Sent(9)), True),
        (Digest(sent=Sent(9, waiting=1)), False),
        (Digest(sent=Sent(9, given_up=1)), False),
        (Digest(ended=(ENDED,)), False),
        (Digest(planned=(Planned(NOON, (NOW, MIDNIGHT)),)), False),
        (Digest(never_seen=("c",)), False),
    ],
)
def test_messages_that_were_delivered_are_nothing_to_say(digest: Digest, empty: bool) -> None:
    assert digest.empty is empty


def test_the_operator_and_whoever_asks_read_it() -> None:
    assert wants_digest(AIN)
    assert not wants_digest(replace(AIN, digest=False))
    assert wants_digest(replace(AIN, digest=False, role=Role.OPERATOR))
