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


def pace_faults(policy: Policy) -> Iterator[Wrong]:
    """Why a policy cannot be kept even at its densest. The rule is that of docs/method.md, "Confirmation"."""
    densest = min(Rhythm, key=policy.interval)
    key = _KEYS[densest] if getattr(policy, _KEYS[densest]) is not None else "every"
    every = policy.interval(densest)
    if policy.timeout >= every:
        what = f"« timeout » ({in_seconds(policy.timeout)}) n’est pas plus court que « {key} » ({in_seconds(every)})"
        yield what, "raccourcissez « timeout » ou espacez les questions"
    needed = (policy.fail_after - 1) * policy.retry_every + policy.timeout
    allowed = every + policy.fail_for
    if needed > allowed:
        sums = f"(fail_after - 1) × retry_every + timeout = {in_seconds(needed)}"
        what = f"confirmation impossible à temps : {sums}, plus que {key} + fail_for = {in_seconds(allowed)}"
        yield what, f"restez sous {in_seconds(allowed)} : baissez « fail_after », « retry_every » ou « timeout »"


def in_seconds(duration: timedelta) -> str:
    """A duration as a message shows it."""
    return f"{duration.total_seconds():g} s"
