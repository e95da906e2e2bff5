"""The evidence sheet: what is read for it, and what it says."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.account import Account, FailureCount, Latency, Period, Question, Where
from monitor.domain.attribution import Attribution, Count
from monitor.domain.drawing import SEEN_KEPT, Surroundings, draw, unseen
from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.method import METHOD
from monitor.domain.observation import Failure, Health, Observation, Stage
from monitor.domain.plain import plain, rebuilt
from monitor.domain.reason import Reason
from monitor.domain.rollup import survey
from monitor.domain.sheet import Blind, EvidenceSheet, Extent, Limits, Named, Others, Seen, StageCount
from monitor.domain.sheet_plan import AFTER, BEFORE, ends_of, extent_of, joined, period_of, questions_of
from monitor.domain.tally import Tally, tally
from tests.domain.small import at, catalog, said, service, small_france

PERIOD = Period(at(-3600), at(0), at(600), at(900))
S = timedelta(seconds=1)
LIMITS = Limits(probes=2, each_end=timedelta(hours=1), answers_each_end=2)


def incident(*services: str, **fields: object) -> Incident:
    given: dict[str, object] = {
        "id": "20210406-060000-a",
        "culprit": "service:a",
        "opened_at": at(0),
        "confirmed_at": at(70),
        "health": Health.DOWN,
        "worst": Health.DOWN,
        "services": services or ("a",),
        "territories": ("D:01",),
        "failure": Failure.CONNECT_TIMEOUT,
    }
    return Incident(**{**given, **fields}).turned(at(0), Reason.OPENED)  # type: ignore[arg-type]


CAUSE = Attribution(
    "operator:edifice",
    ("a", "b", "c"),
    explained=True,
    test=Count("operator:edifice", 3, 3, 0, 1, 0.002),
    beaten=(Count("hoster:Nuage", 2, 2, 1, 2, 0.4),),
    ruled_out=(Count("service:d", 1, 2, 1, 2, 1.0),),
    undeclared=("hoster",),
)


def heard(name: str, *answers: Observation) -> Tally:
    return tally(Question(f"{name}/login", name), answers, PERIOD)


def around(**fields: object) -> Surroundings:
    return Surroundings(**{"period": PERIOD, "extent": Extent(), "probes_in_all": 2, **fields})  # type: ignore[arg-type]


def two() -> list[Tally]:
    down = [said("b/login", n * 60, Failure.CONNECT_TIMEOUT, 10) for n in range(3)]
    waiting = [said("a/login", n * 60, Failure.CONTENT_WAITING_ROOM, 1) for n in range(4)]
    return [heard("b", *down, said("b/login", -60)), heard("a", *waiting, said("a/login", 240, Failure.OURS_BUG))]


def test_all_probes_together() -> None:
    sheet = draw(incident("a", "b", cause=CAUSE), two(), around(limits=LIMITS))
    assert sheet.method == METHOD
    assert [one.question.probe for one in sheet.probes] == ["a/login", "b/login"]
    assert (sheet.during.asked, sheet.during.good, sheet.during.bad, sheet.during.ours) == (8, 0, 7, 1)
    assert sheet.during.failures == (
        FailureCount(Failure.CONTENT_WAITING_ROOM, 4),
        FailureCount(Failure.CONNECT_TIMEOUT, 3),
        FailureCount(Failure.OURS_BUG, 1),
    )
    assert sheet.stages == (StageCount(Stage.OURS, 1), StageCount(Stage.CONNECT, 3), StageCount(Stage.CONTENT, 4))
    assert (sheet.before.latency, sheet.during.latency) == (Latency(1, 0.2 * S, 0.2 * S), None)
    assert sheet.cause == replace(CAUSE, services=("a", "b"))  # as many as the limits allow; the counts stay
    assert (sheet.never_seen, sheet.cut_short) == ((), False)


def test_the_order_of_what_it_is_drawn_from_changes_nothing() -> None:
    gaps = [Gap("a/login", "local", at(n), at(n + 10), 1, Excuse.BUSY) for n in (5, 50, 500)]
    one = draw(incident("a", "b"), two(), around(gaps=gaps, blind=[(at(1), at(2)), (at(5), at(6))]))
    other = draw(incident("a", "b"), two()[::-1], around(gaps=gaps[::-1], blind=[(at(5), at(6)), (at(1), at(2))]))
    assert one == other


def test_to_json_and_back() -> None:
    gaps = [Gap("", "local", at(-9999), at(100), 0, Excuse.STOPPED)]
    extent = Extent(
        (Named("a", "A"),), 1, (Named("D:01", "Ain"),), 0.5, "D:01", (Named("service:a", "A"),), ("hoster",)
    )
    sheet = draw(
        incident(cause=CAUSE, absorbed_into="x"), two(), around(gaps=gaps, blind=[(at(1), at(2))], extent=extent)
    )
    assert rebuilt(EvidenceSheet, json.loads(json.dumps(plain(sheet)))) == sheet


def test_no_word_of_a_site_enters_it() -> None:
    hostile = Observation("a/login", "local", at(1), S, Failure.CONTENT_UNEXPECTED, detail="HOSTILE", excerpt="HOSTILE")
    assert "HOSTILE" not in json.dumps(plain(draw(incident(), [heard("a", hostile)], around())))


def test_of_many_addresses_the_most_frequent_are_named_and_the_rest_is_a_number() -> None:
    answers = [
        Observation("a/login", "local", at(n), S, None, address=f"192.0.2.{min(n, SEEN_KEPT + 2)}")
        for n in range(SEEN_KEPT + 5)
    ]
    sheet = draw(incident(), [heard("a", *answers)], around())
    addresses = [one for one in sheet.seen if one.where is Where.ADDRESS]
    assert (len(addresses), addresses[0]) == (SEEN_KEPT, Seen(Where.ADDRESS, f"192.0.2.{SEEN_KEPT + 2}", 3, 0))
    assert sheet.others == (Others(Where.ADDRESS, 3, 3),)


def test_what_was_not_measured_by_reason() -> None:
    def gap(probe: str, since: float, until: float, excuse: Excuse, slots: int = 1) -> Gap:
        return Gap(probe, "local", at(since), at(until), slots, excuse)

    found = unseen(
        [
            gap("a/login", 100, 160, Excuse.COURTESY),
            gap("a/login", 100, 160, Excuse.COURTESY),  # told twice
            gap("b/login", 130, 190, Excuse.COURTESY, 2),
            gap("b/login", 140, 150, Excuse.COURTESY),
            gap("", -9000, -3500, Excuse.STOPPED, 0),
            gap("", 100, 110, Excuse.COURTESY, 0),
            gap("a/login", 900, 910, Excuse.BUSY),
            gap("a/login", -3700, -3600, Excuse.BUSY),
        ],
        PERIOD,
    )
    told = [(o.excuse, o.every_probe, o.gaps, o.slots, o.probes, o.since, o.until, o.lasted) for o in found]
    assert told == [
        (Excuse.STOPPED, True, 1, 0, 0, at(-3600), at(-3500), 100 * S),
        (Excuse.COURTESY, False, 3, 4, 2, at(100), at(190), 90 * S),
        (Excuse.COURTESY, True, 1, 0, 0, at(100), at(110), 10 * S),
    ]


def test_blind_time_is_cut_to_the_period() -> None:
    sheet = draw(incident(), [], around(blind=[(at(-9999), at(-3000)), (at(800), at(9999)), (at(5000), at(6000))]))
    assert sheet.blind == (Blind(at(-3600), at(-3000)), Blind(at(800), at(900)))


def test_a_sheet_says_that_it_did_not_read_all() -> None:
    assert draw(incident(), two(), around(probes_in_all=3)).cut_short
    part = tally(Question("a/login", "a"), [], PERIOD, unread=(at(1), at(2)), never_seen=True)
    sheet = draw(incident(), [part], around(probes_in_all=1))
    assert (sheet.cut_short, sheet.never_seen) == (True, ("a/login",))


@pytest.mark.parametrize(
    ("fields", "now", "ended", "until"),
    [
        ({}, 500, 500, 500),
        ({"recovered_at": at(300)}, 9000, 300, 1200),
        ({"recovered_at": at(300)}, 400, 300, 400),
        ({"closed_at": at(300)}, 9000, 300, 1200),
        ({"recovered_at": at(900)}, 500, 500, 500),  # a clock that was set back
        ({}, -50, 0, 0),
    ],
)
def test_what_a_sheet_looks_at(fields: dict[str, object], now: float, ended: float, until: float) -> None:
    assert period_of(incident(**fields), at(now)) == Period(at(0) - BEFORE, at(0), at(ended), at(until))
    assert timedelta(minutes=15) == AFTER


@given(st.integers(0, 5 * 3600 * 10**6))
def test_the_ends_of_a_period_leave_nothing_out_unless_it_is_long(us: int) -> None:
    period = Period(at(0), at(0), at(0), at(0) + timedelta(microseconds=us))
    (since, one), (other, until) = ends_of(period, LIMITS)
    assert (since, until) == (period.since, period.until)
    assert (one == other) == (until - since <= 2 * LIMITS.each_end)
    assert one <= other
    assert max(one - since, until - other) <= LIMITS.each_end + timedelta(microseconds=1)


def test_both_ends_joined_and_what_lies_between() -> None:
    one, two, three, four, five = (said("a/login", n * 60) for n in range(5))
    short, long = Period(at(0), at(0), at(600), at(600)), Period(at(0), at(0), at(99_999), at(99_999))
    assert joined([one, two], [three, four], short, LIMITS) == ((one, two, three, four), None)
    assert joined([one, two, three], [four, five], short, LIMITS) == ((one, two, four, five), (two.at, four.at))
    assert joined([one], [three, four, five], short, LIMITS) == ((one, four, five), (one.at, four.at))
    assert joined([], [], long, LIMITS) == ((), (at(3600), at(99_999 - 3600)))


def test_the_questions_of_an_incident_one_of_each_service_first() -> None:
    a = service("a")
    twice = replace(a, probes=(*a.probes, replace(a.probes[0], id="a/context")))
    asked = questions_of(incident("a", "b", "gone", "lost"), catalog(twice, service("b")), {"gone": ["gone/login"]})
    assert [one.probe for one in asked] == ["a/login", "b/login", "gone/login", "a/context"]
    assert (asked[0].target, asked[2].target, asked[2].kind) == ("https://a.example/", "", None)
    assert questions_of(incident("gone"), catalog()) == ()


def test_of_our_own_line_the_canaries_are_asked() -> None:
    asked = questions_of(incident(culprit="vantage:local", services=()), small_france())
    assert [(one.probe, one.service) for one in asked] == [(f"canary/{n}", None) for n in range(4)]


def test_whom_it_concerns_as_the_catalogue_says() -> None:
    france = small_france()
    shared = incident("a", "b", "gone", culprit="operator:edifice", territories=("D:01", "D:69", "D:99"), cause=CAUSE)
    extent = extent_of(shared, france, survey(france), LIMITS)
    assert (extent.services, extent.services_in_all) == ((Named("a", "A"), Named("b", "B")), 3)
    assert extent.territories == (Named("D:01", "Ain"), Named("D:69", "Rhône"), Named("D:99", "D:99"))
    assert (extent.share, extent.share_in) == (1.0, "D:01")
    assert extent.names == (
        Named("operator:edifice", "Edifice"),
        Named("hoster:Nuage", "Nuage"),
        Named("service:d", "D"),
    )
    assert extent.undeclared == ("hoster",)


def test_of_a_national_service_no_territory_counts_a_share() -> None:
    france = small_france()
    extent = extent_of(incident("d", "gone", territories=("N",)), france, survey(france))
    assert (extent.share, extent.share_in) == (0.0, None)
    assert extent.undeclared == ("operator", "platform", "hoster")
    assert extent_of(incident(services=(), territories=()), france, survey(france)).share_in is None


def test_an_account_begins_empty() -> None:
    assert Account(Question("a/login", "a")).during.asked == 0
