"""Answers that need more than the snapshot: bounded questions to the measures, through the cache of `open_data`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.open_data import OpenData
from dashboard.public.answers import Document, json_document
from dashboard.public.api import published
from dashboard.public.api.asked import NotSoError, period
from dashboard.public.api.contract import AVAILABILITY_DAYS, INCIDENTS_DAYS, OBSERVATIONS_DAYS
from dashboard.public.api.published import NO_SERVICE, NO_TERRITORY, Edition
from monitor.domain.observation import Observation
from monitor.domain.uptime import Hours
from monitor.reports.open_shares import Asked

BUSY = "Les mesures ne peuvent pas être lues pour l’instant\u00a0: réessayez dans un instant."
NO_INCIDENT = "Aucun incident n’a cet identifiant."
NO_PROBE = "Aucune sonde suivie n’a ce nom\u00a0: /api/v1/services/ID donne celles d’un service."
ONE_OF = "Il faut «\u00a0{one}\u00a0» ou «\u00a0{other}\u00a0», et un seul des deux."
STEP_S = 10  # seconds: an end that nobody wrote is a whole number of them, so that a crowd asks one question
SEALS_VERSION = 1
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


async def incidents(edition: Edition, data: OpenData, asked: Mapping[str, Any]) -> Document:
    """A page of incidents: of the snapshot, or of a period. Raises NotSoError, here and below."""
    now = edition.view.at  # in a rehearsal not the wall's time
    since, until = asked["from"], asked["to"]
    if since is None and until is None:
        found: Sequence[Mapping[str, Any]] = list(edition.incidents.values())
    else:
        until = until or now
        since = since or until - timedelta(days=30)
        period(since, until, INCIDENTS_DAYS)
        past = await data.incidents(since, until, now)
        if past is None:
            raise NotSoError(503, BUSY)
        # What the snapshot holds is newer, and knows the share affected.
        found = [edition.incidents.get(one["id"], one) for one in past]
    chosen = [one for one in found if _chosen(one, asked["state"], asked["service"])]
    return json_document(published.paged(edition, "incidents", chosen, asked))


async def incident(edition: Edition, data: OpenData, key: str) -> Document:
    """One incident of any age."""
    found = edition.incidents.get(key)
    if found is None:
        read, found = await data.incident(key, edition.view.at)
        if not read:
            raise NotSoError(503, BUSY)
    if found is None:
        raise NotSoError(404, NO_INCIDENT)
    return json_document({"at": edition.at, "incident": found})


async def observations(edition: Edition, data: OpenData, asked: Mapping[str, Any]) -> Document:
    """Answers of one service or of one of its probes, the newest first."""
    service, probes = _whose(edition, asked["service"], asked["probe"])
    until = asked["to"] or _whole(edition.view.at)
    since = asked["from"] or until - timedelta(days=1)
    period(since, until, OBSERVATIONS_DAYS, hours_more=1)  # a day of Paris may have 25 hours
    end, skipped = _cursor(asked["cursor"], until)
    most = asked["limit"] + skipped + 1
    found = await data.newest(service, probes, since, end, most) if since < end else ()
    if found is None:
        raise NotSoError(503, BUSY)
    shown = found[skipped : skipped + asked["limit"]]
    more = len(found) > skipped + len(shown)
    return json_document(
        {
            "service": service,
            "from": instant(since),
            "to": instant(until),
            "observations": [observation(one) for one in shown],
            "next": _next(found[: skipped + len(shown)]) if more and shown else None,
        }
    )


async def availability(edition: Edition, data: OpenData, asked: Mapping[str, Any]) -> Document:
    """The availability of one service, or of the users of a territory."""
    share = _share(edition, asked)
    found = await data.share(share, edition.view.at)
    if found is None:
        raise NotSoError(503, BUSY)
    whose = {"service": share.service, "territory": share.territory}
    return json_document({**whose, "from": instant(share.since), "to": instant(share.until), "figures": list(found)})


async def seals(data: OpenData) -> Document:
    """Every seal, by vantage and number."""
    found = await data.seals()
    if found is None:
        raise NotSoError(503, BUSY)
    return all_seals(found)


def all_seals(found: Sequence[Mapping[str, Any]]) -> Document:
    """The list as it is published."""
    return json_document({"version": SEALS_VERSION, "seals": list(found)})


def observation(one: Observation) -> dict[str, Any]:
    """One answer under the keys of `monitor.domain.record`; durations in milliseconds."""
    phases, shown = one.phases, one.certificate
    return {
        "at": instant(one.at),
        "vantage": one.vantage,
        "service": one.probe.partition("/")[0],
        "probe": one.probe,
        "health": one.health.value,
        "failure": one.failure.value if one.failure else None,
        "took_ms": _ms(one.took),
        "resolve_ms": _ms(phases.resolve),
        "connect_ms": _ms(phases.connect),
        "tls_ms": _ms(phases.tls),
        "first_byte_ms": _ms(phases.first_byte),
        "transfer_ms": _ms(phases.transfer),
        "http_status": one.http_status,
        "address": one.address,
        "bytes_read": one.bytes_read,
        "final_host": one.final_host,
        "marker": one.marker,
        "detail": one.detail or None,
        "certificate": shown.fingerprint if shown else None,
        "certificate_not_after": instant(shown.not_after) if shown else None,
        "issuer": shown.issuer if shown else None,
        "clock_offset_s": None if one.clock_offset is None else round(one.clock_offset.total_seconds()),
        "catalogue": one.catalogue or None,
    }


def instant(at: datetime) -> str:
    """``2026-11-24T08:00:00.000000Z``: with microseconds, as records have them."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _ms(span: timedelta | None) -> float | None:
    return None if span is None else span // _MICROSECOND / 1000


def _chosen(one: Mapping[str, Any], state: str | None, service: str | None) -> bool:
    closed, eased = one["closed_at"] is not None, one.get("eased_at") is not None
    is_in = "closed" if closed else "watched" if eased else "current"
    return state in {None, is_in} and (service is None or service in one["services"])


def _whose(edition: Edition, service: str | None, probe: str | None) -> tuple[str, tuple[str, ...]]:
    """Which service, and which of its probes (all where none is named). Schools of fleets are none of these."""
    if (service is None) == (probe is None):
        raise NotSoError(422, ONE_OF.format(one="service", other="probe"))
    name = service or (probe or "").partition("/")[0]
    known = edition.view.services.get(name)
    if known is None:
        raise NotSoError(404, NO_SERVICE if probe is None else NO_PROBE)
    if probe is not None and known.probes and probe not in known.probes:
        raise NotSoError(404, NO_PROBE)
    return name, (probe,) if probe is not None else known.probes


def _share(edition: Edition, asked: Mapping[str, Any]) -> Asked:
    service, territory = asked["service"], asked["territory"]
    if (service is None) == (territory is None):
        raise NotSoError(422, ONE_OF.format(one="service", other="territory"))
    if service is not None and service not in edition.services:
        raise NotSoError(404, NO_SERVICE)
    if territory is not None and territory not in edition.territories:
        raise NotSoError(404, NO_TERRITORY)
    until = asked["to"] or _whole(edition.view.at)
    since = asked["from"] or until - timedelta(days=30)
    period(since, until, AVAILABILITY_DAYS)
    if since >= edition.view.at:
        raise NotSoError(422, "La période n’a pas commencé\u00a0: il n’y a encore rien à compter.")
    places = edition.view.services[service].territories if service is not None else ()
    hours = tuple(Hours) if asked["hours"] is None else (Hours(asked["hours"]),)
    return Asked(service, territory, places, since, until, hours)


def _whole(at: datetime) -> datetime:
    return at - timedelta(seconds=at.second % STEP_S, microseconds=at.microsecond)


def _cursor(text: str | None, until: datetime) -> tuple[datetime, int]:
    """Before which instant to read on, and how many answers of the last one were given already."""
    if text is None:
        return until, 0
    at, _, given = text.partition("-")
    end = _FIRST + timedelta(microseconds=int(at) + 1)
    return (end, int(given)) if end <= until else (until, 0)


def _next(given: Sequence[Observation]) -> str:
    last = given[-1].at
    return f"{(last - _FIRST) // _MICROSECOND}-{sum(one.at == last for one in given)}"
