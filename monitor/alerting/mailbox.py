"""One person's mailbox behind the gateway that Vigie's own letters leave by."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit, urlunsplit


def mailbox(gateway: str, to: str, headers: Mapping[str, str] | None = None) -> str:
    """The Apprise URL that sends to one address alone.

    Args:
        gateway: an Apprise URL ``mailto://…`` or ``mailtos://…`` that names server and sender; recipients that
            it names itself are left out.
        to: an e-mail address in the form of `domain.recipient.email_of`.
        headers: header → value, one line of ASCII each, added to the message (``List-Unsubscribe``, ``References``…).

    Raises ValueError for a gateway that is no mail server, and for a header of more than one line: whoever could write
    a line end would write headers of their own.
    """
    parts = urlsplit(gateway)
    if parts.scheme not in {"mailto", "mailtos"} or not parts.hostname:
        raise ValueError("La passerelle de courrier n’est pas une adresse mailto://… ou mailtos://….")
    given = headers or {}
    if any(not value.isascii() or not value.isprintable() for pair in given.items() for value in pair):
        raise ValueError("Un en-tête de courrier tient sur une ligne d’ASCII.")
    kept = [part for part in parts.query.split("&") if part and part.partition("=")[0] not in {"to", "cc", "bcc"}]
    added = urlencode({"to": to, **{f"+{name}": value for name, value in given.items()}}, quote_via=quote)
    return urlunsplit((parts.scheme, parts.netloc, "/", "&".join([*kept, added]), ""))
