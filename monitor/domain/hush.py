"""What keeps news from leaving at one instant: silences, acknowledgements, maintenance, quiet hours, school hours.

Nothing is forgotten by it: what is not said now is compared again later with what was last heard. So when a silence
ends, who would have been told hears what is true then, once, and of what began and ended within it nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.notice import Silence, Subscription
from monitor.domain.reason import Reason
from monitor.domain.silence import Acknowledgement, DeclaredSilence, covers, taken_by
from monitor.domain.timetable import Timetable
from monitor.domain.window import Window, about, in_force

_COUNTRY, _PARIS = "N", "Europe/Paris"
_BEGINNINGS = frozenset({Reason.OPENED, Reason.RELAPSED})


@dataclass(frozen=True, slots=True)
class Declared:
    """What people declared and may still matter, as the desk holds it."""

    silences: tuple[DeclaredSilence, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Hush:
    """What is to be kept back at `now`, worked out once for all subscriptions.

    Attributes:
        timetable: the school clocks; None: it is always class.
        zones: IANA name → time zone. One that it lacks is Paris's, and where that is missing too, UTC.
        silenced: incident → the subscriptions that hear nothing of it; None among them: nobody does.
        masked: incidents of which every service is in a declared maintenance.
        taken: incidents that somebody works on.
    """

    catalog: Catalog
    now: datetime
    timetable: Timetable | None = None
    zones: Mapping[str, tzinfo] = field(default_factory=dict)
    silenced: Mapping[str, frozenset[str | None]] = field(default_factory=dict)
    masked: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()

    def silence(self, reason: Reason, subscription: Subscription, incident: Incident) -> Silence | None:
        """Why what would be said for that reason is not said now; None: it leaves."""
        if self.silences(subscription, incident):
            return Silence.SILENCED
        if reason in _BEGINNINGS and incident.id in self.masked:
            return Silence.MASKED
        if reason is Reason.STILL_OPEN and incident.id in self.taken:
            return Silence.ACKNOWLEDGED
        return self.rest(subscription)

    def silences(self, subscription: Subscription, incident: Incident) -> bool:
        """Whether a silence in force keeps everything of an incident from a subscription."""
        return not self.silenced.get(incident.id, frozenset()).isdisjoint((None, subscription.id))

    def rest(self, subscription: Subscription) -> Silence | None:
        """Whether it is an hour at which that subscription hears nothing at all; None: it is not."""
        if subscription.quiet is None and not subscription.school_hours:
            return None
        places = self._places(subscription)
        if subscription.quiet is not None and subscription.quiet.hold(self._local(places).time()):
            return Silence.QUIET_HOURS
        if subscription.school_hours and self.timetable is not None:
            clock = self.timetable.clock_of(places)
            return None if clock.in_school_hours(self.now) else Silence.OUT_OF_SCHOOL
        return None

    def _places(self, subscription: Subscription) -> tuple[str, ...]:
        """Where they are: their own territories and schools, else those of services they named, else the country."""
        known = self.catalog.territories
        own = tuple(code for code in subscription.places if code in known)
        named = (self.catalog.services[one] for one in subscription.services if one in self.catalog.services)
        of_services = tuple(code for service in named for code in service.territories)
        return own or of_services or ((_COUNTRY,) if _COUNTRY in known else ())

    def _local(self, places: tuple[str, ...]) -> datetime:
        zone = self.catalog.territories[places[0]].timezone if places else _PARIS
        return self.now.astimezone(self.zones.get(zone, self.zones.get(_PARIS, UTC)))


def hush(
    declared: Declared,
    incidents: Iterable[Incident],
    catalog: Catalog,
    now: datetime,
    *,
    timetable: Timetable | None = None,
    zones: Mapping[str, tzinfo] | None = None,
) -> Hush:
    """What is to be kept back at `now` (aware) of these incidents."""
    incidents = tuple(incidents)
    silences = tuple(one for one in declared.silences if one.in_force(now))
    windows = tuple(one for one in declared.windows if in_force(one, now))
    silenced = {
        incident.id: frozenset(one.subscription for one in silences if covers(one, incident, catalog))
        for incident in (incidents if silences else ())
    }
    return Hush(
        catalog,
        now,
        timetable,
        zones or {},
        silenced,
        masked=frozenset(one.id for one in incidents if _under_maintenance(one, windows, catalog)),
        taken=frozenset(one.id for one in incidents if taken_by(declared.acknowledgements, one) is not None),
    )


def _under_maintenance(incident: Incident, windows: tuple[Window, ...], catalog: Catalog) -> bool:
    services = [catalog.services.get(name) for name in incident.services]
    return bool(services and windows) and all(
        service is not None and any(about(window.scope, service, catalog) for window in windows) for service in services
    )
