"""What a rehearsal says of itself; the rehearsals played are in tests/stories."""

import pytest

from monitor.rehearse import played_in


@pytest.mark.parametrize(
    ("took_s", "speed", "said"),
    [
        (12.4, 170.4, "joué en 12\u00a0s, 170,4 fois le temps"),
        (12.4, 60.0, "joué en 12\u00a0s, 60 fois le temps"),
        (12.4, 1_234_567.8, "joué en 12\u00a0s, 1234567,8 fois le temps"),
        (0.0, None, "joué en 0\u00a0s"),
    ],
)
def test_numbers_are_written_as_french_writes_them(took_s, speed, said):
    assert played_in(took_s, speed) == said
