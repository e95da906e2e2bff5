"""Before a word is said: who refuses, who never answers, who hangs up."""

from tests.faults.place import Place, Talk
from tests.faults.registry import HASTE, Block, Family

connect = Family("connect")

REFUSED = "interfaces.md: a RST to our SYN is connect/refused"
SILENT = "no SYN-ACK before the deadline is connect/timeout"
CUT = "closed before the first byte is exchange/reset"


@connect.builds("refused", "connect/refused", "nobody listens on the port", REFUSED)
async def refused(place: Place) -> Block:
    place.bind()
    return {"url": place.url()}


@connect.builds("refused-tcp", "connect/refused", "the same, asked by a tcp probe", REFUSED, kind="tcp")
async def refused_tcp(place: Place) -> Block:
    place.bind()
    return {"host": place.address, "port": place.port}


@connect.builds("syn-unanswered", "connect/timeout", "a SYN is never answered", SILENT, **HASTE)
async def syn_unanswered(place: Place) -> Block:
    place.deafen()
    return {"url": place.url()}


@connect.builds("syn-unanswered-tcp", "connect/timeout", "the same, for a tcp probe", SILENT, kind="tcp", **HASTE)
async def syn_unanswered_tcp(place: Place) -> Block:
    place.deafen()
    return {"host": place.address, "port": place.port}


@connect.builds(
    "no-route",
    "ours/offline",
    "the broadcast address of loopback, to which the kernel knows no way for a connection",
    "a missing route is our own machine's, never the target's",
)
async def no_route(place: Place) -> Block:
    return {"url": place.url(host="127.255.255.255")}


@connect.builds("port-open", None, "a tcp probe finds its port open", "a connection is all that it asks", kind="tcp")
async def port_open(place: Place) -> Block:
    async def welcome(talk: Talk) -> None:
        await talk.silence()

    await place.listen(welcome, wordless=True)
    return {"host": place.address, "port": place.port}


@connect.builds(
    "never-accepted",
    "exchange/timeout",
    "the kernel connects, the program behind it is frozen and never accepts",
    "the connection stood: the silence belongs to the exchange",
    **HASTE,
)
async def never_accepted(place: Place) -> Block:
    place.bind().listen(10)
    return {"url": place.url()}


@connect.answers(
    "accept-and-silence", "exchange/timeout", "accepts, reads, says nothing", "nothing within the deadline", **HASTE
)
async def accept_and_silence(talk: Talk) -> None:
    await talk.silence()


@connect.answers("accept-then-reset", "exchange/reset", "reads the request, hangs up with a RST", CUT)
async def accept_then_reset(talk: Talk) -> None:
    talk.reset()


@connect.answers("accept-then-close", "exchange/reset", "reads the request, hangs up politely", CUT)
async def accept_then_close(talk: Talk) -> None:
    talk.writer.close()


@connect.builds("closed-unread", "exchange/reset", "hangs up after 0.3 s without having read the request", CUT)
async def closed_unread(place: Place) -> Block:
    async def leave(talk: Talk) -> None:
        await talk.silence(0.3)

    await place.listen(leave, wordless=True)
    return {"url": place.url()}
