"""What the status alone says, and what Retry-After adds to it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.faults.place import LOGIN, Talk, reply
from tests.faults.registry import Answer, Family

status = Family("status")

CLIENT = "4xx is exchange/client_error"
SERVER = "5xx is exchange/server_error"
BLOCKED = "403 and 429 are ours/blocked: we are refused, the service is not down"
QUEUE = "503 with a Retry-After of at most 600 s is exchange/overloaded"
ABSURD = "a Retry-After above 600 s, or that says nothing, is no queue"
OTHER = "a status that the expectation does not name, below 400, is content/unexpected"


def bare(line: str, *headers: str) -> bytes:
    """An answer without anything to read."""
    return reply(LOGIN, line, *headers)


for line, expected, why in (
    ("400 Bad Request", "exchange/client_error", CLIENT),
    ("401 Unauthorized", "exchange/client_error", CLIENT),
    ("404 Not Found", "exchange/client_error", CLIENT),
    ("410 Gone", "exchange/client_error", CLIENT),
    ("451 Unavailable For Legal Reasons", "exchange/client_error", CLIENT),
    ("403 Forbidden", "ours/blocked", BLOCKED),
    ("429 Too Many Requests", "ours/blocked", BLOCKED),
    ("500 Internal Server Error", "exchange/server_error", SERVER),
    ("502 Bad Gateway", "exchange/server_error", SERVER),
    ("503 Service Unavailable", "exchange/server_error", SERVER),
    ("504 Gateway Timeout", "exchange/server_error", SERVER),
    ("522 Connection Timed Out", "exchange/server_error", SERVER),
    ("203 Non-Authoritative Information", "content/unexpected", OTHER),
    ("206 Partial Content", "content/unexpected", OTHER),
    ("300 Multiple Choices", "content/unexpected", OTHER),
):
    # The login page is on all of them: a marker must not excuse a status.
    status.sends(f"status-{line[:3]}", bare(line), expected, f"HTTP {line}", why)

status.sends("status-204", b"HTTP/1.1 204 No Content\r\n\r\n", "content/unexpected", "HTTP 204", OTHER)
status.sends("status-304", b"HTTP/1.1 304 Not Modified\r\n\r\n", "content/unexpected", "HTTP 304, unasked", OTHER)
status.sends("status-204-body", reply(LOGIN, "204 No Content"), "content/unexpected", "HTTP 204 with a body", OTHER)
NAMED = "its status is the one expected"
NOTHING = {"expect": {"status": [204]}, "counts_for": "slow"}  # there is no page to look at
status.sends("expected-204", b"HTTP/1.1 204 No Content\r\n\r\n", None, "204 as expected", NAMED, **NOTHING)
REFUSING = {"expect": {"status": [401], "contains": ["Identifiant"]}}
status.sends("expected-401", bare("401 Unauthorized"), None, "401 as expected", NAMED, **REFUSING)
status.sends(
    "upgrade",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "content/unexpected",
    "101 that nobody asked for",
    OTHER,
)

for line, value, expected, why in (
    ("503", "0", "exchange/overloaded", QUEUE),
    ("503", "30", "exchange/overloaded", QUEUE),
    ("503", "600", "exchange/overloaded", QUEUE),
    ("503", "601", "exchange/server_error", ABSURD),
    ("503", "9" * 30, "exchange/server_error", ABSURD),
    ("503", "-5", "exchange/server_error", ABSURD),
    ("503", "bientôt", "exchange/server_error", ABSURD),
    ("503", "Fri, 31 Dec 9999 23:59:59 GMT", "exchange/server_error", ABSURD),
    ("503", "Mon, 99 Foo 2026 25:61:61 GMT", "exchange/server_error", ABSURD),
    ("500", "30", "exchange/server_error", "only a 503 may be a queue"),
    ("429", "30", "ours/blocked", BLOCKED),
    ("429", "9" * 30, "ours/blocked", BLOCKED),
    ("429", "bientôt", "ours/blocked", BLOCKED),
):
    word = "".join(sign for sign in value.lower() if sign.isascii() and sign.isalnum())[:12] + ("-" in value) * "-minus"
    status.sends(
        f"retry-{line}-{word}",
        bare(f"{line} Busy", f"Retry-After: {value}"),
        expected,
        f"{line}, Retry-After: {value:.30}",
        why,
    )

status.sends("queue-429", bare("429 Busy"), "exchange/overloaded", "429 where it is the platform's queue", "the profile says so",
             queue_on_429=True)  # fmt: skip


def later(code: int, wait: timedelta) -> Answer:
    """Retry-After as a date, `wait` from now."""

    async def answer(talk: Talk) -> None:
        when = format_datetime(datetime.now(UTC) + wait, usegmt=True)
        await talk.send(bare(f"{code} Busy", f"Retry-After: {when}"))

    return answer


status.answers("retry-503-date", "exchange/overloaded", "503, come back in two minutes, as a date", QUEUE)(
    later(503, timedelta(minutes=2))
)
status.answers("retry-503-tomorrow", "exchange/server_error", "503, come back tomorrow, as a date", ABSURD)(
    later(503, timedelta(days=1))
)
status.answers("retry-429-date", "ours/blocked", "429, come back in two minutes, as a date", BLOCKED)(
    later(429, timedelta(minutes=2))
)
