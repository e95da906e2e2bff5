"""Plain values and back: what is frozen today is read by whoever comes later."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.gap import Excuse
from monitor.domain.observation import Failure, Health
from monitor.domain.plain import plain, rebuilt

instants = st.datetimes(timezones=st.just(UTC))
durations = st.timedeltas(timedelta(), timedelta(days=90))


@dataclass(frozen=True, slots=True)
class Inner:
    at: datetime
    took: timedelta
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Outer:
    health: Health
    inner: Inner
    excuse: Excuse
    number: float
    words: tuple[str, ...] = ()
    several: tuple[Inner, ...] = ()
    pace: timedelta | None = None
    maybe: Inner | None = None
    until: datetime | None = None


inners = st.builds(Inner, instants, durations, st.none() | st.sampled_from(Failure))
outers = st.builds(
    Outer,
    st.sampled_from(Health),
    inners,
    st.sampled_from(Excuse),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.text()).map(tuple),
    st.lists(inners).map(tuple),
    st.none() | durations,
    st.none() | inners,
    st.none() | instants,
)


@given(outers)
def test_to_json_and_back_is_the_same(value: Outer) -> None:
    assert rebuilt(Outer, json.loads(json.dumps(plain(value)))) == value


def test_instants_durations_and_words_as_people_would_write_them() -> None:
    at = datetime(2021, 4, 6, 6, 0, 0, 5, tzinfo=UTC)
    said = plain(Inner(at, timedelta(milliseconds=1.5), Failure.TLS_EXPIRED))
    assert said == {"at": "2021-04-06T06:00:00.000005Z", "took_ms": 1.5, "failure": "tls/expired"}


def test_an_older_document_takes_the_defaults_and_a_newer_one_loses_what_is_unknown() -> None:
    old = {"at": "2021-04-06T06:00:00Z", "took_ms": 2, "beyond": 1}
    assert rebuilt(Inner, old) == Inner(datetime(2021, 4, 6, 6, tzinfo=UTC), timedelta(milliseconds=2))
    with pytest.raises(ValueError, match="tls/new"):
        rebuilt(Inner, old | {"failure": "tls/new"})
    with pytest.raises(TypeError):
        rebuilt(Inner, {"took_ms": 2})
