"""How much one reader is told of one incident at most, whatever happens to it."""

from collections.abc import Mapping

from monitor.domain.catalog import Role
from monitor.domain.notice import Silence, Told
from monitor.domain.reason import Reason

# A head of school has a school to run: that it began, that it is over, once that it began again, and then once that it
# is over for good. So what was said last says all that may still be said; a turn that is left out changes nothing.
_TO_A_HEAD: Mapping[Reason, frozenset[Reason]] = {
    Reason.EASED: frozenset({Reason.RELAPSED}),
    Reason.RELAPSED: frozenset({Reason.CLOSED}),
    Reason.CLOSED: frozenset(),
    Reason.MERGED: frozenset(),
}
_AFTER_THE_OPENING = frozenset({Reason.EASED, Reason.CLOSED})


def within_cap(role: Role, told: Told | None, said: Reason | Silence) -> Reason | Silence:
    """What may be said to a reader of this role, of what the rules would say after what they last heard."""
    if role is not Role.HEAD or isinstance(said, Silence):
        return said
    if told is None:
        return said if said is Reason.OPENED else Silence.SAID_ENOUGH
    return said if said in _TO_A_HEAD.get(told.reason, _AFTER_THE_OPENING) else Silence.SAID_ENOUGH
