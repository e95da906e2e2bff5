"""Every value that goes in comes out the same, on each database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.observation import Certificate, Failure, Health, Observation, Phases
from monitor.domain.reason import Reason
from monitor.domain.run import Answer
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict
from monitor.store import Evaluation, Excerpt, Store, Telling, open_reader

EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40)
details = st.one_of(st.just(""), texts)
# One day: what comes out of `unjudged` and of `state` lies within 24 h of the newest.
instants = st.datetimes(datetime(2026, 11, 22, 8), datetime(2026, 11, 23, 7), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.timedeltas(timedelta(0), timedelta(microseconds=2**31 - 1))
maybe_instants = st.none() | instants
healths = st.sampled_from(Health)
failures = st.none() | st.sampled_from(Failure)
certificates = st.builds(Certificate, texts, st.datetimes(timezones=st.just(UTC)), st.none() | texts)
offsets = st.integers(-(2**31 - 1), 2**31 - 1).map(lambda seconds: timedelta(seconds=seconds))
observations = st.builds(
    Observation, texts, texts, instants, durations, failures,
    st.builds(Phases, *[st.none() | durations] * 5),
    st.none() | st.integers(100, 599), st.none() | texts, st.none() | st.integers(0, 2**31 - 1), details,
    st.none() | details, st.none() | details, st.none() | certificates, st.none() | offsets, details,
    st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=512),
)  # fmt: skip
gaps = st.builds(
    lambda gap, lasts: replace(gap, until=gap.since + lasts),
    st.builds(Gap, details, texts, instants, instants, st.integers(0, 2**31 - 1), st.sampled_from(Excuse)),
    st.timedeltas(timedelta(microseconds=1), timedelta(hours=30)),
)
answers = st.builds(Answer, instants, instants, healths, failures)
verdicts = st.builds(
    Verdict, probe=texts, vantage=texts, health=healths, since=instants, failure=failures,
    settled=st.none() | healths, settled_since=maybe_instants, settled_failure=failures,
    run=st.lists(answers, max_size=3).map(tuple), good_answers=st.integers(0, 3),
    last_good_at=maybe_instants, evidence_at=maybe_instants, last_at=maybe_instants,
    speaks_until=maybe_instants, proved_at=maybe_instants, recent=st.integers(1, 2**22 - 1), unstable=st.booleans(),
)  # fmt: skip
services = st.builds(ServiceVerdict, texts, healths, instants, failures, st.none() | texts, st.booleans())
spans = st.builds(
    lambda span, lasts: replace(span, until=span.since + lasts),
    st.builds(Span, texts, st.none() | texts, texts, healths, instants, instants, failures),
    st.timedeltas(timedelta(microseconds=1), timedelta(hours=30)),
)
incidents = st.builds(
    Incident, texts, texts, instants, instants, healths, healths,
    st.lists(texts, max_size=3).map(tuple), st.lists(texts, max_size=3).map(tuple), failures, maybe_instants,
    st.none(),
)  # fmt: skip
tellings = st.builds(
    Telling, texts, texts, texts, st.sampled_from(Reason), healths, texts, texts, instants,
    st.just("queued"), st.integers(0, 9), maybe_instants, details, maybe_instants,
)  # fmt: skip


TABLES = (
    "excerpts", "gaps", "observations", "verdicts", "service_verdicts", "spans", "incidents", "tellings", "snapshots",
)  # fmt: skip


def wipe(store: Store) -> None:
    """Each example starts from an empty book; the dictionaries stay, as in life."""
    with store._engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")


@EXAMPLES
@given(st.lists(observations, max_size=5, unique_by=lambda one: (one.probe, one.vantage, one.at)))
def test_observations(store: Store, database_url: str, now: datetime, given: list[Observation]) -> None:
    wipe(store)
    store.append(given)
    found = store.unjudged()
    assert sorted(found, key=repr) == sorted((replace(one, excerpt=None, come_back=None) for one in given), key=repr)
    assert [one.at for one in found] == sorted(one.at for one in given)
    assert store.newest() == max((one.at for one in given), default=None)
    probes, window = {one.probe for one in given}, (now - timedelta(days=3), now + timedelta(days=3))
    reader = open_reader(database_url)
    assert reader.observations([*probes], *window) == found
    excerpts, instants = reader.excerpts([*probes], *window), reader.instants(probes, *window)
    reader.close()
    kept = [Excerpt(one.probe, one.vantage, one.at, one.excerpt) for one in given if one.excerpt]
    assert sorted(excerpts, key=repr) == sorted(kept, key=repr)
    assert [one.at for one in excerpts] == sorted(one.at for one in kept)
    asked: dict[tuple[str, str], list[datetime]] = {}
    for one in found:
        asked.setdefault((one.probe, one.vantage), []).append(one.at)
    assert instants == asked


@EXAMPLES
@given(
    st.lists(verdicts, max_size=4, unique_by=lambda one: (one.probe, one.vantage)),
    st.lists(services, max_size=4, unique_by=lambda one: one.service),
    st.lists(incidents, max_size=4, unique_by=lambda one: one.id),
)
def test_state(
    store: Store, now: datetime, probes: list[Verdict], of_services: list[ServiceVerdict], opened: list[Incident]
) -> None:
    wipe(store)
    store.save(Evaluation(tuple(probes), tuple(of_services), (), tuple(opened), None, now))
    state = store.state()
    assert sorted(state.verdicts, key=repr) == sorted(probes, key=repr)
    assert sorted(state.services, key=repr) == sorted(of_services, key=repr)
    assert sorted(state.incidents, key=repr) == sorted(opened, key=repr)


@EXAMPLES
@given(st.lists(spans, max_size=5, unique_by=lambda one: (one.service, one.probe, one.vantage, one.since)))
def test_spans(store: Store, database_url: str, now: datetime, ended: list[Span]) -> None:
    wipe(store)
    store.save(Evaluation((), (), tuple(ended), (), None, now))
    reader = open_reader(database_url)
    found = reader.spans(now - timedelta(days=3), now + timedelta(days=3))
    reader.close()
    assert sorted(found, key=repr) == sorted(ended, key=repr)


@EXAMPLES
@given(st.lists(gaps, max_size=5, unique_by=lambda one: (one.probe, one.vantage, one.since, one.excuse)))
def test_gaps(store: Store, database_url: str, now: datetime, missed: list[Gap]) -> None:
    wipe(store)
    store.note(missed)
    reader = open_reader(database_url)
    found = reader.gaps(now - timedelta(days=3), now + timedelta(days=3))
    reader.close()
    assert sorted(found, key=repr) == sorted(missed, key=repr)
    assert [one.since for one in found] == sorted(one.since for one in missed)


@EXAMPLES
@given(st.lists(tellings, max_size=5, unique_by=lambda one: one.id))
def test_tellings(store: Store, given: list[Telling]) -> None:
    wipe(store)
    store.queue(given)
    found = store.tellings([one.id for one in given]).values()
    assert sorted(found, key=repr) == sorted(given, key=repr)


def test_what_does_not_fit_is_kept_as_the_most_that_does(store: Store, answer) -> None:
    ages = timedelta(days=100_000)
    store.append([answer(took=timedelta(days=2), bytes_read=2**40, http_status=99_999, clock_offset=-ages)])
    store.append([answer(1, clock_offset=ages)])
    found, ahead = store.unjudged()
    assert found.clock_offset == -timedelta(seconds=2**31 - 1)
    assert ahead.clock_offset == timedelta(seconds=2**31 - 1)
    assert (found.took, found.bytes_read, found.http_status) == (
        timedelta(microseconds=2**31 - 1),
        2**31 - 1,
        2**15 - 1,
    )


def test_texts_that_no_database_holds_do_not_sink_the_batch(store: Store, answer) -> None:
    store.append([answer(0, detail="a\0b"), answer(1, detail="a\ud800b"), answer(2, detail="ab")])
    assert [one.detail for one in store.unjudged()] == ["ab", "a?b", "ab"]


def test_hostile_evidence_does_not_sink_the_batch(store: Store, database_url: str, answer, now) -> None:
    shown = Certificate("a\0\ud800", now)
    store.append([answer(0, final_host="x\0", marker="y\ud800", certificate=shown, excerpt="\0é\ud800<b>\u202e")])
    # The same fingerprint with another end: impossible in life, and no reason to lose what others answered.
    store.append([answer(1, certificate=replace(shown, not_after=now + timedelta(days=1)))])
    one, other = store.unjudged()
    assert (one.final_host, one.marker, one.certificate) == ("x", "y?", Certificate("a?", now))
    assert other.certificate == Certificate("a?", now + timedelta(days=1))
    reader = open_reader(database_url)
    (kept,) = reader.excerpts(["ent-x/login"], now, now + timedelta(days=1))
    reader.close()
    assert kept.text == "é?<b>\u202e"


def test_an_instant_without_time_zone_is_refused(store: Store, answer, now) -> None:
    with pytest.raises(TypeError):
        store.append([answer(), replace(answer(), at=now.replace(tzinfo=None))])
    assert store.unjudged() == []
