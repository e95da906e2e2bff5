"""Who hears about what, and when there is something new to say."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.catalog import Audience, Catalog, Role
from monitor.domain.incident import Incident
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.quiet import QuietHours
from monitor.domain.reason import Reason
from monitor.domain.scope import SchoolScope, known, places_hit, touches, touches_school


class Silence(StrEnum):
    """Why nothing is said: the default, and it has a name."""

    NOT_THEIRS = "not_theirs"
    TOO_MILD = "too_mild"
    TOO_FEW = "too_few"
    SETTLING = "settling"
    RECOVERING = "recovering"
    WE_ARE_BLIND = "we_are_blind"
    NEVER_OPENED = "never_opened"
    NOT_MEASURED = "not_measured"
    JUST_TOLD = "just_told"
    NOTHING_NEW = "nothing_new"
    SAID_ENOUGH = "said_enough"
    SILENCED = "silenced"
    MASKED = "masked"
    ACKNOWLEDGED = "acknowledged"
    QUIET_HOURS = "quiet_hours"
    OUT_OF_SCHOOL = "out_of_school"


UPDATE_EVERY = timedelta(minutes=10)  # from one message about an incident to the next that only adds to it
MORE_SHARE = 0.25  # of their users: what an incident must take more of to have spread, where no place is added
UPDATES = frozenset({Reason.WORSENED, Reason.EXPLAINED, Reason.SPREAD, Reason.STILL_OPEN, Reason.MERGED})
LAST_WORDS = frozenset({Reason.CLOSED, Reason.MERGED})
_HAIR = 1e-9  # a quarter that lacks the last bit of a float is a quarter


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to hear about which territories or services, from which health, after which settling time.

    `to_env` names the environment variable that holds the Apprise URL: the address itself never enters the catalogue.
    `second_to_env` names that of a second one, for when the first fails.
    `min_share` is compared with the share affected of the subscription's own territories (0..1).

    Attributes:
        operators: ids; their services, wherever they serve.
        schools: what serves these schools, or everybody around them (see `SchoolScope`).
        audiences: narrows `territories` and `national` to services for one of these; empty: for anybody.
        national: services that serve the whole country too, which a territory below it does not ask for.
        quiet: hours of their own place in which nothing is said; with `school_hours` all that is not class is such.
        digest: whether they want the letter of every morning.
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
    second_to_env: str | None = None
    operators: tuple[str, ...] = ()
    schools: tuple[SchoolScope, ...] = ()
    audiences: tuple[Audience, ...] = ()
    national: bool = False
    quiet: QuietHours | None = None
    school_hours: bool = False
    digest: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """Codes of the places that they ask about; of a school that of its département."""
        return (*self.territories, *(school.place for school in self.schools))

    @property
    def wish(self) -> "Subscription":
        """The same of whoever asked for the same: without the reader's own name, or their school's."""
        schools = tuple(replace(school, uai="") for school in self.schools)
        return replace(self, id="", to_env="", second_to_env=None, schools=schools)


@dataclass(frozen=True, slots=True)
class Told:
    """What one subscription last heard about one incident.

    Attributes:
        share: part affected (0..1) of its own territories, as it was then; reach: how many of its places and services
            were; explained: whether the common cause was. None in what was said before they were kept: nothing is
            compared with them then.
    """

    subscription: str
    incident: str
    reason: Reason
    health: Health
    at: datetime
    share: float | None = None
    reach: int | None = None
    explained: bool | None = None


def concerns(subscription: Subscription, incident: Incident, catalog: Catalog) -> bool:
    """Whether an incident is theirs: same territory, one above or one below it; national services only if asked for.

    Our own blindness concerns the operator of Vigie and nobody else, and nothing else concerns the operator.
    """
    if incident.ours or subscription.role is Role.OPERATOR:
        return incident.ours and subscription.role is Role.OPERATOR
    if asked_for(subscription, incident, catalog):
        return True
    hit = places_hit(incident, catalog, subscription.audiences)
    if any(touches(catalog, wanted, one) for wanted in subscription.territories for one in hit):
        return True
    return any(touches_school(school, incident, catalog) for school in subscription.schools)


def asked_for(subscription: Subscription, incident: Incident, catalog: Catalog) -> bool:
    """Whether they asked for a service of it by its name, by its operator's, or as one of the whole country."""
    if any(service in subscription.services for service in incident.services):
        return True
    if subscription.operators and any(one.operator in subscription.operators for one in known(incident, catalog)):
        return True
    return _of_the_nation(subscription, incident, catalog)


def _of_the_nation(subscription: Subscription, incident: Incident, catalog: Catalog) -> bool:
    """Whether it hits the whole country, for an audience of theirs, and they asked to hear of that."""
    readers = [subscription.audiences] if "N" in subscription.territories else []
    if subscription.national:
        readers += [school.audiences for school in subscription.schools]
        readers += [subscription.audiences] if subscription.territories or not subscription.schools else []
    return any("N" in places_hit(incident, catalog, audiences) for audiences in readers)


def to_tell(
    subscription: Subscription,
    incident: Incident,
    told: Told | None,
    share: float,
    now: datetime,
    *,
    blind: bool,
    reach: int = 0,
) -> Reason | Silence:
    """What to say to one subscription that an incident concerns, by comparing it with what it last heard.

    `share` (0..1) is the part affected of the subscription's own territories; `reach`: how many of its places and
    services are. What only adds to what was said waits until ten minutes after it; an end, or a relapse, never does.
    """
    if blind and not incident.ours:
        return Silence.WE_ARE_BLIND
    if told is None:
        return _first_word(subscription, incident, share, now)
    if told.reason in LAST_WORDS:
        return Silence.NOTHING_NEW
    said = _of_an_end(incident, told) or _of_what_lasts(incident, told)
    if said is None and subscription.role is not Role.HEAD:  # a head hears of beginnings and ends
        said = _of_its_extent(incident, told, share, reach)
    if said is None:
        due = subscription.repeat is not None and now - told.at >= subscription.repeat
        said = Reason.STILL_OPEN if due else Silence.NOTHING_NEW
    return Silence.JUST_TOLD if said in UPDATES and timedelta(0) <= now - told.at < UPDATE_EVERY else said


def _of_an_end(incident: Incident, told: Told) -> Reason | Silence | None:
    """What to say of an incident that is over or answers again; None while it lasts."""
    if incident.absorbed_into is not None:
        return Reason.MERGED
    if incident.closed_at is not None:
        return Reason.CLOSED
    if incident.eased_at is not None:
        return Silence.NOTHING_NEW if told.reason is Reason.EASED else Reason.EASED
    return None if incident.recovered_at is None else Silence.RECOVERING


def _of_what_lasts(incident: Incident, told: Told) -> Reason | Silence | None:
    """What to say of an incident that lasts and is not as it was: worse, or bad again; None where it is."""
    if incident.health is Health.UNKNOWN and not incident.ours:
        return Silence.NOT_MEASURED
    if told.reason is Reason.EASED:
        return Reason.RELAPSED
    return Reason.WORSENED if SEVERITY[incident.worst] > SEVERITY[told.health] else None


def _of_its_extent(incident: Incident, told: Told, share: float, reach: int) -> Reason | None:
    """What has become known of it since: its cause, or that it takes clearly more of what is theirs."""
    if incident.explained and told.explained is False:
        return Reason.EXPLAINED
    further = told.reach is not None and reach > told.reach
    more = told.share is not None and share >= told.share + MORE_SHARE - _HAIR
    return Reason.SPREAD if further or more else None


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
