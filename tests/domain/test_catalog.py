from datetime import timedelta

import pytest

from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.domain.policy import Policy
from tests.domain.small import small_france


def test_probes_come_canaries_first() -> None:
    ids = [probe.id for probe in small_france().probes()]
    assert ids[:4] == [f"canary/{n}" for n in range(4)]
    assert set(ids[4:]) == {"a/login", "b/login", "c/login", "d/login"}


def test_ancestors_nearest_first() -> None:
    assert list(small_france().ancestors("D:01")) == ["A:lyon", "R:84", "N"]
    with pytest.raises(KeyError):
        list(small_france().ancestors("D:99"))


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [("D:01", "D:01", True), ("D:01", "N", True), ("N", "D:01", True), ("D:01", "D:69", False)],
)
def test_related(one: str, other: str, related: bool) -> None:
    assert small_france().related(one, other) is related


def test_an_empty_marker_asks_for_nothing() -> None:
    assert not Marker()
    assert Marker(contains=("x",))


def test_target_reads_as_people_write_it() -> None:
    assert Probe("a", "a", ProbeKind.HTTP, url="https://x/").target == "https://x/"
    assert Probe("a", "a", ProbeKind.TCP, host="x", port=22).target == "x:22"
    assert Probe("a", "a", ProbeKind.DNS, host="x").target == "x"


def test_an_answer_speaks_for_three_intervals_and_three_minutes_at_least() -> None:
    assert Policy().stale_after() == timedelta(seconds=190)
    assert Policy(every=timedelta(minutes=5)).stale_after() == timedelta(minutes=15, seconds=10)
