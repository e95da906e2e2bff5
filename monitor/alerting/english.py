"""The English words of a notice, for the subscriptions that ask for them."""

from datetime import datetime

from monitor.alerting.english_brief import ENGLISH_BRIEF
from monitor.alerting.english_gathered import ENGLISH_GATHERED
from monitor.alerting.english_groups import ENGLISH_GROUPS
from monitor.alerting.words import OwnLine, Words
from monitor.domain.catalog import Audience, Level
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _clock(at: datetime) -> str:
    return f"{at.hour:02d}:{at.minute:02d}"


def _day(at: datetime) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]}"


def _span(start: datetime, end: datetime) -> str:
    minutes = max(0, round((end - start).total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if days:
        return f"{days} d {left} h"
    return f"{hours} h {rest:02d}" if hours else f"{rest} min"


def _place(level: Level, name: str) -> str:
    return f"académie {name}" if level is Level.ACADEMIE else name


_FAILURES = {
    Failure.RESOLVE_NXDOMAIN: "the name of the service no longer exists (DNS)",
    Failure.RESOLVE_SERVFAIL: "the name servers (DNS) of the service answer with an error",
    Failure.RESOLVE_TIMEOUT: "the name servers (DNS) of the service do not answer in time",
    Failure.RESOLVE_EMPTY: "the name of the service leads to no address",
    Failure.RESOLVE_PRIVATE_ANSWER: "the name of the service leads to a private address",
    Failure.CONNECT_REFUSED: "the server refuses the connection",
    Failure.CONNECT_TIMEOUT: "the server does not accept the connection in time",
    Failure.CONNECT_RESET: "the server cuts the connection as soon as it opens",
    Failure.CONNECT_UNREACHABLE: "the server cannot be reached",
    Failure.TLS_EXPIRED: "the security certificate has expired",
    Failure.TLS_NOT_YET_VALID: "the security certificate is not valid yet",
    Failure.TLS_WRONG_HOST: "the security certificate belongs to another name",
    Failure.TLS_UNTRUSTED: "the security certificate is not signed by a known authority",
    Failure.TLS_HANDSHAKE: "the encrypted connection cannot be set up",
    Failure.TLS_TIMEOUT: "the encrypted connection is not set up in time",
    Failure.EXCHANGE_TIMEOUT: "the server does not answer in time",
    Failure.EXCHANGE_RESET: "the server cuts the connection without an answer",
    Failure.EXCHANGE_TRUNCATED: "the server cuts the connection in the middle of its answer",
    Failure.EXCHANGE_MALFORMED: "the answer of the server cannot be read",
    Failure.EXCHANGE_SERVER_ERROR: "the server answers with an internal error (5xx)",
    Failure.EXCHANGE_CLIENT_ERROR: "the server refuses the request (4xx)",
    Failure.EXCHANGE_REDIRECT_LOOP: "the service redirects without end",
    Failure.EXCHANGE_REDIRECT_FORBIDDEN: "the service redirects to an address that Vigie does not follow",
    Failure.EXCHANGE_OVERLOADED: "the server says that it is saturated and asks to come back later",
    Failure.CONTENT_WAITING_ROOM: "a waiting page stands in place of the service",
    Failure.CONTENT_RESTRICTED: "a page of restricted access is shown to an anonymous visitor",
    Failure.CONTENT_MAINTENANCE: "a maintenance page is shown",
    Failure.CONTENT_UNEXPECTED: "a page is shown, but not the one where users log in",
    Failure.CONTENT_TOO_LARGE: "the page is larger than what Vigie reads",
    Failure.CONTENT_UNDECODABLE: "the page cannot be decoded",
    Failure.CONTENT_SLOW: "the service answers, but later than its threshold",
    Failure.OURS_BLOCKED: "the service refuses Vigie's probes, which says nothing about its users",
    Failure.OURS_OFFLINE: "Vigie's own line is cut",
    Failure.OURS_POLICY: "Vigie's own rules forbid this measure",
    Failure.OURS_STALLED: "Vigie is late",
    Failure.OURS_STORAGE: "Vigie could not store its measure",
    Failure.OURS_BUG: "a fault of Vigie prevented the measure",
}

_STATES = {
    Health.UP: "ANSWERS",
    Health.SLOW: "SLOW",
    Health.WAITING: "WAITING ROOM",
    Health.RESTRICTED: "RESTRICTED",
    Health.DOWN: "DOWN",
    Health.MAINTENANCE: "MAINTENANCE",
    Health.UNKNOWN: "NOT MEASURED",
}

_MARKS = {
    Reason.OPENED: "{state}",
    Reason.WORSENED: "{state} (worse)",
    Reason.SPREAD: "{state} (wider)",
    Reason.EXPLAINED: "{state} (new facts)",
    Reason.EASED: "ANSWERS AGAIN",
    Reason.RELAPSED: "{state} (relapse)",
    Reason.STILL_OPEN: "{state} (still)",
    Reason.MERGED: "{state} (merged)",
    Reason.CLOSED: "RECOVERED",
}

_LEADS = {
    Reason.OPENED: ("{service} {state}.",) * 2,
    Reason.WORSENED: ("The situation is getting worse: {service} {state}.",) * 2,
    Reason.SPREAD: ("The incident is spreading: {service} {state}.",) * 2,
    Reason.EXPLAINED: ("A new fact sheds light on the incident: {service} {state}.",) * 2,
    Reason.EASED: (
        "{service} answers again; it stays under watch until the next peak of log-ins.",
        "{service} answer again; they stay under watch until the next peak of log-ins.",
    ),
    Reason.RELAPSED: ("Relapse of the same incident: {service} {state}.",) * 2,
    Reason.STILL_OPEN: ("Still going on: {service} {state}.",) * 2,
    Reason.MERGED: ("{service}: this incident joins a wider one, which is followed in its place.",) * 2,
    Reason.CLOSED: (
        "{service} answers normally: the incident is closed.",
        "{service} answer normally: the incident is closed.",
    ),
}

_STATE_IN_SENTENCE = {
    Health.UP: ("answers", "answer"),
    Health.SLOW: ("answers slowly", "answer slowly"),
    Health.WAITING: ("makes its users wait", "make their users wait"),
    Health.RESTRICTED: (
        "restricts access, as far as an anonymous visitor sees",
        "restrict access, as far as an anonymous visitor sees",
    ),
    Health.DOWN: ("is down", "are down"),
    Health.MAINTENANCE: ("shows a maintenance page", "show a maintenance page"),
    Health.UNKNOWN: ("is not measured", "are not measured"),
}

_BLIND = OwnLine(
    "VIGIE IS BLIND — line “{name}” — {since}",
    "Most of our reference sites no longer answer: Vigie's own line is at fault, not the services.\n"
    "No service is declared down and no other subscriber is told; the public page says that Vigie is blind.\n"
    "To check: this machine's connection, its name servers (DNS), its firewall.",
)
_SEES = OwnLine(
    "VIGIE SEES AGAIN — line “{name}” — {since}",
    "Most of our reference sites answer again. Measures resume by themselves; nothing needs doing.\n"
    "The blind time counts neither for nor against the availability of the services.",
)
_STILL_BLIND = OwnLine(_BLIND.title.replace("IS BLIND", "IS STILL BLIND"), _BLIND.body)

ENGLISH = Words(
    states=_STATES,
    marks=_MARKS,
    leads=_LEADS,
    state_in_sentence=_STATE_IN_SENTENCE,
    failures=_FAILURES,
    audiences={
        Audience.ECOLE: "primary schools",
        Audience.COLLEGE: "collèges",
        Audience.LYCEE: "lycées",
        Audience.PRIVE: "private schools",
        Audience.PERSONNELS: "staff",
        Audience.TOUS: "primary schools, collèges and lycées",
    },
    levels={
        Level.PAYS: ("country", "countries"),
        Level.REGION: ("région académique", "régions académiques"),
        Level.ACADEMIE: ("académie", "académies"),
        Level.DEPARTEMENT: ("département", "départements"),
        Level.COLLECTIVITE: ("collectivité", "collectivités"),
        Level.SCHOOL: ("school", "schools"),
    },
    place=_place,
    clock=_clock,
    day=_day,
    span=_span,
    own_line={
        Reason.OPENED: _BLIND,
        Reason.STILL_OPEN: _STILL_BLIND,
        Reason.EASED: _SEES,
        Reason.CLOSED: _SEES,
    },
    own_line_default=_BLIND,
    since="since {clock}",
    since_day="since {day}, {clock}",
    lasted="after {span}",
    country="the whole of France",
    territories="{count} territories",
    rehearsal="REHEARSAL (RÉPÉTITION) — {title}",
    rehearsal_note="REHEARSAL (RÉPÉTITION): a replayed day ({name}). No service is really affected.",
    opened="Start: {day}, {clock} (Paris time){local}.",
    recovered="End: {day}, {clock} (Paris time){local}. Duration: {span}.",
    local_time="{clock} local time ({place})",
    measured="What Vigie measures: {failure}.",
    worst="At its worst: {state}.",
    extent="Territories: {places}.",
    services="Services affected: {services}.",
    audience="For: {audience}.",
    share="Estimated share of users affected: {share} %{before}.",
    share_own="Estimated share of users affected in your territory ({place}): {share} %{before}.",
    buyer="Bought by: {buyer}.",
    operator="Operated by: {operator}.",
    support="Operator's support: {support}",
    nobody="Vigie knows neither the buyer nor the operator.",
    cause_unknown="Cause not established: Vigie states what answers and what does not, without attributing a cause.",
    page="Follow the incident: {page}",
    next_update="Next message: at the first change, otherwise in {span}.",
    next_change="Next message: at the first change.",
    signature="Vigie, independent watch over the digital services of French schools.",
    withdrawn_mark="CLOSED",
    withdrawn_lead=("Vigie no longer watches {service}: the incident is closed without a measured recovery.",) * 2,
    others=("{places} and {count} more",) * 2,
    joiner=" and ",
    groups=ENGLISH_GROUPS,
    brief=ENGLISH_BRIEF,
    gathered=ENGLISH_GATHERED,
)
