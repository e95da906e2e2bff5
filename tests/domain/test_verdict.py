"""judge: the numbers of docs/method.md, "Confirmation", one by one, then as properties."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.circumstances import Circumstances, Standing
from monitor.domain.line import Line
from monitor.domain.observation import SEVERITY, Failure, Health, Observation
from monitor.domain.run import RUN_KEPT
from monitor.domain.verdict import Verdict, first_verdict, judge
from tests.domain.small import POLICY, T0, at, said

PROBE = Probe("a/login", "a", ProbeKind.HTTP, url="https://a.example/")
SEEN = Standing(confirmed=True)
BAD = Failure.EXCHANGE_SERVER_ERROR
SLOW = Failure.CONTENT_SLOW
ROOM = Failure.CONTENT_WAITING_ROOM


def around(
    now: float, *, seen: float | None = 1e6, blind: bool = False, standing: Standing = SEEN, corroborated: bool = False
) -> Circumstances:
    line = Line(blind, None if seen is None else at(seen))
    return Circumstances(at(now), line, standing, corroborated)


def heard(*answers: tuple[float, Failure | None], start: Verdict | None = None, **scene: object) -> Verdict:
    """Judge answers one by one, each at its own instant."""
    verdict = start or first_verdict(PROBE, "local", T0)
    for seconds, failure in answers:
        verdict = judge(verdict, [said("a/login", seconds, failure)], POLICY, around(seconds + 1, **scene))  # type: ignore[arg-type]
    return verdict


def up(now: float = 0) -> Verdict:
    return heard((now, None))


def test_the_first_good_answer_is_enough_to_say_up() -> None:
    verdict = up(3)
    assert (verdict.health, verdict.since, verdict.failure) == (Health.UP, at(3), None)


def test_three_bad_answers_over_sixty_seconds_are_bad_since_the_first() -> None:
    verdict = heard((60, BAD), (70, BAD), (110, BAD), start=up())
    assert verdict.health is Health.UP
    verdict = heard((120, BAD), start=verdict)
    assert (verdict.health, verdict.since, verdict.failure) == (Health.DOWN, at(60), BAD)


def test_an_outage_of_a_minute_is_never_an_incident() -> None:
    verdict = heard(*((60 + 10 * n, BAD) for n in range(6)), (119, None), start=up())
    assert verdict.health is Health.UP
    assert verdict.run == ()


def test_two_bad_answers_are_not_three_however_far_apart() -> None:
    assert heard((60, BAD), (200, BAD), start=up()).health is Health.UP


def test_corroborated_needs_twenty_seconds_only() -> None:
    answers = ((60, BAD), (70, BAD), (80, BAD))
    assert heard(*answers, start=up()).health is Health.UP
    assert heard(*answers, start=up(), corroborated=True).health is Health.DOWN


def test_three_good_answers_over_thirty_seconds_are_good_since_the_first() -> None:
    down = heard((60, BAD), (90, BAD), (120, BAD), start=up())
    almost = heard((130, None), (140, None), (150, None), start=down)
    assert almost.health is Health.DOWN
    verdict = heard((160, None), start=almost)
    assert (verdict.health, verdict.since, verdict.failure) == (Health.UP, at(130), None)


def test_a_bad_answer_begins_recovery_again() -> None:
    down = heard((60, BAD), (90, BAD), (120, BAD), start=up())
    assert heard((130, None), (140, None), (150, BAD), (160, None), (170, None), start=down).health is Health.DOWN


def test_mixed_answers_confirm_the_mildest_first_and_go_on_being_weighed() -> None:
    verdict = heard((60, SLOW), (90, BAD), (120, BAD), start=up())
    assert (verdict.health, verdict.since) == (Health.SLOW, at(60))
    verdict = heard((130, BAD), (150, BAD), start=verdict)
    assert (verdict.health, verdict.since) == (Health.DOWN, at(90))


def test_recovery_passes_through_the_worst_of_the_last_three() -> None:
    down = heard((60, BAD), (90, BAD), (120, BAD), start=up())
    verdict = heard((130, None), (145, SLOW), (160, None), start=down)
    assert (verdict.health, verdict.since, verdict.failure) == (Health.SLOW, at(130), SLOW)
    assert heard((170, None), (190, None), start=verdict).health is Health.UP


def test_another_kind_of_trouble_needs_confirmation_too() -> None:
    waiting = heard((60, ROOM), (90, ROOM), (120, ROOM), start=up())
    assert waiting.health is Health.WAITING
    assert heard((180, BAD), (190, BAD), start=waiting).health is Health.WAITING
    assert heard((180, BAD), (190, BAD), (240, BAD), start=waiting).health is Health.DOWN


def test_the_same_health_with_another_failure_is_told_by_the_newest() -> None:
    verdict = heard((60, BAD), (90, BAD), (120, BAD), (180, Failure.CONNECT_REFUSED), start=up())
    assert verdict.health is Health.DOWN
    assert verdict.failure is Failure.CONNECT_REFUSED
    assert verdict.since == at(60)


def test_our_own_failures_are_no_evidence() -> None:
    verdict = heard((60, BAD), (70, Failure.OURS_STALLED), (90, BAD), (120, BAD), start=up())
    assert verdict.health is Health.DOWN
    assert heard(*((60.0 * n, Failure.OURS_BLOCKED) for n in range(1, 3)), start=up()).health is Health.UP


def test_no_fresh_evidence_is_unknown_since_it_ran_out() -> None:
    verdict = judge(up(), [], POLICY, around(191))
    assert (verdict.health, verdict.since) == (Health.UNKNOWN, at(190))
    assert judge(up(), [], POLICY, around(190)).health is Health.UP


def test_blocked_for_long_is_unknown_not_down() -> None:
    verdict = heard(*((60.0 * n, Failure.OURS_BLOCKED) for n in range(1, 6)), start=up())
    assert verdict.health is Health.UNKNOWN


def test_after_a_gap_the_old_state_must_be_proved_again() -> None:
    gone = judge(up(), [], POLICY, around(400))
    verdict = heard((500, None), start=gone)
    assert (verdict.health, verdict.since) == (Health.UP, at(500))


def test_never_seen_working_can_only_be_up_or_unknown() -> None:
    fresh = Standing()
    verdict = heard((0, None), (60, BAD), (90, BAD), (120, BAD), standing=fresh)
    assert verdict.health is Health.UNKNOWN
    assert verdict.settled is Health.DOWN
    seen = heard((0, None), (60, None), (120, None), (180, BAD), (210, BAD), (240, BAD), standing=fresh)
    assert seen.health is Health.DOWN


def test_never_heard_is_unknown() -> None:
    verdict = judge(first_verdict(PROBE, "local", T0), [], POLICY, around(30))
    assert (verdict.health, verdict.since) == (Health.UNKNOWN, T0)


def test_nothing_turns_bad_before_our_line_was_seen_after_the_failures() -> None:
    answers = ((60, BAD), (90, BAD), (120, BAD))
    assert heard(*answers, start=up(), seen=120.1).health is Health.UP  # the last answer ended at 120.2
    assert heard(*answers, start=up(), seen=None).health is Health.UP
    assert heard(*answers, start=up(), seen=120.3).health is Health.DOWN


def test_failures_that_our_line_vouches_for_are_enough_even_if_newer_ones_wait() -> None:
    answers = ((60, BAD), (90, BAD), (120, BAD), (130, BAD))
    assert heard(*answers, start=up(), seen=125).health is Health.DOWN


def test_our_line_seen_later_confirms_without_a_new_answer() -> None:
    waiting = heard((60, BAD), (90, BAD), (120, BAD), start=up(), seen=100)
    verdict = judge(waiting, [], POLICY, around(130, seen=129))
    assert (verdict.health, verdict.since) == (Health.DOWN, at(60))


def test_blind_freezes_to_unknown_from_the_last_moment_seen() -> None:
    verdict = judge(up(60), [], POLICY, around(100, seen=80, blind=True))
    assert (verdict.health, verdict.since) == (Health.UNKNOWN, at(80))
    again = heard((110, BAD), (120, BAD), (130, BAD), start=verdict, seen=80, blind=True)
    assert again.health is Health.UNKNOWN
    back = heard((200, None), start=again, seen=199)
    assert (back.health, back.since) == (Health.UP, at(200))


def test_what_was_heard_while_blind_counts_for_nothing_afterwards() -> None:
    blind = heard((60, BAD), (90, BAD), (120, BAD), start=up(), seen=50, blind=True)
    assert blind.run == ()
    seeing = judge(blind, [], POLICY, around(140, seen=139))
    assert seeing.health is Health.UNKNOWN  # nothing heard since
    assert len(heard((150, BAD), start=seeing, seen=1e6).run) == 1
    assert heard((150, None), start=seeing, seen=1e6).health is Health.UP


def test_a_trouble_known_before_blindness_must_be_proved_again_in_full() -> None:
    down = heard((60, BAD), (90, BAD), (120, BAD), start=up(), standing=SEEN)
    blind = judge(down, [], POLICY, around(160, seen=150, blind=True))
    assert blind.health is Health.UNKNOWN
    once = heard((170, BAD), (200, BAD), start=blind)
    assert once.health is Health.UNKNOWN
    again = heard((230, BAD), start=once)
    assert (again.health, again.since) == (Health.DOWN, at(170))


def test_a_trouble_known_before_a_gap_must_be_proved_again_in_full() -> None:
    down = heard((60, BAD), (90, BAD), (120, BAD), start=up())
    late = 120 + 60 * 3600.0
    once = heard((late, BAD), start=down)
    assert once.health is Health.UNKNOWN
    assert heard((late, None), start=down).health is Health.UP


def test_a_clock_that_was_set_back_leaves_no_future_behind() -> None:
    ahead = heard((3600, None), (3660, BAD), start=up(3540))
    verdict = judge(ahead, [said("a/login", 60, BAD)], POLICY, around(61))
    instants = (verdict.since, verdict.settled_since, verdict.last_good_at, verdict.evidence_at, verdict.last_at)
    assert all(one is not None and one <= at(61) for one in instants)
    assert [one.at for one in verdict.run] == [at(60)]


def test_a_dormant_service_that_is_still_absent_is_in_no_hurry() -> None:
    asleep = Standing(confirmed=True, dormant=True)
    off = heard((0, Failure.RESOLVE_NXDOMAIN), standing=asleep)
    assert off.switched_off
    assert not off.contradicted_by(said("a/login", 60, Failure.RESOLVE_NXDOMAIN))
    assert off.contradicted_by(said("a/login", 60, BAD))


def test_blind_before_anything_was_ever_seen() -> None:
    verdict = heard((5, BAD), (15, BAD), seen=None, blind=True)
    assert (verdict.health, verdict.since, verdict.run) == (Health.UNKNOWN, T0, ())


def test_dormant_absence_reads_unknown_but_a_fault_counts() -> None:
    asleep = Standing(confirmed=True, dormant=True)
    gone = ((0, Failure.RESOLVE_NXDOMAIN), (30, Failure.CONNECT_REFUSED), (90, Failure.CONNECT_REFUSED))
    verdict = heard(*gone, standing=asleep)
    assert verdict.health is Health.UNKNOWN
    assert heard((0, BAD), (30, BAD), (90, BAD), standing=asleep).health is Health.DOWN


def test_dormant_absence_within_a_day_of_a_good_answer_counts() -> None:
    asleep = Standing(confirmed=True, dormant=True)
    gone = tuple((100.0 + 30 * n, Failure.CONNECT_REFUSED) for n in range(3))
    assert heard((0, None), *gone, standing=asleep).health is Health.DOWN
    day = 24 * 3600.0
    later = tuple((day + 1 + 30 * n, Failure.CONNECT_REFUSED) for n in range(3))
    assert heard((0, None), *later, standing=asleep).health is Health.UNKNOWN


def test_contradicted_answers_are_asked_again_soon() -> None:
    calm = up()
    assert not calm.contradicted_by(said("a/login", 60))
    assert calm.contradicted_by(said("a/login", 60, BAD))
    assert not calm.contradicted_by(said("a/login", 60, Failure.OURS_BUG))
    trying = heard((60, BAD), start=calm)
    assert trying.contradicted_by(said("a/login", 70))
    assert not first_verdict(PROBE, "local", T0).contradicted_by(said("a/login", 0))


def test_a_trouble_is_asked_after_until_three_good_answers_refute_it() -> None:
    doubted = heard((60, BAD), (70, None), start=up())
    assert doubted.contradicted_by(said("a/login", 80))
    assert not heard((80, None), start=doubted).contradicted_by(said("a/login", 90))


def test_one_in_three_becomes_unstable_and_is_then_left_to_its_own_pace() -> None:
    answers = tuple((60 + 10.0 * n, BAD if n % 3 == 0 else None) for n in range(13))
    assert not heard(*answers[:12], start=up()).unstable
    shaky = heard(*answers, start=up())
    assert (shaky.health, shaky.unstable) == (Health.UP, True)
    assert shaky.contradicted_by(said("a/login", 190, BAD))
    assert not heard((190, None), start=shaky).contradicted_by(said("a/login", 200))
    assert not judge(shaky, [], POLICY, around(200, blind=True)).unstable, (
        "what was heard before blindness is forgotten"
    )


def test_our_own_failures_and_absences_of_a_dormant_service_are_no_flapping() -> None:
    answers = tuple((60 + 10.0 * n, Failure.OURS_STALLED if n % 3 == 0 else None) for n in range(30))
    assert not heard(*answers, start=up()).unstable


def test_late_answers_and_the_same_again_are_no_news() -> None:
    verdict = heard((60, BAD), (90, BAD), start=up())
    for seconds in (30, 60, 90):
        assert judge(verdict, [said("a/login", seconds, BAD)], POLICY, around(100)) == verdict
    twice = judge(verdict, [said("a/login", 120, BAD)] * 2, POLICY, around(121))
    assert (twice.health, twice.recent) == (Health.DOWN, heard((120, BAD), start=verdict).recent)


def test_a_late_answer_that_contradicts_a_row_breaks_it() -> None:
    row = heard((60, BAD), (80, BAD), (110, BAD), start=up())
    refuted = judge(row, [said("a/login", 70, None)], POLICY, around(111))
    assert [one.at for one in refuted.run] == [at(80), at(110)]
    assert heard((130, BAD), start=row).health is Health.DOWN
    assert heard((130, BAD), start=refuted).health is Health.UP  # three in a row, over fifty seconds
    dated = heard((140, BAD), start=refuted)
    assert (dated.health, dated.since) == (Health.DOWN, at(80))
    for unheard in (said("a/login", 70, Failure.OURS_STALLED), said("a/login", 50, None), said("a/login", 70, SLOW)):
        assert judge(row, [unheard], POLICY, around(111)) == row
    assert judge(dated, [said("a/login", 90, None)], POLICY, around(141)) == dated  # what is confirmed stays


def test_another_vantage_is_no_news() -> None:
    elsewhere = replace(said("a/login", 60, BAD), vantage="lyon")
    assert judge(up(), [elsewhere], POLICY, around(61)) == up()


def test_failing_says_what_it_fails_with_and_since_when() -> None:
    assert up().failing is None
    assert heard((60, BAD), (70, BAD), start=up()).failing == (Health.DOWN, at(60))
    down = heard((60, BAD), (90, BAD), (120, BAD), start=up())
    assert down.failing == (Health.DOWN, at(60))
    assert heard((130, None), start=down).failing == (Health.DOWN, at(60))


def test_a_run_that_waits_for_our_line_keeps_its_first_answer_and_stays_small() -> None:
    verdict = heard(*((60 + 10.0 * n, BAD) for n in range(200)), start=up(), seen=50)
    assert len(verdict.run) == RUN_KEPT
    assert verdict.run[0].at == at(60)


def test_answers_given_together_are_judged_one_by_one() -> None:
    """A restart hands over many at once: an outage and its end must both be found."""
    start = up()
    batch = [said("a/login", s, BAD) for s in (60, 90, 120)] + [said("a/login", s) for s in (180, 200)]
    verdict = judge(start, batch, POLICY, around(201))
    assert verdict.settled is Health.DOWN
    assert judge(verdict, [said("a/login", 215)], POLICY, around(216)).since == at(180)


ANSWERS = st.lists(
    st.tuples(st.integers(1, 120), st.sampled_from([None, None, None, BAD, SLOW, ROOM, Failure.OURS_BLOCKED])),
    max_size=40,
)


def walked(steps: list[tuple[int, Failure | None]]) -> list[Observation]:
    clock, answers = 0.0, []
    for gap, failure in steps:
        clock += gap
        answers.append(said("a/login", clock, failure))
    return answers


@given(ANSWERS)
def test_since_never_goes_back_and_never_lies_in_the_future(steps: list[tuple[int, Failure | None]]) -> None:
    verdict = first_verdict(PROBE, "local", T0)
    for one in walked(steps):
        now = one.at + one.took
        after = judge(verdict, [one], POLICY, Circumstances(now, Line(False, at(1e6)), SEEN))
        assert after.since >= verdict.since
        assert after.since <= now
        assert (after.health is verdict.health) == (after.since == verdict.since) or after.since == verdict.since
        verdict = after


@given(ANSWERS)
def test_asking_again_without_news_changes_nothing(steps: list[tuple[int, Failure | None]]) -> None:
    verdict = first_verdict(PROBE, "local", T0)
    for one in walked(steps):
        scene = Circumstances(one.at + one.took, Line(False, at(1e6)), SEEN)
        verdict = judge(verdict, [one], POLICY, scene)
        assert judge(verdict, [], POLICY, scene) == verdict


@given(ANSWERS, st.integers(0, 40))
def test_a_restart_between_two_answers_changes_nothing(steps: list[tuple[int, Failure | None]], cut: int) -> None:
    """Judged one by one or handed over in two batches, as after a restart: the same settled state."""
    answers = walked(steps)
    if not answers:
        return
    end = Circumstances(answers[-1].at + timedelta(seconds=1), Line(False, at(1e6)), SEEN)
    one_by_one = first_verdict(PROBE, "local", T0)
    for one in answers:
        one_by_one = judge(one_by_one, [one], POLICY, replace(end, now=one.at + one.took))
    batches = judge(first_verdict(PROBE, "local", T0), answers[:cut], POLICY, end)
    batches = judge(batches, answers[cut:], POLICY, end)
    assert (batches.settled, batches.settled_since, batches.run) == (
        one_by_one.settled,
        one_by_one.settled_since,
        one_by_one.run,
    )


@given(ANSWERS)
def test_bad_needs_three_bad_answers_in_a_row(steps: list[tuple[int, Failure | None]]) -> None:
    verdict, row = first_verdict(PROBE, "local", T0), 0
    for one in walked(steps):
        if one.failure is not Failure.OURS_BLOCKED:
            row = row + 1 if SEVERITY[one.health] > 0 else 0
        before = verdict.settled
        verdict = judge(verdict, [one], POLICY, Circumstances(one.at + one.took, Line(False, at(1e6)), SEEN))
        if before in (None, Health.UP) and verdict.settled not in (None, Health.UP):
            assert row >= 3
