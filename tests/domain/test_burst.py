"""Three openings within ten minutes are one message; so is whatever else happens to three incidents at once."""

from dataclasses import replace

from monitor.domain.burst import Burst, gathered, said_in
from monitor.domain.incident import Incident
from monitor.domain.news import Heard, News
from monitor.domain.notice import Subscription, Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from tests.domain.small import at

LYON = Subscription("lyon", "VIGIE_LYON", territories=("A:lyon",))
PARIS = replace(LYON, id="paris")
SOME = tuple(
    Incident(f"i{n}", f"service:s{n}", at(10 - n), at(60), Health.DOWN, Health.DOWN, (f"s{n}",), ("D:01",))
    for n in range(6)
)


def new(*numbers: int, reason: Reason = Reason.OPENED, who: Subscription = LYON) -> list[News]:
    return [News(who, SOME[n], reason, 0.5) for n in numbers]


def opened(seconds: float, *numbers: int, who: Subscription = LYON) -> Heard:
    said = [Told(who.id, f"i{n}", Reason.OPENED, Health.DOWN, at(seconds)) for n in numbers]
    return {(one.subscription, one.incident): one for one in said}


def shape(found: list[News], heard: Heard, seconds: float = 1000) -> list[tuple[str, ...]]:
    """The incidents of each message; after a bar those that it lists again."""
    shapes = []
    for one in gathered(found, SOME, heard, at(seconds)):
        if isinstance(one, News):
            shapes.append((one.incident.id,))
        else:
            again = tuple(each.incident.id for each in one.again)
            shapes.append((*(each.incident.id for each in one.news), *(("|", *again) if again else ())))
    return shapes


def test_two_are_told_one_by_one_and_three_together_the_oldest_first() -> None:
    assert shape(new(0, 1), {}) == [("i0",), ("i1",)]
    assert shape(new(0, 1, 2), {}) == [("i2", "i1", "i0")]


def test_the_worst_stands_first() -> None:
    slow, down, waiting = new(0, 1, 2)
    mixed = [
        replace(slow, incident=replace(slow.incident, worst=Health.SLOW)),
        down,
        replace(waiting, incident=replace(waiting.incident, worst=Health.WAITING)),
    ]
    (burst,) = gathered(mixed, SOME, {}, at(1000))
    assert isinstance(burst, Burst)
    assert [one.incident.id for one in burst.news] == ["i1", "i2", "i0"]


def test_the_third_within_ten_minutes_lists_those_before_it_and_the_fourth_waits() -> None:
    before = opened(500, 0, 1)
    assert shape(new(2), before) == [("i2", "|", "i1", "i0")]
    assert shape(new(2), before, 1100) == [("i2",)]  # they are ten minutes old
    assert shape(new(3), before | opened(1000, 2), 1099) == []
    assert shape(new(3), before | opened(1000, 2), 1100) == [("i3",)]
    assert shape(new(3), before, 400) == [("i3",)]  # the clock was set back


def test_what_has_ended_meanwhile_is_not_listed_again() -> None:
    over = (replace(SOME[0], closed_at=at(900)), *SOME[1:])
    (burst,) = gathered(new(2), over, opened(500, 0, 1), at(1000))
    assert isinstance(burst, Burst)
    assert [one.incident.id for one in burst.again] == ["i1"]


def test_what_was_said_after_an_opening_is_no_opening_any_more() -> None:
    ended = {key: replace(told, reason=Reason.CLOSED) for key, told in opened(500, 0, 1).items()}
    assert shape(new(2), ended) == [("i2",)]


def test_each_reader_and_each_reason_by_itself_and_no_end_ever_waits() -> None:
    ends = new(0, 1, 2, reason=Reason.CLOSED)
    assert shape([*ends, *new(3)], opened(500, 4, 5)) == [("i2", "i1", "i0"), ("i3", "|", "i5", "i4")]
    assert shape([*new(0, 1), *new(0, 1, who=PARIS)], {}) == [("i0",), ("i1",), ("i0",), ("i1",)]
    assert shape(new(0, reason=Reason.EASED), opened(900, 1, 2, 3)) == [("i0",)]


def test_the_news_of_the_messages_are_all_that_is_said() -> None:
    found = [*new(0, 1, 2), *new(0, who=PARIS)]
    said = list(said_in(gathered(found, SOME, {}, at(1000))))
    assert sorted((one.subscription.id, one.incident.id) for one in said) == [
        ("lyon", "i0"),
        ("lyon", "i1"),
        ("lyon", "i2"),
        ("paris", "i0"),
    ]
