"""From the tallies of an incident to the signs of a saturation."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from monitor.domain.account import Period, Question
from monitor.domain.drawing import Surroundings, draw
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.reason import Reason
from monitor.domain.reconcile import STABLE_FOR
from monitor.domain.saturation import Sign
from monitor.domain.sheet import Extent
from monitor.domain.tally import Tally, tally
from tests.domain.small import at, said

PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")  # at(0) is 8:00 of a Tuesday in Paris
PERIOD = Period(at(-3600), at(0), at(6 * 3600), at(6 * 3600 + 900))
ROOM, ERROR = Failure.CONTENT_WAITING_ROOM, Failure.EXCHANGE_SERVER_ERROR


def incident(*turns: tuple[float, Reason], recovered: float | None = None) -> Incident:
    opened = Incident(
        "20210406-060000-a", "service:a", at(0), at(70), Health.WAITING, Health.WAITING, ("a",), ("D:01",)
    )
    for seconds, reason in turns:
        opened = opened.turned(at(seconds), reason)
    return replace(opened, recovered_at=None if recovered is None else at(recovered))


def heard(*answers: Observation) -> Tally:
    return tally(Question("a/login", "a"), answers, PERIOD)


def signs(of: Incident, *tallies: Tally, zone: ZoneInfo = PARIS) -> tuple[Sign, ...]:
    return draw(of, tallies, Surroundings(PERIOD, Extent(), zone=zone)).signs


def before(*seconds: float) -> list[Observation]:
    return [said("a/login", -600 + 10 * number, took=took) for number, took in enumerate(seconds)]


def test_a_waiting_room_at_the_start_of_class_with_some_let_in() -> None:
    answers = [said("a/login", 60 * n, ROOM if n % 2 == 0 else None) for n in range(10)]
    assert signs(incident(), heard(*answers)) == (Sign.WAITING_ROOM, Sign.PARTIAL_SUCCESS, Sign.START_OF_CLASS)


def test_local_time_decides_what_the_start_of_class_is() -> None:
    answers = [said("a/login", 60 * n, ERROR) for n in range(10)]
    assert signs(incident(), heard(*answers)) == (Sign.START_OF_CLASS,)
    assert signs(incident(), heard(*answers), zone=NOUMEA) == ()
    assert signs(incident()) == (Sign.START_OF_CLASS,)  # without any answer read: its opening


def test_refused_for_its_load_by_status() -> None:
    full = replace(said("a/login", 4 * 3600, ERROR), http_status=503)
    assert Sign.TURNED_AWAY in signs(incident(), heard(full))


def test_slower_and_slower_before_it_fell() -> None:
    fell = said("a/login", 4 * 3600, ERROR)
    assert Sign.LATENCY_RAMP in signs(incident(), heard(*before(0.2, 0.2, 0.3, 0.3, 0.9, 0.9), fell))
    assert Sign.LATENCY_RAMP not in signs(incident(), heard(*before(0.9, 0.9, 0.3, 0.3, 0.2, 0.2), fell))
    assert Sign.LATENCY_RAMP not in signs(incident(), heard(*before(0.2, 0.9), fell))  # too few to say


def test_relief_at_lunch_and_the_relapse_after_it() -> None:
    noon = 4 * 3600.0
    lull = incident(
        (0, Reason.OPENED), (noon + STABLE_FOR / timedelta(seconds=1), Reason.EASED), (noon + 3600, Reason.RELAPSED)
    )
    assert signs(lull)[1:] == (Sign.LUNCH_RELIEF, Sign.RELAPSE_AFTER)
    assert signs(incident((0, Reason.OPENED), recovered=noon))[1:] == (Sign.LUNCH_RELIEF,)


def test_our_own_line_is_never_saturated() -> None:
    ours = replace(incident(), culprit="vantage:local", services=(), territories=())
    assert signs(ours, heard(said("a/login", 0, ROOM))) == ()
