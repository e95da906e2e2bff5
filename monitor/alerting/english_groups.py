"""The English words for several services at once."""

from monitor.alerting.group_words import GroupWords

ENGLISH_GROUPS = GroupWords(
    subjects={
        "operator": ("{count} service run by {name}", "{count} services run by {name}"),
        "platform": ("{count} service on the platform {name}", "{count} services on the platform {name}"),
        "hoster": (
            "{count} service declared as hosted by {name}",
            "{count} services declared as hosted by {name}",
        ),
        "network": ("{count} service on the network {name}", "{count} services on the network {name}"),
        "zone": ("{count} service under the domain {name}", "{count} services under the domain {name}"),
        "issuer": (
            "{count} service with a certificate issued by {name}",
            "{count} services with a certificate issued by {name}",
        ),
    },
    points={
        "operator": "the operator {name}",
        "platform": "the platform {name}",
        "hoster": "the declared hoster {name}",
        "network": "the network {name}",
        "zone": "the domain {name}",
        "issuer": "the certificate authority {name}",
        "service": "the service {name}",
        "vantage": "the vantage point {name}",
    },
    any_subject=("{count} service", "{count} services"),
    with_dependants=(
        "{name} and {count} service that depends on it",
        "{name} and {count} services that depend on it",
    ),
    dependants=("{count} service that relies on {name}", "{count} services that rely on {name}"),
    title=("{name}: {count} service", "{name}: {count} services"),
    title_with_dependants=("{name} and {count} service", "{name} and {count} services"),
    title_names={
        "platform": "platform {name}",
        "hoster": "hoster {name}",
        "network": "network {name}",
        "zone": "domain {name}",
        "issuer": "certificates {name}",
    },
    touched="are affected ({states})",
    separator="; ",
    joined="Joined incident: {incident}, since {day}, {clock} (Paris time).",
    watched="Under watch until {day}, {clock} (Paris time).",
    relapsed="Relapse: {day}, {clock} (Paris time){local}.",
    inside="{unwell} of {all} affected inside",
    outside="{unwell} of {all} elsewhere",
    nothing_outside="nothing else is measured",
    point="In common: {point}.",
    explained="This explains the incident better than chance: {counts}.",
    undecided="At the same time: {counts}. Vigie can neither retain it nor rule it out.",
    ruled_out=("Ruled out by what still answers: {points}.",) * 2,
    ruled_out_one="{point} ({unwell} of {all} affected)",
    undeclared="Neither declared nor observed for all of these services, Vigie cannot judge it: {kinds}.",
    undeclared_kinds={
        "operator": "the operator",
        "platform": "the platform",
        "hoster": "the hoster",
        "network": "the network",
        "issuer": "the certificate authority",
    },
    buyers="Services bought by: {buyer}.",
    works=("Answers in your territory: {services}.", "Answer in your territory: {services}."),
    elsewhere=(
        "The other measured service of the same operator ({operator}) is affected too: "
        "they fail together, which is not a cause.",
        "Other services of the same operator ({operator}): {unwell} of {all} measured are affected too; "
        "they fail together, which is not a cause.",
    ),
    nothing_elsewhere=(
        "The other measured service of the same operator ({operator}) answers.",
        "Other services of the same operator ({operator}): all {all} measured answer.",
    ),
    own_places=(
        "Département affected in your territory: {places}.",
        "Départements affected in your territory: {places}.",
    ),
    own_services="In your territory: {services}.",
    share_before=" (in the previous message: {share} %)",
    operators="Operated by: {operator}.",
)
