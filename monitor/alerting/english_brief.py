"""The English words for a head of school."""

from monitor.alerting.brief_words import BriefWords
from monitor.domain.catalog import ServiceKind
from monitor.domain.observation import Health
from monitor.domain.reason import Reason

_OFFLINE = "Plan for work that needs no connection."

ENGLISH_BRIEF = BriefWords(
    whats={
        Health.UP: (
            "{service} answers, but the incident is not over.",
            "{service} answer, but the incident is not over.",
        ),
        Health.SLOW: (
            "{service} answers slowly: logging in takes longer than usual.",
            "{service} answer slowly: logging in takes longer than usual.",
        ),
        Health.WAITING: (
            "{service} makes {people} wait before letting them in.",
            "{service} make {people} wait before letting them in.",
        ),
        Health.RESTRICTED: (
            "{service} restricts access: some of its users cannot get in.",
            "{service} restrict access: some of their users cannot get in.",
        ),
        Health.DOWN: (
            "{service} does not answer: {people} cannot log in.",
            "{service} do not answer: {people} cannot log in.",
        ),
        Health.MAINTENANCE: (
            "{service} shows a maintenance page: {people} cannot get in.",
            "{service} show a maintenance page: {people} cannot get in.",
        ),
        Health.UNKNOWN: (
            "{service} is not measured for the moment.",
            "{service} are not measured for the moment.",
        ),
    },
    what_of_login=(
        "{service} does not answer: {people} cannot get into the services that use it.",
        "{service} do not answer: {people} cannot get into the services that use them.",
    ),
    before={
        Reason.WORSENED: "Worse. {what}",
        Reason.SPREAD: "Wider. {what}",
        Reason.EXPLAINED: "Still going on. {what}",
        Reason.RELAPSED: "Relapse. {what}",
        Reason.STILL_OPEN: "Still going on. {what}",
    },
    again=("{service} answers again.", "{service} answer again."),
    closed=("{service} answers normally.", "{service} answer normally."),
    withdrawn=("Vigie no longer watches {service}: the incident is closed without a measured recovery.",) * 2,
    merged=("{service}: the incident joins a wider one, which is followed in its place.",) * 2,
    pupils="pupils and families",
    staff="staff",
    joined="{first} and {second}",
    others=(" and {count} more service", " and {count} more services"),
    since="Since {clock}{elsewhere}.",
    since_day="Since {day}, {clock}{elsewhere}.",
    same="{since} It is the same incident as at {clock}.",
    same_day="{since} It is the same incident as on {day}.",
    lasted="The incident lasted {span}, from {start} to {end}{elsewhere}.",
    lasted_days="The incident lasted {span}, from {start_day}, {start} to {end_day}, {end}{elsewhere}.",
    elsewhere=" (local time, {clock} in Paris)",
    nothing="Nothing to do on your side: it is measured outside your school.",
    wait="Nothing to do on your side. Try again a little later, without a whole class in the same minute.",
    slow="Nothing to do on your side. Let the page load without reloading it.",
    try_it="To know how it stands, try to log in.",
    follows="Nothing to do on your side: a message will tell you of the end.",
    instead={
        ServiceKind.ENT: "Reach families and teachers by another way.",
        ServiceKind.VIE_SCOLAIRE: "Take attendance on paper and enter it later.",
        ServiceKind.IDENTITE: "There is no need to change passwords.",
        ServiceKind.CNED: _OFFLINE,
        ServiceKind.VISIO: _OFFLINE,
        ServiceKind.AUTRE: "Plan to do without it for now.",
    },
    works=("{service} answers, if you use it.", "{service} answer, if you use them."),
    use="Nothing to do: the incident is closed.",
    use_gently=(
        "You can log in, preferably without a whole class in the same minute. If it fails again, a message will say so."
    ),
    since_title="since {clock}",
    since_day_title="since {day}",
)
