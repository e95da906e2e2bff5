"""Observations as flat records, on each database."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from random import Random

from monitor.domain.observation import Certificate, Failure, Observation
from monitor.domain.record import Record
from monitor.store import Store, open_reader, streams

HOUR = timedelta(hours=1)
Answer = Callable[..., Observation]


def test_a_record_says_what_was_observed(store: Store, database_url: str, answer: Answer, now: datetime) -> None:
    full = answer(
        failure=Failure.CONTENT_WAITING_ROOM,
        http_status=200,
        address="192.0.2.7",
        bytes_read=12,
        detail="file d'attente",
        final_host="sso.fr",
        marker="tooload",
        certificate=Certificate("ab" * 32, now + 90 * 24 * HOUR, "Autorité"),
        clock_offset=timedelta(seconds=-2),
        catalogue="c0ffee",
    )
    store.append([full, answer(1, probe="canary/temoin")])
    with closing(open_reader(database_url)) as reader:
        canary, found = reader.records(now, now + HOUR)
    assert found[1:6] == ("local", "ent-x", "ent-x/login", "waiting", "content/waiting_room")
    assert (found.took_us, found.resolve_us, found.http_status, found.address) == (118_100, None, 200, "192.0.2.7")
    assert (found.bytes_read, found.final_host, found.marker, found.detail) == (
        12,
        "sso.fr",
        "tooload",
        "file d'attente",
    )
    assert (found.certificate, found.issuer, found.clock_offset_s) == ("ab" * 32, "Autorité", -2)
    assert found.certificate_not_after == found.at + 90 * 24 * 3_600_000_000
    assert (found.catalogue, canary.service, canary.failure, canary.health) == ("c0ffee", "canary", None, "up")
    assert canary[12:] == (None,) * 11


def test_they_come_by_hour_then_probe_then_instant_whatever_the_order_of_arrival(
    store: Store, database_url: str, answer: Answer, now: datetime, monkeypatch
) -> None:
    monkeypatch.setattr(streams, "SERIES_A_PART", 2)
    answers = [
        answer(after, probe=f"{name}/login", vantage=vantage)
        for name in ("b", "a", "c")
        for vantage in ("local", "ailleurs")
        for after in (0, 60, 3 * 3600, 9 * 3600)
    ]
    Random(1).shuffle(answers)
    store.append(answers)
    with closing(open_reader(database_url)) as reader:
        found = list(reader.records(now, now + 24 * HOUR))
        assert len(found) == len(answers)
        key = lambda one: (one.at // 3_600_000_000, one.vantage, one.probe, one.at)  # noqa: E731
        assert found == sorted(found, key=key)
        assert [one.probe for one in reader.records(now, now + HOUR, ["a/login", "z/login"])] == ["a/login"] * 4
        some: list[Record] = list(reader.records(now + timedelta(seconds=60), now + 3 * HOUR))
        assert len(some) == 6, "the beginning belongs to it, the end does not"
        assert list(reader.records(now + 10 * HOUR, now + 24 * HOUR)) == []
        assert list(reader.records(now, now + HOUR, [])) == []
