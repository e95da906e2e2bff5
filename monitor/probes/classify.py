"""The one table from library exceptions to failures. The unknown stays visible, as ours/bug: never a target's fault."""

import errno
import ssl
from collections.abc import Iterable, Mapping

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError, TransferEncodingError

from monitor.domain.observation import Failure, Stage
from monitor.probes.dnswire import GARBLED, UNFINISHED

Found = tuple[Failure, str]

TIMEOUTS: Mapping[Stage, Found] = {
    Stage.OURS: (Failure.OURS_STALLED, "délai épuisé avant d’avoir pu demander"),
    Stage.RESOLVE: (Failure.RESOLVE_TIMEOUT, "délai épuisé pendant la résolution du nom"),
    Stage.CONNECT: (Failure.CONNECT_TIMEOUT, "délai épuisé pendant la connexion"),
    Stage.TLS: (Failure.TLS_TIMEOUT, "délai épuisé pendant la négociation TLS"),
    Stage.EXCHANGE: (Failure.EXCHANGE_TIMEOUT, "délai épuisé en attendant la réponse"),
}

EXHAUSTED: Found = (Failure.OURS_STALLED, "ressources épuisées sur la machine de Vigie")
_FORBIDDEN: Found = (Failure.OURS_POLICY, "connexion interdite par la machine de Vigie")
_UNREACHABLE: Found = (Failure.CONNECT_UNREACHABLE, "aucune route vers l’adresse")
_RESET: Found = (Failure.CONNECT_RESET, "connexion coupée dès l’ouverture")

CONNECT_ERRNOS: Mapping[int, Found] = {
    errno.ECONNREFUSED: (Failure.CONNECT_REFUSED, "connexion refusée"),
    errno.ECONNRESET: _RESET,
    errno.ECONNABORTED: _RESET,
    errno.EPIPE: _RESET,
    errno.ENOTCONN: _RESET,  # what is said of a socket that was reset right after its connection
    errno.ETIMEDOUT: (Failure.CONNECT_TIMEOUT, "aucune réponse à la demande de connexion"),
    errno.EMFILE: EXHAUSTED,
    errno.ENFILE: EXHAUSTED,
    errno.ENOMEM: EXHAUSTED,
    errno.ENOBUFS: EXHAUSTED,
    errno.EPERM: _FORBIDDEN,
    errno.EACCES: _FORBIDDEN,
    errno.ENETUNREACH: _UNREACHABLE,
    errno.EHOSTUNREACH: _UNREACHABLE,
    errno.ENETDOWN: _UNREACHABLE,
    errno.EHOSTDOWN: _UNREACHABLE,
    errno.EAFNOSUPPORT: _UNREACHABLE,  # IPv6 switched off here
    # No local port left; or no IPv6 here (`ourselves` tells), which must not hide what an IPv4 address said.
    errno.EADDRNOTAVAIL: EXHAUSTED,
}
# Of the tries at several addresses, the one that got furthest tells: its place in the table above.
_FURTHEST = {number: rank for rank, number in enumerate(CONNECT_ERRNOS)}

# OpenSSL's X509_V_ERR_* (x509_vfy.h).
CERTIFICATES: Mapping[int, Found] = {
    10: (Failure.TLS_EXPIRED, "certificat expiré"),
    9: (Failure.TLS_NOT_YET_VALID, "certificat pas encore valable"),
    62: (Failure.TLS_WRONG_HOST, "certificat établi pour un autre nom"),
    64: (Failure.TLS_WRONG_HOST, "certificat établi pour une autre adresse"),
}


def of_dns_code(code: int) -> Found:
    """The failure behind a reply that says nothing about the name; `code`: its RCODE, or one of ours (`dnswire`)."""
    if code == GARBLED:
        return Failure.RESOLVE_SERVFAIL, "réponse DNS inutilisable"
    if code == UNFINISHED:
        return Failure.RESOLVE_TIMEOUT, "réponse DNS tronquée, jamais complétée"
    return Failure.RESOLVE_SERVFAIL, "les serveurs DNS répondent par une erreur"


def of_dns_socket(error: OSError) -> Found:
    """The failure behind an OSError of the socket towards a DNS server."""
    if CONNECT_ERRNOS.get(error.errno or 0) == EXHAUSTED:
        return EXHAUSTED
    return Failure.RESOLVE_TIMEOUT, "aucun serveur DNS joignable"


def of_connect(error: BaseException, tries: Iterable[OSError] = ()) -> Found:
    """The failure behind an OSError of `connect`; `tries` are the errors of the single addresses that were tried."""
    numbers = {each.errno for each in (error, *tries) if isinstance(each, OSError) and each.errno in _FURTHEST}
    if numbers:
        return CONNECT_ERRNOS[min(numbers, key=lambda number: _FURTHEST[number or 0]) or 0]
    number = getattr(error, "errno", None)
    return Failure.OURS_BUG, f"erreur de connexion inconnue ({type(error).__name__}, errno {number})"


def of_tls(error: BaseException) -> Found:
    """The failure behind an exception of the TLS handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        untrusted = (Failure.TLS_UNTRUSTED, f"certificat refusé (code {error.verify_code})")
        return CERTIFICATES.get(error.verify_code, untrusted)
    if isinstance(error, ssl.SSLError):
        return Failure.TLS_HANDSHAKE, "négociation TLS impossible"
    number = getattr(error, "errno", None)
    if number == errno.ETIMEDOUT:
        return TIMEOUTS[Stage.TLS]
    if CONNECT_ERRNOS.get(number or 0) == EXHAUSTED:
        return EXHAUSTED
    return Failure.TLS_HANDSHAKE, "connexion coupée pendant la négociation TLS"


def of_exchange(error: BaseException, *, heard: bool) -> Found | None:
    """The failure behind an exception of aiohttp once connected, None if it is none of the known ones.

    `heard` says whether the server had sent anything yet.
    """
    causes = list(_chain(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return of_tls(next(cause for cause in causes if isinstance(cause, ssl.SSLError)))
    if any(isinstance(cause, ContentEncodingError) for cause in causes):
        return Failure.CONTENT_UNDECODABLE, "compression de la réponse illisible"
    if isinstance(error, aiohttp.ClientResponseError):
        return Failure.EXCHANGE_MALFORMED, "réponse HTTP mal formée"
    if any(isinstance(cause, OSError) and cause.errno == errno.ETIMEDOUT for cause in causes):
        return TIMEOUTS[Stage.EXCHANGE]
    if isinstance(error, (aiohttp.ClientPayloadError, TransferEncodingError, aiohttp.ClientConnectionError, OSError)):
        if heard:
            return Failure.EXCHANGE_TRUNCATED, "connexion coupée avant la fin de la réponse"
        return Failure.EXCHANGE_RESET, "connexion coupée avant toute réponse"
    return None


def _chain(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
