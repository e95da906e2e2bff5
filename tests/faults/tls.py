"""TLS: certificates that no browser accepts, and protocols that it has given up."""

import ssl
from collections.abc import Callable
from warnings import catch_warnings

from tests.faults.certificates import chain, signed
from tests.faults.place import Place, well
from tests.faults.registry import Block, Family

tls = Family("tls")

CHECKED = "the certificate is checked as a browser does"
ABORTED = "a handshake that ends without a connection is tls/handshake"

Contexts = Callable[[Place], ssl.SSLContext]


def certificate(
    name: str, expected: str | None, says: str, make: Contexts, why: str = CHECKED, kind: str = "http"
) -> None:
    """A server at a name, with the context that `make` gives."""

    @tls.builds(name, expected, says, why, kind=kind)
    async def start(place: Place) -> Block:
        await place.listen(well, tls=make(place), wordless=kind == "tls")
        ca, host = str(place.authority.file), place.named()
        if kind == "tls":
            return {"host": host, "port": place.port, "ca": ca}
        return {"url": place.url(host=host, scheme="https"), "ca": ca}


def outdated(place: Place) -> ssl.SSLContext:
    """A server that stopped at TLS 1.1."""
    context = place.authority.context(place.host)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with catch_warnings(category=DeprecationWarning, action="ignore"):  # deprecated is what it has to be
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


for kind in ("http", "tls"):
    end = "" if kind == "http" else "-bare"
    certificate(f"tls-well{end}", None, "a good certificate", lambda p: p.authority.context(p.host), kind=kind)
    certificate(
        f"expired{end}",
        "tls/expired",
        "ended yesterday",
        lambda p: p.authority.context(p.host, since=-9, until=-1),
        kind=kind,
    )
    certificate(
        f"wrong-host{end}", "tls/wrong_host", "for another name", lambda p: p.authority.context("autre.test"), kind=kind
    )
    certificate(
        f"self-signed{end}", "tls/untrusted", "signed by itself", lambda p: chain(signed(p.host, None), []), kind=kind
    )

certificate("not-yet-valid", "tls/not_yet_valid", "begins tomorrow", lambda p: p.authority.context(p.host, since=1))
certificate(
    "unknown-authority",
    "tls/untrusted",
    "signed by an authority that nobody knows",
    lambda p: chain(signed(p.host, signed("Inconnue", None, authority=True)), []),
)
certificate("whole-chain", None, "shows its intermediate", lambda p: p.authority.below(p.host, shown=True))
certificate("incomplete-chain", "tls/untrusted", "forgets it", lambda p: p.authority.below(p.host, shown=False))
certificate(
    "expired-intermediate",
    "tls/expired",
    "its intermediate ended yesterday",
    lambda p: p.authority.below(p.host, shown=True, until=-1),
)
certificate("weak-key", "tls/untrusted", "a key of 1,024 bits", lambda p: p.authority.weak(p.host))
certificate("old-tls", "tls/handshake", "TLS 1.1 at most", outdated, ABORTED)


@tls.builds("wildcard", None, "a wildcard that covers the name", CHECKED)
async def wildcard(place: Place) -> Block:
    host = f"www.{place.named()}"
    place.zone[host] = place.zone[place.host]
    await place.listen(well, tls=place.authority.context(f"*.{place.host}"))
    return {"url": place.url(host=host, scheme="https"), "ca": str(place.authority.file)}
