"""Whose turn it is: every stratum its share of the budget, more where trouble is suspected, nobody too often."""

from datetime import datetime

from monitor.domain.fleet import WINDOW, Memory, School, Stratum

DENSER = 3.0  # docs/method.md, "Fleets": how much denser a stratum is asked while trouble is suspected in it
FEWEST = 8.0  # questions within the window that a small stratum gets at least, as far as the budget goes


def next_school(memory: Memory, now: datetime) -> School | None:
    """The school to ask now; None while nobody may be asked. Same memory, same school; costs one look per stratum.

    The stratum that was served least for its weight comes first (start-time fair queueing), and in it the school
    whose turn it is. A bad answer makes its stratum denser, never its school: within a stratum all are as likely to
    be in the sample.
    """
    open_ones = [stratum for stratum in memory.strata.values() if _may_be_asked(stratum, memory, now)]
    if not open_ones:
        return None
    return min(open_ones, key=lambda one: (max(one.served, memory.served), one.code)).next


def take(memory: Memory, school: School, now: datetime) -> None:
    """Give the school its turn at `now`: it is being asked, and its stratum has been served."""
    stratum = memory.strata[school.stratum]
    # A stratum that had nobody to ask gains no arrears: it would spend them in one go.
    memory.served = max(stratum.served, memory.served)
    stratum.served = memory.served + 1.0 / weight(stratum, memory)
    memory.asked(school, now)


def weight(stratum: Stratum, memory: Memory) -> float:
    """What a stratum weighs in the allocation: its schools, no less than earns `FEWEST` questions, more in trouble."""
    least = memory.agreed * FEWEST / (memory.fleet.budget * WINDOW.total_seconds())
    return max(len(stratum.schools), least) * (DENSER if stratum.suspected else 1.0)


def _may_be_asked(stratum: Stratum, memory: Memory, now: datetime) -> bool:
    """Whether its next school has had its rest; the others were asked later, so that none of them has if it has not."""
    turn = stratum.turns.get(stratum.next.uai)
    return turn is None or (not turn.under_way and now - turn.asked >= memory.fleet.every)
