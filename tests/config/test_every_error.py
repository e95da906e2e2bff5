"""One error hides no other: what a broken key leaves sound is checked in the same run, and nothing is accused of it."""

import pytest

from tests.config.written import INLINE, ent

CANARIES = "".join(
    f'  - {{id: c{n}, kind: http, url: "http://c{n}.example/", every: 10s, timeout: 3s, expect: {{status: [204]}}}}\n'
    for n in range(4)
)
HEAD = f"""\
vigie: 1
defaults: {{every: 60s, every_opening: 5m, every_outside: 12s, every_rest: 15m, timeout: 10s, slow: 4s}}
canaries:
{CANARIES}profiles:
  q:
    probes:
      empty: {{kind: http, url: "{{url}}/x", expect: {{status: [204], contains: [x]}}}}
      both: {{kind: http, url: "{{url}}/x", expect: {{contains: [abc], not_contains: [abc]}}}}
      moved: {{kind: http, url: "{{url}}/x", expect: {{status: [302], final_host: "*.fr", header: {{Location: x}}}}}}
      slow: {{kind: http, url: "{{url}}/x", timeout: 90s, expect: {{contains: [abc]}}}}
      broken: {{kind: http, url: "{{url}}/x", expect: {{contains: [a], matches: [%s]}}}}
      queue: {{kind: http, url: "{{url}}/x", expect: {{contains: [abc]}}, waiting_room: {{contains: [abc]}}}}
services:
"""
SERVICES = """\
  - {id: s1, name: A, kind: ent, profile: q, url: "http://a.example", territories: [N], every_opening: 2m}
  - {id: s2, name: B, kind: ent, profile: q, url: "http://b.example", territories: [N], every_rest: 3s}
"""
BROKEN = "profiles.q.probes.broken.expect.matches[0]"


def places(found):
    return sorted((problem.where, problem.what) for problem in found)


def test_a_broken_expression_hides_nothing(problems):
    mended = places(problems(SERVICES, head=HEAD % "'oui'"))
    assert len(mended) == 4 + 2 + 3
    broken = places(problems(SERVICES, head=HEAD % "'('"))
    assert [one for one in broken if one[0] != BROKEN] == mended
    assert len(broken) == len(mended) + 1


def test_a_lost_interval_of_the_defaults_hides_no_pace(problems):
    mended = places(problems(SERVICES.replace("3s", "2s"), head=HEAD % "'oui'"))
    lost = places(problems(SERVICES.replace("3s", "2s"), head=(HEAD % "'oui'").replace("15m", "abc")))
    assert [one for one in lost if one[0] != "defaults.every_rest"] == mended


def test_wrong_defaults_do_not_hide_what_a_service_gets_wrong_by_itself(problems):
    text = "defaults: {retry_every: 5m}\n" + ent("timeout: 90s, slow: 95s")
    wheres = {problem.where for problem in problems(text)}
    assert wheres == {"defaults", "services[0]"}
    assert {problem.where for problem in problems("defaults: {retry_every: 5m}\n" + ent("timeout: 9s"))} == {"defaults"}


def test_what_remains_of_a_broken_expectation_still_contradicts_itself(problems):
    probe = "kind: http, url: 'https://x.example', expect: {status: [204], contains: [x], matches: ['(']}"
    wheres = [problem.where for problem in problems(INLINE % probe)]
    assert wheres == ["services[0].probes.page.expect", "services[0].probes.page.expect.matches[0]"]


@pytest.mark.parametrize(
    ("defaults", "words", "only"),
    [
        # Without the key that is wrong, another would stand in its place and be accused of it.
        ("every: 60", "timeout: 70s", "defaults.every"),
        ("every: 10m", "every: 60, timeout: 11m", "services[0].every"),
        ("every: 60s, every_opening: 30s", "every_opening: 10, timeout: 45s", "services[0].every_opening"),
        ("timeout: 10", "every: 8s", "defaults.timeout"),
        ("fail_for: 500", "retry_every: 2m", "defaults.fail_for"),
        ("every: 60s", "every: 8s, timout: 5s, fail_after: 1", "services[0].timout"),
        ("slow: 4s", "timeout: 3, every: 8s", "services[0].timeout"),
        ("slow: 40", "timeout: 3s", "defaults.slow"),
        ("every: 60s", "every: 8s, probes: {login: {timeout: 3}, context: {timeout: 3s}}", "services[0].probes.login.timeout"),
        ("every: 60s", "probes: {login: 3, context: {timeout: 3s}}, every: 8s", "services[0].probes.login"),
    ],
)  # fmt: skip
def test_nobody_is_accused_of_what_was_left_out(problems, defaults, words, only):
    assert [problem.where for problem in problems(f"defaults: {{{defaults}}}\n" + ent(words))] == [only]


@pytest.mark.parametrize(
    ("defaults", "words", "both"),
    [
        # A nearer layer says anew what was lost farther away.
        ("timeout: 10", "every: 8s, timeout: 9s", {"defaults.timeout", "services[0]"}),
        ("every_rest: 10", "timeout: 70s", {"defaults.every_rest", "services[0]"}),
        ("every_opening: 10", "every: 20s, timeout: 25s", {"defaults.every_opening", "services[0]"}),
        ("every: 60s", "operater: edifice, timeout: 70s", {"services[0].operater", "services[0]"}),
        ("every: 60s, waiting_room: [{name: a, matches: ['(']}]", "timeout: 70s",
         {"defaults.waiting_room[0].matches[0]", "services[0]"}),
    ],
)  # fmt: skip
def test_what_was_left_out_elsewhere_hides_no_pace(problems, defaults, words, both):
    assert {problem.where for problem in problems(f"defaults: {{{defaults}}}\n" + ent(words))} == both


def test_a_service_is_not_accused_of_a_profile_that_nothing_could_be_made_of(problems, head):
    text = ent("probes: {login: {timeout: 7s}}").replace("profile: entcore", "profile: rien")
    (problem,) = problems(text, head=head + "  rien: 3\n")
    assert problem.where == "profiles.rien"


def test_a_service_is_not_accused_of_a_probe_that_its_profile_lost(problems, head):
    head += "  demi: {probes: {login: 3, page: {kind: http, url: '{url}', expect: {contains: [x]}}}}\n"
    text = ent("probes: {login: {timeout: 70s}}").replace("profile: entcore", "profile: demi")
    assert [problem.where for problem in problems(text, head=head)] == ["profiles.demi.probes.login"]
