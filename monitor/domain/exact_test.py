"""Fisher's exact test, one-sided: how often would chance alone put so many of the unwell inside a set?"""

from math import exp, lgamma, log, log1p

NEGLIGIBLE = 1e-17  # of the sum so far: what is left of a tail below that no longer changes a float


def log_chance(unwell_inside: int, inside: int, unwell_outside: int, outside: int) -> float:
    """The natural logarithm of P(X >= `unwell_inside`), X hypergeometric: 0.0 for what says nothing.

    `inside` and `outside` count the services whose health is known, the unwell ones included. The logarithm, because
    10,000 services of one operator that fail together are less likely than the smallest float: two candidates must
    still be told apart there. Only one tail is summed, by the ratio of its neighbours, and only as far as it counts.
    """
    unwell = unwell_inside + unwell_outside
    if unwell_inside <= max(0, unwell - outside):
        return 0.0
    if (
        unwell_inside * (inside + outside) > unwell * inside
    ):  # above what chance expects: the upper tail is the short one
        start, tail = _log_exactly(unwell_inside, inside, unwell, outside), 1.0
        term, found = 1.0, unwell_inside
        while found < min(inside, unwell) and term > tail * NEGLIGIBLE:
            term *= (inside - found) * (unwell - found) / ((found + 1) * (outside - unwell + found + 1))
            tail, found = tail + term, found + 1
        return min(0.0, start + log(tail))
    start, tail = _log_exactly(unwell_inside - 1, inside, unwell, outside), 1.0
    term, found = 1.0, unwell_inside - 1
    while found > max(0, unwell - outside) and term > tail * NEGLIGIBLE:
        term *= found * (outside - unwell + found) / ((inside - found + 1) * (unwell - found + 1))
        tail, found = tail + term, found - 1
    return log1p(-exp(start + log(tail)))


def _log_exactly(found: int, inside: int, unwell: int, outside: int) -> float:
    """The logarithm of P(X == found)."""
    return _log_comb(inside, found) + _log_comb(outside, unwell - found) - _log_comb(inside + outside, unwell)


def _log_comb(of: int, taken: int) -> float:
    return lgamma(of + 1) - lgamma(taken + 1) - lgamma(of - taken + 1)
