"""The four intervals of a probe, from the layers that speak of them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.cadence import BY_RHYTHM, merged
from monitor.domain.policy import Policy, Rhythm

CLOCK = "defaults: {every: 60s, every_opening: 30s, every_outside: 5m, every_rest: 15m%s}\n"
SERVICE = """\
services:
  - id: mien
    name: "Mien"
    kind: ent
    profile: entcore
    url: "https://mien.example"
    territories: ["D:59"]
%s"""
USUAL = (30, 60, 300, 900)


def paces(config, probe: int = 0) -> tuple[float, ...]:
    policy = config.catalog.services["mien"].probes[probe].policy
    return tuple(policy.interval(rhythm).total_seconds() for rhythm in Rhythm)


LAYERS = [
    ("", USUAL),
    ("    every: 5m\n", (300, 300, 300, 900)),
    ("    every: 20m\n", (1200, 1200, 1200, 1200)),
    ("    every: 20s\n", (20, 20, 300, 900)),
    ("    every: 5m\n    every_opening: 60s\n", (60, 300, 300, 900)),
    ("    every: 5m\n    every_rest: 10m\n", (300, 300, 300, 600)),
    ("    every_outside: 2m\n", (30, 60, 120, 900)),
    ("    probes: {login: {every: 5m}}\n", (300, 300, 300, 900)),
    ("    every_opening: 45s\n    probes: {login: {every: 5m}}\n", (300, 300, 300, 900)),
    ("    every: 5m\n    probes: {login: {every_opening: 40s}}\n", (40, 300, 300, 900)),
]


@pytest.mark.parametrize(("words", "expected"), LAYERS)
def test_who_sets_the_pace_sets_the_fastest(loaded, words, expected):
    assert paces(loaded(CLOCK % "" + SERVICE % words)) == expected


def test_a_profile_that_asks_seldom_is_not_hurried_by_the_defaults(loaded, head):
    head = head.replace(
        'login: {kind: http, url: "{url}/auth/login"', 'login: {kind: http, every: 5m, url: "{url}/auth/login"'
    )
    config = loaded(CLOCK % "" + SERVICE % "", head=head)
    assert (paces(config), paces(config, 1)) == ((300, 300, 300, 900), USUAL)
    hurried = loaded(CLOCK % "" + SERVICE % "    every: 90s\n", head=head)
    assert paces(hurried) == (90, 90, 300, 900)


def test_without_these_keys_the_hour_does_not_matter(loaded):
    assert paces(loaded("defaults: {every: 2m}\n" + SERVICE % "")) == (120, 120, 120, 120)


def test_our_own_line_is_watched_evenly(loaded):
    policy = loaded(CLOCK % "").catalog.canaries[0].policy
    assert {policy.interval(rhythm) for rhythm in Rhythm} == {timedelta(seconds=10)}


def test_a_witness_of_our_line_may_not_have_hours(problems, head):
    (problem,) = problems("", head=head.replace("every: 10s, timeout", "every: 10s, every_rest: 5m, timeout", 1))
    assert (problem.line, problem.where) == (3, "canaries[0].every_rest")
    assert "témoin" in problem.what


DENSE = [
    (CLOCK % ", timeout: 30s, slow: 4s", "", "defaults", "« every_opening » (30 s)"),
    (CLOCK % "", "    timeout: 45s\n", "services[0]", "« every_opening » (30 s)"),
    (CLOCK % "", "    every: 10m\n    every_opening: 8s\n", "services[0]", "« every_opening » (8 s)"),
    (CLOCK % "", "    retry_every: 41s\n", "services[0]", "every_opening + fail_for = 90 s"),
    (CLOCK % "", "    every: 8s\n    retry_every: 2s\n", "services[0]", "« every » (8 s)"),
    ("defaults: {every: 5m}\n", "    every_rest: 9s\n", "services[0]", "« every_rest » (9 s)"),
]


@pytest.mark.parametrize(("defaults", "words", "where", "what"), DENSE)
def test_a_policy_must_hold_at_its_densest(problems, defaults, words, where, what):
    found = problems(defaults + SERVICE % words)
    assert {problem.where for problem in found} == {where}
    assert any(what in problem.what.replace("\u00a0", " ") for problem in found), [problem.what for problem in found]


def test_it_is_enough_to_hold_at_the_densest(loaded):
    assert paces(loaded(CLOCK % "" + SERVICE % "    retry_every: 40s\n")) == USUAL


SPANS = st.integers(1, 3600).map(lambda seconds: timedelta(seconds=seconds))
LAYER = st.fixed_dictionaries({}, optional=dict.fromkeys(("every", *BY_RHYTHM), SPANS))


@given(st.lists(LAYER, max_size=4), SPANS, st.lists(st.fixed_dictionaries({}, optional={"timeout": SPANS}), max_size=2))
def test_whoever_gives_every_alone_is_never_asked_more_often(farther, every, nearer):
    policy = Policy(**merged([*farther, {"every": every}, *nearer]))
    assert min(policy.interval(rhythm) for rhythm in Rhythm) == policy.interval(Rhythm.OPENING) == every


@given(st.lists(LAYER, min_size=1, max_size=4))
def test_the_nearest_word_about_an_hour_is_the_last_one(layers):
    policy = merged(layers)
    assert {key: policy[key] for key in layers[-1]} == layers[-1]
