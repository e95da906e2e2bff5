"""Where a notice may go: Apprise knows 255 schemes, Vigie opens those below, and no option of a URL may read a file."""

# What rectorats, collectivités, their support desks and schools read, or a webhook of their own. Left out on purpose:
# whatever acts on the machine itself (dbus, syslog, windows, macosx), whatever runs code of others (@notify plugins:
# any scheme), home automation, networks that publish to the world (toot, tweet), and everything nobody has asked for.
ALLOWED = frozenset(
    {
        *("mailto", "mailtos"),  # every rectorat reads mail
        *(
            "json",
            "jsons",
            "form",
            "forms",
            "xml",
            "xmls",
        ),  # a webhook of their own: ticketing, crisis desk, SMS gateway
        *("matrix", "matrixs"),  # Tchap, the State's messaging, is Matrix
        *("mmost", "mmosts", "rocket", "rockets", "zulip"),  # team chats that public bodies host themselves
        *("ncloud", "nclouds", "nctalk", "nctalks"),  # Nextcloud, as on apps.education.fr
        *("slack", "workflow", "workflows"),  # Slack; Microsoft Teams
        *("ntfy", "ntfys", "gotify", "gotifys"),  # push to a telephone, self-hosted
        *("signal", "signals", "freemobile", "sfr", "octopush"),  # Signal's gateway, two French networks, French SMS
    }
)

# Options with which Apprise would read a file, fetch an attachment or a template, or make keys on disk.
REFUSED_OPTIONS = frozenset({"attach", "template", "pgp", "pgpkey", "pgppub", "pgpprv", "wkd", "store"})


def scheme_of(url: str) -> str:
    """The scheme, lower case; empty where there is none."""
    scheme, found, _ = url.partition("://")
    return scheme.strip().lower() if found else ""


def refusal(url: str) -> str | None:
    """Why Vigie would not use this address, in French and without a word of the address itself; None when it may."""
    scheme = scheme_of(url)
    if not scheme:
        return "L’adresse d’envoi n’est pas une URL Apprise (exemple\u00a0: mailto://…)."
    if scheme not in ALLOWED:
        return f"Ce type d’adresse d’envoi n’est pas permis\u00a0; types permis\u00a0: {', '.join(sorted(ALLOWED))}."
    return None
