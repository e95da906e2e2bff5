"""One unwell service, and which troubles are compatible: of the same family, hence possibly of the same cause."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.observation import Failure, Health, Stage


class Family(StrEnum):
    """Troubles that one cause can bring about together. What saturates or falls may look like any of `service`."""

    NAMES = "names"
    CERTIFICATES = "certificates"
    PAGE = "page"
    MAINTENANCE = "maintenance"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One unwell service, confirmed; `since` is its onset: the first bad answer (aware UTC)."""

    service: str
    since: datetime
    health: Health
    failure: Failure | None = None


# The server answers, in time and without an error of its own, but not with what a user needs.
OF_THE_PAGE = frozenset(
    {
        Failure.CONTENT_UNEXPECTED,
        Failure.CONTENT_TOO_LARGE,
        Failure.CONTENT_UNDECODABLE,
        Failure.EXCHANGE_CLIENT_ERROR,
        Failure.EXCHANGE_MALFORMED,
        Failure.EXCHANGE_REDIRECT_LOOP,
        Failure.EXCHANGE_REDIRECT_FORBIDDEN,
    }
)


def family_of(trouble: Trouble) -> Family:
    """The family of a trouble, by its failure; by its health where no failure is known."""
    if trouble.health is Health.MAINTENANCE:
        return Family.MAINTENANCE
    return Family.SERVICE if trouble.failure is None else _FAMILIES[trouble.failure]


def _family(failure: Failure) -> Family:
    if failure.stage is Stage.RESOLVE:
        return Family.NAMES
    if failure.stage is Stage.TLS and failure is not Failure.TLS_TIMEOUT:  # one that hangs is overloaded, not misissued
        return Family.CERTIFICATES
    return Family.PAGE if failure in OF_THE_PAGE else Family.SERVICE


_FAMILIES = {failure: _family(failure) for failure in Failure}
