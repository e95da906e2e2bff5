"""Whatever happens in whatever order, no promise is broken: a few hundred steps here, 100,000 by `make nightly`."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stories.hamlet import STEPS, Hardship


def test_a_few_hundred_steps() -> None:
    before = STEPS["taken"]
    few = settings(
        max_examples=8, stateful_step_count=50, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Hardship, settings=few)
    assert STEPS["taken"] - before >= 300
