"""The vital signs: which parts have been unwell for too long, and what is said of them."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.vitals import MUTE, PATIENCE, PERIOD, SENTENCES, Fault, Vital, Vitals, lasting

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
WITHIN = timedelta(minutes=5)
OUTSIDE = timedelta(minutes=4)  # a minute between two heartbeats, three of grace


def all_well(at: datetime = NOW) -> dict[Vital, datetime]:
    return dict.fromkeys(Vital, at)


def test_where_all_is_well_nothing_is_said() -> None:
    assert Vitals(NOW, all_well()).faults() == ()


@pytest.mark.parametrize("vital", Vital)
def test_each_part_alone_is_noticed_when_its_patience_is_over(vital: Vital) -> None:
    borne = Vitals(NOW, all_well() | {vital: NOW - PATIENCE[vital]})
    assert borne.faults() == ()
    (fault,) = Vitals(NOW, all_well() | {vital: NOW - PATIENCE[vital] - MOMENT}).faults()
    assert (fault.vital, fault.since) == (vital, NOW - PATIENCE[vital] - MOMENT)
    assert fault.sentence.startswith(SENTENCES[vital].split("{", maxsplit=1)[0])
    assert "{" not in fault.sentence


def test_what_breaks_at_once_is_known_outside_within_five_minutes() -> None:
    slow = {Vital.QUEUE, Vital.DRILL}  # that nothing arrives is known only when it should have
    assert all(PATIENCE[vital] + OUTSIDE <= WITHIN for vital in set(Vital) - slow)


def test_patience_goes_with_the_period() -> None:
    vitals = Vitals(NOW, all_well(NOW - timedelta(seconds=3)), period=PERIOD / 20)
    assert {fault.vital for fault in vitals.faults()} == {
        Vital.PROBING, Vital.PACING, Vital.LOOP, Vital.COMMITS, Vital.EVALUATION, Vital.TELLING, Vital.SENDER,
        Vital.RESOLVER, Vital.LINE,
    }  # fmt: skip


def test_what_is_done_seldom_is_not_late_before_it_is_due_twice() -> None:
    rhythm = {Vital.PROBING: timedelta(minutes=5)}
    well = all_well() | {Vital.PROBING: NOW - timedelta(minutes=10)}
    assert Vitals(NOW, well, rhythm=rhythm).faults() == ()
    well[Vital.PROBING] -= MOMENT
    assert [fault.vital for fault in Vitals(NOW, well, rhythm=rhythm).faults()] == [Vital.PROBING]


def test_what_is_not_watched_is_not_missed_and_faults_keep_their_order() -> None:
    ago = NOW - timedelta(hours=1)
    vitals = Vitals(NOW, {Vital.LINE: ago, Vital.SENDER: ago, Vital.PACING: NOW})
    assert [fault.vital for fault in vitals.faults()] == [Vital.SENDER, Vital.LINE]
    assert vitals.faults()[0] == Fault(
        Vital.SENDER, ago, "Le processus d’envoi ne répond plus depuis 60 min : aucun message ne part."
    )


def test_our_line_and_our_resolver_alone_leave_vigie_a_voice() -> None:
    assert set(Vital) - MUTE == {Vital.LINE, Vital.RESOLVER}


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(seconds=51.9), "51 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(seconds=120), "2 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 j"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(duration: timedelta, said: str) -> None:
    assert lasting(duration) == said
