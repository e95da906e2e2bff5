"""Who hears about what, and when there is something new to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.catalog import Catalog, Role
from monitor.domain.incident import Incident
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.quiet import QuietHours
from monitor.domain.reason import Reason


class Silence(StrEnum):
    """Why nothing is said: the default, and it has a name."""

    TOO_MILD = "too_mild"
    TOO_FEW = "too_few"
    SETTLING = "settling"
    RECOVERING = "recovering"
    WE_ARE_BLIND = "we_are_blind"
    NEVER_OPENED = "never_opened"
    NOT_MEASURED = "not_measured"
    NOTHING_NEW = "nothing_new"
    SILENCED = "silenced"
    MASKED = "masked"
    ACKNOWLEDGED = "acknowledged"
    QUIET_HOURS = "quiet_hours"
    OUT_OF_SCHOOL = "out_of_school"


LAST_WORDS = frozenset({Reason.CLOSED, Reason.MERGED})


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to hear about which territories or services, from which health, after which settling time.

    `to_env` names the environment variable that holds the Apprise URL: the address itself never enters the catalogue.
    `min_share` is compared with the share affected of the subscription's own territories (0..1). `quiet`, and with
    `school_hours` all that is not class, are hours of their own place in which nothing is said; `digest`: whether they
    want the letter of every morning.
    """

    id: str
    to_env: str
    territories: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    role: Role = Role.RECTORAT
    from_health: Health = Health.DOWN
    settle: timedelta = timedelta(minutes=3)
    repeat: timedelta | None = None
    min_share: float = 0.1
    language: str = "fr"
    quiet: QuietHours | None = None
    school_hours: bool = False
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What one subscription last heard about one incident."""

    subscription: str
    incident: str
    reason: Reason
    health: Health
    at: datetime


def concerns(subscription: Subscription, incident: Incident, catalog: Catalog) -> bool:
    """Whether an incident is theirs: same territory, one above or one below it; national services only if asked for.

    Our own blindness concerns the operator of Vigie and nobody else, and nothing else concerns the operator.
    """
    if incident.ours or subscription.role is Role.OPERATOR:
        return incident.ours and subscription.role is Role.OPERATOR
    if any(service in subscription.services for service in incident.services):
        return True
    return any(_theirs(catalog, wanted, hit) for wanted in subscription.territories for hit in incident.territories)


def _theirs(catalog: Catalog, wanted: str, hit: str) -> bool:
    """Whether a territory hit touches one asked for; what serves the whole country touches only the country."""
    if hit not in catalog.territories:  # a place that an older catalogue knew
        return False
    return catalog.related(wanted, hit) and (hit != "N" or wanted == "N")


def to_tell(
    subscription: Subscription, incident: Incident, told: Told | None, share: float, now: datetime, *, blind: bool
) -> Reason | Silence:
    """What to say to one subscription that an incident concerns, by comparing it with what it last heard.

    `share` (0..1) is the part affected of the subscription's own territories.
    """
    if blind and not incident.ours:
        return Silence.WE_ARE_BLIND
    if told is None:
        return _first_word(subscription, incident, share, now)
    if told.reason in LAST_WORDS:
        return Silence.NOTHING_NEW
    return _of_an_end(incident, told) or _of_what_lasts(subscription, incident, told, now)


def _of_an_end(incident: Incident, told: Told) -> Reason | Silence | None:
    """What to say of an incident that is over or answers again; None while it lasts."""
    if incident.absorbed_into is not None:
        return Reason.MERGED
    if incident.closed_at is not None:
        return Reason.CLOSED
    if incident.eased_at is not None:
        return Silence.NOTHING_NEW if told.reason is Reason.EASED else Reason.EASED
    return None if incident.recovered_at is None else Silence.RECOVERING


def _of_what_lasts(subscription: Subscription, incident: Incident, told: Told, now: datetime) -> Reason | Silence:
    if incident.health is Health.UNKNOWN and not incident.ours:
        return Silence.NOT_MEASURED
    if told.reason is Reason.EASED:
        return Reason.RELAPSED
    if SEVERITY[incident.worst] > SEVERITY[told.health]:
        return Reason.WORSENED
    if subscription.repeat is not None and now - told.at >= subscription.repeat:
        return Reason.STILL_OPEN
    return Silence.NOTHING_NEW


def _first_word(subscription: Subscription, incident: Incident, share: float, now: datetime) -> Reason | Silence:
    """Whether an incident that this subscription never heard of deserves its opening."""
    if incident.closed_at is not None or incident.eased_at is not None:
        return Silence.NEVER_OPENED  # never an end without its beginning
    if incident.ours:
        return Reason.OPENED  # the operator is told at once: while we are blind nobody else can tell him
    if SEVERITY[incident.worst] < SEVERITY[subscription.from_health]:
        return Silence.TOO_MILD
    if share < subscription.min_share:
        return Silence.TOO_FEW
    if incident.recovered_at is not None:
        return Silence.RECOVERING
    return Silence.SETTLING if now - incident.confirmed_at < subscription.settle else Reason.OPENED
