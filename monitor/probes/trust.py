"""Certificates: one shared TLS context, one more per private authority."""

import ssl
from typing import Any

from monitor.domain.observation import Failure
from monitor.probes.base import Failed
from monitor.probes.classify import CONNECT_ERRNOS, EXHAUSTED


class Connection(ssl.SSLObject):
    """A TLS connection that does not decode its certificate at every handshake, as the loop asks it to, for nobody.

    Nothing is verified by that: OpenSSL has checked chain, dates and name before the handshake is said to be complete.
    """

    def getpeercert(self, binary_form: bool = False) -> Any:
        """The certificate in DER form, None without one; decoded, nothing: see `decoded`."""
        return super().getpeercert(binary_form=True) if binary_form else {}

    def decoded(self) -> Any:
        """What `ssl.SSLObject.getpeercert` says: the fields of the certificate, as a dict."""
        return super().getpeercert()


class Trust:
    """Keeps TLS contexts: building one reads the whole store of authorities (40 to 85 ms), too long to repeat."""

    def __init__(self) -> None:
        self._contexts: dict[str | None, ssl.SSLContext] = {None: _context(None)}

    def context(self, ca: str | None) -> ssl.SSLContext:
        """The context that trusts the system's authorities (or SSL_CERT_FILE's) and the file `ca`.

        The file is read in the loop, once: a thread's answer would be overtaken by a virtual clock.
        Raises Failed: ours/policy for a file that cannot be used, ours/stalled where no descriptor is left to read it.
        """
        if ca not in self._contexts:
            try:
                self._contexts[ca] = _context(ca)
            except OSError as error:  # ssl.SSLError is one too, with numbers of its own
                if not isinstance(error, ssl.SSLError) and CONNECT_ERRNOS.get(error.errno or 0) == EXHAUSTED:
                    raise Failed(*EXHAUSTED) from error
                raise Failed(Failure.OURS_POLICY, "fichier d’autorité de certification illisible") from error
        return self._contexts[ca]


def _context(ca: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslobject_class = Connection
    # Python 3.13 turned this on; browsers do not ask for it, and a page that browsers open is not down.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["http/1.1"])
    if ca is not None:
        context.load_verify_locations(cafile=ca)
    return context
