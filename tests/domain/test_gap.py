"""Excuses: a closed list whose codes are for ever."""

import pytest

from monitor.domain.gap import Excuse

WRITTEN = {
    "busy": (1, True), "back_off": (2, True), "courtesy": (3, True),
    "stopped": (10, False), "asleep": (11, False), "clock": (12, False), "storage": (13, False),
}  # fmt: skip


def test_the_list_of_excuses_is_the_contract() -> None:
    assert {excuse.value: (excuse.code, excuse.skip) for excuse in Excuse} == WRITTEN


def test_every_excuse_is_found_again_by_its_code() -> None:
    assert [Excuse.from_code(excuse.code) for excuse in Excuse] == list(Excuse)
    with pytest.raises(KeyError):
        Excuse.from_code(99)
