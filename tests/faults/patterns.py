"""Answers that differ from one question to the next: each one stands for itself, and is told as it was."""

import asyncio

import dns.rcode

from tests.faults.nameserver import Query, Said, Wire, code, records
from tests.faults.place import Place, Talk, reply, well
from tests.faults.registry import Block, Family

pattern = Family("pattern")

EACH = "an answer is judged alone; what follows from several is the verdict's"
HTTP_500 = reply("", "500 Internal Server Error")
LATENCIES = (0.0, 0.3, 2.6, 60.0)


@pattern.answers("alternating", (None, "exchange/server_error") * 2, "one answer in two is a 500", EACH)
async def alternating(talk: Talk) -> None:
    await talk.send(reply() if talk.number % 2 else HTTP_500)


@pattern.answers("one-in-three", (None, None, "exchange/server_error", None), "one answer in three is a 500", EACH)
async def one_in_three(talk: Talk) -> None:
    await talk.send(HTTP_500 if talk.number % 3 == 0 else reply())


@pattern.answers(
    "degrading",
    (None, None, "content/slow", "exchange/timeout"),
    "slower at each answer: at once, 0.3 s, 2.6 s, never",
    "slow: 2s, timeout: 5s",
    timeout="5s",
    slow="2s",
)
async def degrading(talk: Talk) -> None:
    await asyncio.sleep(LATENCIES[min(talk.number, len(LATENCIES)) - 1])
    await talk.send(reply())


@pattern.builds("only-once", (None, "connect/refused"), "answers once, then its port is closed", EACH)
async def only_once(place: Place) -> Block:
    async def last(talk: Talk) -> None:
        for server in place.servers:
            server.close()
        await talk.send(reply())

    await place.listen(last)
    return {"url": place.url()}


@pattern.builds("born-late", ("resolve/nxdomain", None), "a name that exists from the second round on", EACH)
async def born_late(place: Place) -> Block:
    def say(query: Query, wire: Wire) -> Said:
        return nowhere(query, wire) if place.zone.round == 1 else records(query, place.address)

    nowhere, place.zone[place.host] = code(dns.rcode.NXDOMAIN), say
    await place.listen(well)
    return {"url": place.url(host=place.host)}


@pattern.builds(
    "rebinding-later",
    (None, "resolve/private_answer", "resolve/private_answer"),
    "a name that leads to a special address once it has been trusted",
    "the guard judges every answer anew",
)
async def rebinding_later(place: Place) -> Block:
    async def page(talk: Talk) -> None:
        place.named(place.forbidden)
        await talk.send(reply())

    await place.trip()
    await place.listen(page)
    return {"url": place.url(host=place.named())}
