"""How often a probe is asked at each moment of the school clock, from the layers that speak of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.config.wire import Wrong
from monitor.domain.policy import Policy, Rhythm

BY_RHYTHM = ("every_opening", "every_outside", "every_rest")
_KEYS = {
    Rhythm.OPENING: "every_opening",
    Rhythm.CLASS: "every",
    Rhythm.OUTSIDE: "every_outside",
    Rhythm.REST: "every_rest",
}


def merged(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The keys of a `Policy` from its layers, the farthest first: the nearest word wins.

    Whoever sets `every` nearer than the layer of the three other intervals sets the fastest pace: nobody who asked for
    five minutes is asked every 30 s at eight o'clock because the defaults say so, nor more often at night than by day.
    """
    policy: dict[str, Any] = {}
    for layer in layers:
        if "every" in layer:
            policy.pop("every_opening", None)
            for key in ("every_outside", "every_rest"):
                if key in policy:
                    policy[key] = max(policy[key], layer["every"])
        policy.update(layer)
    return policy


def constant(policy: Policy) -> Policy:
    """The same policy without a school clock: our own line is watched evenly."""
    return replace(policy, every_opening=None, every_outside=None, every_rest=None)


def unsure(layers: Iterable[tuple[Iterable[str], frozenset[str]]]) -> frozenset[str]:
    """The keys whose value is not what the author wrote; of each layer, the farthest first, those it gives and lost.

    What a nearer layer gives anew is sure again. Without its own interval for an hour, the farthest layer is as dense
    as its `every` and no denser: to have lost that accuses nobody.
    """
    lost: set[str] = set()
    for place, (given, lost_here) in enumerate(layers):
        lost -= {*given} | ({"every_opening"} if "every" in given else set())
        lost |= lost_here if place else lost_here.difference(BY_RHYTHM)
    return frozenset(lost)


def pace_faults(policy: Policy, lost: frozenset[str] = frozenset()) -> Iterator[Wrong]:
    """Why a policy cannot be kept even at its densest, as far as that does not rest on the keys that are `lost`.

    The rule is that of docs/method.md, "Confirmation".
    """
    if not lost.isdisjoint({*_KEYS.values(), "timeout"}):
        return
    densest = min(Rhythm, key=policy.interval)
    key = _KEYS[densest] if getattr(policy, _KEYS[densest]) is not None else "every"
    every = policy.interval(densest)
    if policy.timeout >= every:
        what = f"« timeout » ({in_seconds(policy.timeout)}) n’est pas plus court que « {key} » ({in_seconds(every)})"
        yield what, "raccourcissez « timeout » ou espacez les questions"
    needed = (policy.fail_after - 1) * policy.retry_every + policy.timeout
    allowed = every + policy.fail_for
    if needed > allowed and lost.isdisjoint({"fail_after", "fail_for", "retry_every"}):
        sums = f"(fail_after - 1) × retry_every + timeout = {in_seconds(needed)}"
        what = f"confirmation impossible à temps : {sums}, plus que {key} + fail_for = {in_seconds(allowed)}"
        yield what, f"restez sous {in_seconds(allowed)} : baissez « fail_after », « retry_every » ou « timeout »"


def slow_faults(slow: timedelta, timeout: timedelta) -> Iterator[Wrong]:
    """A threshold of slowness that no answer can reach."""
    if slow >= timeout:
        longer = f"« slow » ({in_seconds(slow)}) n’est pas plus court que « timeout » ({in_seconds(timeout)})"
        yield f"{longer} : rien ne serait lent", "raccourcissez « slow » ou allongez « timeout »"


def in_seconds(duration: timedelta) -> str:
    """A duration as a message shows it."""
    return f"{duration.total_seconds():g} s"
