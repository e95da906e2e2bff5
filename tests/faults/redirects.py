"""Redirects: without end, to nowhere, to where nobody may go. Followed by hand, at most five."""

from collections.abc import Callable

from tests.faults.place import LOGIN, Place, Talk, reply, well
from tests.faults.registry import Answer, Block, Family

redirect = Family("redirect")

ENDLESS = "at most five redirects, and never twice to the same place"
FORBIDDEN = "never out of http and https"
FOLLOWED = "a redirect like any other"
MALFORMED = "a redirect that says no place is exchange/malformed"


def to(location: str | None, status: str = "302 Found", *headers: str) -> bytes:
    """A redirect."""
    return reply("", status, *headers, *([] if location is None else [f"Location: {location}"]))


def leading(location: str, status: str = "302 Found") -> Answer:
    """Redirects everybody."""

    async def lead(talk: Talk) -> None:
        await talk.send(to(location, status))

    return lead


def steps(where: Callable[[int], str | None]) -> Answer:
    """Answers ``/N`` by a redirect to ``where(N)``, or by the page where that is None."""

    async def answer(talk: Talk) -> None:
        location = where(int(talk.path.strip("/") or 0))
        await talk.send(reply() if location is None else to(location))

    return answer


redirect.answers("loop", "exchange/redirect_loop", "a page that leads to itself", ENDLESS)(steps(lambda _: "/"))
redirect.answers("loop-of-two", "exchange/redirect_loop", "two pages that lead to each other", ENDLESS)(
    steps(lambda n: f"/{1 - n}")
)
redirect.answers("chain-of-six", "exchange/redirect_loop", "six redirects, then the page", ENDLESS)(
    steps(lambda n: f"/{n + 1}" if n < 6 else None)
)
redirect.answers("endless-chain", "exchange/redirect_loop", "always one page further", ENDLESS)(
    steps(lambda n: f"/{n + 1}")
)
redirect.answers("chain-of-five", None, "five redirects, then the page", "five are followed")(
    steps(lambda n: f"/{n + 1}" if n < 5 else None)
)


@redirect.answers("cookie-bounce", None, "leads to itself until its cookie comes back", "cookies live for one question")
async def cookie_bounce(talk: Talk) -> None:
    await talk.send(reply() if b"seen=1" in talk.head else to("/", "302 Found", "Set-Cookie: seen=1; Path=/"))


for name, location in {
    "to-file": "file:///etc/passwd",
    "to-javascript": "javascript:alert(1)",
    "to-data": "data:text/html,Identifiant",
    "to-ftp": "ftp://127.0.0.1/",
    "to-unreadable": "http://[::1",
    "to-empty-label": "https://a..b/login",
    "to-long-label": f"http://{'a' * 64}.fr/",
    "to-port-zero": "http://127.0.0.1:0/",
}.items():
    redirect.sends(name, to(location), "exchange/redirect_forbidden", f"leads to {location}", FORBIDDEN)

redirect.sends("without-location", to(None), "exchange/malformed", "302 without Location", MALFORMED)
redirect.sends("empty-location", to(""), "exchange/malformed", "302 with an empty Location", MALFORMED)


@redirect.builds("http-to-https", None, "http leads to https", FOLLOWED)
async def http_to_https(place: Place) -> Block:
    await place.listen(leading(place.url(host=place.host, scheme="https"), "301 Moved Permanently"))
    await place.listen(well, at=place.second, tls=place.authority.context(place.named(place.second)))
    return {"url": place.url(), "ca": str(place.authority.file)}


@redirect.builds("to-other-domain", None, "leads to another domain", FOLLOWED)
async def to_other_domain(place: Place) -> Block:
    await place.listen(leading(place.url(host=place.named(place.second))))
    await place.listen(well, at=place.second)
    return {"url": place.url()}


@redirect.builds(
    "to-refused", "connect/refused", "leads to a closed port", "the failure of the last step is the answer's"
)
async def to_refused(place: Place) -> Block:
    place.bind(place.second)
    await place.listen(leading(place.url(host=place.second)))
    return {"url": place.url()}


for status in ("301 Moved Permanently", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"):

    @redirect.answers(f"relative-{status[:3]}", None, f"{status[:3]} to a relative place", FOLLOWED)
    async def relative(talk: Talk, status: str = status) -> None:
        await talk.send(reply() if talk.path == "/door/in" else to("door/in", status))


redirect.sends(
    "meta-refresh",
    reply('<meta http-equiv="refresh" content="0; url=/login"><title>Connexion</title>'),
    "content/unexpected",
    "a page that leads on by its own words",
    "only the status redirects; the marker is not on this page",
)
redirect.sends(
    "location-with-200",
    reply(LOGIN, "200 OK", "Location: http://127.0.0.1:1/"),
    None,
    "200 with a Location",
    "no redirect",
)
