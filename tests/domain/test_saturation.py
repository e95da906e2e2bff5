from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.observation import Failure
from monitor.domain.saturation import Course, Sign, signs_of_saturation

PARIS = ZoneInfo("Europe/Paris")


def tuesday(hour: int, minute: int = 0, day: int = 6) -> datetime:
    return datetime(2021, 4, day, hour, minute, tzinfo=PARIS)


def seconds(*values: float) -> list[timedelta]:
    return [timedelta(seconds=value) for value in values]


def test_the_morning_of_6_april_2021_shows_all_of_them():
    course = Course(
        failures={Failure.CONTENT_WAITING_ROOM, Failure.CONTENT_SLOW},
        statuses={200, 503},
        onsets=[tuesday(8), tuesday(8, 1), tuesday(10)],
        recoveries=[tuesday(12)],
        relapses=[tuesday(13)],
        usual=timedelta(seconds=0.4),
        before=seconds(0.4, 0.6, 0.9, 1.4),
        good=12,
        asked=80,
    )
    assert signs_of_saturation(course) == tuple(Sign)


def test_nothing_seen_is_no_sign():
    assert signs_of_saturation(Course()) == ()


@pytest.mark.parametrize(
    ("course", "sign"),
    [
        (Course(failures={Failure.CONTENT_WAITING_ROOM}), Sign.WAITING_ROOM),
        (Course(failures={Failure.EXCHANGE_OVERLOADED}), Sign.TURNED_AWAY),
        (Course(statuses=[429]), Sign.TURNED_AWAY),
        (Course(good=1, asked=10), Sign.PARTIAL_SUCCESS),
        (Course(good=9, asked=10), Sign.PARTIAL_SUCCESS),
        (Course(before=seconds(1, 1.5, 2)), Sign.LATENCY_RAMP),
        (Course(onsets=[tuesday(13, 30)]), Sign.START_OF_CLASS),
        (Course(onsets=[tuesday(8, day=7)]), Sign.START_OF_CLASS),
        (Course(recoveries=[tuesday(11, 45, day=7)]), Sign.LUNCH_RELIEF),
    ],
)
def test_a_sign_alone(course, sign):
    assert signs_of_saturation(course) == (sign,)


@pytest.mark.parametrize(
    "course",
    [
        Course(failures={Failure.CONNECT_REFUSED}, statuses=[500, 200]),
        Course(good=0, asked=80),
        Course(good=80, asked=80),
        Course(good=2, asked=4),  # too few answers to say
        Course(before=seconds(1, 2)),  # too short to be a ramp
        Course(before=seconds(1, 1.2, 1.4)),  # slower, but not by much
        Course(before=seconds(3, 1, 3)),  # up and down
        Course(before=seconds(1, 1.5, 2), usual=timedelta(seconds=2)),  # no slower than usual
        Course(onsets=[tuesday(8), tuesday(10)]),  # half is not most
        Course(onsets=[tuesday(13, 30, day=7)]),  # a Wednesday
        Course(onsets=[tuesday(8, day=10)], recoveries=[tuesday(12, day=10)]),  # a Saturday
        Course(recoveries=[tuesday(16)], relapses=[tuesday(17)]),
    ],
)
def test_what_is_no_sign(course):
    assert signs_of_saturation(course) == ()


@pytest.mark.parametrize("again", [tuesday(11), tuesday(12), tuesday(16)])
def test_a_relapse_comes_after_the_relief_and_not_long_after(again):
    assert signs_of_saturation(Course(recoveries=[tuesday(12)], relapses=[again])) == (Sign.LUNCH_RELIEF,)
