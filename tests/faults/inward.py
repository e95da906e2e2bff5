"""Redirects to where nobody may go: special addresses however they are spelled, and back from https to http."""

from collections.abc import Callable

from tests.faults.place import Place
from tests.faults.redirects import leading, redirect
from tests.faults.registry import Block

INSIDE = "the guard refuses special addresses, however they are spelled: nobody knocks there"

SPELLINGS: dict[str, Callable[[str], str]] = {
    "to-literal": str,
    "to-decimal": lambda address: str(int.from_bytes(bytes(map(int, address.split("."))))),
    "to-hexadecimal": lambda address: "0x" + bytes(map(int, address.split("."))).hex(),
    "to-octal": lambda address: ".".join(f"0{int(part):o}" for part in address.split(".")),
    "to-mapped": lambda address: f"[::ffff:{address}]",
    "to-full-stop": lambda address: f"{address}.",
}


def _forbidden(name: str, spelled: Callable[[str], str]) -> None:
    @redirect.builds(name, "exchange/redirect_forbidden", "leads to a special address, spelled in one more way", INSIDE)
    async def start(place: Place) -> Block:
        await place.trip()
        await place.listen(leading(place.url(host=spelled(place.forbidden))))
        return {"url": place.url()}


for name, spelled in SPELLINGS.items():
    _forbidden(name, spelled)


@redirect.builds(
    "to-private-name", "exchange/redirect_forbidden", "leads to a name whose only address is special", INSIDE
)
async def to_private_name(place: Place) -> Block:
    await place.trip()
    await place.listen(leading(place.url(host=place.named(place.forbidden))))
    return {"url": place.url()}


@redirect.builds("https-to-http", "exchange/redirect_forbidden", "https leads to http", "never from https to http")
async def https_to_http(place: Place) -> Block:
    await place.trip(place.second)
    await place.listen(leading(place.url(host=place.second)), tls=place.authority.context(place.named()))
    return {"url": place.url(host=place.host, scheme="https"), "ca": str(place.authority.file)}
