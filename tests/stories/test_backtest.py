"""A played morning judged again by the policy it was judged by: the same incidents, the same words to the same people."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from monitor.backtest import Judged, backtest, held, pairs
from monitor.config import load
from monitor.config.policy import OtherPolicy
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.play import Played, Stage, play
from monitor.rehearsal.scenario import load_scenario
from monitor.settings import Settings
from monitor.store import open_reader, open_store
from tests.prepared import prepared

CONFIG = replace(
    load(Path(__file__).parents[2] / "probes.yaml"),
    subscriptions=(
        Subscription("rectorat-lille", "VIGIE_LILLE", territories=("A:lille",), settle=timedelta(minutes=1)),
        Subscription("tout", "VIGIE_TOUT", territories=("N",), from_health=Health.SLOW, min_share=0),
    ),
)
NOON, MINUTE = datetime(2021, 4, 6, 10, tzinfo=UTC), timedelta(minutes=1)
SIX, NINE = datetime(2021, 4, 6, 4, tzinfo=UTC), datetime(2021, 4, 6, 7, tzinfo=UTC)
CLOSE = timedelta(seconds=10)


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> tuple[Played, str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('morning')}/played.db"
    prepared(url, "rehearsal", NOON, "2021-04-06")
    with closing(open_store(url, kind="rehearsal")) as store:
        stage = Stage(
            config=CONFIG,
            scenario=load_scenario("2021-04-06"),
            store=store,
            settings=Settings(),
            wall=lambda: NOON,
            version="0.1.0",
            between=((time(7, 50), time(9)),),
        )
        return play(stage), url


def judged(url: str, policy: OtherPolicy | None = None) -> Judged:
    with closing(open_reader(url)) as reader:
        return backtest(reader, held(reader.identity(), CONFIG, Settings()), SIX, NINE, policy=policy)


def test_the_incidents_that_were_really_opened(morning: tuple[Played, str]) -> None:
    played, url = morning
    found = judged(url)
    assert found.answers > 1000
    both = pairs([*found.incidents.values()], found.really, NINE)
    assert len(both) == len(played.incidents)
    for pair in both:
        assert pair.again is not None
        assert pair.really is not None
        assert (pair.again.culprit, pair.again.worst) == (pair.really.culprit, pair.really.worst)
        assert pair.again.opened_at == pair.really.opened_at
        assert abs(pair.again.confirmed_at - pair.really.confirmed_at) <= CLOSE
        assert (pair.again.closed_at is None) == (pair.really.closed_at is None)


def test_those_who_were_told_at_the_time_they_were_told(morning: tuple[Played, str]) -> None:
    played, url = morning
    again = sorted(
        (one.news.incident.culprit, one.news.subscription.id, one.news.reason, one.at) for one in judged(url).notices
    )
    culprits = {one.id: one.culprit for one in played.incidents.values()}
    then = sorted((culprits[one.incident], one.subscription, one.reason, one.created_at) for one in played.tellings)
    assert [one[:3] for one in again] == [one[:3] for one in then]
    assert all(abs(one[3] - other[3]) <= CLOSE for one, other in zip(again, then, strict=True))


def test_a_policy_that_waits_for_ten_minutes_opens_less_and_later(morning: tuple[Played, str]) -> None:
    _, url = morning
    strict = judged(url, OtherPolicy({"fail_for": 10 * MINUTE, "fail_for_corroborated": 10 * MINUTE}))
    for pair in pairs([*strict.incidents.values()], strict.really, NINE):
        if pair.again is not None and pair.really is not None:
            assert pair.again.confirmed_at > pair.really.confirmed_at
    assert 0 < len(strict.incidents) <= len(strict.really)


def test_an_incident_is_paired_with_the_nearest_of_the_same_culprit() -> None:
    def incident(name: str, since: int, until: int | None, culprit: str = "service:a") -> Incident:
        opened, closed = NOON + since * MINUTE, None if until is None else NOON + until * MINUTE
        return Incident(name, culprit, opened, opened, Health.UP, Health.DOWN, ("a",), ("N",), closed_at=closed)

    early, late = incident("early", 0, 10), incident("late", 30, None)
    one, other, foreign = incident("one", 2, 12), incident("other", 31, 50), incident("foreign", 0, 60, "service:b")
    found = pairs([late, early], [one, other, foreign], NOON + 60 * MINUTE)
    assert [(pair.again and pair.again.id, pair.really and pair.really.id) for pair in found] == [
        ("early", "one"), (None, "foreign"), ("late", "other"),
    ]  # fmt: skip
    assert [pair.really for pair in pairs([early], [other], NOON + 60 * MINUTE)] == [None, other]
