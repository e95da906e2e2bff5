"""`python -m tests.stories.nightly [STEPS]`: the machine of hardships for as long as it takes, and what it found."""

import logging
import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stories.hamlet import STEPS, Hardship

ENOUGH = 100_000
LONG = 100  # steps of one machine


def main(steps: int = ENOUGH) -> int:
    logging.disable(logging.WARNING)  # a dead gateway is part of the play
    began = time.monotonic()
    while STEPS["taken"] < steps:
        some = settings(
            max_examples=max((steps - STEPS["taken"]) // LONG, 1),
            stateful_step_count=LONG,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(Hardship, settings=some)
        except Exception:
            print(f"{STEPS['taken']} steps in {time.monotonic() - began:.0f} s: an invariant is violated")  # noqa: T201 - what this is for
            raise
    print(f"{STEPS['taken']} steps in {time.monotonic() - began:.0f} s, 0 violated invariants")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
