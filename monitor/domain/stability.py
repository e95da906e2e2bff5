"""Flapping: weighted changes over the last 21 answers (docs/method.md, "Confirmation").

A history of answers is one integer: below its leading 1 there is a bit an answer, the newest last, 1 where it was bad.
"""

KEPT = 21  # answers that are evidence
ENTER, LEAVE = 0.30, 0.10  # share of weighted changes: unstable above the one, stable again below the other
# Three failures in ten answers are 30 % of changes already, and one answer in a hundred lost brings that about within
# weeks. Five bad ones among the 21 are what tells one in three from one in a hundred (figures: docs/method.md).
FEWEST_BAD = 5
NOTHING_HEARD = 1
_WEIGHTS = tuple(1.2 - 0.4 * age / (KEPT - 2) for age in range(KEPT - 1))  # the newest change first: 1.2 down to 0.8
_FULL = 1 << KEPT


def remembered(history: int, *, bad: bool) -> int:
    """The history with one more answer; of more than 21 the oldest is forgotten."""
    longer = history << 1 | bad
    return longer if longer < 2 * _FULL else longer & (_FULL - 1) | _FULL


def bad_ones(history: int) -> int:
    """How many of the answers were bad."""
    return history.bit_count() - 1


def good_in_a_row(history: int) -> int:
    """How many good answers came since the last bad one."""
    return (history & -history).bit_length() - 1


def changes(history: int) -> float:
    """The share of changes between good and bad, 0 to 1, newer ones weighing more; what was not heard is no change."""
    pairs = max(history.bit_length() - 2, 0)
    flips = (history ^ history >> 1) & ((1 << pairs) - 1)
    return sum(weight for age, weight in enumerate(_WEIGHTS) if flips >> age & 1) / (KEPT - 1)


def is_unstable(history: int, *, before: bool, fewest: int = FEWEST_BAD) -> bool:
    """Whether the answers flap, given whether they did before the last of them; `fewest`: bad ones wanted."""
    if bad_ones(history) >= fewest and changes(history) > ENTER:
        return True
    return before and changes(history) >= LEAVE
