"""An evaluation is saved whole or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict
from monitor.store import Evaluation, Store, StoreError, check, open_reader


@pytest.fixture
def everything(now) -> Evaluation:
    return Evaluation(
        verdicts=(Verdict("ent-x/login", "local", Health.DOWN, now, Failure.CONNECT_REFUSED, last_at=now),),
        services=(ServiceVerdict("ent-x", Health.DOWN, now, Failure.CONNECT_REFUSED, "ent-x/login"),),
        spans=(Span("ent-x", None, "local", Health.UP, now - timedelta(hours=1), now),),
        incidents=(Incident("i1", "service:ent-x", now, now, Health.DOWN, Health.DOWN, ("ent-x",), ("R:32",)),),
        snapshot=b'{"at": "now"}',
        published_at=now,
    )


def kept(url: str, now) -> tuple[object, ...]:
    reader = open_reader(url)
    found = (reader.verdicts(), reader.services(), reader.spans(now - timedelta(days=1), now), reader.snapshot())
    reader.close()
    return found


def test_saving_twice_changes_nothing(store: Store, database_url: str, everything: Evaluation, now) -> None:
    store.save(everything)
    once = kept(database_url, now), store.state()
    store.save(everything)
    assert (kept(database_url, now), store.state()) == once
    assert once[0][2] == list(everything.spans)
    assert once[0][3][0] == b'{"at": "now"}'


@pytest.mark.parametrize("step", ["spans", "incidents", "snapshot"])
def test_a_fault_in_the_middle_leaves_what_was(
    store: Store, database_url: str, everything: Evaluation, now, step: str
) -> None:
    store.save(everything)
    before = kept(database_url, now), store.state()
    later = now + timedelta(minutes=1)
    change = replace(
        everything,
        verdicts=(replace(everything.verdicts[0], health=Health.UP, since=later),
                  Verdict("new/probe", "local", Health.UP, later)),
        services=(replace(everything.services[0], health=Health.UP, since=later),),
        spans=(Span("ent-x", None, "local", Health.DOWN, now, later), Span("new", None, "local", Health.UP, now, later)),
        incidents=(replace(everything.incidents[0], recovered_at=later),),
        snapshot=b'{"at": "later"}',
    )  # fmt: skip
    table = {"spans": "spans", "incidents": "incidents", "snapshot": "snapshots"}[step]
    with store._engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO away")
    with pytest.raises(Exception, match=table):
        store.save(change)
    with store._engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE away RENAME TO {table}")
    assert (kept(database_url, now), store.state()) == before
    store.save(change)
    assert kept(database_url, now)[3][0] == b'{"at": "later"}'
    assert {one.probe for one in store.state().verdicts} == {"ent-x/login", "new/probe"}


@pytest.fixture
def withdrawn(store: Store, everything: Evaluation, answer, now) -> Evaluation:
    """What says that a probe heard from two vantages and its service are no longer in the catalogue."""
    lyon = replace(everything.verdicts[0], vantage="lyon")
    other = Verdict("other/x", "local", Health.UP, now)
    services = (*everything.services, ServiceVerdict("other", Health.UP, now))
    store.append([answer()])
    store.save(replace(everything, verdicts=(*everything.verdicts, lyon, other), services=services))
    return replace(
        everything, verdicts=(), services=(), spans=(), incidents=(),
        gone=("ent-x/login", "unheard/of"), gone_services=("ent-x", "unheard"),
    )  # fmt: skip


def test_what_the_catalogue_no_longer_holds_has_no_verdict_but_a_history(
    store: Store, database_url: str, withdrawn: Evaluation, everything: Evaluation, answer, now
) -> None:
    for _ in range(2):
        store.save(withdrawn)
        state = store.state()
        assert [one.probe for one in state.verdicts] == ["other/x"]
        assert [one.service for one in state.services] == ["other"]
        assert state.incidents == everything.incidents
        assert kept(database_url, now)[2] == list(everything.spans)
        reader = open_reader(database_url)
        assert reader.observations(["ent-x/login"], now, now + timedelta(seconds=1)) == [answer()]
        reader.close()
    assert check(database_url) == ()


def test_what_is_gone_goes_with_the_rest_of_its_evaluation_or_not_at_all(
    store: Store, database_url: str, withdrawn: Evaluation, now
) -> None:
    before = kept(database_url, now), store.state()
    with store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE snapshots RENAME TO away")
    with pytest.raises(StoreError):
        store.save(withdrawn)
    with store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO snapshots")
    assert (kept(database_url, now), store.state()) == before


def test_a_span_without_length_is_left_out_and_the_later_word_counts(
    store: Store, database_url, evaluation, now
) -> None:
    span = Span("ent-x", None, "local", Health.UP, now - timedelta(hours=1), now)
    store.save(evaluation(spans=(replace(span, until=span.since, health=Health.SLOW), span)))
    longer = replace(span, until=now + timedelta(hours=1))
    assert kept(database_url, now)[2] == [span]
    store.save(evaluation(spans=(longer,)))
    assert kept(database_url, now)[2] == [longer]


def test_no_snapshot_leaves_the_old_one_and_the_etag_follows_the_bytes(
    store: Store, database_url, evaluation, now
) -> None:
    assert kept(database_url, now)[3] is None
    store.save(evaluation(snapshot=b"1"))
    one = kept(database_url, now)[3]
    store.save(evaluation(snapshot=None))
    assert kept(database_url, now)[3] == one
    store.save(evaluation(snapshot=b"2"))
    two = kept(database_url, now)[3]
    assert two[0] == b"2"
    assert two[1] != one[1]
    assert two[1].isalnum()
